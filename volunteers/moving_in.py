"""The files that bring volunteers from spreadsheets: their columns, and what a row means."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from volunteers.choices import CheckKind, CheckStatus, Level, PractitionerKind, PractitionerStatus

MOST_ROWS = 2000
EXAMPLE = "EXAMPLE"


class NotUnderstood(ValueError):
    """What is wrong with a cell, as its sender reads it."""


@dataclass(frozen=True)
class Column:
    name: str
    explanation: str
    example: str
    read: Callable[[str], Any] = str
    is_needed: bool = False


@dataclass(frozen=True)
class Template:
    key: str
    title: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def needed(self) -> list[str]:
        return [column.name for column in self.columns if column.is_needed]

    @property
    def rows(self) -> list[list[str]]:
        """Headings and one invented row, which is left out when it comes back."""
        return [self.names, [column.example for column in self.columns]]

    def read(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """Raises NotUnderstood for the first cell that is not."""
        found = {}
        for column in self.columns:
            typed = cells.get(column.name, "").strip()
            if column.is_needed and not typed:
                raise NotUnderstood(f"{column.name} is empty")
            try:
                found[column.name] = column.read(typed) if typed else None
            except ValueError as error:
                raise NotUnderstood(f"{column.name}: {error}") from None
        return found


def a_day(typed: str) -> date:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 (a day, no moment)
        except ValueError:
            continue
    raise ValueError(f"“{typed}” is not a day like 27/03/2026")


def one_of(choices: Any) -> Callable[[str], str]:
    """A value or a label, however it is capitalised."""
    known = {_plain(word): value for value, label in choices for word in (value, str(label))}

    def read(typed: str) -> str:
        if _plain(typed) not in known:
            raise ValueError(f"“{typed}” is none of: {', '.join(str(label) for _, label in choices)}")
        return known[_plain(typed)]

    return read


def an_email(typed: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", typed):
        raise ValueError(f"“{typed}” is not an email address")
    return typed.lower()


def _plain(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", words.casefold())


WHO = Column("email", "By it the other files find them", f"{EXAMPLE.lower()}@example.org", an_email, True)
TEMPLATES = {
    template.key: template
    for template in (
        Template(
            "volunteers",
            "Volunteers",
            (
                Column("first_name", "", EXAMPLE, str, True),
                Column("last_name", "", "Row", str, True),
                WHO,
                Column("kind", "As on a record", "Community volunteer", one_of(PractitionerKind.choices), True),
                Column("status", "As on a record", "Active", one_of(PractitionerStatus.choices), True),
                Column("level", "As the RJC registers it", "Foundation", one_of(Level.choices)),
                Column("date_of_birth", "Needed of a young volunteer", "27/03/1990", a_day),
                Column("organisation", "As it is called here", ""),
                Column("local_area", "As it is called here", ""),
            ),
        ),
        Template(
            "checks",
            "DBS and police vetting",
            (
                WHO,
                Column("check", "Which", "DBS enhanced", one_of(CheckKind.choices), True),
                Column("result", "Of it nothing more", "Cleared", one_of(CheckStatus.choices), True),
                Column("reference", "Its number", "001234567890"),
                Column("issued_on", "", "02/02/2025", a_day),
                Column("expires_on", "Its last day", "01/02/2028", a_day),
            ),
        ),
        Template(
            "registrations",
            "Registrations with the RJC",
            (
                WHO,
                Column("level", "", "Intermediate", one_of(Level.choices), True),
                Column("number", "On the register", "RJC-101"),
                Column("registered_on", "", "05/05/2025", a_day, True),
                Column("expires_on", "Its last day", "04/05/2027", a_day),
            ),
        ),
        Template(
            "training",
            "Training that was passed",
            (
                WHO,
                Column("course", "As it is called here", "Conference facilitator", str, True),
                Column("awarded_on", "", "14/06/2024", a_day, True),
            ),
        ),
    )
}
