"""The clauses of a contract as rules (seed 001 paragraph 1.7). Pure: terms and days in, sentences and sums out.

One ceiling stands for the whole contract. Two things expose it: a session cancelled *less than* the notice before it is held,
and fewer conferences or activities in the first twelve months than were agreed. Both are shown as they come near.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rj_service.ui.dates import months_after

FIRST_MONTHS = 12
SOON = timedelta(days=14)  # before the last day on which a session may be cancelled freely
SHORTFALL_SOON = timedelta(days=90)  # before the first year ends


@dataclass(frozen=True)
class Terms:
    """`agreed`: conferences or activities in the first twelve months; 0 where none were agreed."""

    ceiling: Decimal
    notice_days: int
    agreed: int
    starts_on: date | None


@dataclass(frozen=True)
class Standing:
    """Where something stands: `state` as for `{% state %}`, and the sentence."""

    state: str
    words: str


def is_too_late(*, cancelled_on: date, held_on: date, notice_days: int) -> bool:
    """Less than the notice before: exactly 28 days before a session is in time, 27 is not."""
    return (held_on - cancelled_on).days < notice_days


def last_free_day(held_on: date, notice_days: int) -> date:
    return held_on - timedelta(days=notice_days)


def standing_of_session(terms: Terms, *, held_on: date, today: date) -> Standing:
    """Of a session that nobody cancelled and that was not held."""
    free_until = last_free_day(held_on, terms.notice_days)
    left = (free_until - today).days
    if left < 0:
        return Standing("stop", f"Cancelling it now exposes up to {_pounds(terms.ceiling)}")
    if left == 0:
        return Standing("soon", "Today is the last day on which it can be cancelled without exposure")
    if free_until - today <= SOON:
        return Standing("soon", f"Can be cancelled without exposure for {left} more {'day' if left == 1 else 'days'}")
    return Standing("wait", "Can be cancelled without exposure")


def first_year_ends(starts_on: date) -> date:
    """Its last day."""
    return months_after(starts_on, FIRST_MONTHS) - timedelta(days=1)


def shortfall(terms: Terms, delivered: int) -> int:
    return max(terms.agreed - delivered, 0)


def standing_of_year(terms: Terms, *, delivered: int, today: date) -> Standing | None:
    """None where nothing was agreed, or the contract has not begun. "Behind" compares with an even pace over the year."""
    if not terms.agreed or terms.starts_on is None or today < terms.starts_on:
        return None
    missing, ends = shortfall(terms, delivered), first_year_ends(terms.starts_on)
    so_far = f"{delivered} of {terms.agreed} conferences or activities"
    if not missing:
        return Standing("ok", f"{so_far}: delivered")
    if today > ends:
        return Standing("stop", f"{so_far} when the first year ended: exposes up to {_pounds(terms.ceiling)}")
    left = (ends - today).days + 1
    words = f"{so_far}, {missing} more needed in {left} {'day' if left == 1 else 'days'}"
    is_behind = delivered < paced(terms, today)
    return Standing("soon" if is_behind or ends - today <= SHORTFALL_SOON else "wait", words)


def paced(terms: Terms, today: date) -> int:
    """How many an even pace would have brought by today, in whole ones."""
    if terms.starts_on is None:
        return 0
    whole = (first_year_ends(terms.starts_on) - terms.starts_on).days + 1
    gone = min((today - terms.starts_on).days + 1, whole)
    return terms.agreed * gone // whole


def most_exposed(terms: Terms, already: Decimal) -> Decimal:
    """What is left of the ceiling: the sum is the contract's, not each session's."""
    return max(terms.ceiling - already, Decimal(0))


def _pounds(amount: Decimal) -> str:
    return f"£{amount:,.0f}" if amount == amount.to_integral() else f"£{amount:,.2f}"
