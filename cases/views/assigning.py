"""The assignment desk: who can, who could, who cannot and why; asking without a name, assigning, ending."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import AssignmentRole, AssignmentSides, InterventionStatus
from cases.forms import AnswerForm, AssignForm, EndAssignmentForm, InviteForm
from cases.matching import ORDER_WORDS, Group, Need
from cases.models import Assignment, Invitation
from cases.views.candidates import MORE, NAMES, asked_role, candidates_for, need_of, next_meeting
from cases.views.case_page import CaseAction, CaseConfirm, CaseForm, CasePage
from referrals.working_days import add_working_days
from rj_service.accounts.views import GuardedFormView
from rj_service.ui.templatetags.ui import when
from volunteers.models import Practitioner

COMING = (InterventionStatus.PLANNED, InterventionStatus.SCHEDULED, InterventionStatus.POSTPONED)
ANSWER_WITHIN = dt.timedelta(days=7)


class AssignmentDeskView(CasePage):
    permission = "cases.assign"
    template_name = "cases/assignment_desk.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        role = asked_role(self.request.GET)
        working = list(Assignment.objects.in_force().filter(case=self.case).select_related("practitioner__learner"))
        meeting = next_meeting(self.case, COMING)
        need = need_of(
            self.case,
            role=role,
            is_sensitive=self.case.is_sensitive,
            meeting=meeting,
            beside=[one.practitioner.level for one in working],
        )
        group, start = _asked_part(self.request.GET)
        desk = candidates_for(
            self.case, need, by=self.request.user, today=self.today, meeting=meeting, group=group, start=start
        )
        return super().get_context_data(
            role=role,
            role_label=AssignmentRole(role).label,
            other_role=AssignmentRole.CO_FACILITATOR if role == AssignmentRole.LEAD else AssignmentRole.LEAD,
            working=working,
            needs=self._needs(need, working),
            candidates=desk,
            parts_shown=[one for one in desk.parts if group is None or one.group == group],
            back_to=max(1, start - MORE) if start > 1 else None,
            only=group is not None,
            order_words=ORDER_WORDS,
            back_url=self.case_url("desk"),
            **kwargs,
        )

    def _needs(self, need: Need, working: list[Assignment]) -> list[dict[str, Any]]:
        beside = [f"{one.practitioner.name}, {one.get_role_display().lower()}" for one in working]
        level = "Any"
        if need.wants_advanced:
            level = "Advanced, or beside an Advanced: the case is sensitive"
        elif need.wants_experience:
            level = "Intermediate or Advanced, or beside one of them"
        return [
            {"label": "Place", "value": AssignmentRole(need.role).label},
            {"label": "Level", "value": level},
            {"label": "Beside", "value": "; ".join(beside) or "Nobody yet"},
            {"label": "When", "value": when(need.meets_at) if need.meets_at else "No date yet"},
            {"label": "Where", "value": need.area_name or "Not known", "note": MEASURED_FROM},
        ]


MEASURED_FROM = (
    "Near is told from the local area of what happened, by the local areas that each person works in. Nobody’s address is"
    " looked at."
)


def _asked_part(asked: QueryDict) -> tuple[Group | None, int]:
    """The part of the desk that the address asks for, and where it goes on. What is no number begins at the first."""
    group = next((one for one, name in NAMES.items() if name == asked.get("list")), None)
    start = asked.get("from", "")
    return group, max(1, int(start)) if group is not None and start.isdecimal() and len(start) < 6 else 1


class OfPractitioner:
    @cached_property
    def practitioner(self) -> Practitioner:
        seen = Practitioner.objects.visible_to(self.request.user).select_related("learner")
        found = seen.filter(pk=self.kwargs["practitioner"]).first()
        if found is None:
            raise Http404
        return found

    def get_back_url(self) -> str:
        return f"{self.case_url('assignment-desk')}?role={asked_role(self.request.GET)}"

    def get_initial(self):
        return {"role": asked_role(self.request.GET)}


class InviteView(OfPractitioner, CaseForm):
    """Asks whether they are free. It names nobody: place, time and hours only."""

    permission = "cases.assign"
    form_class = InviteForm
    button = "Send the invitation"
    lead = "They read only the place, the hours and the day to answer by. Names open after they are assigned."
    success_message = "The invitation is sent."

    def get_heading(self) -> str:
        return f"Invite {self.practitioner.name}"

    def get_initial(self):
        return super().get_initial() | {
            "near": self.case.referral.incident.local_area_name,
            "sides": AssignmentSides.BOTH,
            "answer_by": self.today + ANSWER_WITHIN,
        }

    def perform(self, form):
        return actions.invite_practitioner(
            case=self.case,
            practitioner=self.practitioner,
            by=self.request.user,
            today=self.today,
            **form.cleaned_data,
        )


class AssignView(OfPractitioner, CaseForm):
    permission = "cases.assign"
    form_class = AssignForm
    button = "Assign"
    success_message = "Assigned. The case is open to them now."

    def get_heading(self) -> str:
        return f"Assign {self.practitioner.name}"

    def get_initial(self):
        given = self._place()
        if given["role"] != AssignmentRole.LEAD:
            return given
        return given | {"assess_by": add_working_days(self.today, settings.RJ_TASK_DAYS["assess"])}

    def _place(self) -> dict[str, Any]:
        invitation = (
            Invitation.objects.filter(case=self.case, practitioner=self.practitioner).order_by("-invited_at").first()
        )
        if invitation is not None:
            return {"role": invitation.role, "sides": invitation.sides}
        return super().get_initial() | {"sides": None}

    def perform(self, form):
        return actions.assign(
            case=self.case,
            practitioner=self.practitioner,
            by=self.request.user,
            today=self.today,
            **form.cleaned_data,
        )

    def get_success_url(self) -> str:
        return self.case_url("desk")


class WithdrawInvitationView(CaseAction):
    permission = "cases.assign"
    success_message = "The invitation is withdrawn."

    def perform(self):
        invitation = self.child(Invitation.objects.filter(answer=Invitation.Answer.WAITING), "invitation")
        return actions.withdraw_invitation(invitation=invitation, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.case_url("assignment-desk")


class EndAssignmentView(CaseConfirm):
    permission = "cases.assign"
    form_class = EndAssignmentForm
    heading = "End this assignment"
    button = "End the assignment"
    success_message = "The assignment has ended. The case is closed to them."

    @cached_property
    def assignment(self) -> Assignment:
        return self.child(Assignment.objects.in_force().select_related("practitioner__learner"), "assignment")

    def get_facts(self):
        one = self.assignment
        return [
            {"label": "Who", "value": one.practitioner.name},
            {"label": "Place", "value": one.get_role_display(), "note": one.get_sides_display()},
        ]

    def get_consequences(self):
        return [
            "They lose sight of this case at once",
            "A meeting or letter that is arranged needs somebody in their place",
        ]

    def perform(self, form):
        return actions.end_assignment(
            assignment=self.assignment, reason=form.cleaned_data["reason"], by=self.request.user, today=self.today
        )


class AnswerInvitationView(GuardedFormView):
    """What the person asked reads: place, hours, day. No name, no reference, no word about what happened."""

    permission = "cases.view_assigned"
    form_class = AnswerForm
    template_name = "cases/answer_invitation.html"
    success_message = "Your answer is saved."

    @cached_property
    def invitation(self) -> Invitation:
        found = Invitation.objects.filter(
            pk=self.kwargs["invitation"],
            practitioner__learner__user=self.request.user,
            answer=Invitation.Answer.WAITING,
        ).first()
        if found is None:
            raise Http404
        return found

    def perform(self, form):
        return actions.answer_invitation(
            invitation=self.invitation,
            accepted=form.cleaned_data["answer"] == "yes",
            by=self.request.user,
            today=timezone.localdate(),
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.read(self.invitation)
        return super().get_context_data(
            invitation=self.invitation, back_url=reverse("cases:my-work"), back_words="My work", **kwargs
        )

    def get_success_url(self) -> str:
        return reverse("cases:my-work")
