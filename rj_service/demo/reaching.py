"""Visits of the demo: one that was and one today; and one whose visitor has not come out."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from cases import actions as cases
from cases.choices import Side, VisitPlace
from cases.models import Assignment, Case, Participant, Visit
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from volunteers.models import Practitioner

HOUR = timedelta(hours=1)
WAS, OVERDUE = 25 * HOUR, 1.5 * HOUR  # so long ago they began


def show_visits(*, coordinator: User, today: date) -> None:
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
            next((case for case in cases_of[visitor] if _visit(case, visitor, ago, by, now, today)), None)


def _visit(case: Case, visitor: Practitioner, ago: timedelta, by: User, now: datetime, today: date) -> bool:
    """False where they may not go to the person harmed."""
    harmed = Participant.objects.filter(case=case, side=Side.HARMED, left_at__isnull=True).first()
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
        cases.plan_visit(planned_for=now + 2 * HOUR, minutes=60, now=now, **common)
    return True
