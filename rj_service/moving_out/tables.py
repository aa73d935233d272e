"""Which rows of the database are an area's. A table that is neither here nor left out with a reason fails a test."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from rj_service.accounts.scoping import area_path_of
from rj_service.documents.models import StoredFile

# From a row to its area, where neither its scope nor a field of its own says so.
PATHS = {
    "accounts.ServiceArea": "pk",
    "accounts.User": "memberships__service_area",
    "lists.SavedFilters": "membership__service_area",
    "referrals.Provision_local_areas": "provision__service_area",
    "volunteers.Campaign_local_areas": "campaign__service_area",
    "volunteers.Campaign_partners": "campaign__service_area",
    "volunteers.Practitioner_local_areas": "practitioner__service_area",
}
LEFT_OUT = {
    "accounts.AccountMail": "invitations and recovery mails on their way",
    "accounts.KeptForm": "words of a form whose session ended; given back to their writer alone",
    "accounts.SentForm": "that a form was sent, for minutes, so that it is done once; a hash, no words",
    "accounts.RecoveryRequest": "somebody lost a second factor: of the account, not of the area",
    "audit.Seal": "the chain over every area's trail; its head is exported apart",
    "demo.DemoRun": "the demonstration’s own",
    "notifications.Notification": "says that there is an update, and not what",
    "moving_out.Archive": "this archive and its like",
    "lists.Search": "words of a search, gone after a day",
    "public_forms.PublicTry": "presses of public buttons, counted for an hour; of no area",
    "public_forms.UnsentAnswers": "typed on a public form and not sent; of no area yet",
    "account.EmailAddress": "a copy of the account’s email",
    "account.EmailConfirmation": "not used",
    "auth.Group": "not used",
    "auth.Group_permissions": "not used",
    "auth.Permission": "not used",
    "axes.AccessAttempt": "failed sign-ins",
    "axes.AccessAttemptExpiration": "ends of lockouts",
    "axes.AccessFailureLog": "not used",
    "axes.AccessLog": "sign-ins and their addresses",
    "contenttypes.ContentType": "names of models",
    "mfa.Authenticator": "second factors: secrets",
    "pghistory.Context": "not used",
    "pghistory.Events": "no table",
    "pghistory.MiddlewareEvents": "no table",
    "sessions.Session": "sessions: secrets",
}
SECRETS = frozenset(["password"])  # beside every keyed hash and digest
# Files of work in progress: what they held is in the tables, or was the sender's.
WORKING_FILES = frozenset(["archive", "hub_upload", "list", "move_in", "move_in_fates", "refused_rows"])


@dataclass(frozen=True)
class Table:
    """`rows` are those of one area; `columns` leaves secrets out."""

    name: str
    model: Any
    rows: QuerySet
    columns: tuple[str, ...]


def tables_of(area_id: UUID) -> Iterator[Table]:
    for model in apps.get_models(include_auto_created=True):
        if not is_left_out(model) and model is not StoredFile:
            yield table_of(model, area_id)
    yield _table(StoredFile, StoredFile.objects.filter(pk__in=file_ids(area_id)))


def is_left_out(model: Any) -> bool:
    """With its history."""
    return getattr(model, "pgh_tracked_model", model)._meta.label in LEFT_OUT


def table_of(model: Any, area_id: UUID) -> Table:
    """Raises LookupError for a model that no rule finds the area of."""
    tracked = getattr(model, "pgh_tracked_model", None)
    label = (tracked or model)._meta.label
    path = PATHS.get(label) or area_path_of(tracked or model) or _own_field(model)
    if path is None:
        raise LookupError(f"nobody said whose the rows of {label} are")
    if tracked and label in PATHS:
        path = f"pgh_obj__{path}"
    rows = model._base_manager.filter(**{path: area_id})
    return _table(model, rows.distinct() if "memberships" in path else rows)


def file_ids(area_id: UUID) -> set[UUID]:
    """Of the files that the area's rows name."""
    found: set[UUID] = set()
    for model in apps.get_models():
        names = [field.attname for field in model._meta.concrete_fields if field.related_model is StoredFile]
        if names and not is_left_out(model) and not hasattr(model, "pgh_tracked_model"):
            for name in names:
                found |= set(table_of(model, area_id).rows.values_list(name, flat=True))
    return found - {None}


def is_secret(column: Any) -> bool:
    return isinstance(column, models.BinaryField) or column.name in SECRETS


def _table(model: Any, rows: QuerySet) -> Table:
    tracked = getattr(model, "pgh_tracked_model", None)
    name = f"history/{tracked._meta.label_lower}" if tracked else f"tables/{model._meta.label_lower}"
    columns = tuple(field.attname for field in model._meta.concrete_fields if not is_secret(field))
    return Table(name, model, rows.order_by("pk"), columns)


def _own_field(model: Any) -> str | None:
    names = {field.name for field in model._meta.concrete_fields}
    return next((name for name in ("service_area", "service_area_id") if name in names), None)
