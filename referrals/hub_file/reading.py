"""The Hub's table as rows of the Hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from rj_service.documents.tables_in import MAX_BYTES, RefusedFile, TableFile, open_table

from .columns import COLUMNS, MANDATORY, VICTIM_NAMES
from .rows import HubRow, parse_row

__all__ = ["MAX_BYTES", "HubFile", "RefusedFile", "open_hub_file"]


@dataclass
class HubFile:
    table: TableFile
    today: date

    @property
    def headings(self) -> tuple[str, ...]:
        return self.table.headings

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        return self.table.unknown_columns

    @property
    def row_count(self) -> int:
        return self.table.row_count

    def rows(self) -> Iterator[HubRow]:
        """Rows in the file's order, from the start at each call; rows without any value are left out."""
        for line, cells, misfit in self.table.records():
            yield parse_row(line, cells, today=self.today, misfit=misfit)


def open_hub_file(stream: BinaryIO, *, today: date) -> HubFile:
    """Reads the file once, holding one row at a time, and raises RefusedFile when it cannot be taken at all."""
    table = open_table(stream, known=COLUMNS, mandatory=MANDATORY)
    if not any(column in table.headings for column in VICTIM_NAMES):
        raise RefusedFile(f"One of the columns {', '.join(VICTIM_NAMES)} is needed and none is there.")
    return HubFile(table, today)
