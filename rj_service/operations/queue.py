"""What waits, runs and failed, of every kind of leased row. No personal data: kinds, times, counts and fault names."""

import uuid

from django.db.models import Count, Min, QuerySet

from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.jobs import leases, registry
from rj_service.jobs.models import LeasedRow, LeasedRowQuerySet
from rj_service.operations import events


def rows_of(kind: registry.Kind, by: User) -> QuerySet:
    """A service manager sees the work of their own area and what belongs to none."""
    rows = LeasedRowQuerySet(kind.model)
    area_id = by.acting.service_area_id if by.acting else None
    fields = {field.name for field in kind.model._meta.get_fields()}
    if area_id is not None and "service_area" in fields:
        rows = rows.filter(service_area_id=area_id)
    return rows


def name_of(model) -> str:
    words = str(model._meta.verbose_name)
    return words[:1].upper() + words[1:]


def listed(by: User, state: str, size: int = 50) -> list[LeasedRow]:
    """The newest rows in that state, of all kinds together."""
    found: list[LeasedRow] = []
    for kind in registry.all_kinds():
        found += rows_of(kind, by).filter(state=state).order_by("-created_at")[:size]
    return sorted(found, key=lambda row: row.created_at, reverse=True)[:size]


def counts(by: User) -> dict[str, int]:
    total = dict.fromkeys(LeasedRow.State.values, 0)
    for kind in registry.all_kinds():
        for state, count in rows_of(kind, by).order_by().values_list("state").annotate(n=Count("pk")):
            total[state] += count
    return total


def find(row_id: uuid.UUID, by: User) -> LeasedRow | None:
    """The row, for whoever asked for it and for whoever may see the queue."""
    for kind in registry.all_kinds():
        seen = LeasedRowQuerySet(kind.model).filter(asked_by_id=by.pk)
        if by.may("operations.view_jobs"):
            seen |= rows_of(kind, by)
        row = seen.filter(pk=row_id).first()
        if row is not None:
            return row
    return None


def try_again(row: LeasedRow, *, by: User) -> bool:
    """Queue a failed row once more; false when it had not failed (any more)."""
    queued = leases.try_again(row)
    if queued:
        record(events.JOB_TRIED_AGAIN, by=by, on=row)
    return queued


def failed() -> int:
    """Of every kind and area: what nobody tries again by itself."""
    rows = (LeasedRowQuerySet(kind.model).filter(state=LeasedRow.State.FAILED) for kind in registry.all_kinds())
    return sum(each.count() for each in rows)


def oldest_due():
    """When the longest waiting due row became due; None when nothing waits."""
    waiting = [
        LeasedRowQuerySet(kind.model).due().aggregate(oldest=Min("run_after"))["oldest"]
        for kind in registry.all_kinds()
    ]
    return min((moment for moment in waiting if moment), default=None)
