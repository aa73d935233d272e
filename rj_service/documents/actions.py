"""Keep a file, open it, let it go. Who may do so is decided by the owner's view: a file has no address of its own."""

import hashlib
import io
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rj_service.accounts.models import User
from rj_service.documents.blocks import EncryptedReader, write_encrypted
from rj_service.documents.models import StoredFile


def path_of(file_id: uuid.UUID) -> Path:
    return Path(settings.FILES_DIR) / file_id.hex[:2] / file_id.hex


def store_file(
    chunks: Iterable[bytes],
    *,
    kind: str,
    content_type: str,
    by: User,
    encrypted: bool = True,
    delete_after: datetime | None = None,
) -> StoredFile:
    """Writes the file, then its row in the caller's transaction: a rollback leaves a file that nothing names."""
    row = StoredFile(kind=kind, content_type=content_type, created_by=by, is_encrypted=encrypted)
    row.delete_after = delete_after
    path = path_of(row.pk)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            yield chunk

    try:
        if encrypted:
            write_encrypted(path, counted())
        else:
            with path.open("xb") as target:
                target.writelines(counted())
        path.chmod(0o600)
        row.sha256, row.size = digest.hexdigest(), size
        row.save(force_insert=True)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return row


def open_file(row: StoredFile) -> BinaryIO:
    """Seekable, read in blocks. Raises FileNotFoundError when the file has been deleted."""
    if row.deleted_at:
        raise FileNotFoundError(row.pk)
    path = path_of(row.pk)
    return io.BufferedReader(EncryptedReader(path, row.size)) if row.is_encrypted else path.open("rb")


def delete_file(row: StoredFile) -> None:
    """The row stays and says when; the bytes go when the transaction commits."""
    StoredFile.objects.filter(pk=row.pk, deleted_at__isnull=True).update(deleted_at=timezone.now())
    path = path_of(row.pk)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def delete_due_files(*, now: datetime) -> int:
    """Files whose time is over. Returns how many went."""
    due = list(StoredFile.objects.filter(delete_after__lte=now, deleted_at__isnull=True)[:1000])
    for row in due:
        with transaction.atomic():
            delete_file(row)
    return len(due)
