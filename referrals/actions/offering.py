"""The right of whoever was harmed to be told about restorative justice: that it was offered, the answer, when again.

An offer reaches the person harmed alone. A yes leads to triage; it never approaches the other side.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from referrals import events, policy
from referrals.actions.decide import reopen
from referrals.actions.ending_offers import stop_offers
from referrals.actions.ending_waits import stop_waits
from referrals.actions.expecting_offers import CHANNEL_OF
from referrals.actions.locking import locked, require
from referrals.actions.one_person import held_together
from referrals.actions.protecting import carry, own_now
from referrals.actions.safety import record_consent, withdraw_consent
from referrals.choices import (
    Approach,
    ConsentMethod,
    ConsentPurpose,
    HeardOf,
    NotAcceptedReason,
    OfferAnswer,
    OfferChannel,
    Side,
)
from referrals.models import Consent, Offer, Person, PossibleDuplicate, Referral, Task
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import moment_of
from rj_service.ui.templatetags.ui import day

OFFERERS = "Only the coordinators of this area, and whoever sent the referral, can record an offer."
_METHOD_OF = {channel: method for method, channel in CHANNEL_OF.items()}
AGAIN_AFTER = {OfferAnswer.NOT_NOW: timedelta(days=91), OfferAnswer.NONE_YET: timedelta(days=14)}


@dataclass(frozen=True)
class NewOffer:
    """What was said to somebody harmed, and what they said. `offered_by`: the organisation; `role`: in what role."""

    offered_on: date
    channel: str
    answer: str
    offered_by: str = ""
    role: str = ""
    heard_of: str = ""
    offer_again_on: date | None = None
    never_again: bool = False


def why_nothing_is_offered(referral: Referral) -> str:
    """The sentence that forbids an offer now, read at the moment of acting; empty when there is none."""
    person = referral.person_harmed
    closed = policy.is_closed_side(referral, Side.HARMED)
    return policy.offer_block(person, closed=closed, is_somebody_never=person is not None and _same_never(person))


@transaction.atomic
def record_offer(*, referral: Referral, new: NewOffer, by: User, today: date) -> Offer:
    """Fills what was to be made, and says when to offer again. A no ends what the person agreed to here; "never again" holds
    wherever they are. A yes recorded by a coordinator is an agreement to be contacted, and brings a decided referral back to
    triage; one that a referrer recorded makes a task."""
    _require_sense(new, today)
    fresh = locked(referral)
    require(policy.can_offer(by, fresh), OFFERERS)
    first = fresh.incident.first_day
    if first is not None and new.offered_on < first:
        raise DomainError(f"The day of the offer must be on or after it happened, {day(first)}", field="offered_on")
    block = why_nothing_is_offered(fresh)
    person = fresh.person_harmed
    if block or person is None:
        raise DomainError(block if policy.can_manage(by, fresh) else policy.NO_OFFER_OUTSIDE)
    offer = _made(fresh, new, by)
    record(
        events.OFFERED,
        by=by,
        on=fresh,
        detail={"answer": new.answer, "channel": new.channel, "never_again": new.never_again},
        people=[person.pk],
        occurred_at=moment_of(new.offered_on),
    )
    if new.answer in AGAIN_AFTER:
        _offer_again(offer, new, today)
    elif new.answer == OfferAnswer.YES:
        _said_yes(fresh, person, new, by, today)
    elif new.never_again:
        ask_never_again(person=person, referral=fresh, by=by, today=today)
    else:
        withdraw_consent(person=person, referral=fresh, by=by)
    return offer


@transaction.atomic
def ask_never_again(*, person: Person, referral: Referral, by: User, today: date) -> None:
    """Honoured everywhere at once: what they agreed to ends in every referral, no offer is made, nobody waits for them."""
    same_person = held_together(person)
    own_now(person, ["person.approach"])
    agreed = Consent.objects.in_force().filter(person=person).values("referral")
    for one in Referral.objects.filter(pk__in=agreed).order_by("id"):
        withdraw_consent(person=person, referral=one, by=by)
    stop_waits(about=person, reason=NotAcceptedReason.CHANGED_MIND, by=by, today=today)
    stop_offers(about=person, by=by, today=today)
    Person.objects.filter(pk=person.pk).update(approach=Approach.NEVER)
    record(events.NEVER_AGAIN, by=by, on=referral, people=[person.pk])
    for other in same_person:
        carry(Person.objects.get(pk=person.pk), other, by=by, today=today, only=["person.approach"])


def _require_sense(new: NewOffer, today: date) -> None:
    if new.offered_on > today:
        raise DomainError("The day of the offer must be today or in the past", field="offered_on")
    if new.channel not in OfferChannel.values:
        raise DomainError("Choose how it was offered", field="channel")
    if new.answer not in OfferAnswer.values:
        raise DomainError("Choose what they answered", field="answer")
    if new.heard_of and new.heard_of not in HeardOf.values:
        raise DomainError("Choose how they heard of us", field="heard_of")
    if new.offer_again_on is not None and new.answer in AGAIN_AFTER and new.offer_again_on <= today:
        raise DomainError("The day to offer again must be after today", field="offer_again_on")


def _made(referral: Referral, new: NewOffer, by: User) -> Offer:
    person = referral.person_harmed
    offer = Offer.objects.to_make().select_for_update().filter(referral=referral, person=person).first()
    if offer is None:
        offer = Offer(
            service_area_id=referral.service_area_id,
            referral=referral,
            person=person,
            local_area_id=referral.incident.local_area_id,
            due_on=new.offered_on,
        )
    for name in ("offered_on", "channel", "answer", "offered_by", "role", "heard_of"):
        setattr(offer, name, getattr(new, name))
    offer.recorded_at, offer.recorded_by = timezone.now(), by
    offer.recorded_for_id = by.acting.organisation_id if by.acting else None
    offer.save()
    return offer


def _offer_again(before: Offer, new: NewOffer, today: date) -> None:
    Offer.objects.create(
        service_area_id=before.service_area_id,
        referral_id=before.referral_id,
        person_id=before.person_id,
        local_area_id=before.local_area_id,
        due_on=new.offer_again_on or today + AGAIN_AFTER[OfferAnswer(new.answer)],
        is_again=True,
        recorded_for_id=before.recorded_for_id,
    )


def _said_yes(referral: Referral, person: Person, new: NewOffer, by: User, today: date) -> None:
    purpose = ConsentPurpose.CONTACT
    if not policy.can_manage(by, referral):
        agreed = Consent.objects.in_force().filter(person=person, referral=referral, purpose=purpose).exists()
        if referral.status in policy.DECIDED_AGAINST or not agreed:
            _ask_coordinator(referral, by, today)
        return
    record_consent(
        person=person,
        referral=referral,
        purpose=purpose,
        method=_METHOD_OF.get(OfferChannel(new.channel), ConsentMethod.OTHER),
        given_on=new.offered_on,
        today=today,
        by=by,
    )
    if referral.status in policy.DECIDED_AGAINST and policy.can_reopen(by, referral):
        reopen(referral=referral, by=by, today=today)


def _ask_coordinator(referral: Referral, by: User, today: date) -> None:
    Task.objects.create(
        service_area_id=referral.service_area_id,
        referral=referral,
        kind=Task.Kind.OFFER,
        due_on=today,
        assigned_to_id=referral.taken_by_id,
        created_by=by,
    )


def _same_never(person: Person) -> bool:
    """Somebody whom a coordinator found to be the same person asked never to be asked again."""
    same = PossibleDuplicate.Answer.SAME
    pairs = PossibleDuplicate.objects.filter(answer=same)
    return (
        pairs.filter(person=person, other__approach=Approach.NEVER).exists()
        or pairs.filter(other=person, person__approach=Approach.NEVER).exists()
    )
