"""What was signed is looked at again: it still holds, it is re-opened, it no longer counts, a condition of it is met."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cases import actions, policy
from cases.forms import ConditionMetForm, ReopenAssessmentForm, StillHoldsForm
from cases.models import AssessmentCondition
from cases.views.assessments import OfAssessment, practitioner_of
from cases.views.case_page import CaseAction, CaseForm
from cases.views.proceedings import MayBeDisclosed


class ReconfirmAssessmentView(OfAssessment, CaseAction):
    permission = "cases.assess"
    success_message = "The assessment is reconfirmed."

    def perform(self):
        if self.signed is None:
            raise Http404
        return actions.reconfirm_assessment(assessment=self.signed, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.of_participant_url("assessment")


class SupersedeAssessmentView(ReconfirmAssessmentView):
    """Something changed: what was signed no longer counts."""

    permission = "cases.assess"
    success_message = "The assessment no longer counts. Start a new one."

    def perform(self):
        if self.signed is None:
            raise Http404
        return actions.supersede_assessment(assessment=self.signed, by=self.request.user, today=self.today)


class StillHoldsView(OfAssessment, MayBeDisclosed, CaseForm):
    """Of one that was re-opened: what changed since, why it holds all the same, and a signature."""

    permission = "cases.assess"
    form_class = StillHoldsForm
    template_name = "cases/still_holds.html"
    heading = "Does this assessment still hold?"
    button = "Sign that it still holds"
    success_message = "The assessment counts again."

    def check_permission(self) -> None:
        super().check_permission()
        if not policy.can_sign_assessments(self.request.user, self.today):
            raise PermissionDenied
        if self.signed is None or not self.reopenings:
            raise Http404

    def people_shown(self):
        return [self.participant.person_id]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            signed=self.signed,
            signer=practitioner_of(self.request.user),
            reopenings=[one for one in self.reopenings if one.ended_at is None],
            **kwargs,
        )

    def perform(self, form):
        return actions.reconfirm_assessment(
            assessment=self.signed, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_back_url(self) -> str:
        return self.of_participant_url("assessment")


class ReopenAssessmentView(OfAssessment, MayBeDisclosed, CaseForm):
    """A manager's word. The signed text stays as it is."""

    permission = "cases.sign_off"
    form_class = ReopenAssessmentForm
    heading = "Re-open this assessment"
    lead = (
        "It stays as it was signed, and does not count until somebody trained has looked at it again. Anything arranged is"
        " postponed."
    )
    button = "Re-open it"
    success_message = "The assessment is re-opened. Whoever assesses has a task to look at it again."

    def perform(self, form):
        if self.signed is None:
            raise Http404
        return actions.reopen_assessment(
            assessment=self.signed, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_back_url(self) -> str:
        return self.of_participant_url("assessment")


class ConditionMetView(OfAssessment, CaseForm):
    """One condition of "suitable with conditions"."""

    permission = "cases.assess"
    form_class = ConditionMetForm
    heading = "A condition is met"
    button = "Mark it as met"
    success_message = "The condition is marked as met."

    @cached_property
    def condition(self) -> AssessmentCondition:
        open_ = AssessmentCondition.objects.filter(met_on__isnull=True).select_related("assessment__case")
        return self.child(open_, "condition", assessment=self.signed)

    def get_initial(self):
        return {"met_on": self.today}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(**{"lead": self.condition.words, **kwargs})

    def perform(self, form):
        return actions.meet_condition(
            condition=self.condition, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_back_url(self) -> str:
        return self.of_participant_url("assessment")
