"""What a sensitive case asks for: a supervisor, a specialist, a second pair of eyes."""

from typing import Any

from django.core.exceptions import PermissionDenied

from cases import actions, policy
from cases.forms import RefuseSignOffForm, ReopenForm, SpecialistForm, SupervisorForm
from cases.stages import MAIN_ROLES
from cases.views.case_page import CaseAction, CaseConfirm, CaseForm
from cases.views.closing import members
from cases.views.side_panels import side_panels
from referrals.models import Consent, SensitiveFlag
from rj_service.accounts.roles import Role
from rj_service.ui.templatetags.ui import day, when


class SupervisorView(CaseForm):
    permission = "cases.manage"
    form_class = SupervisorForm
    heading = "Choose the case supervisor"
    lead = "The supervisor sees the case from then on."
    button = "Save"
    success_message = "The supervisor is chosen."

    def get_initial(self):
        return {"supervisor": self.case.supervisor_id}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"supervisors": members(Role.CASE_SUPERVISOR, self.case.service_area_id)}

    def perform(self, form):
        return actions.set_supervisor(
            case=self.case, supervisor=form.cleaned_data["supervisor"], by=self.request.user, today=self.today
        )


class SpecialistView(CaseForm):
    permission = "cases.manage"
    form_class = SpecialistForm
    heading = "Record the specialist who was consulted"
    button = "Save"
    success_message = "The specialist is recorded."

    def get_initial(self):
        return {"who": self.case.specialist_consulted, "consulted_on": self.case.specialist_consulted_on}

    def perform(self, form):
        return actions.record_specialist_consulted(
            case=self.case, by=self.request.user, today=self.today, **form.cleaned_data
        )


class RefuseSignOffView(CaseForm):
    """Back to the coordinator, with what is missing."""

    permission = "cases.sign_off"
    form_class = RefuseSignOffForm
    heading = "Do not sign off"
    lead = "The case goes back to its coordinator. Anything arranged that needs the sign-off is postponed."
    button = "Send it back"
    success_message = "Sent back to the coordinator."

    def perform(self, form):
        return actions.refuse_sign_off(case=self.case, by=self.request.user, today=self.today, **form.cleaned_data)

    def get_back_url(self) -> str:
        return self.case_url("sign-off")


class AskSignOffView(CaseAction):
    permission = "cases.manage"
    success_message = "The supervisor is asked again."

    def perform(self):
        return actions.ask_sign_off(case=self.case, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.case_url("sign-off")


class SignOffView(CaseConfirm):
    """What the flags ask for, and what is recorded, before a second person signs it off."""

    permission = "cases.view"
    form_class = ReopenForm
    template_name = "cases/sign_off.html"
    heading = "Sign off this case"
    button = "Sign off"
    success_message = "The case is signed off."

    def check_permission(self) -> None:
        super().check_permission()
        if self.request.method == "POST" and not self.request.user.may("cases.sign_off"):
            raise PermissionDenied

    def people_shown(self):
        return [one.person_id for one in self.people]

    def perform(self, form):
        return actions.sign_off_case(case=self.case, by=self.request.user, today=self.today)

    def get_facts(self):
        case = self.case
        specialist = f"{case.specialist_consulted}, {day(case.specialist_consulted_on)}"
        signed = f"{when(case.signed_off_at)}" if case.signed_off_at else "Not signed off"
        return [
            {"label": "Supervisor", "value": case.supervisor.get_full_name() if case.supervisor else "Nobody chosen"},
            {"label": "Specialist", "value": specialist if case.specialist_consulted_on else "Nobody consulted"},
            {"label": "Signed off", "value": signed},
            *self._refusal(),
        ]

    def _stops(self) -> list[str]:
        """Of the main people: what stops every contact with them, which whoever signs off has to know."""
        main = [one for one in self.people if one.role in MAIN_ROLES and one.left_at is None]
        persons = [one.person_id for one in main]
        given = list(Consent.objects.filter(referral=self.case.referral_id, person__in=persons))
        found = (
            (one, policy.why_not_contacted(one, self.case.referral, [c for c in given if c.person_id == one.person_id]))
            for one in main
        )
        return [f"{one.person.name}: {stop}" for one, stop in found if stop]

    def _refusal(self) -> list[dict[str, Any]]:
        case = self.case
        if case.sign_off_refused_at is None or case.sign_off_refused_by is None:
            return []
        who = f"{case.sign_off_refused_by.get_short_name()}, {when(case.sign_off_refused_at)}"
        return [{"label": "Sent back", "value": case.sign_off_refused_because, "note": who}]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            flags=SensitiveFlag.objects.filter(referral=self.case.referral_id, cleared_at__isnull=True),
            panels=side_panels(self.case, self.people, sides=self.sides, today=self.today, reads_needs=True),
            stops=self._stops(),
            not_yet=actions.sign_off_block(self.case),
            may_sign_off=policy.can_sign_off(self.request.user, self.case),
            may_ask_again=policy.can_manage(self.request.user, self.case)
            and self.case.supervisor is not None
            and policy.is_sent_back(self.case),
            may_manage=policy.can_manage(self.request.user, self.case),
            **kwargs,
        )
