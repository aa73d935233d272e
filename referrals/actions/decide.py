"""What a coordinator does with a referral: take it, hold it, accept it, or not."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from referrals import events, policy
from referrals.actions.ending_waits import end_wait
from referrals.actions.locking import already_taken, locked, require, require_move, set_status
from referrals.actions.messages import write_message
from referrals.actions.receive import CHECK_INTEREST_AFTER
from referrals.actions.telling import people_of, tell_if_news
from referrals.choices import NOT_COUNTED, NeutralOutcome, NotAcceptedReason, ReferralStatus
from referrals.models import Provision, Referral, WatchedInterest
from referrals.querysets import CASEWORK
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import Membership, User
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of

DECIDERS = "Only a coordinator or manager of this area can decide on this referral."


def _for_decision(referral: Referral, status: str, by: User, seen: str | None) -> Referral:
    fresh = locked(referral)
    require(by.may("referrals.decide", fresh.service_area_id), DECIDERS)
    require_move(fresh, status, seen=seen)
    return fresh


@transaction.atomic
def take_referral(*, referral: Referral, by: User, today: date) -> Referral:
    """Taking it again is no error; taking what a colleague took a moment ago says so."""
    fresh = locked(referral)
    require(policy.can_take(by, fresh), DECIDERS)
    if fresh.taken_by_id and fresh.taken_by_id != by.pk:
        raise StaleState(already_taken(fresh))
    if fresh.taken_by_id is None:
        fresh.taken_at, fresh.taken_by = moment_of(today), by
        fresh.save(update_fields=["taken_at", "taken_by"])
        _record(events.TAKEN, fresh, by, today)
    return fresh


@transaction.atomic
def give_referral(*, referral: Referral, to: User, by: User, today: date) -> Referral:
    """Whoever has it has it no more. Raises DomainError when the colleague may not decide on it, or may not see it."""
    fresh = locked(referral)
    require(policy.can_take(by, fresh), DECIDERS)
    if not deciders(fresh.service_area_id).filter(pk=to.pk).exists() or not _may_see(to, fresh):
        raise DomainError("This colleague cannot take it", field="to")
    if fresh.taken_by_id != to.pk:
        fresh.taken_at, fresh.taken_by = moment_of(today), to
        fresh.save(update_fields=["taken_at", "taken_by"])
        _record(events.GIVEN, fresh, by, today, to=str(to.pk))
        if to.pk != by.pk:
            notify(to, "referral_given", on=fresh, url=reverse("referrals:detail", args=[fresh.pk]))
    return fresh


def deciders(area_id) -> QuerySet[User]:
    """Who may decide on the area's referrals today."""
    current = Membership.objects.current(timezone.localdate()).filter(service_area=area_id, role__in=CASEWORK)
    return User.objects.filter(is_active=True, pk__in=current.values("user")).order_by("first_name", "last_name")


def _may_see(user: User, referral: Referral) -> bool:
    return Referral.objects.filter(pk=referral.pk).not_shut_out(user).exists()


@transaction.atomic
def mark_accepted(*, referral: Referral, by: User, today: date, seen: str | None = None) -> Referral:
    """Called by `cases` inside the transaction that opens the case. Raises StaleState when it is decided already."""
    fresh = _for_decision(referral, ReferralStatus.ACCEPTED, by, seen)
    if block := policy.accept_block(fresh):
        raise DomainError(block)
    end_wait(fresh, by=by, today=today)
    set_status(fresh, ReferralStatus.ACCEPTED, by, today)
    _record(events.ACCEPTED, fresh, by, today)
    return fresh


@transaction.atomic
def hold_interested(
    *,
    referral: Referral,
    by: User,
    today: date,
    wishes_contact: bool | None = None,
    wish: str = "",
    next_check_on: date | None = None,
    seen: str | None = None,
) -> Referral:
    """No suspect is identified: the wish is kept and looked at again. Not a refusal, not a delay of the service."""
    if next_check_on is not None and next_check_on <= today:
        raise DomainError("The next check must be after today", field="next_check_on")
    fresh = _for_decision(referral, ReferralStatus.INTERESTED, by, seen)
    WatchedInterest.objects.update_or_create(
        referral=fresh,
        defaults={
            "wishes_contact": wishes_contact,
            "next_check_on": next_check_on or today + CHECK_INTEREST_AFTER,
            "ended_at": None,
            "ended_by": None,
            **({"wish": wish} if wish else {}),
        },
        create_defaults={
            "wishes_contact": wishes_contact,
            "wish": wish,
            "since": fresh.received_on,
            "confirmed_on": fresh.received_on,
            "next_check_on": next_check_on or today + CHECK_INTEREST_AFTER,
        },
    )
    set_status(fresh, ReferralStatus.INTERESTED, by, today)
    _record(events.HELD_INTERESTED, fresh, by, today)
    return fresh


@transaction.atomic
def put_on_hold(
    *, referral: Referral, until: date, note: str, by: User, today: date, seen: str | None = None, question: str = ""
) -> Referral:
    """Waiting for an answer of the referrer or an agency. `question` goes to the referrer as a message."""
    if until <= today:
        raise DomainError("The day to look again must be after today", field="hold_until")
    fresh = _for_decision(referral, ReferralStatus.ON_HOLD, by, seen)
    set_status(fresh, ReferralStatus.ON_HOLD, by, today, hold_until=until, decision_note=note)
    _record(events.PUT_ON_HOLD, fresh, by, today, until=until.isoformat())
    if question.strip():
        try:
            write_message(referral=fresh, words=question, by=by, today=today, is_question=True)
        except DomainError as error:
            error.field = "hold_question"
            raise
    return fresh


@transaction.atomic
def not_accept(
    *, referral: Referral, reason: str, note: str, by: User, today: date, seen: str | None = None
) -> Referral:
    """Takes an individual reason: no offence type is off limits (seed 003 paragraph 4.1). The reason stays inside."""
    if reason not in NotAcceptedReason.values:
        raise DomainError("Choose why this referral is not accepted", field="not_accepted_reason")
    if not note.strip():
        raise DomainError(
            "Say why this referral is not accepted. The referrer does not see this", field="decision_note"
        )
    fresh = _for_decision(referral, ReferralStatus.NOT_ACCEPTED, by, seen)
    end_wait(fresh, by=by, today=today)
    set_status(fresh, ReferralStatus.NOT_ACCEPTED, by, today, not_accepted_reason=reason, decision_note=note.strip())
    _record(events.NOT_ACCEPTED, fresh, by, today, reason=reason)
    return fresh


@transaction.atomic
def refer_elsewhere(
    *, referral: Referral, note: str, by: User, today: date, seen: str | None = None, to: Provision | None = None
) -> Referral:
    """`to`: an entry of the directory; without one the note says where it goes."""
    if to is None and not note.strip():
        raise DomainError("Say where this referral goes", field="decision_note")
    fresh = _for_decision(referral, ReferralStatus.REFERRED_ELSEWHERE, by, seen)
    end_wait(fresh, by=by, today=today)
    set_status(fresh, ReferralStatus.REFERRED_ELSEWHERE, by, today, decision_note=note.strip(), referred_to=to)
    _record(events.REFERRED_ELSEWHERE, fresh, by, today)
    return fresh


@transaction.atomic
def mark_duplicate(*, referral: Referral, of: Referral, by: User, today: date, seen: str | None = None) -> Referral:
    """`of` stays; this one is not counted. Both must be visible to whoever decides: the caller looks them up so."""
    _require_other(referral, of)
    fresh = _for_decision(referral, ReferralStatus.DUPLICATE, by, seen)
    end_wait(fresh, by=by, today=today)
    set_status(fresh, ReferralStatus.DUPLICATE, by, today, duplicate_of=of)
    _record(events.MARKED_DUPLICATE, fresh, by, today, of=str(of.pk))
    return fresh


@transaction.atomic
def mark_entered_in_error(*, referral: Referral, note: str, by: User, today: date, seen: str | None = None) -> Referral:
    if not note.strip():
        raise DomainError("Say what the error was", field="decision_note")
    fresh = _for_decision(referral, ReferralStatus.ENTERED_IN_ERROR, by, seen)
    end_wait(fresh, by=by, today=today)
    set_status(fresh, ReferralStatus.ENTERED_IN_ERROR, by, today, decision_note=note.strip())
    _record(events.MARKED_ERROR, fresh, by, today)
    return fresh


@transaction.atomic
def stop_counting(*, referral: Referral, by: User, today: date, duplicate_of: Referral | None = None) -> Referral:
    """Called by `cases` when the case of an accepted referral was a duplicate's, or was opened in error: the referral
    leaves the figures as one decided so at triage does. `count_again` is the way back."""
    fresh = locked(referral)
    if fresh.status != ReferralStatus.ACCEPTED:
        raise StaleState("This referral is no longer accepted.")
    if duplicate_of is None:
        set_status(fresh, ReferralStatus.ENTERED_IN_ERROR, by, today)
        _record(events.MARKED_ERROR, fresh, by, today)
    else:
        _require_other(fresh, duplicate_of)
        set_status(fresh, ReferralStatus.DUPLICATE, by, today, duplicate_of=duplicate_of)
        _record(events.MARKED_DUPLICATE, fresh, by, today, of=str(duplicate_of.pk))
    return fresh


@transaction.atomic
def count_again(*, referral: Referral, by: User, today: date) -> Referral:
    """Called by `cases` when such a case is opened again. Nothing to do for a referral that is counted."""
    fresh = locked(referral)
    if fresh.status in NOT_COUNTED:
        set_status(fresh, ReferralStatus.ACCEPTED, by, today, duplicate_of=None)
        _record(events.ACCEPTED, fresh, by, today)
    return fresh


@transaction.atomic
def reopen(*, referral: Referral, by: User, today: date, seen: str | None = None) -> Referral:
    """Back to the queue: an answer came, or a decision was too early. Nothing expires. Whoever waits for a suspect to be
    identified goes back by `go_on`, which asks for their wish first."""
    fresh = _for_decision(referral, ReferralStatus.RECEIVED, by, seen)
    if fresh.status == ReferralStatus.INTERESTED:
        raise DomainError("Check the wish and the safe address first: somebody is identified, go on")
    end_wait(fresh, by=by, today=today)
    before = fresh.status
    set_status(fresh, ReferralStatus.RECEIVED, by, today, not_accepted_reason="", duplicate_of=None, hold_until=None)
    _record(events.REOPENED, fresh, by, today, **{"from": before})
    return fresh


@transaction.atomic
def record_outcome_told(*, referral: Referral, outcome: str, by: User, today: date) -> Referral:
    """The one neutral outcome that the referrer reads. It never shows who said no (domain 2.16.10)."""
    if outcome not in NeutralOutcome.values:
        raise DomainError("Choose the outcome that the referrer reads", field="outcome")
    fresh = locked(referral)
    told = fresh.neutral_outcome
    fresh.outcome, fresh.outcome_told_at, fresh.outcome_told_by = outcome, moment_of(today), by
    fresh.save(update_fields=["outcome", "outcome_told_at", "outcome_told_by"])
    tell_if_news(fresh, told)
    _record(events.OUTCOME_TOLD, fresh, by, today, outcome=outcome)
    return fresh


def _require_other(referral: Referral, of: Referral) -> None:
    if of.pk == referral.pk:
        raise DomainError("A referral cannot be the same as itself. Choose the other one", field="duplicate_of")
    if of.service_area_id != referral.service_area_id:
        raise DomainError("The other referral belongs to another area", field="duplicate_of")
    if of.status in NOT_COUNTED:
        raise DomainError("The other referral is itself not counted. Choose the one that stays", field="duplicate_of")


def _record(verb: str, referral: Referral, by: User, today: date, **detail) -> None:
    record(verb, by=by, on=referral, detail=detail, people=people_of(referral), occurred_at=moment_of(today))
