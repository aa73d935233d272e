"""Somebody in prison: where, until when, and which visits were asked of the prison. News makes a task, never a message
(domain 2.16.9): whoever was harmed hears of a release from the Victim Contact Scheme, not from us."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.ending_visits import cancel_visits
from cases.actions.locking import NOT_YOUR_SIDE, locked_open, record_on, require, restage
from cases.actions.stopping import stop_what_was_booked
from cases.choices import BOOKING_TRANSITIONS, BookingStatus, CustodyEnded, VisitPlace
from cases.models import Case, Custody, Participant, PrisonBooking
from referrals.models import Task
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day

BEFORE_RELEASE = timedelta(days=14)
NOT_OURS_TO_TELL = "The Victim Contact Scheme tells whoever was harmed, not we."


@transaction.atomic
def record_custody(
    *,
    participant: Participant,
    prison: str,
    prisoner_number: str,
    since: date,
    by: User,
    today: date,
    release_on: date | None = None,
) -> Custody:
    """A release that is known makes a task for two weeks before it."""
    case = _open(participant, by, today)
    if Custody.objects.standing().filter(participant=participant).exists():
        raise StaleState("This person is recorded in a prison already. Record a transfer or the release.")
    _require_day(since, today, "since")
    custody = _begin(case, participant, prison, prisoner_number, since, release_on, by)
    record_on(events.CUSTODY_RECORDED, case, by, today, about=participant, custody=str(custody.pk))
    if release_on:
        words = f"Release is due on {day(release_on)}: check bars, safety and what is arranged. {NOT_OURS_TO_TELL}"
        _task(case, participant, words, max(today, release_on - BEFORE_RELEASE), by)
    return custody


@transaction.atomic
def record_transfer(
    *, custody: Custody, prison: str, moved_on: date, by: User, today: date, prisoner_number: str = ""
) -> Custody:
    """Visits asked of the old prison end, and the coordinator gets a task to ask the new one."""
    case, fresh = _standing(custody, by, today)
    _require_day(moved_on, today, "moved_on", after=fresh.since)
    _end(case, fresh, CustodyEnded.TRANSFER, moved_on, by, today)
    number = prisoner_number.strip() or fresh.prisoner_number
    begun = _begin(case, fresh.participant, prison, number, moved_on, fresh.release_on, by)
    record_on(events.CUSTODY_TRANSFERRED, case, by, today, about=fresh.participant, custody=str(begun.pk))
    words = "Moved to another prison: what was booked with the old one has ended. Ask the new one."
    _task(case, fresh.participant, words, today, by)
    return begun


@transaction.atomic
def record_release(*, custody: Custody, released_on: date, by: User, today: date) -> Custody:
    """Nobody is messaged: a task tells the coordinator."""
    case, fresh = _standing(custody, by, today)
    _require_day(released_on, today, "released_on", after=fresh.since)
    _end(case, fresh, CustodyEnded.RELEASE, released_on, by, today)
    record_on(events.CUSTODY_ENDED, case, by, today, about=fresh.participant, custody=str(fresh.pk))
    words = f"Released: check bars, safety and what is arranged today. {NOT_OURS_TO_TELL}"
    _task(case, fresh.participant, words, today, by)
    return fresh


@transaction.atomic
def ask_prison(*, custody: Custody, asked_for: datetime, by: User, today: date) -> PrisonBooking:
    case, fresh = _standing(custody, by, today)
    if timezone.localdate(asked_for) < today:
        raise DomainError("The visit must be today or later", field="day")
    booking = PrisonBooking.objects.create(custody=fresh, asked_for=asked_for, asked_by=by)
    record_on(events.BOOKING_ASKED, case, by, today, about=fresh.participant, booking=str(booking.pk))
    return booking


@transaction.atomic
def answer_booking(
    *,
    booking: PrisonBooking,
    status: str,
    by: User,
    today: date,
    reference: str = "",
    asked_for: datetime | None = None,
) -> PrisonBooking:
    """What the prison said. Booked needs its reference, moved the new time."""
    case, custody = _standing(booking.custody, by, today)
    fresh = PrisonBooking.objects.select_for_update().get(pk=booking.pk)
    if status not in BOOKING_TRANSITIONS[fresh.status] or status == BookingStatus.ENDED:
        raise StaleState(f"This booking stands at “{fresh.get_status_display()}”.")
    if status == BookingStatus.BOOKED and not (reference.strip() or fresh.reference):
        raise DomainError("Enter the reference that the prison gave", field="reference")
    if status == BookingStatus.MOVED and asked_for is None:
        raise DomainError("Enter the new day and time", field="day")
    fresh.status, fresh.reference = status, reference.strip() or fresh.reference
    fresh.asked_for = asked_for or fresh.asked_for
    fresh.answered_at, fresh.answered_by = timezone.now(), by
    fresh.save(update_fields=["status", "reference", "asked_for", "answered_at", "answered_by"])
    record_on(events.BOOKING_ANSWERED, case, by, today, about=custody.participant, booking=str(fresh.pk), status=status)
    return fresh


def _open(participant: Participant, by: User, today: date) -> Case:
    case = locked_open(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    return case


def _standing(custody: Custody, by: User, today: date) -> tuple[Case, Custody]:
    case = _open(custody.participant, by, today)
    fresh = Custody.objects.select_related("participant").get(pk=custody.pk)
    if fresh.ended_on is not None:
        raise StaleState("This stay has ended already.")
    return case, fresh


def _require_day(given: date, today: date, name: str, after: date | None = None) -> None:
    if given > today:
        raise DomainError("The day must be today or in the past", field=name)
    if after and given < after:
        raise DomainError(f"The day must be {day(after)} or later", field=name)


def _begin(case, participant, prison: str, number: str, since: date, release_on: date | None, by: User) -> Custody:
    if not prison.strip():
        raise DomainError("Enter the prison", field="prison")
    if not number.strip():
        raise DomainError("Enter the prisoner number", field="prisoner_number")
    if release_on and release_on < since:
        raise DomainError("The release must be after the day they came", field="release_on")
    return Custody.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        prison=prison.strip(),
        prisoner_number=str(number).strip(),
        since=since,
        release_on=release_on,
        recorded_by=by,
    )


def _end(case: Case, custody: Custody, because: str, on: date, by: User, today: date) -> None:
    """Its bookings end with it, and the visits that were to be there."""
    custody.ended_on, custody.ended_because = on, because
    custody.save(update_fields=["ended_on", "ended_because"])
    open_bookings = PrisonBooking.objects.filter(custody=custody).open()
    for booking in open_bookings.select_for_update():
        booking.status, booking.answered_at, booking.answered_by = BookingStatus.ENDED, timezone.now(), by
        booking.save(update_fields=["status", "answered_at", "answered_by"])
    cancel_visits(case, by, today, participant=custody.participant, place=VisitPlace.PRISON)
    if stop_what_was_booked(case, "Moved or released: what was booked with the prison has ended", by, today):
        restage(case, by, today)


def _task(case: Case, participant: Participant, words: str, due_on: date, by: User) -> None:
    Task.objects.create(
        service_area_id=case.service_area_id,
        referral=case.referral,
        kind=Task.Kind.OTHER,
        side=participant.side,
        words=words,
        due_on=due_on,
        assigned_to=case.coordinator,
        created_by=by,
    )
    if case.coordinator_id != by.pk:
        notify(case.coordinator, "case_update", on=case)
