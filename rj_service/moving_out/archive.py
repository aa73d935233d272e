"""A zip of CSV files, written as a stream: nothing of it stands on the disk in clear, and no table in memory."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.documents.actions import open_file
from rj_service.documents.models import StoredFile
from rj_service.documents.tables_out import csv_bytes
from rj_service.moving_out.tables import LEFT_OUT, WORKING_FILES, Table, file_ids, tables_of

PIECE = 64 * 1024
ROWS_AT_ONCE = 500
ABOUT = """An archive of one service area of a restorative justice service.

manifest.json   what is in it: a line for each file with its SHA-256 and, of a table, its number of rows
tables/         one CSV for each table; the first row names the columns; "id" is the row's key, "..._id" the key of another
history/        every earlier state of the rows of a table: pgh_label says what happened, pgh_created_at when
files/          stored documents, each under its key in tables/documents.storedfile.csv

UTF-8 with a byte-order mark. Times are UTC. Lists and objects are JSON. An apostrophe before = + - @ was put there so that
no spreadsheet computes a cell. Passwords, second factors, sessions, digests and keyed hashes are not in it.
"""


@dataclass
class Manifest:
    area: ServiceArea
    entries: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0
    files: int = 0

    @property
    def tables(self) -> int:
        return sum("rows" in entry for entry in self.entries)

    def as_json(self) -> bytes:
        words = {
            "area": {"id": str(self.area.pk), "slug": self.area.slug, "name": self.area.name},
            "made_at": timezone.now().isoformat(),
            "rows": self.rows,
            "entries": self.entries,
            "left_out": LEFT_OUT,
        }
        return json.dumps(words, ensure_ascii=False, indent=1).encode()


class _Pipe:
    """What a zip is written to: it is taken away piece by piece."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def take(self) -> bytes:
        taken = bytes(self.held)
        self.held.clear()
        return taken


def archive_of(area: ServiceArea, manifest: Manifest) -> Iterator[bytes]:
    """The archive in pieces; `manifest` says what went into it. The caller acts in the area."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        book.writestr("README.txt", ABOUT)
        for table in tables_of(area.pk):
            yield from _entry(book, pipe, f"{table.name}.csv", _Rows(table), manifest)
        for file in StoredFile.objects.filter(pk__in=file_ids(area.pk), deleted_at__isnull=True).order_by("pk"):
            if file.kind not in WORKING_FILES:
                yield from _entry(book, pipe, f"files/{file.pk}", _pieces(file), manifest)
                manifest.files += 1
        book.writestr("manifest.json", manifest.as_json())
    yield pipe.take()


def _entry(book: ZipFile, pipe: _Pipe, name: str, pieces: Iterable[bytes], manifest: Manifest) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    with book.open(name, "w", force_zip64=True) as entry:
        for piece in pieces:
            entry.write(piece)
            digest.update(piece)
            size += len(piece)
            if len(pipe.held) > PIECE:
                yield pipe.take()
    words: dict[str, Any] = {"name": name, "sha256": digest.hexdigest(), "bytes": size}
    if isinstance(pieces, _Rows):
        words["rows"] = pieces.number
        manifest.rows += pieces.number
    manifest.entries.append(words)


class _Rows:
    """A table as CSV, some rows at once, and how many there were."""

    def __init__(self, table: Table) -> None:
        self.table, self.number = table, 0

    def __iter__(self) -> Iterator[bytes]:
        yield csv_bytes([self.table.columns])
        held = []
        for row in self.table.rows.values_list(*self.table.columns).iterator(chunk_size=ROWS_AT_ONCE):
            held.append([_cell(value) for value in row])
            self.number += 1
            if len(held) == ROWS_AT_ONCE:
                yield csv_bytes(held, is_start=False)
                held = []
        yield csv_bytes(held, is_start=False)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _pieces(file: StoredFile) -> Iterator[bytes]:
    with open_file(file) as stream:
        while piece := stream.read(PIECE):
            yield piece
