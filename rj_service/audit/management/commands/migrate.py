from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.commands import migrate
from pgtrigger.migrations import AddTrigger

from rj_service.audit.roles import as_owner


class Command(migrate.Command):
    """Migrates as the owner; the grants are sealed after it."""

    def handle(self, *args, **options):
        with as_owner(options["database"]), _models_left_alone_by_triggers():
            return super().handle(*args, **options)


@contextmanager
def _models_left_alone_by_triggers() -> Iterator[None]:
    """A trigger changes no column and no relation, but pgtrigger has every related model made anew after each.

    With a hundred triggers that is a third of the time that a new database takes.
    """
    forwards = AddTrigger.state_forwards

    def state_forwards(operation, app_label, state):
        rendered = state.__dict__.pop("apps", None)
        forwards(operation, app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered

    setattr(AddTrigger, "state_forwards", state_forwards)  # noqa: B010
    try:
        yield
    finally:
        setattr(AddTrigger, "state_forwards", forwards)  # noqa: B010
