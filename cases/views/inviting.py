"""Invitations: what a coordinator sends, and what whoever is asked reads on a phone: no name before a yes."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import AssignmentSides
from cases.forms import AnswerForm, InviteForm, KnowAnybodyForm
from cases.models import Invitation, Participant
from cases.views.assigning import OfPractitioner
from cases.views.case_page import CaseAction, CaseForm
from rj_service.accounts.scoping import row_by_row
from rj_service.accounts.views import GuardedFormView

ANSWER_WITHIN = dt.timedelta(days=7)


class InviteView(OfPractitioner, CaseForm):
    """Asks whether they are free. It names nobody: place, time and hours only."""

    permission = "cases.assign"
    form_class = InviteForm
    button = "Send the invitation"
    lead = (
        "They read only the place, the hours and the day to answer by. After a yes you can show them the names of their"
        " sides, once, to ask whether they know anybody."
    )
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


class OfInvitation(CaseAction):
    """Back to the desk of the place that they are asked for."""

    abstract = True
    permission = "cases.assign"

    @cached_property
    def invitation(self) -> Invitation:
        return self.child(Invitation.objects.open(), "invitation")

    def get_success_url(self) -> str:
        return f"{self.case_url('assignment-desk')}?role={self.invitation.role}"


class WithdrawInvitationView(OfInvitation):
    success_message = "The invitation is withdrawn."

    def perform(self):
        return actions.withdraw_invitation(invitation=self.invitation, by=self.request.user, today=self.today)


class ShowNamesView(OfInvitation):
    """After a yes: the names of their sides, for the one question whether they know anybody."""

    success_message = "They are asked whether they know anybody in the case. Names open to them for that."

    def perform(self):
        return actions.show_names(invitation=self.invitation, by=self.request.user, today=self.today)


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


class KnowAnybodyView(GuardedFormView):
    """The names of one side or both, once, to whoever said yes. Nothing else of the case."""

    permission = "cases.view_assigned"
    form_class = KnowAnybodyForm
    template_name = "cases/know_anybody.html"

    @cached_property
    def invitation(self) -> Invitation:
        own = Invitation.objects.filter(pk=self.kwargs["invitation"]).select_related("case")
        found = own.with_names_open(self.request.user, timezone.localdate()).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def people(self) -> list[Participant]:
        there = row_by_row(Participant).filter(case=self.invitation.case_id, left_at__isnull=True)
        if self.invitation.sides != AssignmentSides.BOTH:
            there = there.filter(side=self.invitation.sides)
        return list(there.select_related("person").order_by("side", "role", "added_at", "id"))

    def check_permission(self) -> None:
        super().check_permission()
        self.invitation  # noqa: B018 (what is not theirs is not there)

    def perform(self, form):
        known = {"invitation": self.invitation, "by": self.request.user, "today": timezone.localdate()}
        self.knows = form.cleaned_data["answer"] == "somebody"
        return actions.know_somebody(**known) if self.knows else actions.know_nobody(**known)

    @property
    def success_message(self) -> str:  # type: ignore[override]
        if self.knows:
            return "This case is closed to you. Nobody asks why. Thank you for saying so."
        return "Thank you. The coordinator assigns you next, and the case opens to you then."

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.read(self.invitation, people=[one.person_id for one in self.people])
        return super().get_context_data(
            people=self.people, back_url=reverse("cases:my-work"), back_words="My work", **kwargs
        )

    def get_success_url(self) -> str:
        return reverse("cases:my-work")
