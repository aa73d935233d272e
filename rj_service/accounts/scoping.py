from typing import Any


def row_by_row(model) -> Any:
    """What hangs on one row that was itself found in scope, or is asked of each (`Exists`): its area again is a join more."""
    return model.objects.with_scopes_disabled()
