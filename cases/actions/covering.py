"""Somebody else is found where whoever works on a case cannot: their vetting ends (domain 2.16.12), they are on leave,
suspended, or away on the day of a meeting or a visit. One task for each case and person, whose words follow the reasons."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from cases.choices import InterventionStatus
from cases.diaries import Away
from cases.models import Assignment, Case, Intervention, PanelMember, Visit
from referrals.models import Task
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of
from rj_service.ui.templatetags.ui import day, when
from volunteers.choices import COVER_BEFORE, MAY_OPEN_CASES, PractitionerStatus
from volunteers.models import Availability, CoverChange, Practitioner
from volunteers.readiness import readiness_of

VETTING = ("DBS", "Police vetting")
A_WEEK = timedelta(days=7)  # on the day itself it would be too late to ask anybody


@dataclass(frozen=True)
class Reason:
    words: str
    due_on: date


@dataclass(frozen=True)
class Needed:
    """Of a case and somebody who works on it, sits on its panel or goes on a visit. `row`: of `with_readiness`."""

    case_id: UUID
    row: Any
    reasons: tuple[Reason, ...]

    @property
    def words(self) -> str:
        return f"{self.row.name}: {'; '.join(one.words for one in self.reasons)}"[:200]

    @property
    def due_on(self) -> date:
        return min(one.due_on for one in self.reasons)

    @property
    def is_shut_out(self) -> bool:
        return not (self.row.is_vetted and self.row.status in MAY_OPEN_CASES)


@dataclass(frozen=True)
class _Day:
    """A meeting that is arranged or a visit that is planned."""

    what: str
    moment: datetime


def cover_needed(today: date, *, of: Any = None, case: Case | None = None) -> list[Needed]:
    """In the open cases of the area, or of one practitioner, or of one case. Whoever another area lends counts, too."""
    cases = Case.objects.open() if case is None else Case.objects.open().filter(pk=case.pk)
    facilitators = set(
        Assignment.objects.in_force().filter(case__in=cases, **_whose(of)).values_list("case", "practitioner")
    )
    days = _days(cases, facilitators, of, today)
    places = sorted(facilitators | set(days))
    rows, away = _in_doubt({practitioner for _, practitioner in places}, today)
    found = []
    for place in places:
        case_id, practitioner = place
        if practitioner not in rows:
            continue
        row, is_facilitator = rows[practitioner], place in facilitators
        reasons = tuple(_reasons(row, days[place], away[practitioner], is_facilitator, today))
        if reasons:
            found.append(Needed(case_id, row, reasons))
    return found


def _whose(of: Any) -> dict[str, Any]:
    return {} if of is None else {"practitioner": of}


def _days(cases, facilitators: set, of: Any, today: date) -> defaultdict[tuple, list[_Day]]:
    """Still to come: of each case and person, the earliest first."""
    found: defaultdict[tuple, list[_Day]] = defaultdict(list)
    begins = moment_of(today)
    arranged = Intervention.objects.filter(case__in=cases, status=InterventionStatus.SCHEDULED, planned_for__gte=begins)
    rows: Any = arranged.order_by("planned_for").values_list("pk", "case", "planned_for")
    meetings = list(rows)
    panels = PanelMember.objects.filter(intervention__in=[one for one, _, _ in meetings], **_whose(of))
    sits = set(panels.values_list("intervention", "practitioner"))
    for meeting, case_id, moment in meetings:
        there = {who for on, who in facilitators if on == case_id} | {who for at, who in sits if at == meeting}
        for practitioner in there:
            found[case_id, practitioner].append(_Day("meeting", moment))
    planned = Visit.objects.to_come().filter(case__in=cases, planned_for__gte=begins).order_by("planned_for")
    for case_id, moment, *who in planned.values_list("case", "planned_for", "visitor", "companion"):
        for practitioner in set(who) - {None}:
            if of is None or practitioner == of:
                found[case_id, practitioner].append(_Day("visit", moment))
    return found


def _in_doubt(people: set, today: date) -> tuple[dict[Any, Any], defaultdict[Any, list[Away]]]:
    """Rows of `with_readiness` of those who may not come, and when they are away."""
    away: defaultdict[Any, list[Away]] = defaultdict(list)
    said = row_by_row(Availability).filter(practitioner__in=people, away_until__gte=today).order_by("away_from")
    for one in said.values_list("practitioner", "away_from", "away_until"):
        away[one[0]].append(Away(*one))
    near = today + COVER_BEFORE
    doubtful = (
        Q(is_vetted=False)
        | Q(dbs_until__lte=near)
        | Q(police_vetting_until__lte=near)
        | Q(pk__in=away)
        | ~Q(status=PractitionerStatus.ACTIVE)
    )
    rows = row_by_row(Practitioner).filter(pk__in=people).with_readiness(today).filter(doubtful)
    return {row.pk: row for row in rows}, away


def _reasons(row: Any, days: list[_Day], away: list[Away], is_facilitator: bool, today: date) -> Iterator[Reason]:
    if row.status != PractitionerStatus.ACTIVE:
        yield Reason(PractitionerStatus(row.status).label.lower(), today)
    yield from _vetting(row, days, is_facilitator, today)
    for one in days:
        gone = next((gone for gone in away if gone.covers(one.moment)), None)
        if gone:
            words = f"away until {day(gone.last)}, {one.what} on {when(one.moment)}"
            yield Reason(words, max(timezone.localdate(one.moment) - A_WEEK, today))


def _vetting(row: Any, days: list[_Day], is_facilitator: bool, today: date) -> Iterator[Reason]:
    """Of whoever comes for a day alone, what does not last until then."""
    ends = [until for until in (row.dbs_until, row.police_vetting_until) if until]
    last = max((timezone.localdate(one.moment) for one in days), default=today)
    if row.is_vetted and not is_facilitator and all(until >= last for until in ends):
        return
    lines = [line for line in readiness_of(row).lines if line.label in VETTING and line.state != "ok"]
    for line in lines:
        yield Reason(line.words, max(min(ends), today) if ends and row.is_vetted else today)


@transaction.atomic
def seek_cover(*, needed: Needed, by: User, today: date) -> None:
    """One open task for the case's coordinator, who is told as often as there is news and no more."""
    case = Case.objects.select_for_update().get(pk=needed.case_id)
    same = {"referral_id": case.referral_id, "kind": Task.Kind.COVER, "about": needed.row.pk}
    task = Task.objects.open().filter(**same).first()
    if task is not None and task.words == needed.words:
        return
    if task is None:
        Task.objects.create(
            service_area_id=case.service_area_id,
            words=needed.words,
            due_on=needed.due_on,
            part=Task.Part.COORDINATOR,
            assigned_to=case.coordinator,
            created_by=by,
            **same,
        )
    else:
        task.words, task.due_on = needed.words, needed.due_on
        task.save(update_fields=["words", "due_on"])
    if case.coordinator is not None:
        notify(case.coordinator, _what_stops(case, today) if needed.is_shut_out else "task_given", on=case)


def _what_stops(case: Case, today: date) -> str:
    arranged = Intervention.objects.filter(case=case, status=InterventionStatus.SCHEDULED)
    return "cannot_go_ahead" if arranged.filter(planned_for__gte=moment_of(today)).exists() else "safety_change"


@transaction.atomic
def end_cover_tasks(*, needed: list[Needed], by: User, of: Any = None, case: Case | None = None) -> int:
    """Those whose reasons have all gone; `of`, `case` as in `cover_needed`. Returns how many."""
    cases = Case.objects.in_bulk({one.case_id for one in needed})
    still = {(cases[one.case_id].referral_id, one.row.pk) for one in needed}
    standing = Task.objects.open().filter(kind=Task.Kind.COVER)
    if of is not None:
        standing = standing.filter(about=of)
    if case is not None:
        standing = standing.filter(referral=case.referral_id)
    over = [
        key
        for key, referral, about in standing.values_list("pk", "referral", "about")
        if (referral, about) not in still
    ]
    return Task.objects.filter(pk__in=over).update(done_at=Now(), done_by=by)


@transaction.atomic
def review_cover(*, by: User, today: date, of: Any = None, case: Case | None = None) -> None:
    """Of one practitioner, or of one case."""
    needed = cover_needed(today, of=of, case=case)
    end_cover_tasks(needed=needed, by=by, of=of, case=case)
    for one in needed:
        seek_cover(needed=one, by=by, today=today)


def apply_cover_change(*, change: CoverChange, by: User, today: date) -> None:
    review_cover(by=by, today=today, of=change.practitioner_id)


def areas_of(change: CoverChange) -> set[UUID]:
    """Their own, and every one that has them on a case."""
    lent = row_by_row(Assignment).in_force().filter(practitioner=change.practitioner_id)
    return {change.service_area_id, *lent.values_list("case__service_area", flat=True)}
