"""Where somebody is in prison, and what was asked of the prison."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from cases import actions
from cases.choices import BOOKING_TRANSITIONS
from cases.forms import AnswerBookingForm, AskPrisonForm, CustodyForm, ReleaseForm, TransferPrisonForm
from cases.models import Custody, PrisonBooking
from cases.views.case_page import CaseForm, CasePage, first_name_and_initial
from cases.views.people import OfParticipant


class CustodyView(OfParticipant, CasePage):
    """Every stay, newest first, with the visits asked of it."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/custody.html"
    part = "people"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        stays = Custody.objects.visible_to(self.request.user).filter(participant=self.participant)
        stays = stays.prefetch_related("bookings").order_by("-since", "-recorded_at")
        standing = next((one for one in stays if one.ended_on is None), None)
        return super().get_context_data(stays=list(stays), standing=standing, **kwargs)


class OfStay(OfParticipant, CaseForm):
    """A form about the prison where they are now."""

    abstract = True
    permission = "cases.log_contact"

    @cached_property
    def custody(self) -> Custody:
        seen = Custody.objects.visible_to(self.request.user).standing()
        found = seen.select_related("participant__case").filter(participant=self.participant).first()
        if found is None:
            raise Http404
        return found

    def check_permission(self) -> None:
        super().check_permission()
        self.custody  # noqa: B018 (somebody who is in no prison has no page of it)

    def get_side(self) -> str:
        return self.participant.side

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            **{"caption": f"{first_name_and_initial(self.participant.person)}, {self.custody.prison}", **kwargs}
        )

    def get_back_url(self) -> str:
        return reverse("cases:custody", args=[self.case.pk, self.participant.pk])


class RecordCustodyView(OfParticipant, CaseForm):
    permission = "cases.log_contact"
    form_class = CustodyForm
    heading = "Record the prison"
    button = "Record the prison"
    success_message = "The prison is recorded."

    def perform(self, form):
        return actions.record_custody(
            participant=self.participant, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def get_back_url(self) -> str:
        return reverse("cases:custody", args=[self.case.pk, self.participant.pk])


class TransferView(OfStay):
    form_class = TransferPrisonForm
    heading = "Moved to another prison"
    lead = "What was booked with the old prison ends. The coordinator gets a task to ask the new one."
    button = "Record the move"
    success_message = "The move is recorded. What was booked with the old prison has ended."

    def perform(self, form):
        return actions.record_transfer(
            custody=self.custody, by=self.request.user, today=self.today, **form.cleaned_data
        )


class ReleaseView(OfStay):
    form_class = ReleaseForm
    heading = "Released"
    lead = "Nobody is messaged. The coordinator gets a task today. The Victim Contact Scheme tells whoever was harmed, not we."
    button = "Record the release"
    success_message = "The release is recorded. Nobody was messaged."

    def perform(self, form):
        return actions.record_release(custody=self.custody, by=self.request.user, today=self.today, **form.cleaned_data)


class AskPrisonView(OfStay):
    form_class = AskPrisonForm
    heading = "Ask the prison for a visit"
    lead = "Write down what you asked for. When the prison answers, say so here."
    button = "Save what was asked"
    success_message = "It is saved as asked."

    def perform(self, form):
        return actions.ask_prison(
            custody=self.custody, asked_for=form.asked_for, by=self.request.user, today=self.today
        )


class AnswerBookingView(OfStay):
    form_class = AnswerBookingForm
    heading = "What the prison said"
    button = "Save the answer"
    success_message = "The answer is saved."

    @cached_property
    def booking(self) -> PrisonBooking:
        return self.child(PrisonBooking.objects.open(), "booking", custody=self.custody)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"allowed": BOOKING_TRANSITIONS[self.booking.status]}

    def perform(self, form):
        return actions.answer_booking(
            booking=self.booking,
            status=form.cleaned_data["status"],
            reference=form.cleaned_data["reference"],
            asked_for=form.asked_for,
            by=self.request.user,
            today=self.today,
        )
