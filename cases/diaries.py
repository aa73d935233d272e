"""When practitioners are taken: by the meetings they facilitate, the panels they sit on and the visits they make, in every case of
every area."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from cases.choices import InterventionStatus, Model, VisitStatus
from cases.models import Intervention, PanelMember, Visit
from rj_service.accounts.scoping import row_by_row
from volunteers.models import Availability, Practitioner

A_DAY = timedelta(days=1)  # nothing lasts longer


@dataclass(frozen=True)
class Taken:
    """`of`: the meeting or visit itself, so that it does not clash with itself."""

    practitioner: Any
    begins: datetime
    ends: datetime
    of: UUID

    def overlaps(self, begins: datetime, ends: datetime) -> bool:
        return self.begins < ends and begins < self.ends


@dataclass(frozen=True)
class Away:
    """A time away that they have said, the first and the last day included."""

    practitioner: Any
    first: date
    last: date

    def covers(self, moment: datetime) -> bool:
        return self.first <= timezone.localdate(moment) <= self.last


def away(practitioners: Collection[Any], moments: Iterable[datetime]) -> list[Away]:
    """On the days of these moments. Asks nothing where nobody or no moment is named."""
    days = [timezone.localdate(moment) for moment in moments]
    if not days or not practitioners:
        return []
    said = row_by_row(Availability).filter(practitioner__in=practitioners)
    said = said.filter(away_from__lte=max(days), away_until__gte=min(days)).order_by("away_from")
    return [Away(*row) for row in said.values_list("practitioner", "away_from", "away_until")]


def taken(practitioners: Collection[Any], moments: Iterable[datetime]) -> list[Taken]:
    """Around these moments, the earliest first. Asks nothing where nobody or no moment is named."""
    moments = list(moments)
    if not moments or not practitioners:
        return []
    around = (min(moments) - A_DAY, max(moments) + A_DAY)
    wanted = set(practitioners)
    found = [one for one in _around(practitioners, around) if one.practitioner in wanted]
    return sorted(found, key=lambda one: one.begins)


def taken_in(area_id: UUID, moment: datetime) -> list[Taken]:
    """The same of whoever belongs to an area, however many they are; and of who goes with them."""
    own = row_by_row(Practitioner).filter(service_area=area_id).values("pk")
    return list(_around(own, (moment - A_DAY, moment + A_DAY)))


def _around(practitioners: Any, around: tuple[datetime, datetime]) -> Iterator[Taken]:
    yield from _meetings(practitioners, around)
    yield from _panels(practitioners, around)
    yield from _visits(practitioners, around)


def _meetings(practitioners: Any, around: tuple[datetime, datetime]) -> Iterator[Taken]:
    arranged = row_by_row(Intervention).filter(
        status=InterventionStatus.SCHEDULED,
        planned_for__range=around,
        case__assignments__practitioner__in=practitioners,
        case__assignments__ended_at__isnull=True,
    )
    for one in arranged.annotate(practitioner=F("case__assignments__practitioner")):
        yield Taken(one.practitioner, one.planned_for, one.ends_at, one.pk)


def _panels(practitioners: Any, around: tuple[datetime, datetime]) -> Iterator[Taken]:
    seats = row_by_row(PanelMember).filter(
        practitioner__in=practitioners,
        intervention__status=InterventionStatus.SCHEDULED,
        intervention__model=Model.NJP_PANEL,
        intervention__planned_for__range=around,
    )
    for one in seats.select_related("intervention"):
        yield Taken(one.practitioner_id, one.intervention.planned_for, one.intervention.ends_at, one.intervention_id)


def _visits(practitioners: Any, around: tuple[datetime, datetime]) -> Iterator[Taken]:
    """Planned, or under way: that one from when they went in until they are to be out."""
    standing = row_by_row(Visit).filter(
        Q(visitor__in=practitioners) | Q(companion__in=practitioners),
        Q(planned_for__range=around) | Q(checked_in_at__range=around),
        status__in=[VisitStatus.PLANNED, VisitStatus.UNDER_WAY],
    )
    for one in standing:
        begins = one.checked_in_at or one.planned_for
        ends = one.out_by or begins + timedelta(minutes=one.minutes)
        for practitioner in {one.visitor_id, one.companion_id} - {None}:
            yield Taken(practitioner, begins, ends, one.pk)
