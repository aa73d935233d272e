"""A service moves in: templates, a trial of its files, a second person's agreement, the move, and what it brought."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.urls import reverse

from cases import actions, policy
from cases.forms import MoveInForm, UndoMoveInForm
from cases.models import Case, MoveIn, MoveInFile, MoveInRow
from cases.moving_in import CONTACT, RECORDS, TEMPLATES
from referrals.models import Referral
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import (
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
    GuardedListView,
    GuardedView,
)
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.documents.downloads import download
from rj_service.lists.actions import CONTENT_TYPES
from rj_service.lists.models import Format
from rj_service.ui.paging import keyset
from rj_service.ui.references import spoken

Fate = MoveInRow.Fate
SHOWN = 50
ALWAYS = (Fate.MAKE, Fate.HERE, Fate.REFUSED)
BROUGHT = (MoveIn.Step.MOVED, MoveIn.Step.UNDONE)
UNDOING = [
    "Every referral and case that it made is entered in error: in no list to work on, in no figure, and readable as it was",
    "What forbids contact with somebody stays: orders, withdrawals, deaths, people never to be asked",
    "What was added to people who were here before stays: ask for it to be put right there",
    "The same files can be tried out again, and move in again",
    "It stands in the trail, with your name and your reason",
]


class AboutMoves(GuardedView):
    """Open to whoever moves a service in, and to whoever may be the second person."""

    abstract = True
    permission = "cases.agree_move_in"

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset(["cases.move_in", "cases.agree_move_in"])


class MoveInsView(AboutMoves, GuardedListView):
    permission = "cases.agree_move_in"
    model = MoveIn
    template_name = "cases/move_ins.html"
    heading = "Move in from an earlier system"
    empty = "Nothing has moved in yet. Download the templates, fill them in, and try them out."
    order = ("-created_at", "-id")
    order_words = "newest first"
    no_file = "A service moves in once or twice, and each move has a file of what became of its rows"

    def show(self, rows):
        return rows.select_related("moved_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            templates=TEMPLATES.values(),
            may_move=self.request.user.may("cases.move_in"),
            may_move_out=self.request.user.may("moving_out.ask"),
            **kwargs,
        )


class MoveInTemplateView(AboutMoves):
    """Headings and one invented row; as a workbook with a sheet that explains them."""

    permission = "cases.agree_move_in"

    def get(self, request, *args, **kwargs):
        template, kind = TEMPLATES.get(kwargs["template"]), kwargs["file_type"]
        if template is None or kind not in ("csv", "xlsx"):
            raise Http404
        name = f"moving-in-{template.key}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(template.content(kind), content_type=CONTENT_TYPES[Format(kind)], headers=headers)


class TryMoveInView(GuardedFormView):
    permission = "cases.move_in"
    form_class = MoveInForm
    template_name = "ui/question.html"
    extra_context = {
        "heading": "Try your files out",
        "lead": "Every row is read and compared. Nothing is made and nobody is told until a second person has agreed.",
        "button": "Try them out",
    }

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=reverse("cases:move-ins"), **kwargs)

    def perform(self, form):
        files = {
            template: actions.Upload(upload.name, upload.chunks(), upload.content_type or "")
            for template, upload in form.cleaned_data["files"].items()
        }
        return actions.try_move_in(
            area=ServiceArea.objects.get(pk=self.acting.service_area_id),
            from_system=form.cleaned_data["from_system"],
            files=files,
            by=self.request.user,
        )

    def get_success_url(self):
        return reverse("cases:move-in", args=[self.result.pk])


class MoveInView(AboutMoves, GuardedDetailView):
    """How far it is; then every row's fate; then what became of it."""

    permission = "cases.agree_move_in"
    model = MoveIn
    template_name = "cases/move_in.html"

    def get_queryset(self):
        return super().get_queryset().select_related("moved_by", "answered_by", "undone_by", "fates")

    def get_context_data(self, **kwargs):
        move, user = self.object, self.request.user
        is_own, step = move.moved_by_id == user.pk, MoveIn.Step(move.step)
        is_over = move.is_over and step in (step.TRIED, step.ASKED, *BROUGHT)
        return super().get_context_data(
            job=move,
            move=move,
            heading=f"Move in from {move.from_system}",
            asked_by=move.moved_by.get_short_name(),
            back_url=reverse("cases:move-ins"),
            files=[(TEMPLATES[file.template], file) for file in MoveInFile.objects.filter(move_in=move).order_by("id")],
            missing=actions.why_not_yet(move) if step == step.TRIED and move.is_over else [],
            may_ask=is_own and step == step.TRIED and user.may("cases.move_in"),
            may_answer=step == step.ASKED and policy.can_agree_to_move(user, move),
            may_take_back=move.is_over and step in actions.TAKEN_BACK and user.may("cases.move_in"),
            may_undo=move.is_over and step == step.MOVED and user.may("cases.move_in"),
            may_download=is_own and move.fates is not None and move.fates.deleted_at is None,
            **(self._rows() if is_over else {}),
            **kwargs,
        )

    def _rows(self) -> dict[str, Any]:
        rows = self.object.rows.all()
        page = keyset(
            self._chosen(rows), order=("template", "line", "id"), after=self.request.GET.get("after"), size=SHOWN
        )
        shown = {row.pk: row for row in page.rows}
        seen = self._seen(page.rows)
        for row in shown.values():
            about = row.referral_id if row.became else row.alike_id or row.referral_id
            row.about = seen.get(about)
            row.title = TEMPLATES[row.template].title
        counts = _counts(rows, self.object)
        fates = [
            (fate.value, self._label(fate))
            for fate in Fate
            if fate in ALWAYS or any(one[fate] for one in counts.values())
        ]
        counted = [
            {"title": TEMPLATES[key].title, "cells": [(label, counts[key][fate]) for fate, label in fates]}
            for key in TEMPLATES
            if key in counts
        ]
        return {
            "page": page,
            "fates": fates,
            "counted": counted,
            "chosen": self._filter,
        }

    def _label(self, fate: Fate) -> str:
        return "Made" if fate == Fate.MAKE and self.object.step in BROUGHT else fate.label

    @property
    def _filter(self) -> str:
        chosen = self.request.GET.get("show", "")
        return chosen if chosen in Fate.values else ""

    def _chosen(self, rows):
        if not self._filter:
            return rows
        return rows.filter(**{_fate_field(self.object): self._filter})

    def _seen(self, rows) -> dict[Any, Referral]:
        """A row names a referral to those alone who may see it."""
        wanted = {key for row in rows for key in (row.referral_id, row.alike_id) if key}
        found = Referral.objects.visible_to(self.request.user).filter(pk__in=wanted)
        return {one.pk: one for one in found.only("pk", "reference")}


def _fate_field(move: MoveIn) -> str:
    return "became" if move.step in BROUGHT else "fate"


def _counts(rows, move: MoveIn) -> dict[str, Counter[str]]:
    """By template how many rows of each fate."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for template, fate, number in rows.values_list("template", _fate_field(move)).annotate(number=Count("pk")):
        counts[template][fate] = number
    return counts


class AskToMoveInView(GuardedActionView):
    permission = "cases.move_in"
    model = MoveIn

    def perform(self):
        return actions.ask_to_move_in(move=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("cases:move-in", args=[self.object.pk])


class AnswerMoveInView(GuardedActionView):
    permission = "cases.agree_move_in"
    model = MoveIn

    def perform(self):
        agreed = self.request.POST.get("answer") == "agree"
        return actions.answer_move_in(move=self.object, agreed=agreed, by=self.request.user)

    def get_success_url(self):
        return reverse("cases:move-in", args=[self.object.pk])


class TakeBackMoveInView(GuardedActionView):
    permission = "cases.move_in"
    model = MoveIn
    success_message = "Nothing moves in. What was read is forgotten."

    def perform(self):
        actions.take_back_move_in(move=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("cases:move-ins")


class UndoMoveInView(ObjectMixin, GuardedFormView):
    """Everything that moved in, at once; or what stands in the way."""

    permission = "cases.move_in"
    model = MoveIn
    form_class = UndoMoveInForm
    template_name = "ui/confirm.html"

    def get_queryset(self):
        return super().get_queryset().filter(step=MoveIn.Step.MOVED)

    def perform(self, form):
        return actions.undo_move_in(move=self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("cases:move-in", args=[self.object.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "heading": f"Take back everything that moved in from {self.object.from_system}",
                "stands_in_the_way": actions.why_not_undone(self.object),
                "consequences": UNDOING,
                "button": "Take it all back",
                "cancel_url": self.get_success_url(),
                **kwargs,
            }
        )


class MoveInFatesView(GuardedDetailView):
    """Every row's fate as a file, for whoever asked. It holds references and reasons, nothing of what stood in a row."""

    permission = "cases.move_in"
    model = MoveIn

    def get_queryset(self):
        return super().get_queryset().filter(moved_by=self.request.user).select_related("fates")

    def get(self, request, *args, **kwargs):
        answer = download(self.object.fates, f"moving-in-{self.object.pk}.csv")
        self.read(self.object, kind="download")
        return answer


class FromEarlierSystemView(GuardedDetailView):
    """What the earlier system said of a referral, word for word: of both sides, for those who read it whole."""

    permission = "referrals.view"
    model = Referral
    pk_name = "referral"
    template_name = "cases/from_earlier_system.html"

    def get_queryset(self):
        return Referral.objects.all().casework_for(self.request.user).filter(moved_in_on__isnull=False)

    def people_shown(self):
        referral = self.object
        return [key for key in (referral.person_harmed_id, referral.person_responsible_id) if key]

    def get_context_data(self, **kwargs):
        rows = list(
            MoveInRow.objects.filter(referral=self.object, became=Fate.MAKE)
            .select_related("move_in__moved_by")
            .order_by("template", "line", "id")
        )
        case = Case.objects.visible_to(self.request.user).filter(referral=self.object).first()
        referral_url = reverse("referrals:detail", args=[self.object.pk])
        return super().get_context_data(
            heading="From the earlier system",
            move=rows[0].move_in if rows else None,
            records=[_in_words(row) for row in rows if row.template in RECORDS],
            contacts=[_in_words(row) for row in rows if row.template == CONTACT],
            others=[_in_words(row) for row in rows if row.template not in (*RECORDS, CONTACT)],
            case=case,
            back_url=reverse("cases:desk", args=[case.pk]) if case else referral_url,
            reference=spoken(self.object.reference),
            **kwargs,
        )


def _in_words(row: MoveInRow) -> list[tuple[str, str]]:
    """In the template's order, each column as its heading reads: "Victim first name"."""
    words = row.words
    return [
        (name.replace("_", " ").capitalize(), words[name]) for name in TEMPLATES[row.template].names if name in words
    ]
