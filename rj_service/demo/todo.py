"""Tasks of every kind of trouble: late, put off, given to somebody, reminded of; a colleague who is away, and who covers."""

from datetime import date, timedelta

from cases import actions as cases
from cases.models import Case
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import Absence, ServiceArea, User

WRITTEN = (
    ("Ring the school: is there a quiet room?", 0, "harmed"),
    ("Send the interpreter the words we use", 3, "responsible"),
    ("Ask the housing officer for the meter readings", 9, ""),
)


def show_tasks(*, area: ServiceArea, coordinator: User, colleague: User, manager: User, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(coordinator) as by:
        if Task.objects.filter(kind=Task.Kind.OTHER).exists():
            return
        some = list(Case.objects.visible_to(by).open().order_by("-opened_on", "reference")[: len(WRITTEN)])
        made = [
            cases.add_task(case=case, words=words, side=side, due_on=today + timedelta(days=days), by=by, today=today)
            for case, (words, days, side) in zip(some, WRITTEN, strict=False)
        ]
        if not made:
            return
        until, because = made[0].due_on + timedelta(days=4), "The school answers on Thursday"
        cases.put_off_task(task=made[0], until=until, because=because, by=by, today=today)
        cases.give_task(task=made[-1], to=manager, by=by, today=today)
        cases.nudge(task=made[-1], by=by, today=today)
    if colleague != coordinator:
        _away(area, colleague, coordinator, manager, today)


def _away(area: ServiceArea, colleague: User, cover: User, by: User, today: date) -> None:
    with acting_as(by):
        if not Absence.objects.filter(service_area=area).exists():
            days = {"away_from": today, "away_until": today + timedelta(days=9)}
            cases.record_absence(area=area, user=colleague, covered_by=cover, by=by, today=today, **days)
