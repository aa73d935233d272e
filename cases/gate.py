"""THE gate: nothing is carried between the sides before every check is in place (domain 2.16.2). Nobody can override it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.models import Intervention
from rj_service.accounts.errors import DomainError


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """`side` is harmed, responsible or both. `url_name` is where whoever can supply it does so, with the case's id; it may
    be empty. `reason` says what is there, or what is missing; it names nobody of the other side than its own."""

    key: str
    title: str
    side: str
    state: State
    reason: str
    who_can: str = ""
    url_name: str = ""

    @property
    def is_missing(self) -> bool:
        return self.state == State.MISSING


class GateClosed(DomainError):
    """Carries every check; the message is the first that is missing."""

    def __init__(self, checks: Iterable[Check]):
        self.checks = tuple(checks)
        self.missing = tuple(check for check in self.checks if check.is_missing)
        super().__init__(f"This cannot go ahead: {self.missing[0].reason}", code="gate_closed")


def checks_for(intervention: Intervention, today: date, *, on_the_day: bool = False) -> list[Check]:
    """Every check of an intervention as it stands on a day; `on_the_day` adds the reconfirmation. Always the same keys in the
    same order for the same model and flags. An action asks with the case and its referral locked."""
    raise NotImplementedError


def is_open(checks: Iterable[Check]) -> bool:
    return not any(check.is_missing for check in checks)
