"""One world for all tests of access: built once, and each test's changes taken back."""

import time
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from django.db import transaction
from django.test import Client

from tests.access.pages import Visit, visits_of
from tests.access.world import World, build_world
from tests.cast import make_area, make_cast, make_hub, make_other_area, sign_in


@pytest.fixture(scope="package")
def built(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        area, other_area = make_area(), make_other_area()
        hub = make_hub(area)
        yield build_world(area, other_area, make_cast(area, other_area, hub), hub)
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db) -> World:
    """Inside the savepoint of the test: what it changes is not there for the next."""
    return built


@pytest.fixture(scope="package")
def clients(built) -> dict[str, Client]:
    """Everybody signed in. Their sessions write nothing more by themselves, however long the tests take."""
    return {who: _settled(sign_in(user)) for who, user in built.cast.items()}


def _settled(client: Client) -> Client:
    client.get("/")
    session = client.session
    session["seen"] = time.time() + 60 * 60
    session.save()
    return client


@pytest.fixture(scope="package")
def pages_read(built, clients) -> Callable[[int], list[Visit]]:
    """Once for all tests: what a page asks and sends is the same in each."""
    return cache(lambda every: visits_of(built, clients, every))


@pytest.fixture
def visits(world, pages_read) -> Callable[[int], list[Visit]]:
    """`visits(every)`: every so manieth address of the table, as somebody who may open it."""
    return pages_read
