"""What waits, runs and failed, of every kind of leased row. No personal data: kinds, times, counts and fault names."""

import uuid

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from rj_service.accounts.models import Membership, User
from rj_service.audit.actions import record, record_each
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


def _failed_of(kind: registry.Kind, by: User | None) -> QuerySet:
    rows = LeasedRowQuerySet(kind.model) if by is None else rows_of(kind, by)
    return rows.filter(state=LeasedRow.State.FAILED).order_by()


def failed(by: User | None = None) -> int:
    """Of every kind, and of every area or those that `by` may see: what nobody tries again by itself. One statement."""
    first, *others = (_failed_of(kind, by).values("pk") for kind in registry.all_kinds())
    return first.union(*others, all=True).count()


def failed_by_kind(by: User) -> list[tuple[str, str, int]]:
    """Label, name and number of each kind that has failed rows, the most first."""
    found = [(kind.model, _failed_of(kind, by).count()) for kind in registry.all_kinds()]
    named = [(model._meta.label_lower, name_of(model), number) for model, number in found if number]
    return sorted(named, key=lambda each: (-each[2], each[1]))


def try_all_again(label: str, *, by: User) -> int:
    """Queue every failed row of a kind once more, as far as `by` may see them; returns how many."""
    kind = next((each for each in registry.all_kinds() if each.model._meta.label_lower == label), None)
    if kind is None:
        return 0
    with transaction.atomic():
        rows = list(_failed_of(kind, by).select_for_update(skip_locked=True))
        leases.try_each_again(kind.model, [row.pk for row in rows])
        record_each(events.JOB_TRIED_AGAIN, by=by, happened=[(row, {}, ()) for row in rows])
    return len(rows)


def asked_by(rows: list[LeasedRow], by: User) -> dict[uuid.UUID, str]:
    """Who asked for each row, by the name that `by` may read; in one statement for all."""
    people = User.objects.filter(pk__in={row.asked_by_id for row in rows if row.asked_by_id})
    area_id = by.acting.service_area_id if by.acting else None
    if area_id is not None:
        colleague = Membership.objects.filter(user=OuterRef("pk"), service_area=area_id)
        people = people.annotate(is_near=Exists(colleague))
    found = people.in_bulk()
    return {row.pk: _name(row.asked_by_id, found) for row in rows}


def _name(asked_by_id: uuid.UUID | None, people: dict[uuid.UUID, User]) -> str:
    person = people.get(asked_by_id) if asked_by_id else None
    if person is None or person.is_system:
        return "The service itself"
    return str(person) if getattr(person, "is_near", True) else "Somebody of another area"


def oldest_due():
    """When the longest waiting due row became due; None when nothing waits."""
    waiting = [
        LeasedRowQuerySet(kind.model).due().aggregate(oldest=Min("run_after"))["oldest"]
        for kind in registry.all_kinds()
    ]
    return min((moment for moment in waiting if moment), default=None)
