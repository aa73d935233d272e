"""Interpreters of one person: asked for, confirmed, and whether they came."""

from functools import cached_property
from typing import Any

from django.urls import reverse

from cases import actions
from cases.choices import INTERPRETER_TRANSITIONS
from cases.forms import BookInterpreterForm, ChangeInterpreterForm
from cases.models import InterpreterBooking
from cases.views.case_page import CaseForm, CasePage, first_name_and_initial
from cases.views.people import OfParticipant


class InterpretersView(OfParticipant, CasePage):
    practitioners_by = "cases.view_assigned"
    template_name = "cases/interpreters.html"
    part = "people"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        seen = InterpreterBooking.objects.visible_to(self.request.user).filter(participant=self.participant)
        rows = list(seen.order_by("-needed_for", "-id"))
        for row in rows:
            row.may_change = bool(INTERPRETER_TRANSITIONS[row.status])
        return super().get_context_data(rows=rows, **kwargs)


class _Form(OfParticipant, CaseForm):
    abstract = True
    permission = "cases.log_contact"

    def get_back_url(self) -> str:
        return reverse("cases:interpreters", args=[self.case.pk, self.participant.pk])


class BookInterpreterView(_Form):
    form_class = BookInterpreterForm
    heading = "Ask for an interpreter"
    lead = "Never somebody of the family, and nobody who knows either side."
    button = "Save what was asked"
    success_message = "The interpreter is asked for."

    def perform(self, form):
        given = form.cleaned_data
        return actions.book_interpreter(
            participant=self.participant,
            needed_for=form.needed_for,
            by=self.request.user,
            today=self.today,
            **{name: given[name] for name in ("language", "gender_wish", "agency")},
        )


class ChangeInterpreterView(_Form):
    form_class = ChangeInterpreterForm
    heading = "The interpreter"
    button = "Save"
    success_message = "The interpreter is changed."

    @cached_property
    def booking(self) -> InterpreterBooking:
        seen = InterpreterBooking.objects.visible_to(self.request.user).select_related("participant__case")
        return self.child(seen, "interpreter", participant=self.participant)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"allowed": INTERPRETER_TRANSITIONS[self.booking.status]}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        name = first_name_and_initial(self.participant.person)
        return super().get_context_data(**{"caption": f"{self.booking.language}, for {name}", **kwargs})

    def perform(self, form):
        return actions.change_interpreter(
            booking=self.booking, by=self.request.user, today=self.today, **form.cleaned_data
        )
