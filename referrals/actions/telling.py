"""Who is told of something, and that a referrer hears of news once. A notice names nobody."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from referrals.choices import NeutralOutcome
from referrals.models import ContactDetails, Grant, Person, Referral, Restriction
from referrals.redaction import covered, told_too_much
from rj_service.accounts.models import Membership, User
from rj_service.accounts.roles import Role
from rj_service.notifications.actions import notify

REFERRERS = (Role.HUB_WORKER, Role.PARTNER_REFERRER)


def coordinators_of(referral: Referral) -> list[User]:
    """Whoever has taken the referral, else every coordinator of the area who may see it."""
    if referral.taken_by is not None:
        return [referral.taken_by]
    return less_shut_out(referral, at_work(referral.service_area_id, role=Role.COORDINATOR))


def referrers_of(referral: Referral) -> list[User]:
    """Everybody of the organisation that sent it who may see it: whatever is written to it, all of them can read."""
    if referral.organisation_id is None:
        return []
    return less_shut_out(
        referral, at_work(referral.service_area_id, role__in=REFERRERS, organisation=referral.organisation_id)
    )


def to_be_told(referral: Referral) -> list[User]:
    """Whoever sent it, while they work there; else everybody of the organisation."""
    found = referrers_of(referral)
    return [user for user in found if user.pk == referral.entered_by_id] or found


def less_shut_out(referral: Referral, users: Iterable[User]) -> list[User]:
    """Of the users those whom neither a conflict of interest nor a restriction keeps from the referral."""
    found = referral.less_conflicting(users)
    if Restriction.objects.filter(referral=referral).exists():
        granted = set(Grant.objects.filter(referral=referral).in_force().values_list("user_id", flat=True))
        found = [user for user in found if user.pk in granted]
    return found


def people_of(referral: Referral) -> list:
    """Ids of everybody whom a referral is about."""
    main = [key for key in (referral.person_harmed_id, referral.person_responsible_id) if key]
    return [*main, *referral.also_responsible.values_list("person", flat=True)]


def given_away(words: str, referral: Referral, *, sent: Mapping[str, str]) -> list[str]:
    """What outgoing words tell of anybody whom the referral is about and the reader did not send."""
    also = [("another person responsible", one.person) for one in referral.also_responsible.select_related("person")]
    main = [("the person harmed", referral.person_harmed), ("the person responsible", referral.person_responsible)]
    people = [(called, person) for called, person in (*main, *also) if person]
    details = ContactDetails.objects.filter(person__in=[person for _, person in people]).in_bulk(field_name="person_id")
    return told_too_much(
        words, people=[(called, person, details.get(person.pk)) for called, person in people], sent=sent
    )


def covered_for(referral: Referral) -> Callable[[str | None], str]:
    """For words about a referral that their reader may not open: whom it is about is shown inside."""
    people = list(Person.objects.filter(pk__in=people_of(referral)))
    details = ContactDetails.objects.filter(person__in=people).in_bulk(field_name="person_id")
    known = [(person, details.get(person.pk)) for person in people]
    return lambda words: covered(words or "", people=known)


def who_may_open(referral: Referral) -> list[User]:
    """Of a restricted referral: those granted, whom somebody else can ask."""
    granted = Grant.objects.filter(referral=referral).in_force().of_casework_in(referral.service_area_id)
    return referral.less_conflicting(one.user for one in granted.select_related("user").order_by("granted_at"))


def acknowledge(referral: Referral, *, by: User) -> None:
    """To whoever sent it for an organisation: it is here."""
    if referral.organisation_id and by.acting and by.acting.organisation_id == referral.organisation_id:
        notify(by, "referral_acknowledged", on=referral, url=own_address(referral))


def tell_if_news(referral: Referral, before: NeutralOutcome) -> None:
    """One notice a change of the neutral outcome: the row is locked, so nobody else tells the same.

    Of a row that the service imported itself nobody is told one by one: nobody of the organisation sent it by hand.
    """
    if referral.organisation_id is None or referral.neutral_outcome == before:
        return
    sent_by_them = Membership.objects.filter(user=referral.entered_by_id, organisation=referral.organisation_id)
    if sent_by_them.exists():
        notify(to_be_told(referral), "referral_news", on=referral, url=own_address(referral))


def own_address(referral: Referral) -> str:
    return reverse("referrals:own", args=[referral.pk])


def at_work(area_id: UUID, **conditions) -> list[User]:
    """By membership in the area today."""
    members = Membership.objects.current(timezone.localdate()).filter(
        service_area=area_id, user__is_active=True, **conditions
    )
    return list({member.user_id: member.user for member in members.select_related("user").order_by("user")}.values())
