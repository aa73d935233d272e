"""The time that a volunteer gave."""

from datetime import date

from django.db import transaction

from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from volunteers import events, policy
from volunteers.actions.claiming import A_YEAR
from volunteers.choices import HoursKind
from volunteers.models import HoursEntry, Practitioner
from volunteers.querysets import cases_worked_on

A_DAY = 24 * 60


@transaction.atomic
def log_hours(
    *,
    practitioner: Practitioner,
    worked_on: date,
    kind: str,
    minutes: int,
    today: date,
    by: User,
    case_reference: str = "",
) -> HoursEntry:
    """Their own. A day has no more than 24 hours, however many entries it has. `case_reference`: of a case that was theirs
    on that day."""
    if not policy.can_claim(by, practitioner):
        raise NotAllowed("A volunteer logs their own hours.")
    Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    if kind not in HoursKind.values:
        raise DomainError("Choose what it was", field="kind")
    if not today - A_YEAR <= worked_on <= today:
        raise DomainError("The day must be within the last year, and today or in the past", field="worked_on")
    that_day = HoursEntry.objects.filter(practitioner=practitioner, worked_on=worked_on)
    if minutes <= 0 or sum(that_day.values_list("minutes", flat=True)) + minutes > A_DAY:
        raise DomainError("Enter the hours of that day, like 2.5", field="hours")
    if case_reference and case_reference not in cases_worked_on(practitioner.pk, worked_on, worked_on):
        raise DomainError("Choose a case that was yours on that day, or no case", field="case_reference")
    entry = HoursEntry.objects.create(
        practitioner=practitioner, worked_on=worked_on, kind=kind, minutes=minutes, case_reference=case_reference
    )
    record(events.HOURS_LOGGED, by=by, on=practitioner, detail={"minutes": minutes})
    return entry


@transaction.atomic
def remove_hours(*, entry: HoursEntry, by: User) -> None:
    if not policy.can_claim(by, entry.practitioner):
        raise NotAllowed("A volunteer removes their own hours.")
    HoursEntry.objects.filter(pk=entry.pk).delete()
    record(events.HOURS_REMOVED, by=by, on=entry.practitioner, detail={"minutes": entry.minutes})
