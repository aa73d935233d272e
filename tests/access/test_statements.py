"""No page asks the database more often for thirty rows than for three or one, whoever reads it."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from rj_service.accounts.views import GuardedListView
from tests.access.growth import grow
from tests.access.table import EVERYBODY, Line, addresses, ask, lines, parts_of, path_of
from tests.access.world import World, arguments
from tests.typed import typed

# The world alone is more than a page of the trail.
FULL_FROM_THE_START = {"operations:events", "operations:accesses"}


def readers(line: Line) -> list[str]:
    """The first who may, and the practitioner where one may: their pages are others."""
    if line.may == (EVERYBODY,):
        return ["coordinator", "supervisor", "dpo", "admin"]
    return [who for who in dict.fromkeys((line.may[0], "lead")) if who in line.may]


def pages_of(world: World) -> dict[tuple[str, str], str]:
    """Every page of the table that is not a form; a list with a box to find somebody in it is none."""
    forms = {line.address for line in lines() if line.method == "POST"} - every_list()
    pages = {
        (line.address, who): path_of(line.address, arguments(world, line.address, parts_of(line.address, line.of)))
        for line in lines()
        if line.method == "GET" and line.address not in forms and not line.of and not line.is_public
        for who in readers(line)
    }
    day, today = timedelta(days=1), timezone.localdate()
    asked = {"person": world.person, **typed(first_day=today - day, last_day=today + day)}
    pages["operations:who-looked", "dpo"] += f"?{urlencode(asked)}"
    return pages


@pytest.mark.proof
def test_as_many_statements_for_thirty_rows_as_for_one(world, clients):
    """Every page of the table; and each page that is a list has grown with its rows."""
    pages = pages_of(world)
    statements: dict[tuple[str, str], list[int]] = {page: [] for page in pages}
    lengths: dict[str, list[int]] = {}
    for more in (1, 2, 27):
        grow(world, more)
        for (address, who), path in pages.items():
            answer = ask(clients[who], "GET", path)
            statements[address, who].append(answer.statements)
            lengths.setdefault(address, []).append(len(answer.body))
    assert {page: counts for page, counts in statements.items() if len(set(counts)) > 1} == {}
    lists = every_list() - FULL_FROM_THE_START
    assert {name for name in lists if max(lengths[name]) == min(lengths[name])} == set(), (
        "lists that showed no more rows"
    )


def every_list() -> set[str]:
    return {name for name, pattern in addresses() if _is_list(pattern)}


def _is_list(pattern) -> bool:
    return issubclass(getattr(pattern.callback, "view_class", object), GuardedListView)
