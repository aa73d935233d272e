"""The files that bring volunteers from spreadsheets: their columns, and what a row means."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rj_service.documents.templates_in import Column, Template
from volunteers.choices import CheckKind, CheckStatus, Level, PractitionerKind, PractitionerStatus

MOST_ROWS = 500
EXAMPLE = "EXAMPLE"
YES_NO = [("yes", "Yes"), ("no", "No")]


class NotUnderstood(ValueError):
    """What is wrong with a cell, as its sender reads it."""


@dataclass(frozen=True)
class Cell(Column):
    """A column, and how what stands in it is read."""

    read: Callable[[str], Any] = str


@dataclass(frozen=True)
class PeopleTemplate(Template):
    def read(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """Raises NotUnderstood for the first cell that is not."""
        found = {}
        for column in self.columns:
            typed = cells.get(column.name, "").strip()
            if column.is_mandatory and not typed:
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


def labels(choices: Any) -> str:
    return f"One of: {', '.join(str(label) for _, label in choices.choices)}"


WHO = Cell("email", "By it the other files find them", f"{EXAMPLE.lower()}@example.org", True, 254, an_email)
TEMPLATES = {
    template.key: template
    for template in (
        PeopleTemplate(
            "volunteers",
            "Volunteers",
            "One row for each volunteer or colleague who works with people",
            (
                Cell("first_name", "First name", EXAMPLE, True),
                Cell("last_name", "Last name", "Row", True),
                WHO,
                Cell(
                    "kind", labels(PractitionerKind), "Community volunteer", True, read=one_of(PractitionerKind.choices)
                ),
                Cell("status", labels(PractitionerStatus), "Active", True, read=one_of(PractitionerStatus.choices)),
                Cell("level", labels(Level), "Foundation", read=one_of(Level.choices)),
                Cell("date_of_birth", "Needed of a young volunteer", "27/03/1990", read=a_day),
                Cell("organisation", "As it is called here", ""),
                Cell("local_area", "As it is called here. Several have a semicolon between them", "", longest=500),
                Cell("works_since", "In restorative justice, here or elsewhere", "02/09/2024", read=a_day),
            ),
        ),
        PeopleTemplate(
            "checks",
            "DBS and police vetting",
            "One row for each check",
            (
                WHO,
                Cell("check", labels(CheckKind), "DBS enhanced", True, read=one_of(CheckKind.choices)),
                Cell("result", labels(CheckStatus), "Cleared", True, read=one_of(CheckStatus.choices)),
                Cell("reference", "Its number", "001234567890"),
                Cell("issued_on", "Its first day", "02/02/2025", read=a_day),
                Cell("expires_on", "Its last day", "01/02/2028", read=a_day),
            ),
        ),
        PeopleTemplate(
            "registrations",
            "Registrations with the RJC",
            "One row for each registration",
            (
                WHO,
                Cell("level", labels(Level), "Intermediate", True, read=one_of(Level.choices)),
                Cell("number", "On the register", "RJC-101"),
                Cell("registered_on", "Its first day", "05/05/2025", True, read=a_day),
                Cell("expires_on", "Its last day", "04/05/2027", read=a_day),
            ),
        ),
        PeopleTemplate(
            "training",
            "Training that was passed",
            "One row for each course that somebody passed",
            (
                WHO,
                Cell("course", "As it is called here", "Conference facilitator", True),
                Cell("awarded_on", "When it ended", "14/06/2024", True, read=a_day),
                Cell(
                    "certificate_seen",
                    "Yes where somebody has seen it. Otherwise it counts once a training lead has",
                    "Yes",
                    read=one_of(YES_NO),
                ),
            ),
        ),
    )
}
