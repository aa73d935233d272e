"""A self-referral is checked with the police or the Hub before the other side learns anything (domain 2.16.8)."""

from datetime import date

from django.db import transaction

from referrals import events, policy
from referrals.actions.locking import locked, require
from referrals.actions.safety import MANAGERS, alert
from referrals.choices import SELF_REFERRED, CheckedThrough, CheckOf
from referrals.models import Referral, SafetyChange, VerificationCheck
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import moment_of


@transaction.atomic
def record_check(
    *,
    referral: Referral,
    kind: str,
    through: str,
    is_confirmed: bool,
    checked_on: date,
    by: User,
    today: date,
    words: str = "",
) -> VerificationCheck:
    """One check of `CheckOf`. The referral is verified once the last check of each kind confirms it; a later one that does
    not confirm it takes that back at once and stops what rests on it."""
    if through not in CheckedThrough.values:
        raise DomainError("Choose with whom it was checked", field="through")
    if checked_on > today:
        raise DomainError("The day of the check must be today or in the past", field="checked_on")
    if not is_confirmed and not words.strip():
        raise DomainError("Say what could not be confirmed", field="words")
    fresh = locked(referral)
    require(policy.can_manage(by, fresh), MANAGERS)
    if fresh.mechanism not in SELF_REFERRED:
        raise DomainError("Only what people send themselves is verified.")
    if kind not in policy.checks_needed(fresh):
        raise DomainError("Choose what was checked", field="kind")
    if kind == CheckOf.HARMED and is_confirmed:
        _require_found(fresh)
    check = VerificationCheck.objects.create(
        referral=fresh,
        kind=kind,
        through=through,
        is_confirmed=is_confirmed,
        words=words.strip(),
        checked_on=checked_on,
        recorded_by=by,
    )
    record(events.CHECKED, by=by, on=fresh, detail={"kind": kind, "through": through, "confirmed": is_confirmed})
    _settle(fresh, by, today)
    return check


def _require_found(referral: Referral) -> None:
    """Nobody asks whoever was harmed before it is known who writes and what happened."""
    last = policy.last_checks(referral)
    if not (last.get(CheckOf.IDENTITY) and last.get(CheckOf.INCIDENT)):
        raise DomainError("First confirm who wrote and what happened. Nobody is asked before that", field="kind")
    if referral.person_harmed_id is None:
        raise DomainError("First name the person harmed, on the page of the referral", field="kind")


def _settle(referral: Referral, by: User, today: date) -> None:
    last = policy.last_checks(referral)
    is_verified = all(last.get(kind) for kind in policy.checks_needed(referral))
    if is_verified == (referral.verified_at is not None):
        return
    referral.verified_at, referral.verified_by = (moment_of(today), by) if is_verified else (None, None)
    referral.save(update_fields=["verified_at", "verified_by"])
    record(events.VERIFIED if is_verified else events.NO_LONGER_VERIFIED, by=by, on=referral)
    if not is_verified:
        alert(referral, SafetyChange.Kind.NO_LONGER_VERIFIED, None, by)
