from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.core.management.commands import migrate
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, CreateModel
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from rj_service.audit.roles import as_owner


class Command(migrate.Command):
    """Migrates as the owner; the grants are sealed after it."""

    def handle(self, *args, **options):
        with as_owner(options["database"]), _models_left_alone():
            return super().handle(*args, **options)


@contextmanager
def _models_left_alone() -> Iterator[None]:
    """Django makes every related model anew after each step; of a new database that is nine tenths of the time.

    A trigger changes no column and no relation. What adds or alters something changes one model, and that one alone is
    made.
    """
    with ExitStack() as steps:
        for trigger in (AddTrigger, RemoveTrigger):
            steps.enter_context(_instead(trigger, _no_model_made_anew))
        for operation in (CreateModel, AddField, AlterField, AddIndex, AddConstraint):
            steps.enter_context(_instead(operation, _one_model_made))
        yield


def _no_model_made_anew(forwards, operation, app_label, state) -> None:
    rendered = state.__dict__.pop("apps", None)
    forwards(operation, app_label, state)
    if rendered is not None:
        state.__dict__["apps"] = rendered


def _one_model_made(forwards, operation, app_label, state) -> None:
    _no_model_made_anew(forwards, operation, app_label, state)
    if "apps" in state.__dict__:
        name = getattr(operation, "model_name_lower", None) or operation.name_lower
        state.apps.render_multiple([state.models[app_label, name]])
        state.is_delayed = True  # a step that reads data has them all made first, each knowing the others


@contextmanager
def _instead(operation_class, other) -> Iterator[None]:
    forwards = operation_class.state_forwards
    operation_class.state_forwards = lambda *args: other(forwards, *args)
    try:
        yield
    finally:
        operation_class.state_forwards = forwards
