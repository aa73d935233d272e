"""A real PostgreSQL signed in to as the application, a real worker, a real browser, and the cast."""

import fcntl
import gc
import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from django.test import Client, TransactionTestCase

from tests.database import Emptier, owner_connection, test_database

# Playwright's loop runs in the thread of the test; the database is used from it one statement at a time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Rare collections of what is young: a test leaves little behind, and the modules never go.
gc.set_threshold(100_000, 50, 100)

pytest_plugins = ["tests.cast", "tests.browser", "tests.journey.visitor", "tests.worker"]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Made and dropped by the owner; in between, the default connection is the application's."""
    database = test_database()
    with django_db_blocker.unblock():
        database.__enter__()
        emptier = Emptier()
    kept = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: emptier.empty()
    yield
    TransactionTestCase._fixture_teardown = kept
    with django_db_blocker.unblock():
        emptier.close()
        database.__exit__(None, None, None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What is to be alone comes first: later it would wait for the longest test, and every other process for it. Then
    what takes longest, so that no process is left with it at the end."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("alone", "longest")])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """A test marked `alone` runs while no other process tests: it asks which transactions of the server are still open."""
    folder = Path(tempfile.gettempdir())
    name = hashlib.sha256(os.environ.get("PGHOST", "").encode()).hexdigest()[:16]
    alone = item.get_closest_marker("alone") is not None
    with (folder / f"rj-{name}.door").open("w") as door, (folder / f"rj-{name}.room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        return (yield)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def owner_cursor(db):
    owner = owner_connection()
    yield owner.cursor()
    owner.close()
