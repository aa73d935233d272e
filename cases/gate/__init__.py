"""THE gate (domain 2.16.2): `checks_for` says what is in place and what is missing."""

from cases.gate.check import Check, State
from cases.gate.checks import (
    GateClosed,
    checks_for,
    checks_for_each,
    conditions_met,
    is_open,
    needs_of,
    permits,
)

__all__ = [
    "Check",
    "GateClosed",
    "State",
    "checks_for",
    "checks_for_each",
    "conditions_met",
    "is_open",
    "needs_of",
    "permits",
]
