"""Interpreters who are booked for a meeting or a visit: they go with it where it moves, and are cancelled with it."""

from datetime import date, datetime

from cases import events
from cases.actions.locking import record_on
from cases.choices import InterpreterStatus
from cases.models import Case, InterpreterBooking
from rj_service.accounts.models import User


def cancel_interpreters(case: Case, by: User, today: date, **what) -> None:
    """Those who were to come to one meeting or visit of a locked case (`what` names it). Whoever asked them tells the agency."""
    for booking in _still_to_come(case, what):
        _becomes(booking, InterpreterStatus.CANCELLED, case, by, today)


def move_interpreters(case: Case, to: datetime, by: User, today: date, **what) -> None:
    """Whoever had confirmed is asked anew: it was another hour that they said yes to."""
    for booking in _still_to_come(case, what).exclude(needed_for=to):
        booking.needed_for = to
        booking.save(update_fields=["needed_for"])
        _becomes(booking, InterpreterStatus.ASKED, case, by, today)


def _still_to_come(case: Case, what: dict):
    found = InterpreterBooking.objects.select_for_update(of=("self",)).filter(case=case, **what)
    return found.filter(status__in=[InterpreterStatus.ASKED, InterpreterStatus.CONFIRMED]).select_related("participant")


def _becomes(booking: InterpreterBooking, status: str, case: Case, by: User, today: date) -> None:
    booking.status = status
    booking.save(update_fields=["status"])
    changed = {"interpreter": str(booking.pk), "status": status}
    record_on(events.INTERPRETER_CHANGED, case, by, today, about=booking.participant, **changed)
