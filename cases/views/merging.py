"""Two records side by side: one person or two, said by one and confirmed by another; and one person's records together,
with the way back."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.forms import MergeForm
from cases.models import Case, Contact
from referrals import policy
from referrals.actions import CHOICES, about, reasons_now, records_of, what_becomes_stricter, who_may_confirm
from referrals.choices import Side
from referrals.duplicates import WORDS
from referrals.models import Consent, ContactDetails, Merge, Person, PossibleDuplicate, Referral
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.templatetags.ui import day

CONTACT = {"phone": "phone_key", "email": "email_key", "address": "postcode_key"}
STRICTER = {
    "safe.may_phone": "it is no longer safe to phone",
    "safe.may_leave_voicemail": "no voicemail is left",
    "safe.may_text": "no text message is sent",
    "safe.may_email": "it is no longer safe to email",
    "safe.may_write": "it is no longer safe to write",
    "safe.withheld_number": "calls are made from a withheld number",
    "safe.must_not_know": "whoever makes contact asks the coordinator first",
    "details.must_stay_hidden": "where they live stays hidden",
    "person.died_on": "the person has died: all contact stops",
    "person.paused_at": "contact is paused until they say so",
    "person.approach": "they are never to be asked",
    "withdrawal": "agreements end that were withdrawn in the other record",
    "bar": "a legal bar forbids contact",
    "conflict": "whoever has a conflict of interest is shut out",
}


class Record:
    """One record as somebody reads it who may see it."""

    def __init__(self, person: Person, user) -> None:
        self.person = person
        seen = Referral.objects.all().casework_for(user).filter(pk__in=about([person.pk]).values("pk"))
        self.referrals = list(seen.order_by("-received_on", "-id"))
        cases = Case.objects.visible_to(user).filter(participants__person=person)
        self.cases = list(cases.order_by("-opened_on").distinct())
        consents = Consent.objects.filter(person=person, referral__in=self.referrals)
        self.agreements = consents.aggregate(
            in_force=Count("pk", filter=Q(withdrawn_at__isnull=True)),
            withdrawn=Count("pk", filter=Q(withdrawn_at__isnull=False)),
        )
        self.contacts = Contact.objects.filter(case__in=self.cases, participant__person=person).count()
        self.details = ContactDetails.objects.filter(person=person).first()

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def sides(self) -> list[str]:
        harmed = any(referral.person_harmed_id == self.person.pk for referral in self.referrals)
        responsible = any(referral.person_harmed_id != self.person.pk for referral in self.referrals)
        return [side for side, there in ((Side.HARMED, harmed), (Side.RESPONSIBLE, responsible)) if there]

    @property
    def told(self) -> dict[str, str]:
        """What may be chosen, in words. Contact details are compared unopened."""
        born = self.person.date_of_birth
        known = {name: bool(self.details and getattr(self.details, name)) for name in ("phone", "email", "address")}
        return {
            "name": self.name,
            "date_of_birth": day(born) if born else self.person.date_of_birth_as_given,
            "communication_needs": self.person.communication_needs,
        } | {name: "Known" if is_known else "" for name, is_known in known.items()}

    @property
    def agreed(self) -> str:
        return f"{self.agreements['in_force']} in force, {self.agreements['withdrawn']} withdrawn"


class Compared:
    """Two records, line by line."""

    def __init__(self, pair: PossibleDuplicate, user) -> None:
        self.one, self.other = Record(pair.person, user), Record(pair.other, user)

    @property
    def on_two_sides(self) -> bool:
        return len({*self.one.sides, *self.other.sides}) > 1

    @property
    def choices(self) -> dict[str, list[str]]:
        """What they do not agree on, and which of them knows it: nobody loses a number to one that is not known."""
        if self.on_two_sides:
            return {}
        return {
            name: [whose for whose, value in (("one", one), ("other", other)) if value]
            for name, one, other, differs in self._lines()
            if differs
        }

    @property
    def lines(self) -> list[tuple[str, str, str, bool]]:
        """Less what neither knows."""
        lines = [(MergeForm.LABELS[name], *line) for name, *line in self._lines()]
        return [line for line in lines if line[1] or line[2]]

    def _lines(self):
        for name in CHOICES:
            one, other = self.one.told[name], self.other.told[name]
            yield name, one, other, self._differs(name, one, other)

    def _differs(self, name: str, one: str, other: str) -> bool:
        if name not in CONTACT or one != other or not one:
            return one != other
        keys = [getattr(record.details, CONTACT[name]) for record in (self.one, self.other)]
        return keys[0] is None or keys[1] is None or bytes(keys[0]) != bytes(keys[1])

    def stricter(self, today: date) -> list[str]:
        found = []
        for record, words in ((self.one, "In the first record"), (self.other, "In the second record")):
            source = self.other if record is self.one else self.one
            found_here = what_becomes_stricter(source.person, record.person, today)
            becomes = [STRICTER[what] for what in found_here if what in STRICTER]
            found += [f"{words}, {', '.join(becomes)}"] if becomes else []
        return found


class ComparePeopleView(ObjectMixin, GuardedFormView):
    """One person or two? Sent, it waits for a second person, who reads the same page."""

    permission = "referrals.decide"
    model = PossibleDuplicate
    pk_name = "pair"
    form_class = MergeForm
    template_name = "cases/compare_people.html"
    success_message = "Waiting for a second person. What protects either of them holds in both already"

    def get_queryset(self):
        return super().get_queryset().select_related("person", "other")

    def check_permission(self) -> None:
        super().check_permission()
        self.compared = Compared(self.object, self.request.user)

    def render_to_response(self, context, **kwargs):
        self.read(self.object, people=[self.object.person_id, self.object.other_id])
        return super().render_to_response(context, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"choices": self.compared.choices}

    def perform(self, form):
        keep = dict(form.cleaned_data)
        reason = keep.pop("reason")
        return actions.propose_merge(
            pair=self.object, reason=reason, keep=keep, by=self.request.user, today=timezone.localdate()
        )

    def get_success_url(self) -> str:
        return reverse("cases:compare-people", args=[self.object.pk])

    def waiting(self) -> dict[str, Any]:
        """What the second person reads: whose word it is, what was chosen, and what has changed since."""
        merges = Merge.objects.all().visible_to(self.request.user).waiting().select_related("proposed_by")
        merge = merges.filter(one=self.object.person_id, other=self.object.other_id).first()
        if merge is None:
            return {}
        whose = {"one": "the first record’s", "other": "the second record’s"}
        gone = set(self.object.reasons.split()) - set(reasons_now(self.object))
        return {
            "merge": merge,
            "chosen": [(MergeForm.LABELS[name], whose[record]) for name, record in merge.keep.items()],
            "gone": [words for reason, words in WORDS.items() if reason in gone],
            "may_confirm": policy.can_confirm_merge(self.request.user, merge),
            "is_own": merge.proposed_by_id == self.request.user.pk,
            "somebody_else": bool(who_may_confirm(merge)),
        }

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        pair = self.object
        is_open = pair.answer == PossibleDuplicate.Answer.OPEN
        return super().get_context_data(
            pair=pair,
            compared=self.compared,
            records=[("First record", self.compared.one), ("Second record", self.compared.other)],
            reasons=[WORDS[reason] for reason in pair.reasons.split() if reason in WORDS],
            is_open=is_open,
            is_one=pair.answer == PossibleDuplicate.Answer.SAME,
            stricter=self.compared.stricter(timezone.localdate()) if is_open else [],
            **({} if is_open else self.waiting()),
            crumbs=[("Referrals", reverse("referrals:list")), ("Possible duplicates", reverse("referrals:duplicates"))],
            **kwargs,
        )


class OnePersonView(GuardedDetailView):
    """The records of one person that the user may see; of one record alone there is no such page."""

    permission = "referrals.decide"
    model = Person
    template_name = "cases/one_person.html"

    @property
    def records(self) -> list[Record]:
        if not hasattr(self, "_records"):
            keys = records_of(self.object.pk, confirmed=True)
            seen = self.get_queryset().filter(pk__in=keys).order_by("created_at", "pk")
            self._records = [Record(person, self.request.user) for person in seen]
            if len(self._records) < 2:
                raise Http404
        return self._records

    def people_shown(self) -> list[UUID]:
        return [record.person.pk for record in self.records]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        merges = Merge.objects.all().visible_to(self.request.user).confirmed()
        shown = self.people_shown()
        return super().get_context_data(
            **kwargs,
            records=self.records,
            merges=merges.filter(one__in=shown)
            .select_related("one", "other", "proposed_by", "confirmed_by")
            .order_by("confirmed_at", "id"),
            crumbs=[("Referrals", reverse("referrals:list")), ("Possible duplicates", reverse("referrals:duplicates"))],
        )


class ConfirmMergeView(GuardedActionView):
    permission = "referrals.decide"
    model = Merge
    pk_name = "merge"
    success_message = "The two records are one person. You can undo this below"

    def get_queryset(self):
        return super().get_queryset().in_force()

    def perform(self):
        return actions.confirm_merge(merge=self.object, by=self.request.user, today=timezone.localdate())

    def get_success_url(self) -> str:
        if hasattr(self, "result"):
            return reverse("cases:one-person", args=[self.object.one_id])
        return compared_at(self.object, self.request.user)


class UndoMergeView(GuardedActionView):
    """Also turns a proposal down, and takes it back."""

    permission = "referrals.decide"
    model = Merge
    pk_name = "merge"

    def get_queryset(self):
        return super().get_queryset().in_force()

    def perform(self):
        kept = actions.undo_merge(merge=self.object, by=self.request.user, today=timezone.localdate())
        stays = sorted({STAYS.get(one.field or one.what, "a detail") for one in kept})
        words = f"{self.what_ended}: each record is again as it was."
        self.success_message = f"{words} Changed since, and so kept: {', '.join(stays)}." if stays else words
        return kept

    @property
    def what_ended(self) -> str:
        if self.object.confirmed_at:
            return "The merge is undone"
        is_own = self.object.proposed_by_id == self.request.user.pk
        return "You took it back" if is_own else "You turned it down"

    def get_success_url(self) -> str:
        return compared_at(self.object, self.request.user)


def compared_at(merge: Merge, user) -> str:
    both = [merge.one_id, merge.other_id]
    pair = PossibleDuplicate.objects.all().visible_to(user).filter(person__in=both, other__in=both).first()
    return reverse("cases:compare-people", args=[pair.pk]) if pair else reverse("referrals:duplicates")


STAYS = {
    "withdrawal": "an agreement",
    "person.first_name": "name",
    "person.last_name": "name",
    "person.organisation_name": "name",
    "person.date_of_birth": "date of birth",
    "person.communication_needs": "communication needs",
    "person.under_18": "that they are under 18",
    "person.approach": "whether they may be asked",
    "person.died_on": "day of death",
    "person.paused_at": "the pause",
    "person.paused_by": "the pause",
    "details.phone": "telephone number",
    "details.email": "email address",
    "details.address": "address",
    "details.postcode": "postcode",
}
STAYS |= {
    f"safe.{name}": "safe contact"
    for name in ("may_phone", "may_leave_voicemail", "may_text", "may_email", "may_write")
}
