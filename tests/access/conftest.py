from collections.abc import Callable

import pytest

from tests.access.pages import Visit, visits_of
from tests.access.world import build_world


@pytest.fixture
def world(area, cast, hub):
    return build_world(area, cast, hub)


@pytest.fixture
def visits(world, cast, signed_in) -> Callable[[int], list[Visit]]:
    """`visits(every)`: every so manieth address of the table, as somebody who may open it."""
    clients = {who: signed_in(user) for who, user in cast.items()}
    return lambda every: visits_of(world, clients, every)
