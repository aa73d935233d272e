"""Whether two records look like one person, and why."""

from referrals.duplicates.names import plain
from referrals.duplicates.scoring import (
    NOBODY,
    THRESHOLD,
    VERY_LIKELY,
    WORDS,
    Likeness,
    Match,
    births_like,
    can_be_one,
    compare,
)

__all__ = [
    "NOBODY",
    "THRESHOLD",
    "VERY_LIKELY",
    "WORDS",
    "Likeness",
    "Match",
    "births_like",
    "can_be_one",
    "compare",
    "plain",
]
