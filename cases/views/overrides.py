"""Overrides of a meeting: what may be overridden now, what is, and the way back."""

from typing import Any

from django.core.exceptions import PermissionDenied

from cases import actions, policy
from cases.forms import OverrideForm
from cases.models import Override
from cases.views.case_page import CaseAction, CaseForm
from cases.views.interventions import OfMeeting
from rj_service.ui.templatetags.ui import when


class OverridersOnly:
    """A manager or the supervisor of the case, who does not run it."""

    permission = "cases.sign_off"

    def check_permission(self) -> None:
        super().check_permission()
        if not policy.can_override(self.request.user, self.case):
            raise PermissionDenied


class OverridesView(OverridersOnly, OfMeeting, CaseForm):
    form_class = OverrideForm
    template_name = "cases/overrides.html"
    heading = "Override a check"
    button = "Override it"
    success_message = "Overridden for this day and time. The coordinator is told that something changed."

    def people_shown(self):
        return [one.person_id for one in self.people]

    @property
    def possible(self) -> list[str]:
        return [one.key for one in actions.overridable(self.meeting, self.today)]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"possible": self.possible}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        standing = Override.objects.in_force().filter(intervention=self.meeting).select_related("overridden_by")
        return super().get_context_data(
            meeting=self.meeting,
            possible=self.possible,
            standing=standing.order_by("overridden_at", "id"),
            lead=f"{self.meeting.get_model_display()}, {when(self.meeting.planned_for) or 'no date yet'}",
            **kwargs,
        )

    def perform(self, form):
        return actions.override_check(
            intervention=self.meeting, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return self.meeting_url("readiness")


class TakeBackOverrideView(OverridersOnly, OfMeeting, CaseAction):
    success_message = "The override is taken back."

    def perform(self):
        override = self.child(
            Override.objects.select_related("intervention__case"), "override", intervention=self.meeting
        )
        actions.take_back_override(override=override, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.meeting_url("readiness")
