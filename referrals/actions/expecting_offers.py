"""A referral arrives: by when whoever was harmed is to be told about restorative justice, unless they have been."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from referrals import policy
from referrals.choices import ConsentMethod, Mechanism, OfferAnswer, OfferChannel
from referrals.models import Offer, Person, Referral
from referrals.working_days import add_working_days
from rj_service.accounts.models import User

CHANNEL_OF = {
    ConsentMethod.IN_PERSON: OfferChannel.IN_PERSON,
    ConsentMethod.PHONE: OfferChannel.PHONE,
    ConsentMethod.EMAIL: OfferChannel.EMAIL,
    ConsentMethod.ONLINE: OfferChannel.ONLINE,
    ConsentMethod.WRITTEN: OfferChannel.LETTER,
}


def expect_offers(referrals: Iterable[Referral], agreed: Mapping[Any, tuple[date, str]], *, by: User) -> None:
    """Of referrals that have just arrived: by when each person harmed is to be told. Where the referral says when they agreed
    (`agreed`: by referral, the day and how), they were told by whoever sent it.

    Not of people who asked themselves, nor where the person responsible began: there the first approach comes later, by
    victim liaison, the officer or the Hub (domain 2.16.7).
    """
    Offer.objects.bulk_create(
        [
            _expected(one, one.person_harmed, agreed.get(one.pk), by)
            for one in referrals
            if one.person_harmed is not None
            and one.mechanism != Mechanism.VICTIM_SELF
            and not policy.is_begun_by_responsible(one)
        ]
    )


def offer_due_on(referral: Referral, person: Person) -> date:
    """Working days from the day the referral was received; fewer with enhanced rights (Victims' Code 3.6)."""
    allowed = settings.RJ_OFFER_WORKING_DAYS_ENHANCED if person.enhanced_rights else settings.RJ_OFFER_WORKING_DAYS
    return add_working_days(referral.received_on, allowed)


def _expected(referral: Referral, person: Person, agreed: tuple[date, str] | None, by: User) -> Offer:
    offer = Offer(
        service_area_id=referral.service_area_id,
        referral=referral,
        person=person,
        local_area_id=referral.incident.local_area_id,
        due_on=offer_due_on(referral, person),
    )
    if agreed is not None:
        offer.offered_on, method = agreed
        offer.channel = CHANNEL_OF.get(ConsentMethod(method), OfferChannel.OTHER)
        offer.answer, offer.told_with_referral = OfferAnswer.YES, True
        offer.offered_by = referral.organisation.name[:150] if referral.organisation else ""
        offer.recorded_at, offer.recorded_by = timezone.now(), by
        offer.recorded_for_id = referral.organisation_id
    return offer
