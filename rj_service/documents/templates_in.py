"""Files that somebody fills in: their columns, what may stand in each, and one invented example row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rj_service.documents.tables_out import book_bytes, csv_bytes


@dataclass(frozen=True)
class Column:
    name: str
    words: str
    example: str = ""
    is_mandatory: bool = False
    longest: int = 100


@dataclass(frozen=True)
class Template:
    """A file that somebody fills in: what a row is about, and its columns with an invented example."""

    key: str
    title: str
    one_row: str
    columns: tuple[Any, ...] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def mandatory(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_mandatory)

    @property
    def rows(self) -> list[list[str]]:
        return [list(self.names), [column.example for column in self.columns]]

    @property
    def explanation(self) -> list[list[str]]:
        heading = [["column", "must be filled in", "what may stand in it", "longest"]]
        return heading + [
            [one.name, "yes" if one.is_mandatory else "", one.words, str(one.longest)] for one in self.columns
        ]

    def content(self, kind: str) -> bytes:
        """Headings and one invented row; as a workbook (`xlsx`) with a sheet that explains them."""
        if kind == "csv":
            return csv_bytes(self.rows)
        sheets: dict[str, Iterable] = {"Rows": self.rows, "What may stand in it": self.explanation}
        return book_bytes(sheets)
