"""From bytes to rows: encodings, CSV and XLSX, and the files that are refused whole.

Rows stream: 100,000 of them need no more memory than one. Nothing here knows the database.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, BinaryIO

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_COLUMNS = 200
_BLOCK = 64 * 1024


class RefusedFile(Exception):
    """The whole file is refused: the message is the one sentence that the sender reads."""


@dataclass
class TableFile:
    """A table that may be read. `row_count` counts the rows below the headings; `unknown_columns` are ignored."""

    stream: BinaryIO = field(repr=False)
    known: Collection[str]
    kind: str
    encoding: str
    headings: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    row_count: int = 0

    def records(self) -> Iterator[tuple[int, Mapping[str, str], bool]]:
        """Line, cells by column, and whether the row does not fit the headings: from the start at each call. Rows without
        any value are left out."""
        names = [heading if heading in self.known else "" for heading in self.headings]
        for line, cells in self._below_headings():
            yield line, dict(zip(names, cells, strict=False)), len(cells) != len(names)

    def _below_headings(self) -> Iterator[tuple[int, Sequence[str]]]:
        records = (_xlsx_records if self.kind == "xlsx" else _csv_records)(self.stream, self.encoding)
        next(records, None)
        return ((line, cells) for line, cells in records if any(cells))


def open_table(stream: BinaryIO, *, known: Collection[str], mandatory: Collection[str] = ()) -> TableFile:
    """Reads the file once, holding one row at a time, and raises RefusedFile when it cannot be taken at all."""
    size = stream.seek(0, io.SEEK_END)
    if size > MAX_BYTES:
        raise RefusedFile(f"The file is {size / 1024 / 1024:.0f} MB. The most that can be imported is 50 MB.")
    if size == 0:
        raise RefusedFile("The file is empty.")
    stream.seek(0)
    kind = "xlsx" if stream.read(4) == b"PK\x03\x04" else "csv"
    if kind == "xlsx":
        _refuse_unfit_workbook(stream)
    file = TableFile(stream, known, kind, "" if kind == "xlsx" else _encoding_of(stream))
    records = (_xlsx_records if kind == "xlsx" else _csv_records)(stream, file.encoding)
    _, first = next(records, (1, []))
    file.headings = _headings(first, known, mandatory)
    file.unknown_columns = tuple(
        original.strip() or "(no heading)"
        for name, original in zip(file.headings, first, strict=True)
        if name not in known
    )
    file.row_count = sum(1 for _, cells in records if any(cells))
    return file


def _headings(first: Sequence[str], known: Collection[str], mandatory: Collection[str]) -> tuple[str, ...]:
    names = tuple("_".join(cell.split()).casefold() for cell in first)
    if len(names) > MAX_COLUMNS:
        raise RefusedFile(f"The file has {len(names):,} columns. The most that can be read is {MAX_COLUMNS}.")
    twice = sorted({name for name in names if name in known and names.count(name) > 1})
    if twice:
        raise RefusedFile(f"The column {twice[0]} stands in the file twice. Leave one of them out.")
    missing = [column for column in mandatory if column not in names]
    if missing:
        words = ", ".join(missing)
        raise RefusedFile(
            f"The column {words} is missing." if len(missing) == 1 else f"The columns {words} are missing."
        )
    return names


def _encoding_of(stream: BinaryIO) -> str:
    """UTF-8, with or without a byte-order mark, else Windows-1252; all is decoded once, so a late fault refuses too."""
    stream.seek(0)
    start = stream.read(8)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise RefusedFile("The file is in UTF-16. Save it as CSV UTF-8 and send it again.")
    if start[:4] == b"%PDF" or start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise RefusedFile("The file is not CSV. Save the list as CSV UTF-8 or as XLSX and send it again.")
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            decoder = codecs.getincrementaldecoder(encoding)()
            stream.seek(0)
            while block := stream.read(_BLOCK):
                if b"\0" in block:
                    raise RefusedFile(
                        "The file is not CSV: it holds NUL bytes. Save it as CSV UTF-8 and send it again."
                    )
                decoder.decode(block)
            decoder.decode(b"", final=True)
            return encoding
    raise RefusedFile("The file is neither UTF-8 nor Windows-1252. Save it as CSV UTF-8 and send it again.")


def _csv_records(stream: BinaryIO, encoding: str) -> Iterator[tuple[int, Sequence[str]]]:
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        reader = csv.reader(text, strict=True)
        line = 1
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise RefusedFile(
            f"The file is not CSV: a quotation mark is not closed, or stands in the wrong place, at line {line}."
        ) from error
    finally:
        with suppress(ValueError):
            text.detach()


def _refuse_unfit_workbook(stream: BinaryIO) -> None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedFile("The workbook cannot be opened. Save it again as XLSX or as CSV UTF-8.") from error
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise RefusedFile("The file is neither CSV nor an XLSX workbook.")
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES or len(parts) > 1000:
        raise RefusedFile("The workbook unpacks to more than can be read. Save the list as CSV UTF-8.")


def _xlsx_records(stream: BinaryIO, _encoding: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The first sheet. defusedxml reads the XML: openpyxl uses it wherever it is installed, and it is a dependency."""
    from openpyxl import load_workbook  # 200 ms that a CSV does not need

    stream.seek(0)
    try:
        book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a written size may claim a million empty columns
        width = 0
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            texts = [_cell_text(value) for value in cells[: _longest(width)]]
            while texts and not texts[-1]:
                texts.pop()
            width = width or len(texts)
            yield line, texts + [""] * (width - len(texts))
    except RefusedFile:
        raise
    except Exception as error:  # openpyxl raises a dozen kinds on a broken or hostile workbook
        raise RefusedFile("The workbook cannot be read. Save it again as XLSX or as CSV UTF-8.") from error


def _longest(width: int) -> int:
    return (width or MAX_COLUMNS) + 1


def _cell_text(value: Any) -> str:
    """A cell as the text that a CSV of the same list would hold. A formula is its own text: nothing is computed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\x00", "")
