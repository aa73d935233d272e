"""Write down what happened and who looked, in the caller's own transaction: no record, no act."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from rj_service.audit.models import AccessLog, DomainEvent


def _actor(by) -> dict[str, Any]:
    return {"actor_id": getattr(by, "pk", None), "actor_role": getattr(by, "acting_role", "") or ""}


def _object(on: models.Model | None, label: str = "") -> dict[str, Any]:
    if on is None:
        return {"object_label": label, "object_id": None}
    key = on.pk if isinstance(on.pk, uuid.UUID) else None
    return {"object_label": on._meta.label_lower, "object_id": key}


def _area_id(on: models.Model | None, area) -> uuid.UUID | None:
    if area is not None:
        return area if isinstance(area, uuid.UUID) else area.pk
    return getattr(on, "service_area_id", None)


def record(
    verb: str,
    *,
    by,
    on: models.Model | None = None,
    area=None,
    detail: dict[str, Any] | None = None,
    people: Iterable[uuid.UUID] = (),
    occurred_at: datetime | None = None,
) -> None:
    """Add one domain event. `detail` takes codes, ids and numbers only: the trail outlives the person's erasure."""
    _event(verb, by, on, area=area, detail=detail, people=people, occurred_at=occurred_at).save(force_insert=True)


def record_each(verb: str, *, by, happened: Iterable[tuple[models.Model, dict[str, Any], Iterable[uuid.UUID]]]) -> None:
    """One domain event for each object, its detail and its people, in one statement."""
    DomainEvent.objects.bulk_create(
        [_event(verb, by, on, detail=detail, people=people) for on, detail, people in happened]
    )


def _event(
    verb: str, by, on: models.Model | None, *, area=None, detail=None, people=(), occurred_at=None
) -> DomainEvent:
    return DomainEvent(
        verb=verb,
        detail=detail or {},
        people=list(people),
        occurred_at=occurred_at,
        service_area_id=_area_id(on, area),
        **_actor(by),
        **_object(on),
    )


def record_access(
    kind: str,
    *,
    by,
    on: models.Model | None = None,
    label: str = "",
    page: str = "",
    ids: Iterable[uuid.UUID] = (),
    people: Iterable[uuid.UUID] = (),
    area=None,
) -> None:
    """Add one row to the access log: `people` are the persons whose data was shown, `ids` the rows of a list."""
    AccessLog.objects.create(
        kind=kind,
        page=page,
        ids=list(ids),
        people=list(people),
        service_area_id=_area_id(on, area),
        **_actor(by),
        **_object(on, label),
    )
