"""Two people at one referral: whoever comes second is told who was first, and nothing is done twice."""

from datetime import date

from django.utils import timezone

from referrals import policy
from referrals.actions.ending_links import end_links_of
from referrals.actions.ending_requests import end_requests_of
from referrals.actions.ending_transfers import take_back_offer_of
from referrals.actions.telling import tell_if_news
from referrals.choices import TRANSITIONS, LinkEnded, ReferralStatus
from referrals.models import Referral
from rj_service.accounts.errors import NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.ui.dates import moment_of

_DID = {
    ReferralStatus.RECEIVED: "opened this referral again",
    ReferralStatus.INTERESTED: "held this referral as interested, no suspect identified",
    ReferralStatus.ON_HOLD: "put this referral on hold",
    ReferralStatus.ACCEPTED: "accepted this referral",
    ReferralStatus.NOT_ACCEPTED: "did not accept this referral",
    ReferralStatus.REFERRED_ELSEWHERE: "referred this elsewhere",
    ReferralStatus.DUPLICATE: "marked this referral as the same as another",
    ReferralStatus.ENTERED_IN_ERROR: "marked this referral as entered in error",
    ReferralStatus.PASSED_ON: "took this referral over for another area",
}


def locked(referral: Referral) -> Referral:
    """The referral as it stands now, held until the transaction ends.

    Read again after the lock: a join that waited for it would still show who had decided before.
    """
    Referral.objects.select_for_update().values_list("pk").get(pk=referral.pk)
    return Referral.objects.get(pk=referral.pk)


def require(allowed: bool, words: str) -> None:
    if not allowed:
        raise NotAllowed(words)


def require_move(referral: Referral, status: str, *, seen: str | None = None) -> None:
    """Refuses a move that TRANSITIONS does not have, or one decided on a status that is no longer there (`seen`)."""
    if status not in TRANSITIONS[referral.status] or (seen is not None and seen != referral.status):
        raise StaleState(already_done(referral))


def already_done(referral: Referral) -> str:
    """'R Santos accepted this referral at 10:42am. Nothing was done twice.'"""
    who = referral.decided_by.get_short_name() if referral.decided_by else "Somebody else"
    return f"{who} {_DID[ReferralStatus(referral.status)]} {_at(referral.status_at)}. Nothing was done twice."


def already_taken(referral: Referral) -> str:
    who = referral.taken_by.get_short_name() if referral.taken_by else "Somebody else"
    return f"{who} took this referral {_at(referral.taken_at)}. Nothing was done twice."


def _at(moment) -> str:
    local = timezone.localtime(moment)
    time = f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
    if local.date() == timezone.localdate():
        return f"at {time}"
    return f"on {local.day} {local:%B %Y} at {time}"


def set_status(referral: Referral, status: str, by: User, today: date, **fields) -> None:
    """Writes the move, and asks agencies nothing more where it ends there. Only actions call this, after `require_move`."""
    told = referral.neutral_outcome
    referral.status, referral.status_at = status, moment_of(today)
    for name, value in fields.items():
        setattr(referral, name, value)
    if status == ReferralStatus.RECEIVED:
        referral.decided_at = referral.decided_by = None
    else:
        referral.decided_at, referral.decided_by = referral.status_at, by
    referral.save(update_fields=["status", "status_at", "decided_at", "decided_by", *fields])
    if status in policy.DECIDED_AGAINST:
        end_requests_of(referral=referral, by=by, today=today)
        end_links_of(because=LinkEnded.OVER, by=by, referral=referral)
    if status != ReferralStatus.PASSED_ON:
        take_back_offer_of(referral, by=by)
    tell_if_news(referral, told)
