"""What a journey is paid, and which year it counts in. Pure.

Two years meet here: HM Revenue and Customs counts miles from 6 April to 5 April, the service its budget from April to March.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    """Pence a mile: the first for so many miles of a tax year, the other for every mile after them."""

    first_pence: Decimal
    after_pence: Decimal
    first_miles: int


def tax_year_of(day: date) -> tuple[date, date]:
    """Its first and last day."""
    year = day.year if (day.month, day.day) >= (4, 6) else day.year - 1
    return date(year, 4, 6), date(year + 1, 4, 5)


def financial_year_of(day: date) -> int:
    """The year in which it begins: 2026 from 1 April 2026 to 31 March 2027."""
    return day.year if day.month >= 4 else day.year - 1


def amount_for(miles: Decimal, *, before: Decimal, rate: Rate) -> Decimal:
    """Pounds, to the nearest penny. `before`: the miles that the person claimed of this tax year already."""
    at_first = min(miles, max(Decimal(0), rate.first_miles - before))
    pence = at_first * rate.first_pence + (miles - at_first) * rate.after_pence
    return (pence / 100).quantize(PENNY, ROUND_HALF_UP)
