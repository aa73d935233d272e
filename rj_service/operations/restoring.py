"""What a restore leaves to be done and to be looked at. docs/operations.md has the whole order."""

import hashlib
from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import connection, models

from rj_service.audit.fields import EncryptedText
from rj_service.audit.roles import as_owner
from rj_service.documents.actions import open_file
from rj_service.documents.models import StoredFile

TAKE_OVER = (
    "UPDATE audit_domainevent SET xid = pg_current_xact_id() WHERE block IS NULL",
    "UPDATE audit_accesslog SET xid = pg_current_xact_id() WHERE block IS NULL",
)
MEGABYTE = 1024 * 1024


def take_unsealed_over() -> int:
    """Transaction numbers begin again: rows that the dump held unsealed would wait for a number that may never come. The
    owner makes them this transaction's; returns how many. Sealed rows are not touched."""
    taken = 0
    with as_owner(), connection.cursor() as cursor:
        for statement in TAKE_OVER:
            cursor.execute(statement)
            taken += cursor.rowcount
    return taken


def closed_columns() -> Iterator[str]:
    """Columns with a value that no key of FIELD_KEYS opens. Every value is read; none leaves this function."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedText) and not _opens(model, field.attname):
                yield f"{model._meta.db_table}.{field.column}"


def _opens(model: type[models.Model], name: str) -> bool:
    values = model._base_manager.filter(**{f"{name}__isnull": False}).order_by().values_list(name, flat=True)
    try:
        for _ in values.iterator():
            pass
    except InvalidToken:
        return False
    return True


def broken_files() -> Iterator[str]:
    """Files that a row names and that are not there, are not what was stored or are closed with another key."""
    for row in StoredFile.objects.filter(deleted_at=None).order_by("pk").iterator():
        try:
            digest = hashlib.sha256()
            with open_file(row) as file:
                while chunk := file.read(MEGABYTE):
                    digest.update(chunk)
            whole = digest.hexdigest() == row.sha256
        except (OSError, InvalidToken):
            whole = False
        if not whole:
            yield str(row.pk)
