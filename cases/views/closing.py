"""How a case ends, opens again, waits, and passes to somebody else."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.forms import CloseForm, HandOverForm, ReopenForm
from cases.models import Case, Closure, Telling
from cases.views.case_page import CaseAction, CaseConfirm, CaseForm
from referrals.actions import declare_conflict
from referrals.choices import NeutralOutcome
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import Membership, User
from rj_service.accounts.roles import Role
from rj_service.ui.templatetags.ui import day


def members(role: str | list[str], area_id) -> Any:
    roles = [role] if isinstance(role, str) else role
    current = Membership.objects.current(timezone.localdate()).filter(role__in=roles, service_area=area_id)
    return User.objects.filter(pk__in=current.values("user"), is_active=True).order_by("last_name", "first_name")


class CloseView(CaseConfirm):
    """The reason stays inside; beside it, the one sentence that the outside reads."""

    permission = "cases.close"
    form_class = CloseForm
    template_name = "cases/close.html"
    heading = "Close this case"
    button = "Close this case"
    success_message = "The case is closed."

    def get_initial(self):
        return {"closed_on": self.today}

    def perform(self, form):
        data = form.cleaned_data
        return actions.close_case(
            case=self.case,
            by=self.request.user,
            today=self.today,
            **data | {"duplicate_of": self.other(data["duplicate_of"]) if data["duplicate_of"] else None},
        )

    def other(self, reference: str) -> Case:
        found = (
            Case.objects.visible_to(self.request.user).filter(reference=reference).select_related("referral").first()
        )
        if found is None:
            raise DomainError("There is no case with this reference that you may see", field="duplicate_of")
        return found

    def get_consequences(self):
        waiting = Telling.objects.waiting().filter(participant__case=self.case).exists()
        return [
            *(["Somebody harmed still waits to hear how a commitment was kept. Tell them first"] if waiting else []),
            "Everybody who works on the case loses access to it",
            "Every open task of the case ends",
            "Invitations that wait are withdrawn",
            "The case can be opened again; facilitators are then assigned again",
        ]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            told_when_completed=NeutralOutcome.COMPLETED.label,
            told_otherwise=NeutralOutcome.NOT_AT_PRESENT.label,
            **kwargs,
        )


class ReopenView(CaseConfirm):
    permission = "cases.close"
    form_class = ReopenForm
    heading = "Open this case again"
    button = "Open the case again"
    success_message = "The case is open again. Assign its facilitators."

    def perform(self, form):
        return actions.reopen_case(case=self.case, by=self.request.user, today=self.today)

    def get_facts(self):
        closure = Closure.objects.filter(case=self.case, reopened_at__isnull=True).first()
        if closure is None:
            return []
        return [
            {"label": "Closed on", "value": day(closure.closed_on)},
            {"label": "Reason", "value": closure.get_reason_display()},
        ]

    def get_consequences(self):
        return ["The record of how it closed stays", "Nobody works on it until somebody is assigned"]


class PutOnHoldView(CaseAction):
    permission = "cases.manage"
    success_message = "The case is on hold. Nothing can be arranged meanwhile."

    def perform(self):
        return actions.hold_case(case=self.case, by=self.request.user, today=self.today)


class ResumeView(CaseAction):
    permission = "cases.manage"
    success_message = "The case is open."

    def perform(self):
        return actions.resume_case(case=self.case, by=self.request.user, today=self.today)


class HandOverView(CaseForm):
    permission = "cases.manage"
    form_class = HandOverForm
    heading = "Hand the case over"
    button = "Hand over"
    success_message = "The case is handed over."

    def get_form_kwargs(self):
        colleagues = members([Role.COORDINATOR, Role.SERVICE_MANAGER], self.case.service_area_id)
        return super().get_form_kwargs() | {"coordinators": colleagues.exclude(pk=self.case.coordinator_id)}

    def perform(self, form):
        return actions.hand_over(case=self.case, by=self.request.user, today=self.today, **form.cleaned_data)


class DeclareConflictView(CaseConfirm):
    """'I know somebody in this case': whoever says so is shut out at once. Why is nobody's business."""

    permission = "referrals.declare_conflict"
    form_class = ReopenForm
    heading = "I know somebody in this case"
    button = "I know somebody: close this case to me"
    success_message = "The case is closed to you. The coordinator is told."

    def get_consequences(self):
        return [
            "You lose sight of this case at once",
            "You are not asked who it is, or how you know them",
            "The coordinator finds somebody in your place",
        ]

    def perform(self, form):
        self.after = reverse("cases:my-work" if self.is_practitioner else "cases:list")
        user = self.request.user
        return declare_conflict(user=user, referral=self.case.referral, by=user)

    def get_success_url(self) -> str:
        return self.after
