"""Tables of every status and every verb, played: it goes through, or it is refused as the table says and nothing changes."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from rj_service.accounts.errors import DomainError, StaleState
from rj_service.audit.models import DomainEvent
from tests.cases.conftest import undone


class Verb(NamedTuple):
    """`act(ready, row)`, the statuses from which it goes through, and those from which it is refused otherwise than as a page
    that is stale. `is_silent`: it leaves no event, as a draft does not."""

    act: Callable
    allowed: Collection[str]
    otherwise: Mapping[str, type[DomainError]] = {}
    is_silent: bool = False


def play_table(ready, model: str, statuses: Mapping[str, Callable], verbs: Mapping[str, tuple]) -> None:
    """`statuses`: how a row comes there, from `ready`. Every verb on every status, each taken back."""
    for status, arrive in statuses.items():
        with undone():
            row = arrive(ready)
            for name, entry in verbs.items():
                verb = Verb(*entry)
                refused_as = None if status in verb.allowed else verb.otherwise.get(status, StaleState)
                _play(ready, verb, row, refused_as, f"{model}, {status}: {name}")


def _play(ready, verb: Verb, row, refused_as: type[DomainError] | None, line: str) -> None:
    row = type(row)._base_manager.get(pk=row.pk)
    before = (_state(row), DomainEvent.objects.count())
    with undone():
        try:
            verb.act(ready, row)
        except DomainError as refusal:
            assert type(refusal) is refused_as, f"{line} is refused as {type(refusal).__name__}: {refusal}"
            assert (_state(row), DomainEvent.objects.count()) == before, line
        else:
            assert refused_as is None, f"{line} goes through"
            assert (DomainEvent.objects.count() > before[1]) is not verb.is_silent, line


def _state(row) -> dict:
    return type(row)._base_manager.filter(pk=row.pk).values().get()
