"""Nobody is to be offered anything any more: after a withdrawal, a death, or "never ask me again"."""

from datetime import date

from referrals.models import Offer, Person, Referral
from rj_service.accounts.models import User


def stop_offers(*, about: Person, by: User, today: date, referral: Referral | None = None) -> None:
    """What is still to be made ends: of one referral, or wherever the person is."""
    waiting = Offer.objects.to_make().filter(person=about)
    (waiting.filter(referral=referral) if referral else waiting).update(ended_on=today, ended_by=by)
