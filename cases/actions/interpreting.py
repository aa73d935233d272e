"""Interpreters: asked for, confirmed once it is known that they know nobody here, and whether they came."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import again, locked_open, record_on, require
from cases.actions.safety import NOT_YOUR_SIDE
from cases.choices import INTERPRETER_TRANSITIONS, InterpreterGender, InterpreterKnows, InterpreterStatus
from cases.models import InterpreterBooking, Participant
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User


@transaction.atomic
def book_interpreter(
    *,
    participant: Participant,
    language: str,
    needed_for: datetime,
    by: User,
    today: date,
    gender_wish: str = InterpreterGender.NONE,
    agency: str = "",
) -> InterpreterBooking:
    case = locked_open(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    if not language.strip():
        raise DomainError("Enter the language", field="language")
    if timezone.localdate(needed_for) < today:
        raise DomainError("The day must be today or later", field="day")
    booking = InterpreterBooking.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        language=language.strip(),
        gender_wish=gender_wish,
        needed_for=needed_for,
        agency=agency.strip(),
        booked_by=by,
    )
    record_on(events.INTERPRETER_ASKED, case, by, today, about=participant, interpreter=str(booking.pk))
    return booking


@transaction.atomic
def change_interpreter(
    *, booking: InterpreterBooking, status: str, by: User, today: date, interpreter: str = "", knows: str = ""
) -> InterpreterBooking:
    """Confirmed needs a name or number, and that they know nobody in the case: nobody of the family, no friend, ever."""
    case = locked_open(booking.case, by, today)
    require(policy.can_log_contact(by, case, booking.side, today), NOT_YOUR_SIDE)
    fresh = again(booking)
    if status not in INTERPRETER_TRANSITIONS[fresh.status]:
        raise StaleState(f"This interpreter stands at “{fresh.get_status_display()}” already.")
    if status == InterpreterStatus.CONFIRMED:
        if not interpreter.strip():
            raise DomainError("Enter their name, or the number that the agency gives", field="interpreter")
        if knows not in InterpreterKnows.values:
            raise DomainError("Choose whether they know anybody in the case: ask them", field="knows")
        if knows != InterpreterKnows.NOBODY:
            raise DomainError("Whoever knows somebody in the case does not interpret. Ask for another", field="knows")
        fresh.interpreter, fresh.knows = interpreter.strip(), knows
    fresh.status = status
    fresh.save(update_fields=["status", "interpreter", "knows"])
    record_on(
        events.INTERPRETER_CHANGED,
        case,
        by,
        today,
        about=fresh.participant,
        interpreter=str(fresh.pk),
        status=status,
    )
    return fresh
