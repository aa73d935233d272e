"""The log of contacts, and the quick form that adds to it."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpResponseRedirect
from django.utils import timezone

from cases import actions
from cases.choices import ContactMethod, ContactResult
from cases.forms import ChoosePersonForm, ContactForm
from cases.models import Contact, Participant, Visit
from cases.views.case_page import CaseAction, CaseForm, CasePage, first_name_and_initial
from cases.views.people import OfParticipant
from cases.views.proceedings import MayBeDisclosed
from cases.views.side_panels import rules_before_contact
from referrals.models import SafeContact
from rj_service.ui.paging import keyset
from rj_service.ui.templatetags.ui import day, plural

NUMBERS = ("first", "second", "third", "fourth", "fifth")
CALLED = {ContactMethod.EMAIL: "address", ContactMethod.LETTER: "address", ContactMethod.VISIT: "address"}


@dataclass
class Tried:
    """Everything by one way to one number or address, which is not shown again."""

    participant: Participant
    method: str
    number: str
    results: list[str] = field(default_factory=list)
    count: int = 0
    last: Any = None


def tried_of(contacts: QuerySet[Contact]) -> list[Tried]:
    """By person, method and number, in the order that they were first used; one statement."""
    rows = contacts.values("participant", "method", "reached_key", "result")
    rows = rows.annotate(number=Count("pk"), first=Min("occurred_at"), last=Max("occurred_at")).order_by("first")
    people = Participant.objects.select_related("person").in_bulk({row["participant"] for row in rows})
    keys: dict = defaultdict(list)
    found: dict = {}
    for row in rows:
        key = bytes(row["reached_key"] or b"")
        of_method = keys[row["participant"], row["method"]]
        if key not in of_method:
            of_method.append(key)
        place = (row["participant"], row["method"], key)
        one = found.setdefault(place, Tried(people[row["participant"]], ContactMethod(row["method"]).label, ""))
        one.results.append(f"{ContactResult(row['result']).label.lower()}: {row['number']}")
        one.count += row["number"]
        one.last = max(one.last or row["last"], row["last"])
    for (participant, method, key), one in found.items():
        used = keys[participant, method]
        if len(used) > 1:
            place = min(used.index(key), len(NUMBERS) - 1)
            one.number = f"{NUMBERS[place]} {CALLED.get(method, 'number')}"
    return sorted(found.values(), key=lambda one: (one.participant.side, one.participant.person.name))


class ContactsView(CasePage):
    """Every contact and attempt of the sides that this person may see, newest first; and what was tried, by number."""

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
        tried = tried_of(contacts)
        self.shown = {row.participant.person_id for row in page.rows} | {one.participant.person_id for one in tried}
        for row in page.rows:
            own = row.recorded_by_id == self.request.user.pk
            row.may_take_back = own and timezone.now() < row.recorded_at + actions.UNDO_FOR
        return super().get_context_data(page=page, tried=tried, **kwargs)

    def people_shown(self):
        return self.shown


class TakeBackContactView(CaseAction):
    """The button beside one's own, just logged."""

    permission = "cases.log_contact"
    success_message = "The contact is taken back. The history keeps that it was there."

    def perform(self):
        contact = self.child(Contact.objects.visible_to(self.request.user), "contact")
        return actions.take_back_contact(contact=contact, by=self.request.user, now=timezone.now())

    def get_success_url(self) -> str:
        return self.case_url("contacts")


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


class LogContactView(OfParticipant, MayBeDisclosed, CaseForm):
    """The safe-contact rules stand above the form: they are read before the number."""

    permission = "cases.log_contact"
    form_class = ContactForm
    template_name = "cases/log_contact.html"
    heading = "Log a contact"
    button = "Save contact"
    success_message = "The contact is saved. Under Contacts you can take it back for 10 minutes."

    @cached_property
    def safe(self) -> SafeContact | None:
        return SafeContact.objects.filter(person=self.participant.person_id).first()

    @cached_property
    def not_before(self) -> bool:
        """Nobody makes contact on this side yet: no way is any safer than another, and no number is offered."""
        return not actions.approach_is_agreed(self.case, self.participant.side, self.today)

    @cached_property
    def unsafe(self) -> dict[str, str]:
        return actions.unsafe_ways(self.participant, self.today)

    @property
    def visit(self) -> Visit | None:
        """The one that they come from, whose minutes are known."""
        over = Visit.objects.visible_to(self.request.user).filter(participant=self.participant, status="over")
        return over.order_by("-checked_out_at").first() if self.request.GET.get("after") == "visit" else None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "unsafe": {} if self.not_before else self.unsafe,
            "may_leave_voicemail": bool(self.safe and self.safe.may_leave_voicemail),
            "hides_number": bool(self.safe and self.safe.withheld_number),
        }

    def get_initial(self):
        if visit := self.visit:
            minutes = round((visit.checked_out_at - visit.checked_in_at).total_seconds() / 60)
            result = ContactResult.SPOKE
            return {"method": ContactMethod.VISIT, "result": result, "minutes": max(minutes, 1)}
        return {"method": actions.first_way(self.participant, self.today)}

    def perform(self, form):
        names = ("method", "result", "they_began", "is_preparation", "note", "minutes", "try_again_on")
        given = form.cleaned_data
        try:
            return actions.log_contact(
                participant=self.participant,
                occurred_at=form.occurred_at,
                by=self.request.user,
                today=self.today,
                number_hidden=given.get("number_hidden") if given["method"] == ContactMethod.PHONE else None,
                has_happened=given.get("has_happened", False),
                **{name: given[name] for name in names},
            )
        except actions.NotSafe:
            form.ask_whether_it_happened()
            raise

    def get_undo_url(self) -> str:
        return self.case_url("take-back-contact", self.result.pk)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        person = self.participant.person
        tried = tried_of(Contact.objects.filter(participant=self.participant).attempts())
        return super().get_context_data(
            not_before=self.not_before,
            safe_words=rules_before_contact(self.participant, self.case.referral, self.today),
            short_name=first_name_and_initial(person),
            tried=[self._words(one) for one in tried],
            attempts=sum(one.count for one in tried),
            **kwargs,
        )

    def _words(self, one: Tried) -> str:
        number = f", {one.number}" if one.number else ""
        return f"{one.method}{number}: {plural(one.count, 'attempt,attempts')}, last {day(one.last)}"

    def get_back_url(self) -> str:
        return self.case_url("desk")
