"""What is read or written beyond one's own area, and why it may be."""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import getclosurevars
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager, scope
from django_scopes.state import get_scope


def row_by_row(model) -> Any:
    """What hangs on one row that was itself found in scope, or is asked of each (`Exists`): its area again is a join more."""
    return model.objects.with_scopes_disabled()


def area_path_of(model) -> str | None:
    """From a row to its area, as the model's scoped manager has it; of what two areas share, the one that made it. None for
    a model that is not scoped. django-scopes keeps it in a closure alone."""
    if not hasattr(model._default_manager, "with_scope"):
        return None
    if made_by := getattr(model._default_manager, "made_by", None):
        return made_by
    return getclosurevars(model._default_manager.get_queryset).nonlocals["scopes"]["area"]


@contextmanager
def across(*areas: UUID) -> Iterator[None]:
    """For an act between areas (ADR 9): an action names them all, and answers for who may do it. Never around a page."""
    with scope(area=list(areas)):
        yield


def shared_manager(*paths: str, manager: type[models.Manager]) -> models.Manager:
    """The manager of what two areas share: found from either, as `ScopedManager` finds what belongs to one."""

    class Manager(type(ScopedManager(area=paths[0], _manager_class=manager))):  # type: ignore[misc]
        made_by = paths[0]

        def get_queryset(self):
            current = getattr(self, "_override_scope", None) or get_scope()
            if not current.get("_enabled", True) or "area" not in current:
                return super().get_queryset()
            either = Q()
            for path in paths:
                either |= Q(**{f"{path}__in": current["area"]})
            return self.with_scopes_disabled().get_queryset().filter(either)

    return Manager()
