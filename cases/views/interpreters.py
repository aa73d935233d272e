"""Interpreters of one person: asked for, confirmed, and whether they came."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import INTERPRETER_TRANSITIONS, OPEN_INTERVENTIONS
from cases.forms import BookInterpreterForm, ChangeInterpreterForm
from cases.models import InterpreterBooking, Intervention, Visit
from cases.views.case_page import CaseForm, CasePage, first_name_and_initial
from cases.views.people import OfParticipant
from rj_service.ui.templatetags.ui import when


class InterpretersView(OfParticipant, CasePage):
    practitioners_by = "cases.view_assigned"
    template_name = "cases/interpreters.html"
    part = "people"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        seen = InterpreterBooking.objects.visible_to(self.request.user).filter(participant=self.participant)
        rows = list(seen.select_related("intervention").order_by("-needed_for", "-id"))
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

    @cached_property
    def occasions(self) -> dict[str, Intervention | Visit]:
        """Planned with this person, the soonest first."""
        meetings = Intervention.objects.filter(
            case=self.case, status__in=OPEN_INTERVENTIONS, planned_for__gte=timezone.now()
        )
        visits = Visit.objects.visible_to(self.request.user).to_come().filter(participant=self.participant)
        found = sorted([*meetings, *visits.filter(planned_for__gte=timezone.now())], key=lambda one: one.planned_for)
        return {str(one.pk): one for one in found}

    def get_form_kwargs(self):
        words = {key: f"{_words_of(one)}, {when(one.planned_for)}" for key, one in self.occasions.items()}
        return super().get_form_kwargs() | {"occasions": words}

    def perform(self, form):
        given = form.cleaned_data
        return actions.book_interpreter(
            participant=self.participant,
            needed_for=form.needed_for,
            occasion=self.occasions.get(given["occasion"]),
            by=self.request.user,
            today=self.today,
            **{name: given[name] for name in ("language", "language_words", "gender_wish", "agency")},
        )


def _words_of(occasion: Intervention | Visit) -> str:
    return "Visit" if isinstance(occasion, Visit) else occasion.get_model_display()


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
        return super().get_context_data(**{"caption": f"{self.booking.language_in_words}, for {name}", **kwargs})

    def perform(self, form):
        return actions.change_interpreter(
            booking=self.booking, by=self.request.user, today=self.today, **form.cleaned_data
        )
