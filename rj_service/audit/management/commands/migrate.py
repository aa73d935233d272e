from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.commands import migrate
from django.db.migrations import CreateModel
from pgtrigger.migrations import AddTrigger

from rj_service.audit.roles import as_owner


class Command(migrate.Command):
    """Migrates as the owner; the grants are sealed after it."""

    def handle(self, *args, **options):
        with as_owner(options["database"]), _models_left_alone():
            return super().handle(*args, **options)


@contextmanager
def _models_left_alone() -> Iterator[None]:
    """Django makes every related model anew after each step; of a new database that is nine tenths of the time.

    A trigger changes no column and no relation. A new model changes none that stands: it alone is made.
    """
    with _instead(AddTrigger, _no_model_made_anew), _instead(CreateModel, _one_model_made):
        yield


def _no_model_made_anew(forwards, operation, app_label, state) -> None:
    rendered = state.__dict__.pop("apps", None)
    forwards(operation, app_label, state)
    if rendered is not None:
        state.__dict__["apps"] = rendered


def _one_model_made(forwards, operation, app_label, state) -> None:
    _no_model_made_anew(forwards, operation, app_label, state)
    if "apps" in state.__dict__:
        state.apps.render_multiple([state.models[app_label, operation.name_lower]])


@contextmanager
def _instead(operation_class, other) -> Iterator[None]:
    forwards = operation_class.state_forwards
    operation_class.state_forwards = lambda *args: other(forwards, *args)
    try:
        yield
    finally:
        operation_class.state_forwards = forwards
