"""CSV and XLSX files that a spreadsheet cannot mistake for formulas."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def plain(value) -> str | int | float | None:
    """Numbers as they are; text that a spreadsheet would run gets a quote in front."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS[:4]) else text


def csv_bytes(rows: Iterable[Sequence], *, is_start: bool = True) -> bytes:
    """UTF-8 with a byte-order mark at the file's start, so that a spreadsheet reads the accents."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[plain(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig" if is_start else "utf-8")


def xlsx_bytes(rows: Iterable[Sequence], *, title: str) -> bytes:
    """One sheet; text cells are typed as text, whatever they begin with."""
    return book_bytes({title: rows})


def book_bytes(sheets: Mapping[str, Iterable[Sequence]]) -> bytes:
    """Sheets by their titles, in this order."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title[:31])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _cell(sheet, value) -> WriteOnlyCell:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    cell = WriteOnlyCell(sheet, value=value if number else None)
    if not number and value is not None:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        cell.data_type = "s"
    return cell
