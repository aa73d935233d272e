"""Who was told how to refer, by head: by a briefing, a quick guide or a podcast."""

from datetime import date

from django.db import transaction
from django.db.models import Sum

from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.actions import record
from training import events
from training.actions.locking import locked, require_management
from training.choices import Reach
from training.models import Briefed, Session


@transaction.atomic
def record_briefed(
    *,
    area: ServiceArea,
    organisation: Organisation,
    way: str,
    heads: int,
    happened_on: date,
    unit: str = "",
    local_area: LocalArea | None = None,
    today: date,
    by: User,
) -> Briefed:
    """People who know how to refer without a course: a briefing, a quick guide, a podcast (seed 003 paragraph 8.3)."""
    require_management(by, area.pk)
    if organisation.service_area_id != area.pk:
        raise DomainError("Choose an organisation of this area", field="organisation")
    if way not in Reach.values:
        raise DomainError("Choose how they were told", field="way")
    if happened_on > today:
        raise DomainError("The day must be today or in the past", field="happened_on")
    found = Briefed.objects.create(
        service_area=area,
        organisation=organisation,
        unit=unit,
        local_area=local_area,
        way=way,
        heads=heads,
        happened_on=happened_on,
        recorded_by=by,
    )
    record(events.BRIEFED, by=by, on=found, detail={"way": way, "heads": heads})
    return found


@transaction.atomic
def record_heads_from(
    *,
    session: Session,
    heads: int,
    organisation: Organisation | None = None,
    unit: str = "",
    local_area: LocalArea | None = None,
    by: User,
) -> int:
    """Where so many of those who were counted came from, also once the cohort is completed. The same place again puts it right,
    and 0 takes it off. Returns how many are left of whom it is not known."""
    cohort = locked(session.cohort)
    area = cohort.service_area_id
    require_management(by, area)
    if organisation is None and (unit or local_area is None):
        raise DomainError("Choose the organisation, or the local area alone", field="organisation")
    if organisation is not None and organisation.service_area_id != area:
        raise DomainError("Choose an organisation of this area", field="organisation")
    if local_area is not None and local_area.service_area_id != area:
        raise DomainError("Choose a local area of this area", field="local_area")
    counted = heads_of(session)
    if not counted:
        raise DomainError("Count who came first")
    same = Briefed.objects.filter(session=session, organisation=organisation, unit__iexact=unit, local_area=local_area)
    others = heads_placed(session.came_from.exclude(pk__in=[one.pk for one in same]))
    if others + heads > counted:
        words = f"{counted} people were counted, and where {others} of them came from is written down"
        raise DomainError(f"{words}: enter at most {counted - others}", field="heads")
    same.delete()
    if heads:
        Briefed.objects.create(
            service_area_id=area,
            session=session,
            organisation=organisation,
            unit=unit,
            local_area=local_area,
            way=Reach.BRIEFING,
            heads=heads,
            happened_on=session.held_on,
            recorded_by=by,
        )
    record(events.HEADS_PLACED, by=by, on=cohort, detail={"session": str(session.pk), "heads": heads})
    return counted - others - heads


def heads_of(session: Session) -> int:
    return session.head_counts.aggregate(heads=Sum("heads"))["heads"] or 0


def heads_placed(rows) -> int:
    """Of those who were counted, how many have a place that they came from."""
    return rows.aggregate(heads=Sum("heads"))["heads"] or 0
