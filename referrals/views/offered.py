"""Offers of restorative justice on the page of a referral."""

from django.utils import timezone

from referrals.models import Offer, Referral

SHOWN = 10


def offers_of(referral: Referral, user) -> dict | None:
    """What a page shows of the offers of a referral that the user may read; None where nobody harmed is named."""
    if referral.person_harmed_id is None:
        return None
    own = Offer.objects.filter(referral=referral).visible_to(user)
    return {
        "made": own.made().select_related("recorded_by").order_by("-offered_on", "-recorded_at")[:SHOWN],
        "due": own.to_make().first(),
        "is_late": own.to_make().late(timezone.localdate()).exists(),
    }
