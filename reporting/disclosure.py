"""What each audience may read of a month's figures. The thresholds are settings that the data protection officer signs.

internal: exact. commissioner: a fixed menu of exact one-way tables with their zeros, no cross-table, no sensitive flag.
public: quarter-end months only; 0 to 4 as "fewer than 5", everything else and every total rounded to 5.
"""

from collections.abc import Collection
from datetime import date

from reporting.choices import Audience
from reporting.measures import BY_KEY

FEWEST_FOR_PERCENTAGE = 10
PUBLIC_ROUNDING = 5
FEWER = "fewer than 5"
PUBLIC_QUARTERLY = ("referrals_received", "referrals_by_mechanism")
PUBLIC_YEARLY = ("referrals_by_crime_type", "referrals_by_local_area")
NOT_KNOWN, ELSEWHERE = "Not known", "Elsewhere"
LEFT_OUT = "left out this time: a small number could be worked out"
NOT_THIS_MONTH = "Figures for the public come out for quarters that end in March, June, September and December."


def for_staff(measures: dict[str, dict], audience: str) -> dict[str, dict]:
    """What a pack that is not for the public holds."""
    return for_commissioner(measures) if audience == Audience.COMMISSIONER else measures


def for_commissioner(measures: dict[str, dict]) -> dict[str, dict]:
    return {key: value for key, value in measures.items() if "commissioner" in BY_KEY[key].audiences}


def is_public_month(month: date) -> bool:
    return month.month % 3 == 0


def rounded(count: int) -> int | str:
    """0 to 4 as "fewer than 5"; the rest to the nearest 5."""
    return FEWER if count < PUBLIC_ROUNDING else PUBLIC_ROUNDING * round(count / PUBLIC_ROUNDING)


def for_public(quarter: dict[str, dict], year: dict[str, dict] | None, places: Collection[str] = ()) -> dict[str, dict]:
    """The public tables of a quarter (and, in March, of its financial year). Every cell and total is rounded by itself.
    `places`: the local areas of the area; whatever else a referrer typed is no line of its own, which would tell that
    somebody was harmed there, in the referrer's words."""
    found = {key: _rounded_measure(quarter[key]) for key in PUBLIC_QUARTERLY}
    if year is not None:
        by_place = {"referrals_by_local_area": _elsewhere_together(year["referrals_by_local_area"], places)}
        found |= {key: _rounded_measure((year | by_place)[key]) for key in PUBLIC_YEARLY}
    return found


def _elsewhere_together(measure: dict, places: Collection[str]) -> dict:
    """The same lines whatever was received: the area's own places, everywhere else, not known."""
    counts = measure["cells"]
    known = {place: counts.get(place, 0) for place in places} | {NOT_KNOWN: counts.get(NOT_KNOWN, 0)}
    elsewhere = sum(counts.values()) - sum(known.values())
    return {"cells": {**{place: known[place] for place in places}, ELSEWHERE: elsewhere, NOT_KNOWN: known[NOT_KNOWN]}}


def _rounded_measure(measure: dict) -> dict:
    if "cells" not in measure:
        return {"value": rounded(measure["value"])}
    if gives_away(list(measure["cells"].values())):
        return {"value": LEFT_OUT}
    return {"cells": {key: rounded(count) for key, count in measure["cells"].items()}}


def possible(count: int) -> tuple[int, int]:
    """The least and the most that a reader of the rounded number must reckon with."""
    if count < PUBLIC_ROUNDING:
        return 0, PUBLIC_ROUNDING - 1
    middle = PUBLIC_ROUNDING * round(count / PUBLIC_ROUNDING)
    return max(middle - PUBLIC_ROUNDING // 2, PUBLIC_ROUNDING), middle + PUBLIC_ROUNDING // 2


def gives_away(counts: list[int]) -> bool:
    """Whether the rounded cells and their rounded total leave a small cell only one number that it can be.

    It happens when every cell lies at the same end of its range and the total at the other: 12, 7, 7, 4, 4 and 4 add up to 38,
    which reads 40.
    """
    ranges = [possible(count) for count in counts]
    least, most = possible(sum(counts))
    above, below = most - sum(low for low, _ in ranges), sum(high for _, high in ranges) - least
    return any(
        min(high, low + above) == max(low, high - below)
        for count, (low, high) in zip(counts, ranges, strict=True)
        if count < PUBLIC_ROUNDING
    )


def in_words(rate: dict) -> str:
    """`31 of 34 (91%)`; without a percentage under 10 answers; "no data" without any."""
    numerator, denominator = rate["numerator"], rate["denominator"]
    if not denominator:
        return "no data"
    if denominator < FEWEST_FOR_PERCENTAGE:
        return f"{numerator} of {denominator}"
    return f"{numerator} of {denominator} ({round(100 * numerator / denominator)}%)"
