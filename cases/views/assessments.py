"""Able, willing and suitable: a task list by theme, one theme a page, the whole, the signature."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponseRedirect

from cases import actions, policy
from cases.choices import ITEMS, AssessmentItemKind, AssessmentOutcome, Concern
from cases.forms import AssessmentItemForm, OverallForm, SignForm
from cases.models import Assessment, AssessmentItem, Participant
from cases.views.case_page import CaseAction, CaseForm, CasePage
from cases.views.people import OfParticipant
from cases.views.side_panels import CONCERN_STATES, MAIN_ROLES
from rj_service.accounts.scoping import row_by_row
from volunteers.models import Practitioner


class AssessmentsView(CasePage):
    """Each main person of the sides that this user may see, with the assessment that counts and the draft."""

    permission = "cases.assess"
    template_name = "cases/assessments.html"
    part = "assessments"

    def people_shown(self):
        return [one.person_id for one in self.people if one.role in MAIN_ROLES]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        main = [one for one in self.people if one.role in MAIN_ROLES]
        found: dict = {one.pk: {"participant": one, "signed": None, "draft": None} for one in main}
        rows = Assessment.objects.filter(participant__in=main, superseded_at__isnull=True)
        for row in rows.select_related("signed_by__learner"):
            found[row.participant_id]["signed" if row.signed_at else "draft"] = row
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
            }
            for kind in self.kinds
        ]
        return super().get_context_data(
            draft=self.draft,
            signed=self.signed,
            tasks=tasks,
            answered=len(items),
            may_sign=policy.can_sign_assessments(self.request.user, self.today),
            back_url=self.case_url("assessments"),
            **kwargs,
        )


class StartAssessmentView(OfAssessment, CaseAction):
    permission = "cases.assess"

    def perform(self):
        return actions.start_assessment(participant=self.participant, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.of_participant_url("assessment")


class AssessmentItemView(OfAssessment, CaseForm):
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

    def get_initial(self):
        item = AssessmentItem.objects.filter(assessment=self.draft_or_404, kind=self.kind).first()
        return {"concern": item.concern, "words": item.words} if item else {}

    def perform(self, form):
        answer = (form.cleaned_data["concern"], form.cleaned_data["words"])
        return actions.save_items(
            assessment=self.draft_or_404, items={self.kind: answer}, by=self.request.user, today=self.today
        )

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


class OverallView(Judging, CaseForm):
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
            "signer": row_by_row(Practitioner)
            .filter(learner__user=self.request.user)
            .select_related("learner")
            .first(),
            "action_url": self.of_participant_url("sign-assessment"),
        }


def _said(form, name: str) -> str:
    value = form[name].value()
    return dict(getattr(form.fields[name], "choices", [])).get(value, value)


class ReconfirmAssessmentView(OfAssessment, CaseAction):
    permission = "cases.assess"
    success_message = "The assessment is reconfirmed."

    def perform(self):
        if self.signed is None:
            raise Http404
        return actions.reconfirm_assessment(assessment=self.signed, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.of_participant_url("assessment")


class ConditionsMetView(ReconfirmAssessmentView):
    permission = "cases.assess"
    success_message = "The conditions are marked as met."

    def perform(self):
        if self.signed is None:
            raise Http404
        return actions.mark_conditions_met(
            assessment=self.signed, met_on=self.today, by=self.request.user, today=self.today
        )


class SupersedeAssessmentView(ReconfirmAssessmentView):
    """Something changed: what was signed no longer counts."""

    permission = "cases.assess"
    success_message = "The assessment no longer counts. Start a new one."

    def perform(self):
        if self.signed is None:
            raise Http404
        return actions.supersede_assessment(assessment=self.signed, by=self.request.user, today=self.today)
