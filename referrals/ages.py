"""Ages by the calendar of England and Wales: a day is a local day, and whoever was born on 29 February is a year older on
1 March in a year without one."""

from datetime import date

OF_AGE = 18


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def eighteen_on(born: date) -> date:
    """The day from which they are of age, from its first minute."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)
