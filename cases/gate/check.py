"""One check of the gate, and whoever can supply what is missing."""

from dataclasses import dataclass
from enum import StrEnum

BOTH = "both"
FACILITATOR, COORDINATOR, SUPERVISOR = "A facilitator or the coordinator", "The coordinator", "The case supervisor"


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """`side` is harmed, responsible or both. `url_name` is where whoever can supply it does so, and takes the case's id.

    `reason` says what is in place or what is missing; it never names somebody of another side than the check's own.
    """

    key: str
    title: str
    side: str
    state: State
    reason: str
    who_can: str = ""
    url_name: str = ""
    may_be_overridden: bool = False  # what is missing is of the closed list (`Overridable`)
    is_overridden: bool = False

    @property
    def is_missing(self) -> bool:
        return self.state == State.MISSING


def check(
    key, title, side, missing: str, in_place: str, who_can: str, url_name: str, *, may_be_overridden: bool = False
) -> Check:
    """Missing when there is a sentence that says what."""
    state = State.MISSING if missing else State.OK
    return Check(key, title, side, state, missing or in_place, who_can, url_name, bool(missing) and may_be_overridden)
