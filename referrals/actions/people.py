"""People who come in after the referral arrived, and death."""

from datetime import date

from django.db import transaction

from referrals import events, policy
from referrals.actions.alerting import alert
from referrals.actions.alike import note_possible_duplicates
from referrals.actions.ending_links import end_links_of
from referrals.actions.ending_offers import stop_offers
from referrals.actions.ending_requests import stop_requests
from referrals.actions.ending_waits import stop_waits
from referrals.actions.locking import locked, require
from referrals.actions.one_person import held_together
from referrals.actions.protecting import carry, own_now
from referrals.actions.receive import NewPerson, contact_keys
from referrals.actions.safety import MANAGERS
from referrals.choices import LinkEnded, NotAcceptedReason, Responsibility
from referrals.models import AlsoResponsible, ContactDetails, Person, Referral, SafeContact, SafetyChange
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record


@transaction.atomic
def add_person(*, referral: Referral, new: NewPerson, by: User) -> Person:
    """Somebody met through a referral: not approached yet, and nothing about reaching them is allowed until they agree."""
    require(policy.can_manage(by, referral), MANAGERS)
    if not new.is_named:
        raise DomainError("Enter a name", field="last_name")
    person = Person.objects.create(
        service_area_id=referral.service_area_id,
        first_name=new.first_name.strip(),
        last_name=new.last_name.strip(),
        organisation_name=new.organisation_name.strip(),
        date_of_birth=new.date_of_birth,
        under_18=None if new.date_of_birth else new.under_18,
        communication_needs=new.communication_needs,
    )
    ContactDetails.objects.create(
        person=person,
        phone=new.phone or None,
        email=new.email or None,
        address=new.address or None,
        postcode=new.postcode or None,
        **contact_keys(phone=new.phone, email=new.email, postcode=new.postcode),
    )
    SafeContact.objects.create(person=person)
    record(events.PERSON_ADDED, by=by, on=referral, people=[person.pk])
    return person


@transaction.atomic
def name_person_responsible(*, referral: Referral, person: Person, by: User, beside: bool = False) -> Referral:
    """They were not known when the referral arrived; `beside`: there may be others already, each is one more. A suspect
    identified is not yet a person responsible (domain 2.16.9)."""
    fresh = locked(referral)
    require(policy.can_manage(by, fresh), MANAGERS)
    if person.pk == fresh.person_harmed_id:
        raise DomainError("The person harmed cannot be the person responsible as well.")
    if fresh.person_responsible_id not in (None, person.pk):
        if not beside:
            raise DomainError("This referral names a person responsible already.")
        AlsoResponsible.objects.get_or_create(referral=fresh, person=person, defaults={"added_by": by})
        record(events.ALSO_RESPONSIBLE, by=by, on=fresh, people=[person.pk])
        return fresh
    fresh.person_responsible = person
    fresh.save(update_fields=["person_responsible"])
    record(events.RESPONSIBLE_NAMED, by=by, on=fresh, people=[person.pk])
    return fresh


@transaction.atomic
def name_harmed(*, referral: Referral, new: NewPerson, by: User) -> Person:
    """Found through the police, victim liaison or the Hub; naming them asks nobody anything."""
    fresh = locked(referral)
    require(policy.can_name_harmed(by, fresh), MANAGERS)
    person = add_person(referral=fresh, new=new, by=by)
    fresh.person_harmed = person
    fresh.save(update_fields=["person_harmed"])
    record(events.HARMED_NAMED, by=by, on=fresh, people=[person.pk])
    note_possible_duplicates(people=[person])
    return person


@transaction.atomic
def add_responsible(
    *, referral: Referral, new: NewPerson, by: User, responsibility_told: str = Responsibility.NOT_KNOWN
) -> Person:
    """Somebody responsible, or suspected, for the same incident: the first that is named, or one beside them."""
    fresh = locked(referral)
    require(policy.can_add_responsible(by, fresh), MANAGERS)
    person = add_person(referral=fresh, new=new, by=by)
    name_person_responsible(referral=fresh, person=person, by=by, beside=True)
    told = {"responsibility_told": responsibility_told}
    if not AlsoResponsible.objects.filter(referral=fresh, person=person).update(**told):
        Referral.objects.filter(pk=fresh.pk).update(**told)
    return person


@transaction.atomic
def record_death(*, person: Person, referral: Referral, died_on: date, by: User, today: date) -> Person:
    """Stops every letter, survey and call about the person, in every referral and case (domain 2.16.15)."""
    if died_on > today:
        raise DomainError("The day of death must be today or in the past", field="died_on")
    same_person = held_together(person)
    if same_person:
        own_now(person, ["person.died_on"])
    fresh = Person.objects.select_for_update().get(pk=person.pk)
    fresh.died_on = died_on
    fresh.save(update_fields=["died_on"])
    record(events.DIED, by=by, on=referral, people=[person.pk])
    stop_requests(about=fresh, by=by, today=today)
    stop_offers(about=fresh, by=by, today=today)
    stop_waits(about=fresh, reason=NotAcceptedReason.DIED, by=by, today=today)
    end_links_of(because=LinkEnded.DIED, by=by, person=fresh)
    alert(referral, SafetyChange.Kind.DIED, fresh, by)
    for other in same_person:
        carry(fresh, other, by=by, today=today, only=["person.died_on"])
    return fresh
