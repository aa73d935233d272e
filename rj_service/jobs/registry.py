"""Every kind of leased row and the task that works on it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    model: Any
    task: Any  # the Celery task
    work: Any  # the function it calls
    lease_seconds: int
    tries: int = 5


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.model._meta.label_lower] = kind


def kind_of(model) -> Kind:
    return _KINDS[model._meta.label_lower]


def all_kinds() -> list[Kind]:
    return list(_KINDS.values())
