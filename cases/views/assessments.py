"""Able, willing and suitable: a task list by theme, one theme a page, the whole, the signature."""

from functools import cached_property
from typing import Any

from django.db.models import F
from django.http import Http404, HttpResponseRedirect

from cases import actions, policy
from cases.choices import ABUSE, ITEM_HINTS, ITEMS, AssessmentItemKind, AssessmentOutcome, Concern, ParticipantRole
from cases.forms import (
    AbuseCheckForm,
    AskedAloneForm,
    AssessmentItemForm,
    OverallForm,
    ResponsibilityForm,
    SignForm,
)
from cases.models import AbuseCheck, Assessment, AssessmentCondition, AssessmentItem, Participant, Reopening
from cases.views.case_page import CaseAction, CaseForm, CasePage
from cases.views.people import OfParticipant
from cases.views.proceedings import MayBeDisclosed
from cases.views.side_panels import CONCERN_STATES, MAIN_ROLES
from referrals.models import SensitiveFlag
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.ui.templatetags.ui import day
from volunteers.models import Practitioner

FORMS = {AssessmentItemKind.FEAR: AskedAloneForm, AssessmentItemKind.RESPONSIBILITY: ResponsibilityForm}


class AssessmentsView(CasePage):
    """Each main person of the sides that this user may see, with the assessment that counts and the draft."""

    permission = "cases.assess"
    template_name = "cases/assessments.html"
    part = "assessments"

    def people_shown(self):
        return [one.person_id for one in self.people if one.role in MAIN_ROLES]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        main = [one for one in self.people if one.role in MAIN_ROLES]
        found: dict = {one.pk: {"participant": one, "signed": None, "draft": None, "reopened": None} for one in main}
        rows = Assessment.objects.filter(participant__in=main, superseded_at__isnull=True)
        for row in rows.select_related("signed_by__learner"):
            found[row.participant_id]["signed" if row.signed_at else "draft"] = row
        reopened = Reopening.objects.standing().filter(assessment__participant__in=main)
        for one in reopened.select_related("assessment"):
            found[one.assessment.participant_id]["reopened"] = one
        return super().get_context_data(rows=list(found.values()), **kwargs)


class OfAssessment(OfParticipant):
    @cached_property
    def participant(self) -> Participant:
        return self.child(self.participants.filter(role__in=MAIN_ROLES), "participant")

    @cached_property
    def draft(self) -> Assessment | None:
        return Assessment.objects.filter(
            participant=self.participant, signed_at__isnull=True, superseded_at__isnull=True
        ).first()

    @cached_property
    def signed(self) -> Assessment | None:
        return (
            Assessment.objects.filter(participant=self.participant, signed_at__isnull=False, superseded_at__isnull=True)
            .select_related("signed_by__learner")
            .first()
        )

    @cached_property
    def reopenings(self) -> list[Reopening]:
        """Of the signed one, the standing first."""
        rows = Reopening.objects.filter(assessment=self.signed).select_related("ended_by__learner")
        return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-reopened_at", "id"))

    @cached_property
    def before(self) -> dict[str, AssessmentItem]:
        """What was found last time, item by item, while a draft stands beside it."""
        signed = Assessment.objects.filter(participant=self.participant, signed_at__isnull=False)
        last = signed.order_by("-signed_at").first() if self.draft else None
        rows = AssessmentItem.objects.filter(assessment=last).select_related("assessment") if last else []
        return {one.kind: one for one in rows}

    @property
    def draft_or_404(self) -> Assessment:
        if self.draft is None:
            raise Http404
        return self.draft

    @property
    def kinds(self) -> tuple[AssessmentItemKind, ...]:
        return ITEMS[self.participant.side]

    def of_participant_url(self, name: str, *args) -> str:
        return self.case_url(name, self.participant.pk, *args)


class AssessmentView(OfAssessment, CasePage):
    """The task list of one person's assessment; the items of the signed one where no draft is begun."""

    permission = "cases.assess"
    template_name = "cases/assessment.html"
    part = "assessments"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        shown = self.draft or self.signed
        items = {one.kind: one for one in AssessmentItem.objects.filter(assessment=shown)} if shown else {}
        tasks = [
            {
                "label": kind.label,
                "item": items.get(kind),
                "state": CONCERN_STATES[Concern(items[kind].concern)] if kind in items else "",
                "url": self.of_participant_url("assessment-item", kind) if self.draft else "",
                "before": _changed_since(self.before.get(kind), items.get(kind)),
            }
            for kind in self.kinds
        ]
        return super().get_context_data(
            draft=self.draft,
            signed=self.signed,
            tasks=tasks,
            answered=len(items),
            conditions=AssessmentCondition.objects.filter(assessment=self.signed).order_by("place"),
            **self._abuse(),
            reopenings=self.reopenings if self.signed else [],
            is_reopened=bool(self.signed) and any(one.ended_at is None for one in self.reopenings),
            may_reopen=policy.can_reopen_assessment(self.request.user, self.case),
            may_sign=policy.can_sign_assessments(self.request.user, self.today),
            back_url=self.case_url("assessments"),
            **kwargs,
        )

    def _abuse(self) -> dict[str, Any]:
        if self.participant.role != ParticipantRole.PERSON_HARMED:
            return {}
        flags = SensitiveFlag.objects.filter(referral=self.case.referral_id, kind__in=ABUSE, cleared_at__isnull=True)
        checks = AbuseCheck.objects.filter(participant=self.participant).order_by("-recorded_at", "-id")
        return {"asks_about_abuse": flags.exists(), "abuse_check": checks.first()}


def _last_time(item: AssessmentItem) -> str:
    words = f": {item.words}" if item.words else ""
    taken = f"{item.get_responsibility_display().lower()}, " if item.responsibility else ""
    return f"Last time, {day(item.assessment.signed_on)}: {taken}{item.get_concern_display().lower()}{words}"


def _changed_since(before: AssessmentItem | None, item: AssessmentItem | None) -> str:
    """What was found last time, where it is not the same now or is not asked again yet."""
    if before is None or (item is not None and actions.mark_of(item) == actions.mark_of(before)):
        return ""
    return _last_time(before)


class StartAssessmentView(OfAssessment, CaseAction):
    permission = "cases.assess"

    def perform(self):
        return actions.start_assessment(participant=self.participant, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.of_participant_url("assessment")


class AssessmentItemView(OfAssessment, MayBeDisclosed, CaseForm):
    """One theme a page; Continue leads to the next that has no answer."""

    permission = "cases.assess"
    form_class = AssessmentItemForm
    button = "Save and continue"

    @cached_property
    def kind(self) -> AssessmentItemKind:
        asked = self.kwargs["kind"]
        if asked not in self.kinds:
            raise Http404
        return AssessmentItemKind(asked)

    def get_heading(self) -> str:
        return self.kind.label

    def get_form_class(self):
        return FORMS.get(self.kind, AssessmentItemForm)

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["words"].help_text = ITEM_HINTS.get(self.kind, "")
        return form

    def get_initial(self):
        item = AssessmentItem.objects.filter(assessment=self.draft_or_404, kind=self.kind).first()
        if item is None:
            return {}
        asked = {"asked_on": item.asked_alone_on, "asked_how": item.asked_alone_how}
        said = {"concern": item.concern, "words": item.words, "responsibility": item.responsibility}
        return said | asked | {"shown": actions.mark_of(item)}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        before = self.before.get(self.kind)
        return super().get_context_data(**{"lead": _last_time(before) if before else "", **kwargs})

    def perform(self, form):
        given = form.cleaned_data
        alone = actions.AskedAlone(given["asked_on"], given["asked_how"]) if "asked_on" in given else None
        try:
            return actions.save_items(
                assessment=self.draft_or_404,
                items={self.kind: (given["concern"], given["words"])},
                shown={self.kind: given["shown"]},
                alone=alone,
                responsibility=given.get("responsibility", ""),
                by=self.request.user,
                today=self.today,
            )
        except actions.ItemChanged as changed:
            form.show_again(changed.mark)
            raise

    def get_success_url(self) -> str:
        done = set(AssessmentItem.objects.filter(assessment=self.draft).values_list("kind", flat=True))
        following = next((kind for kind in self.kinds if kind not in done), None)
        if following is None:
            return self.get_back_url()
        return self.of_participant_url("assessment-item", following)

    def get_back_url(self) -> str:
        return self.of_participant_url("assessment")


class Judging(OfAssessment):
    @cached_property
    def possible(self) -> dict[str, str]:
        return actions.possible_outcomes(self.draft_or_404)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"possible": self.possible}

    def get_back_url(self) -> str:
        return self.of_participant_url("assessment")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        shut = [
            {"label": AssessmentOutcome(outcome).label, "why": why} for outcome, why in self.possible.items() if why
        ]
        return super().get_context_data(shut=shut, assessment=self.draft_or_404, **kwargs)


class OverallView(Judging, MayBeDisclosed, CaseForm):
    """The outcomes that the items allow; a valid answer shows the check page, where it is signed."""

    permission = "cases.assess"
    form_class = OverallForm
    template_name = "cases/assessment_overall.html"
    heading = "Overall"
    button = "Continue"

    def form_valid(self, form):
        view = SignAssessmentView()
        view.setup(self.request, *self.args, **self.kwargs)
        return view.show(form.data)


class SignAssessmentView(Judging, CaseForm):
    """Check what was found, declare, sign. The answers travel with the page: nothing is signed before it is checked."""

    permission = "cases.assess"
    form_class = SignForm
    template_name = "cases/sign_assessment.html"
    heading = "Check and sign this assessment"
    button = "Sign this assessment"
    success_message = "The assessment is signed."

    def get(self, request, *args, **kwargs):
        if self.kept_words is not None:
            return self.show(self.kept_words)
        return HttpResponseRedirect(self.of_participant_url("assessment-overall"))

    def show(self, answers):
        initial = {name: answers.get(name, "") for name in OverallForm.base_fields}
        return self.render_to_response(self.get_context_data(form=SignForm(initial=initial, possible=self.possible)))

    def perform(self, form):
        return actions.sign_assessment(
            assessment=self.draft_or_404,
            by=self.request.user,
            today=self.today,
            has_met_person=form.cleaned_data["has_met_person"],
            **form.judgement,
        )

    def get_success_url(self) -> str:
        return self.of_participant_url("assessment")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "answers": [
                {"label": form.fields[name].label, "value": _said(form, name)}
                for name in ("able", "willing", "suitable", "outcome", "conditions", "summary")
                if name in form.fields and form[name].value()
            ],
            "items": AssessmentItem.objects.filter(assessment=self.draft_or_404),
            "signer": practitioner_of(self.request.user),
            "good_until": actions.good_until(self.case, self.today),
            "action_url": self.of_participant_url("sign-assessment"),
        }


def practitioner_of(user: User) -> Practitioner | None:
    return row_by_row(Practitioner).filter(learner__user=user).select_related("learner").first()


def _said(form, name: str) -> str:
    value = form[name].value()
    return dict(getattr(form.fields[name], "choices", [])).get(value, value)


class AbuseCheckView(OfAssessment, MayBeDisclosed, CaseForm):
    """With domestic abuse, before anybody of the other side is approached. It refuses nobody."""

    permission = "cases.assess"
    form_class = AbuseCheckForm
    heading = "Domestic abuse: a specialist, and whether the wish is their own"
    button = "Save"
    success_message = "Saved."

    @cached_property
    def participant(self) -> Participant:
        return self.child(self.participants.filter(role=ParticipantRole.PERSON_HARMED), "participant")

    def perform(self, form):
        given = dict(form.cleaned_data)
        wish = given.pop("wish") == "yes"
        return actions.record_abuse_check(
            participant=self.participant, wish_is_their_own=wish, by=self.request.user, today=self.today, **given
        )

    def get_back_url(self) -> str:
        return self.of_participant_url("assessment")
