"""The log of contacts, and the quick form that adds to it."""

from typing import Any

from django.http import HttpResponseRedirect

from cases import actions
from cases.choices import ContactResult
from cases.forms import ChoosePersonForm, ContactForm
from cases.models import Contact
from cases.views.case_page import CaseForm, CasePage, first_name_and_initial
from cases.views.people import OfParticipant
from cases.views.side_panels import rules_before_contact
from rj_service.ui.paging import keyset

ATTEMPTS = (ContactResult.NO_ANSWER, ContactResult.SENT, ContactResult.DID_NOT_COME)


class ContactsView(CasePage):
    """Every contact and attempt of the sides that this person may see, newest first."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/contacts.html"
    part = "contacts"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        contacts = Contact.objects.visible_to(self.request.user).filter(case=self.case)
        page = keyset(
            contacts.select_related("participant__person", "recorded_by"),
            order=("-occurred_at", "-id"),
            after=self.request.GET.get("after"),
        )
        self.shown = {row.participant.person_id for row in page.rows}
        return super().get_context_data(page=page, **kwargs)

    def people_shown(self):
        return self.shown


class ChoosePersonView(CaseForm):
    """Who the contact is with; skipped where there is only one person."""

    permission = "cases.log_contact"
    form_class = ChoosePersonForm
    heading = "Log a contact"

    def get(self, request, *args, **kwargs):
        if len(self.people) == 1:
            return HttpResponseRedirect(self.case_url("log-contact-with", self.people[0].pk))
        return super().get(request, *args, **kwargs)

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"participants": self.participants.filter(left_at__isnull=True)}

    def form_valid(self, form):
        return HttpResponseRedirect(self.case_url("log-contact-with", form.cleaned_data["participant"].pk))


class LogContactView(OfParticipant, CaseForm):
    """The safe-contact rules stand above the form: they are read before the number."""

    permission = "cases.log_contact"
    form_class = ContactForm
    template_name = "cases/log_contact.html"
    heading = "Log a contact"
    button = "Save contact"
    success_message = "The contact is saved."

    def perform(self, form):
        names = ("method", "result", "is_preparation", "note", "minutes")
        return actions.log_contact(
            participant=self.participant,
            occurred_at=form.occurred_at,
            by=self.request.user,
            today=self.today,
            **{name: form.cleaned_data[name] for name in names},
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        person = self.participant.person
        attempts = Contact.objects.filter(participant=self.participant, result__in=ATTEMPTS)
        return super().get_context_data(
            safe_words=rules_before_contact(self.participant, self.case.referral, self.today),
            short_name=first_name_and_initial(person),
            attempts=attempts.count(),
            methods_tried=attempts.values("method").distinct().count(),
            **kwargs,
        )

    def get_back_url(self) -> str:
        return self.case_url("desk")
