from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, CreateModel
from django.db.migrations.loader import MigrationLoader
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from rj_service.audit.roles import as_owner


class Command(migrate.Command):
    """Migrates as the owner; the grants are sealed after it."""

    def handle(self, *args, **options):
        with as_owner(options["database"]), _models_left_alone():
            _require_no_other_version(connections[options["database"]])
            return super().handle(*args, **options)


def _require_no_other_version(connection) -> None:
    """Django leaves out what it does not know, and would go on beside tables of another shape."""
    loader = MigrationLoader(connection)
    ours = {app.label for app in apps.get_app_configs() if Path(app.path).is_relative_to(settings.BASE_DIR)}
    unknown = sorted(key for key in loader.applied_migrations.keys() - loader.disk_migrations.keys() if key[0] in ours)
    if unknown:
        first = ".".join(unknown[0])
        raise CommandError(
            f"This database was migrated by another version of the service: {first} is not known here. "
            "Run that version, or begin with an empty database. Of a demonstration, remove its data folder."
        )


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
