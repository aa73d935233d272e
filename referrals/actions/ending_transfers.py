"""An offer to another area ends: it is taken back, or what it was about is decided here."""

from django.db.models.functions import Now

from referrals import events
from referrals.choices import TransferStatus
from referrals.models import Referral, Transfer
from rj_service.accounts.models import User
from rj_service.audit.actions import record


def take_back_offer_of(referral: Referral, *, by: User) -> bool:
    """Of a locked referral. Whether one stood."""
    standing = Transfer.objects.offered().filter(referral=referral)
    ended = standing.update(status=TransferStatus.TAKEN_BACK, answered_at=Now(), answered_by=by)
    if ended:
        record(events.TRANSFER_TAKEN_BACK, by=by, on=referral)
    return bool(ended)
