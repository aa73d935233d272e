"""Where a referral came from, where it is offered or has gone: on its page."""

from django.db.models import F

from referrals import policy
from referrals.choices import ReferralStatus, TransferStatus
from referrals.models import Referral, Transfer

SHOWN = 5


def passed_between(referral: Referral, user) -> dict:
    """What a referral's page shows of other areas: where it came from, where it is offered or has gone."""
    people = ("to_area", "from_area", "offered_by", "answered_by", "sent_home_by")
    there = Transfer.objects.select_related(*people).annotate(
        here=F("referral__reference"), there=F("arrived__reference")
    )
    goes = list(there.filter(referral=referral).order_by("-offered_at", "-id")[:SHOWN])
    came = there.filter(arrived=referral).first()
    offered = next((one for one in goes if one.status == TransferStatus.OFFERED), None)
    may_move = policy.can_move(user, referral, ReferralStatus.PASSED_ON)
    return {
        "came": came,
        "goes": goes,
        "offered": offered,
        "can_offer": may_move and offered is None,
        "can_send_home": may_move and came is not None and came.status == TransferStatus.ACCEPTED,
    }
