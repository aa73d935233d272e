"""Months, quarters and years as half-open dates in local time (Europe/London)."""

from dataclasses import dataclass
from datetime import date


def first_of(month: date, months: int = 0) -> date:
    """The first of the month that lies `months` later (earlier where negative)."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def month_from(text: str) -> date:
    """`2026-10` as the first of the month. Raises ValueError."""
    year, _, month = text.partition("-")
    if len(year) != 4 or len(month) != 2:
        raise ValueError(f"{text} is not a month like 2026-10")
    return date(int(year), int(month), 1)


@dataclass(frozen=True)
class Period:
    """[start, end): `end` is the first day outside."""

    start: date
    end: date

    @classmethod
    def month(cls, month: date) -> "Period":
        return cls(first_of(month), first_of(month, 1))

    @classmethod
    def months_before(cls, end: date, *, furthest: int, nearest: int = 0) -> "Period":
        return cls(first_of(end, -furthest), first_of(end, -nearest))
