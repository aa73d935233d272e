"""Which of somebody's meetings and visits fall into a time away. Looked up by name: `cases` stands above."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from rj_service.accounts.scoping import row_by_row
from volunteers.models import Practitioner


@dataclass(frozen=True, order=True)
class OwnDay:
    """`reference`: of the case; empty for a panel, which opens no case to whoever sits on it."""

    on: date
    reference: str


def own_days(practitioner: Practitioner, first: date, last: date, by: Any) -> list[OwnDay]:
    """As far as these cases are open to whoever asks: the practitioner themselves, or who manages them. Of each the day and
    the reference alone."""
    days = {"planned_for__range": (_midnight(first), _midnight(last + timedelta(days=1)) - timedelta(microseconds=1))}
    is_own = practitioner.learner.user_id == by.pk
    cases = _open_to_themselves(practitioner, by) if is_own else _model("Case").objects.visible_to(by)
    return sorted(set(_meetings(practitioner, days, cases, is_own)) | set(_visits(practitioner, days, cases)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _model(name: str) -> Any:
    return apps.get_model("cases", name)


def _open_to_themselves(practitioner: Practitioner, by: Any) -> Any:
    """Of another area, too, which has them on a case."""
    may_open = row_by_row(Practitioner).filter(pk=practitioner.pk).may_open_cases(timezone.localdate())
    theirs = row_by_row(_model("Assignment")).in_force().filter(practitioner__in=may_open)
    return row_by_row(_model("Case")).filter(pk__in=theirs.values("case")).not_shut_out(by)


def _meetings(practitioner: Practitioner, days: dict, cases: Any, is_own: bool) -> Iterator[OwnDay]:
    arranged = row_by_row(_model("Intervention")).filter(status="scheduled", **days)
    works = row_by_row(_model("Assignment")).in_force().filter(practitioner=practitioner)
    sits = arranged.filter(panel_members__practitioner=practitioner)
    facilitates = arranged.filter(case__in=works.values("case"))
    for moment, reference in _said(facilitates.filter(case__in=cases) | sits.filter(case__in=cases)):
        yield OwnDay(timezone.localdate(moment), reference)
    if is_own:
        for moment, _ in _said(sits.exclude(case__in=cases)):
            yield OwnDay(timezone.localdate(moment), "")


def _said(meetings: Any) -> Any:
    return meetings.values_list("planned_for", "case__reference").distinct()


def _visits(practitioner: Practitioner, days: dict, cases: Any) -> Iterator[OwnDay]:
    goes = Q(visitor=practitioner) | Q(companion=practitioner)
    planned = row_by_row(_model("Visit")).to_come().filter(goes, case__in=cases, **days)
    for moment, reference in planned.values_list("planned_for", "case__reference"):
        yield OwnDay(timezone.localdate(moment), reference)
