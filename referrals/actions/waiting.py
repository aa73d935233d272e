"""Interested, no suspect identified: the wish is kept alive, checked and reviewed, until somebody is identified."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from referrals import events, policy
from referrals.actions.amend import consenting_person
from referrals.actions.decide import DECIDERS
from referrals.actions.ending_waits import end_wait, stop_wait
from referrals.actions.locking import locked, require, set_status
from referrals.actions.receive import CHECK_INTEREST_AFTER
from referrals.actions.safety import withdraw_consent
from referrals.actions.triggering import standing_interest
from referrals.choices import Approach, ConsentMethod, ConsentPurpose, NotAcceptedReason, ReferralStatus, WaitCheck
from referrals.models import Consent, InterestCheck, InterestTrigger, Referral, WatchedInterest
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import moment_of

FRESH_FOR = timedelta(days=28)  # an answer about wish and address that leads back to triage


@dataclass(frozen=True)
class Spoken:
    """Somebody spoke with the person who waits: `how` of ConsentMethod, `asked_by` whoever did, of the service or not.

    `wish` in their own words, where it is another than before; `wishes_contact` None: not asked.
    """

    how: str
    asked_by: str
    wish: str = ""
    wishes_contact: bool | None = None
    address_confirmed: bool = False


@transaction.atomic
def check_interest(
    *,
    referral: Referral,
    by: User,
    today: date,
    result: str = WaitCheck.NOBODY_YET,
    checked_on: date | None = None,
    spoken: Spoken | None = None,
    next_check_on: date | None = None,
    watched_day: date | None = None,
    watched_for: str = "",
) -> WatchedInterest:
    """One look at somebody who waits; the next is in three months unless told. Spoken with, and the address confirmed, it is
    the yearly review too. A wish that is gone ends the waiting at once."""
    checked_on = checked_on or today
    _require_check(result, checked_on, spoken, today)
    fresh = locked(referral)
    require(policy.can_decide(by, fresh), DECIDERS)
    interest = standing_interest(fresh)
    next_check_on = next_check_on or today + CHECK_INTEREST_AFTER
    if next_check_on <= today:
        raise DomainError("The next check must be after today", field="next_check_on")
    if watched_day is not None and watched_day <= today:
        raise DomainError("The day to come back to must be after today", field="watched_day")
    _keep(interest, result, checked_on, spoken, by)
    if result == WaitCheck.WITHDRAWN:
        _no_longer(fresh, by, today)
        return interest
    interest.next_check_on = next_check_on
    if watched_day is not None:
        interest.watched_day, interest.watched_for = watched_day, watched_for.strip()
    interest.save(update_fields=["next_check_on", "watched_day", "watched_for"])
    record(
        events.INTEREST_CHECKED,
        by=by,
        on=fresh,
        detail={"result": result, "next_check_on": next_check_on.isoformat()},
        people=[fresh.person_harmed_id] if fresh.person_harmed_id else [],
        occurred_at=moment_of(checked_on),
    )
    return interest


@transaction.atomic
def go_on(
    *, referral: Referral, wish_stands: bool, checked_on: date, spoken: Spoken, by: User, today: date
) -> Referral:
    """Somebody is identified, who is not yet a person responsible: wish and safe address were checked again, and the
    referral goes back to triage with all that it carries. A wish that is gone ends it neutrally."""
    result = WaitCheck.SPOKE if wish_stands else WaitCheck.WITHDRAWN
    _require_check(result, checked_on, spoken, today)
    fresh = locked(referral)
    require(policy.can_decide(by, fresh), DECIDERS)
    interest = standing_interest(fresh)
    if not wish_stands:
        _keep(interest, result, checked_on, spoken, by)
        _no_longer(fresh, by, today)
        return fresh
    _require_newer_than_news(interest, checked_on, today)
    if not spoken.address_confirmed:
        raise DomainError("Confirm first how they can be reached safely", field="address_confirmed")
    person = consenting_person(fresh)
    agreed = Consent.objects.in_force().filter(person=person, referral=fresh, purpose=ConsentPurpose.CONTACT).exists()
    if person is None or not agreed:
        raise DomainError("There is no agreement to be contacted. Record it first", field="wish_stands")
    if person.died_on or person.approach == Approach.NEVER:
        raise DomainError("They have died, or asked never to be asked. Record it here, and the waiting ends")
    check = _keep(interest, result, checked_on, spoken, by)
    check.went_on = True
    check.save(update_fields=["went_on"])
    end_wait(fresh, by=by, today=today)
    set_status(fresh, ReferralStatus.RECEIVED, by, today, not_accepted_reason="", duplicate_of=None, hold_until=None)
    record(events.WISH_CHECKED, by=by, on=fresh, people=[person.pk], occurred_at=moment_of(today))
    return fresh


def _require_check(result: str, checked_on: date, spoken: Spoken | None, today: date) -> None:
    if result not in WaitCheck.values:
        raise DomainError("Choose what the check came to", field="result")
    if checked_on > today:
        raise DomainError("The day of the check must be today or in the past", field="checked_on")
    if result in (WaitCheck.SPOKE, WaitCheck.WITHDRAWN) and spoken is not None:
        if spoken.how not in ConsentMethod.values or spoken.how == ConsentMethod.NOT_KNOWN:
            raise DomainError("Choose how they were asked", field="how")
        if not spoken.asked_by.strip():
            raise DomainError("Enter who asked them", field="asked_by")
    elif result == WaitCheck.SPOKE:
        raise DomainError("Choose how they were asked", field="how")


def _require_newer_than_news(interest: WatchedInterest, checked_on: date, today: date) -> None:
    """An answer given before the news says nothing about it."""
    news = InterestTrigger.objects.open().filter(interest=interest).order_by("-told_on").first()
    earliest = max(today - FRESH_FOR, news.told_on if news else date.min)
    if checked_on < earliest:
        since = f"on or after {earliest.day} {earliest:%B %Y}"
        raise DomainError(f"Ask them again: wish and address must be checked {since}", field="checked_on")


def _keep(interest: WatchedInterest, result: str, checked_on: date, spoken: Spoken | None, by: User) -> InterestCheck:
    """The check, and what it says of the wish. A review counts from the day they were asked."""
    spoke = spoken if spoken and result in (WaitCheck.SPOKE, WaitCheck.WITHDRAWN) else None
    wish = spoke.wish.strip() if spoke else ""
    if spoke and result == WaitCheck.SPOKE:
        interest.wish = wish or interest.wish
        if spoke.wishes_contact is not None:
            interest.wishes_contact = spoke.wishes_contact
        if spoke.address_confirmed:
            interest.confirmed_on = max(interest.confirmed_on, checked_on)
        interest.save(update_fields=["wish", "wishes_contact", "confirmed_on"])
    return InterestCheck.objects.create(
        interest=interest,
        result=result,
        checked_on=checked_on,
        how=spoke.how if spoke else "",
        asked_by=spoke.asked_by.strip() if spoke else "",
        wish=wish,
        address_confirmed=bool(spoke and spoke.address_confirmed),
        recorded_by=by,
    )


def _no_longer(referral: Referral, by: User, today: date) -> None:
    """They no longer wish it: what they agreed to here ends, and with it the waiting."""
    person = consenting_person(referral)
    if person is None or not withdraw_consent(person=person, referral=referral, by=by):
        stop_wait(referral, reason=NotAcceptedReason.CHANGED_MIND, by=by, today=today)
