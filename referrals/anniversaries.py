"""The days around the anniversary of an incident. A warning not to write then, never an occasion to (domain 2.16.9)."""

from datetime import date, timedelta

AROUND = timedelta(days=14)


def near(happened_on: date | None, month: date | None, *, today: date) -> str:
    """'24 November', or the month alone where no more is known; empty when none is near, or in the incident's own year."""
    if happened_on is not None:
        for year in (today.year - 1, today.year, today.year + 1):
            day = _in_year(happened_on, year)
            if day > happened_on and abs(day - today) <= AROUND:
                return f"{day.day} {day:%B}"
        return ""
    if month is not None and today.year > month.year and today.month == month.month:
        return f"{month:%B}"
    return ""


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)
