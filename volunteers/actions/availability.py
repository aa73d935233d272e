"""When a practitioner can usually help, and when they are away."""

from collections.abc import Sequence
from datetime import date, time

from django.db import transaction

from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from volunteers import events
from volunteers.actions.locking import locked_for_time, look_for_cover
from volunteers.models import Availability, Practitioner

WeeklyTime = tuple[int, time, time]  # 0 is Monday


@transaction.atomic
def set_availability(*, practitioner: Practitioner, times: Sequence[WeeklyTime], by: User) -> None:
    """Replaces the weekly times by these."""
    practitioner = locked_for_time(practitioner, by)
    if any(ends_at <= starts_at for _, starts_at, ends_at in times):
        raise DomainError("A time must end after it starts")
    practitioner.availability.filter(weekday__isnull=False).delete()
    Availability.objects.bulk_create(
        Availability(practitioner=practitioner, weekday=weekday, starts_at=starts_at, ends_at=ends_at)
        for weekday, starts_at, ends_at in times
    )
    record(events.AVAILABILITY_SET, by=by, on=practitioner, detail={"times": len(times)})


@transaction.atomic
def add_extra_time(
    *, practitioner: Practitioner, extra_on: date, starts_at: time, ends_at: time, today: date, by: User
) -> Availability:
    """A single day on which they can help besides their usual times."""
    practitioner = locked_for_time(practitioner, by)
    if extra_on < today:
        raise DomainError("The day must be today or later", field="extra_on")
    if ends_at <= starts_at:
        raise DomainError("The time must end after it starts", field="ends_at")
    extra = Availability.objects.create(
        practitioner=practitioner, extra_on=extra_on, starts_at=starts_at, ends_at=ends_at
    )
    record(events.EXTRA_TIME_SET, by=by, on=practitioner)
    return extra


@transaction.atomic
def add_absence(*, practitioner: Practitioner, away_from: date, away_until: date, by: User) -> Availability:
    practitioner = locked_for_time(practitioner, by)
    if away_until < away_from:
        raise DomainError("The last day away must be on or after the first day", field="away_until")
    absence = Availability.objects.create(practitioner=practitioner, away_from=away_from, away_until=away_until)
    record(events.ABSENCE_SET, by=by, on=practitioner)
    look_for_cover(practitioner)
    return absence


@transaction.atomic
def remove_absence(*, absence: Availability, by: User) -> None:
    """A time away, or one of a single day."""
    practitioner = locked_for_time(absence.practitioner, by)
    practitioner.availability.filter(pk=absence.pk, weekday__isnull=True).delete()
    record(events.AVAILABILITY_REMOVED, by=by, on=practitioner)
    look_for_cover(practitioner)
