"""The person of an address: on a side, or responsible beside the first. Addresses call them by the side, or by their number."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from referrals import policy
from referrals.choices import ConsentPurpose, Side, Vulnerability
from referrals.models import (
    Consent,
    ContactWish,
    LegalBar,
    NeedsAssessment,
    OwnLink,
    Person,
    Referral,
    SafeContact,
)
from rj_service.accounts.views import GuardedDetailView


def asked_about(referral: Referral, address: dict) -> Person:
    """The person on the `side` of the address, or the one responsible beside the first (`beside`)."""
    if "beside" in address:
        also = referral.also_responsible.select_related("person").filter(person=address["beside"]).first()
        found = also.person if also else None
    else:
        on_side = {Side.HARMED: referral.person_harmed, Side.RESPONSIBLE: referral.person_responsible}
        found = on_side.get(address["side"])
    if found is None:
        raise Http404
    return found


def page_of(name: str, referral: Referral, person_id) -> str:
    """A page of `about_person` in urls, about somebody of the referral."""
    return reverse(f"referrals:{name}", args=[referral.pk, referral.called_in_addresses(person_id)])


class OfPerson:
    """A view about the person of its address; `object` is the referral."""

    kwargs: dict
    object: Referral

    @cached_property
    def person(self) -> Person:
        return asked_about(self.object, self.kwargs)

    @property
    def side(self) -> str:
        return self.kwargs.get("side", Side.RESPONSIBLE)

    @property
    def who(self) -> Any:
        return self.kwargs.get("side") or self.kwargs["beside"]

    def address(self, name: str, *more) -> str:
        return reverse(f"referrals:{name}", args=[self.object.pk, self.who, *more])

    def people_shown(self):
        return [self.person.pk]

    def get_context_data(self, **kwargs):
        about = {"person": self.person, "side": self.side, "who": self.who}
        return super().get_context_data(**{**about, **kwargs})  # type: ignore[misc]


class PersonPage(OfPerson, GuardedDetailView):
    abstract = True
    model = Referral

    def get_queryset(self):
        people = ("person_harmed", "person_responsible")
        return Referral.objects.all().casework_for(self.request.user).select_related(*people)


class Recorded:
    """What is recorded about people of one referral, read once however many they are."""

    def __init__(self, referral: Referral, people: Collection[Person], today: date) -> None:
        self.referral, self.today = referral, today
        of_these = {"referral": referral, "person__in": people}
        self.safe = {one.person_id: one for one in SafeContact.objects.filter(person__in=people)}
        self.bars, self.consents = defaultdict(list), defaultdict(list)
        for bar in LegalBar.objects.filter(person__in=people).standing(today).order_by("starts_on", "id"):
            self.bars[bar.person_id].append(bar)
        for consent in Consent.objects.filter(**of_these).order_by("recorded_at", "id"):
            self.consents[consent.person_id].append(consent)
        self.links = {one.person_id: one for one in OwnLink.objects.working().filter(**of_these)}
        self.wishes = set(ContactWish.objects.open().filter(**of_these).values_list("person", flat=True))
        needs = NeedsAssessment.objects.filter(**of_these).select_related("assessed_by")
        newest = needs.order_by("person", "-recorded_at", "-id").distinct("person")
        self.needs = {one.person_id: one for one in newest}

    def about(self, person: Person, side: str, told: str) -> dict[str, Any]:
        consents, who = self.consents[person.pk], self.referral.called_in_addresses(person.pk)
        return {
            "side": side,
            "who": who,
            "called": f"the {side} side" if who == side else person.name,
            "person": person,
            "told": told,
            "vulnerability": dict(Vulnerability.choices).get(person.vulnerability, "Not known"),
            "needs": self.needs.get(person.pk),
            "safe": self.safe.get(person.pk),
            "in_force": [consent for consent in consents if consent.withdrawn_at is None],
            "withdrawn": [consent for consent in consents if consent.withdrawn_at is not None],
            "bars": self.bars[person.pk],
            "age": policy.age_group(person, self.today),
            "stopped": policy.has_withdrawn(consents, ConsentPurpose.CONTACT),
            "closed": policy.is_closed_side(self.referral, side),
            "own_link": self.links.get(person.pk),
            "wish": person.pk in self.wishes,
        }


def newest_needs(person: Person, referral: Referral) -> NeedsAssessment | None:
    found = NeedsAssessment.objects.filter(person=person, referral=referral).select_related("assessed_by")
    return found.order_by("-recorded_at", "-id").first()
