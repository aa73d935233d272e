"""What a service brings from its earlier system, into rows that nobody has worked with yet.

Whoever works here reads it on the page of the move, nobody outside is told anything: these send no notice and no message, and
make no task but where somebody is named for the crime of a person who waits. For somebody who is here already the same is
learnt by the ordinary actions, which tell their workers.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from referrals import events, policy
from referrals.actions.ending_offers import stop_offers
from referrals.actions.ending_waits import stop_waits
from referrals.actions.locking import require, set_status
from referrals.actions.receive import NewPerson, NewReferral, receive_referrals
from referrals.actions.safety import MANAGERS, SAFE_FIELDS
from referrals.choices import (
    Approach,
    ConsentMethod,
    ConsentPurpose,
    InitiatedBy,
    Mechanism,
    NotAcceptedReason,
    ReferralStatus,
)
from referrals.models import Consent, LegalBar, Person, Referral, SafeContact
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.actions import record
from rj_service.ui.dates import moment_of


@transaction.atomic
def receive_moved(*, area: ServiceArea, new: NewReferral, by: User, today: date) -> Referral:
    """`new` says when it moved in. Its days are the earlier system's, so that every clock has run since then."""
    require(policy.can_create(by, area.pk), MANAGERS)
    [referral] = receive_referrals(area=area, new=[new], by=by, today=today)
    return referral


@transaction.atomic
def accept_moved(*, referral: Referral, opened_on: date, by: User) -> Referral:
    """The earlier system opened a case of it, on that day."""
    require(policy.can_move(by, referral, ReferralStatus.ACCEPTED), MANAGERS)
    set_status(referral, ReferralStatus.ACCEPTED, by, opened_on)
    detail = {"moved_in": True}
    record(
        events.ACCEPTED, by=by, on=referral, detail=detail, people=_people(referral), occurred_at=moment_of(opened_on)
    )
    return referral


@transaction.atomic
def agree_to_contact(
    *, person: Person, referral: Referral, given_on: date | None, method: str, allowed: Mapping[str, bool], by: User
) -> None:
    """The side that the referral did not begin with had agreed too; `allowed` by name of SAFE_FIELDS."""
    note_agreement(person, referral, ConsentPurpose.CONTACT, given_on=given_on, method=method, by=by)
    Person.objects.filter(pk=person.pk).update(approach=Approach.AGREED)
    SafeContact.objects.filter(person=person).update(**allowed)


def note_agreement(
    person: Person, referral: Referral, purpose: str, *, given_on: date | None, method: str, by: User
) -> Consent:
    return Consent.objects.create(
        person=person, referral=referral, purpose=purpose, method=method, given_on=given_on, recorded_by=by
    )


@transaction.atomic
def bar_moved(*, person: Person, referral: Referral, by: User, **words) -> LegalBar:
    """`words`: kind, authority, starts_on, ends_on and words of the bar."""
    bar = LegalBar.objects.create(person=person, recorded_by=by, **words)
    detail = {"kind": bar.kind, "moved_in": True}
    record(events.BAR_RECORDED, by=by, on=referral, detail=detail, people=[person.pk])
    return bar


@transaction.atomic
def stop_moved(*, person: Person, referral: Referral, on: date, by: User, today: date, never: bool = False) -> None:
    """They withdrew, or asked never to be asked again. Nothing about reaching them is allowed from the first moment on."""
    standing = Consent.objects.in_force().filter(person=person, referral=referral)
    ended = {"withdrawn_at": moment_of(on), "withdrawn_by": by}
    if not standing.update(**ended):
        unknown = {"purpose": ConsentPurpose.CONTACT, "method": ConsentMethod.NOT_KNOWN, "recorded_by": by}
        Consent.objects.create(person=person, referral=referral, **unknown, **ended)
    SafeContact.objects.filter(person=person).update(**dict.fromkeys(SAFE_FIELDS, False))
    approach = Approach.NEVER if never else Approach.NOT_APPROACHED
    Person.objects.filter(pk=person.pk).update(approach=approach)
    stop_offers(about=person, by=by, today=today)
    stop_waits(about=person, reason=NotAcceptedReason.CHANGED_MIND, by=by, today=today)
    verb = events.NEVER_AGAIN if never else events.CONSENT_WITHDRAWN
    record(verb, by=by, on=referral, detail={"moved_in": True}, people=[person.pk], occurred_at=moment_of(on))


@transaction.atomic
def death_moved(*, person: Person, referral: Referral, died_on: date, by: User, today: date) -> None:
    Person.objects.filter(pk=person.pk).update(died_on=died_on)
    stop_offers(about=person, by=by, today=today)
    stop_waits(about=person, reason=NotAcceptedReason.DIED, by=by, today=today)
    record(events.DIED, by=by, on=referral, detail={"moved_in": True}, people=[person.pk])


@transaction.atomic
def keep_never(*, area: ServiceArea, person: NewPerson, on: date, by: User, today: date) -> Referral:
    """Somebody of no referral who must not be approached: a closed referral of their own, so that whoever is sent to us
    again is compared with them."""
    new = NewReferral(
        received_on=on,
        mechanism=Mechanism.PARTNER_AGENCY,
        initiated_by=InitiatedBy.AGENCY,
        harmed=person,
        responsible=NewPerson(),
        moved_in_on=today,
    )
    referral = receive_moved(area=area, new=new, by=by, today=today)
    closed = {"not_accepted_reason": NotAcceptedReason.CHANGED_MIND}
    set_status(referral, ReferralStatus.NOT_ACCEPTED, by, on, **closed)
    detail = {"moved_in": True}
    record(events.NOT_ACCEPTED, by=by, on=referral, detail=detail, people=_people(referral), occurred_at=moment_of(on))
    return referral


def _people(referral: Referral) -> list:
    return [pk for pk in (referral.person_harmed_id, referral.person_responsible_id) if pk]
