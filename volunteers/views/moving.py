"""Volunteers from spreadsheets: templates, a dry run, a second person’s answer, and the whole file taken back."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.documents.moves import AGREE, MOVE, Step, may_agree
from rj_service.lists.actions import CONTENT_TYPES
from volunteers import actions, forms
from volunteers.models import PeopleMove
from volunteers.moving_in import TEMPLATES

UNDOING = [
    "Whom it made is deleted, with what the file said of them; what their history holds stays",
    "A check that was refused or withdrawn stays, and a level that a registration set",
    "The same file can be tried out again, and move in again",
    "It stands in the trail, with your name and your reason",
]


class TryPeople(GuardedFormView):
    permission = MOVE
    form_class = forms.MovePeopleForm
    template_name = "volunteers/move_in.html"

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.try_people(area=area, today=timezone.localdate(), by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("volunteers:people-move", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        earlier = PeopleMove.objects.visible_to(self.request.user).select_related("tried_by").order_by("-tried_at")
        words = {
            "heading": "Volunteers from spreadsheets",
            "button": "Try it out",
            "lead": "Every row is tried and taken back. Nothing is made until a second person has agreed.",
        }
        return super().get_context_data(
            templates=TEMPLATES.values(),
            earlier=[(TEMPLATES[one.template].title, one) for one in earlier[:10]],
            back_url=reverse("volunteers:list"),
            **words,
            **kwargs,
        )


class PeopleTemplate(GuardedView):
    """Headings and one invented row; as a workbook with a sheet that explains them."""

    permission = MOVE

    def get(self, request, template, file_type):
        known = TEMPLATES.get(template)
        if known is None or file_type not in CONTENT_TYPES:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{known.key}.{file_type}"'}
        return HttpResponse(known.content(file_type), content_type=CONTENT_TYPES[file_type], headers=headers)


class PeopleMoveRecord(GuardedDetailView):
    """For whoever tried it out, and for whoever is to agree."""

    permission = AGREE
    model = PeopleMove
    pk_name = "move"
    template_name = "volunteers/people_move.html"
    words: ClassVar = {"made": ("ok", "Will be made"), "here": ("wait", "Already here"), "refused": ("stop", "Refused")}

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset([MOVE, AGREE])

    def get_queryset(self):
        return super().get_queryset().select_related("tried_by", "answered_by", "undone_by")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        move, user = self.object, self.request.user
        may_move, step = user.may(MOVE), Step(move.step)
        shown = self.words | ({"made": ("ok", "Made")} if move.moved_at else {})
        rows = [{**row, "state": shown[row["fate"]]} for row in actions.rows_of(move)]
        crumbs = [("Volunteers from spreadsheets", reverse("volunteers:move-people"))] if may_move else []
        return super().get_context_data(
            rows=sorted(rows, key=lambda row: (row["fate"] != "refused", row["line"])),
            number=len(rows),
            title_of=TEMPLATES[move.template].title,
            may_ask=step == Step.TRIED and move.tried_by_id == user.pk and may_move and move.made,
            may_answer=step == Step.ASKED and may_agree(user, move.service_area_id, move.tried_by_id),
            may_take_back=step in (Step.TRIED, Step.ASKED) and may_move,
            may_undo=step == Step.MOVED and may_move,
            crumbs=[*crumbs, (TEMPLATES[move.template].title, "")],
            **kwargs,
        )


class _OfMove(GuardedActionView):
    abstract = True
    permission = MOVE
    model = PeopleMove
    pk_name = "move"

    def get_success_url(self):
        return reverse("volunteers:people-move", args=[self.object.pk])


class AskToMovePeople(_OfMove):
    success_message = "A second person is asked. Nothing is made before they agree."

    def perform(self):
        actions.ask_to_move_people(move=self.object, by=self.request.user)


class AnswerPeopleMove(_OfMove):
    permission = AGREE

    def perform(self):
        agreed = self.request.POST.get("answer") == "agree"
        actions.answer_people_move(move=self.object, agreed=agreed, today=timezone.localdate(), by=self.request.user)


class TakeBackPeopleMove(_OfMove):
    success_message = "Nothing moves in. What was read is forgotten."

    def perform(self):
        actions.take_back_people_move(move=self.object, by=self.request.user)


class UndoPeopleMove(ObjectMixin, GuardedFormView):
    """Everything that a file brought, at once; or what stands in the way."""

    permission = MOVE
    model = PeopleMove
    pk_name = "move"
    form_class = forms.UndoPeopleForm
    template_name = "ui/confirm.html"

    def get_queryset(self):
        return super().get_queryset().filter(step=Step.MOVED)

    def perform(self, form):
        return actions.undo_people_move(move=self.object, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("volunteers:people-move", args=[self.object.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "heading": "Take back everything that this file brought",
                "caption": TEMPLATES[self.object.template].title,
                "stands_in_the_way": actions.why_not_undone(self.object),
                "consequences": UNDOING,
                "button": "Take it all back",
                "cancel_url": self.get_success_url(),
                **kwargs,
            }
        )
