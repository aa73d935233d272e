"""How people of the demo are reached: a visit that was, one today and one whose visitor has not come out; a prison that was
asked, an interpreter, notes."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.utils import timezone

from cases import actions as cases
from cases.choices import (
    BookingStatus,
    InterpreterGender,
    InterpreterKnows,
    InterpreterStatus,
    Side,
    VisitPlace,
)
from cases.models import Assignment, Case, Participant, Visit
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from volunteers.models import Practitioner

HOUR = timedelta(hours=1)
WAS, OVERDUE = 25 * HOUR, 1.5 * HOUR  # so long ago they began


def show_reaching(*, coordinator: User, today: date) -> None:
    """Once: a second call changes nothing."""
    now = timezone.now()
    with acting_as(coordinator) as by:
        if Visit.objects.exists():
            return
        working = Assignment.objects.in_force().filter(case__status="open", practitioner__learner__user__isnull=False)
        working = working.exclude(practitioner__learner__user=coordinator).order_by("case__reference")
        cases_of: dict[Practitioner, list[Case]] = {}
        for one in working.select_related("case", "practitioner__learner"):
            cases_of.setdefault(one.practitioner, []).append(one.case)
        visitors = sorted(cases_of, key=lambda one: one.name)
        for visitor, ago in zip(visitors, (WAS, OVERDUE), strict=False):
            found = next((case for case in cases_of[visitor] if _visit(case, visitor, ago, by, now, today)), None)
            if found and ago == WAS:
                _prison(found, by, now, today)
                _interpreter(found, by, now, today)
                _notes(found, by, today)


def _side(case: Case, side: str) -> Participant | None:
    return Participant.objects.filter(case=case, side=side, left_at__isnull=True).first()


def _prison(case: Case, by: User, now: datetime, today: date) -> None:
    responsible = _side(case, Side.RESPONSIBLE)
    if responsible is None:
        return
    common = {"by": by, "today": today}
    stay = cases.record_custody(
        participant=responsible,
        prison="HMP Fenmoor",
        prisoner_number="A1234AB",
        since=today - timedelta(days=90),
        release_on=today + timedelta(days=40),
        **common,
    )
    cases.ask_prison(custody=stay, asked_for=now + timedelta(days=12), **common)
    booked = cases.ask_prison(custody=stay, asked_for=now + timedelta(days=5), **common)
    cases.answer_booking(booking=booked, status=BookingStatus.BOOKED, reference="FEN-2291", **common)


def _interpreter(case: Case, by: User, now: datetime, today: date) -> None:
    common = {"by": by, "today": today}
    asked = cases.book_interpreter(
        participant=_side(case, Side.HARMED),
        language="polish",
        gender_wish=InterpreterGender.WOMAN,
        occasion=Visit.objects.to_come().filter(participant__case=case).first(),
        needed_for=now + 2 * HOUR,
        agency="Fen Languages",
        **common,
    )
    cases.change_interpreter(
        booking=asked,
        status=InterpreterStatus.CONFIRMED,
        interpreter="Number 4471",
        knows=InterpreterKnows.NOBODY,
        **common,
    )


def _notes(case: Case, by: User, today: date) -> None:
    common = {"participant": _side(case, Side.HARMED), "version": 0, "by": by, "today": today}
    signed = cases.sign_note(words="Would like to speak second, with a sister beside them.", **common)
    cases.sign_note(words="Said on the phone: the sister cannot come, a neighbour will.", adds_to=signed, **common)
    cases.save_note(words="Asked what happens if the other person does not come. To talk about.", **common)


def _visit(case: Case, visitor: Practitioner, ago: timedelta, by: User, now: datetime, today: date) -> bool:
    """False where they may not go to the person harmed."""
    harmed = _side(case, Side.HARMED)
    beside = [one for one in cases.who_may_visit(case, Side.HARMED, today) if one.pk != visitor.pk]
    if harmed is None or not beside:
        return False
    common = {"participant": harmed, "visitor": visitor, "companion": beside[0], "place": VisitPlace.HOME, "by": by}
    try:
        visit = cases.plan_visit(planned_for=now - ago, minutes=60, now=now - ago, **common)
    except DomainError:
        return False
    cases.check_in(visit=visit, by=by, now=now - ago)
    if ago == WAS:
        cases.check_out(visit=visit, by=by, now=now - ago + HOUR)
        with suppress(DomainError):  # whoever is at a meeting then
            cases.plan_visit(planned_for=now + 2 * HOUR, minutes=60, now=now, **common)
    return True
