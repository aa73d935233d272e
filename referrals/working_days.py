"""Working days in England and Wales: the clocks of the Victims' Code leave out weekends and bank holidays."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def add_working_days(start: date, count: int) -> date:
    """The last day of a period of `count` working days that begins on the day after `start`."""
    day = start
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start)
    weeks, rest = divmod((end - start).days, 7)
    loose = sum((start + timedelta(days=7 * weeks + n)).weekday() < 5 for n in range(1, rest + 1))
    lost = sum(
        holiday.weekday() < 5 and start < holiday <= end
        for year in range(start.year, end.year + 1)
        for holiday in bank_holidays(year)
    )
    return weeks * 5 + loose - lost


@dataclass(frozen=True, slots=True)
class Clock:
    """How long something may still wait, or has waited too long."""

    due_on: date
    days_left: int

    @property
    def state(self) -> str:
        return "stop" if self.days_left < 0 else "soon" if self.days_left == 0 else "wait"

    @property
    def words(self) -> str:
        days = abs(self.days_left)
        unit = "working day" if days == 1 else "working days"
        if self.days_left == 0:
            return "Due today"
        return f"{days:,} {unit} over" if self.days_left < 0 else f"{days:,} {unit} left"


def clock(received_on: date, *, allowed: int, today: date) -> Clock:
    return clock_to(add_working_days(received_on, allowed), today=today)


def clock_to(due_on: date, *, today: date) -> Clock:
    if today > due_on:  # a Saturday after a Friday's deadline is late although no working day has passed
        return Clock(due_on, -max(1, working_days_between(due_on, today)))
    return Clock(due_on, working_days_between(today, due_on))


def received_before_overdue(*, allowed: int, today: date) -> date:
    """Whatever was received before this day is past its time today: one comparison for a whole list."""
    day = today
    while add_working_days(day, allowed) >= today:
        day -= ONE_DAY
    return day + ONE_DAY
