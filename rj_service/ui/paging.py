"""
Pages by key: "after this row", never "the 40th page". The cursor travels in the address, so it is encrypted as well as
authenticated: nobody reads a date or a name out of it, and nobody writes one.
"""

import base64
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q, QuerySet

from rj_service.ui.templatetags.ui import COUNTED_UP_TO

READERS = {
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "time": dt.time.fromisoformat,
    "Decimal": Decimal,
    "UUID": uuid.UUID,
}


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str | None
    previous: str | None
    start: int
    size: int

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1


@dataclass(frozen=True)
class _Key:
    name: str
    descending: bool
    nullable: bool

    def ordering(self, *, backwards: bool) -> Any:
        descending = self.descending != backwards
        if not self.nullable:
            return F(self.name).desc() if descending else F(self.name).asc()
        # Rows without a value come last, forwards; an index of a column that cannot be null keeps its plain order.
        if descending:
            return F(self.name).desc(nulls_first=True) if backwards else F(self.name).desc(nulls_last=True)
        return F(self.name).asc(nulls_first=True) if backwards else F(self.name).asc(nulls_last=True)

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """Rows further on in this column alone; None if there cannot be any."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else None
        compare = Q(**{f"{self.name}__{'lt' if self.descending != backwards else 'gt'}": value})
        return compare | Q(**{f"{self.name}__isnull": True}) if self.nullable and not backwards else compare

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


def keyset(
    queryset: QuerySet[Any],
    *,
    order: Sequence[str],
    after: str | None = None,
    size: int = 25,
    show: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None,
) -> Page:
    """
    `order` names columns, "-" for descending, and must end on a unique one. A column that can be null puts its nulls
    last. A cursor that is not ours, or is of another order, gives the first page. `show` adds what a row shows besides:
    it is asked of the page's rows alone, so that joins and marks are not worked out for all that are put in order.
    """
    keys = [_key(queryset.model, name) for name in order]
    place = _opened(after, order)
    backwards = bool(place and place["backwards"])
    rows = queryset.order_by(*(key.ordering(backwards=backwards) for key in keys))
    if place:
        rows = rows.filter(_beyond(keys, place["values"], backwards=backwards))
    if show:
        rows = rows.values("pk", *(key.name for key in keys))
    found = list(rows[: size + 1])
    if place and not found:
        return keyset(queryset, order=order, size=size, show=show)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    start = max(1, place["start"] - len(found) if backwards else place["start"]) if place else 1
    return Page(
        rows=_shown(show(queryset), found) if show else found,
        next=_sealed(order, keys, found[-1], start + len(found)) if found and (more or backwards) else None,
        previous=_sealed(order, keys, found[0], start, backwards=True) if place and (more or not backwards) else None,
        start=start,
        size=size,
    )


def capped_count(queryset: QuerySet[Any], *, cap: int = COUNTED_UP_TO) -> int:
    """Counts no further than one past the cap; the filter `capped` says "more than"."""
    return queryset.order_by()[: cap + 1].count()


def _shown(queryset: QuerySet[Any], found: list[dict[str, Any]]) -> list[Any]:
    whole = {row.pk: row for row in queryset.order_by().filter(pk__in=[row["pk"] for row in found])}
    return [whole[row["pk"]] for row in found if row["pk"] in whole]


def _key(model: type[models.Model], name: str) -> _Key:
    plain = name.removeprefix("-")
    return _Key(plain, name.startswith("-"), _nullable(model, plain))


def _nullable(model: type[models.Model], path: str) -> bool:
    nullable, at = False, model
    for step in path.split("__"):
        if step == "pk":
            return nullable
        try:
            field = at._meta.get_field(step)
        except FieldDoesNotExist:
            return True
        nullable = nullable or bool(getattr(field, "null", True))
        at = field.related_model or at
    return nullable


def _beyond(keys: list[_Key], values: list[Any], *, backwards: bool) -> Q:
    beyond = Q(pk__in=[])
    same = Q()
    for key, value in zip(keys, values, strict=True):
        further = key.beyond(value, backwards=backwards)
        if further is not None:
            beyond |= same & further
        same &= key.same(value)
    first = keys[0]
    if first.nullable:
        return beyond
    bound = "lte" if first.descending != backwards else "gte"
    return Q(**{f"{first.name}__{bound}": values[0]}) & beyond  # says nothing new; it lets the index start here


def _value(row: Any, path: str) -> Any:
    if isinstance(row, dict):
        return row[path]
    for step in path.split("__"):
        row = getattr(row, step, None)
    return row


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"paging\0" + settings.SECRET_KEY.encode()).digest()))


def _sealed(order: Sequence[str], keys: list[_Key], row: Any, start: int, *, backwards: bool = False) -> str:
    values = [_written(_value(row, key.name)) for key in keys]
    plain = json.dumps({"order": list(order), "values": values, "start": start, "backwards": backwards})
    return _box().encrypt(plain.encode()).decode().rstrip("=")


def _written(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    kind = type(value).__name__
    if kind not in READERS:
        raise TypeError(f"cannot page by a {kind}")
    return {kind: str(value) if kind in {"Decimal", "UUID"} else value.isoformat()}


def _read(written: Any) -> Any:
    if not isinstance(written, dict):
        return written
    [(kind, words)] = written.items()
    return READERS[kind](words)


def _opened(cursor: str | None, order: Sequence[str]) -> dict[str, Any] | None:
    if not cursor:
        return None
    try:
        place = json.loads(_box().decrypt(cursor + "=" * (-len(cursor) % 4)))
    except (InvalidToken, ValueError):
        return None
    if place["order"] != list(order):
        return None
    return place | {"values": [_read(value) for value in place["values"]]}
