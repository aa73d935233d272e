"""Interpreters: asked for, confirmed once it is known that they know nobody here, and whether they came."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import NOT_YOUR_SIDE, again, locked_open, record_on, require
from cases.choices import (
    INTERPRETER_TRANSITIONS,
    LANGUAGES,
    OPEN_INTERVENTIONS,
    OTHER_LANGUAGE,
    InterpreterGender,
    InterpreterKnows,
    InterpreterStatus,
    VisitStatus,
)
from cases.models import InterpreterBooking, Intervention, Participant, Visit
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User


@transaction.atomic
def book_interpreter(
    *,
    participant: Participant,
    language: str,
    by: User,
    today: date,
    needed_for: datetime | None = None,
    occasion: Intervention | Visit | None = None,
    gender_wish: str = InterpreterGender.NONE,
    agency: str = "",
    language_words: str = "",
) -> InterpreterBooking:
    """For one meeting or visit (`occasion`), whose hour it then is, or for a moment (`needed_for`). `language` of LANGUAGES;
    `language_words` say the dialect, or which other."""
    case = locked_open(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    if language not in dict(LANGUAGES):
        raise DomainError("Choose the language", field="language")
    if language == OTHER_LANGUAGE and not language_words.strip():
        raise DomainError("Enter which language it is", field="language_words")
    needed_for = occasion.planned_for if occasion else needed_for
    if needed_for is None:
        raise DomainError("Enter when they are needed", field="day")
    _require_occasion(occasion, participant)
    if timezone.localdate(needed_for) < today:
        raise DomainError("The day must be today or later", field="day")
    booking = InterpreterBooking.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        language=language,
        language_words=language_words.strip(),
        gender_wish=gender_wish,
        needed_for=needed_for,
        intervention=occasion if isinstance(occasion, Intervention) else None,
        visit=occasion if isinstance(occasion, Visit) else None,
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


def _require_occasion(occasion: Intervention | Visit | None, participant: Participant) -> None:
    """Of this person, and still to come."""
    if isinstance(occasion, Visit):
        fits = occasion.participant_id == participant.pk and again(occasion).status == VisitStatus.PLANNED
    elif occasion is not None:
        fits = occasion.case_id == participant.case_id and again(occasion).status in OPEN_INTERVENTIONS
    else:
        fits = True
    if not fits:
        raise DomainError("Choose something of this person that is still to come", field="occasion")
