from inspect import getclosurevars
from typing import Any


def row_by_row(model) -> Any:
    """What hangs on one row that was itself found in scope, or is asked of each (`Exists`): its area again is a join more."""
    return model.objects.with_scopes_disabled()


def area_path_of(model) -> str | None:
    """From a row to its area, as the model's scoped manager has it; None for a model that is not scoped. django-scopes
    keeps it in a closure alone."""
    if not hasattr(model._default_manager, "with_scope"):
        return None
    return getclosurevars(model._default_manager.get_queryset).nonlocals["scopes"]["area"]
