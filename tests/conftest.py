"""A real PostgreSQL signed in to as the application, a real worker, a real browser, and the cast."""

import fcntl
import gc
import os
import tempfile
import time
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


TO_BE_ALONE = pytest.StashKey[int]()
LONGEST_WAIT = 20 * 60


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """What is to be alone comes first: later it would wait for the longest test, and every other process for it. Then
    what takes longest, so that no process is left with it at the end."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is None for name in ("alone", "longest")])
    config.stash[TO_BE_ALONE] = sum(item.get_closest_marker("alone") is not None for item in items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """
    A test marked `alone` runs while no other process tests: it asks which transactions of the server are still open.
    The others of its run begin after it, for what they build for a whole package stays open between them.
    """
    folder, run = _shared(), os.environ.get("PYTEST_XDIST_TESTRUNUID")
    over = folder / f"{run}.alone"  # a byte for each test that was alone and is over
    alone = item.get_closest_marker("alone") is not None
    if run and not alone:
        _wait_for(over, item.config.stash[TO_BE_ALONE])
    with (folder / "tests.door").open("w") as door, (folder / "tests.room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            return (yield)
        finally:
            if run and alone:
                with over.open("ab") as file:
                    file.write(b".")


def _shared() -> Path:
    """Where every process that tests on this server meets: the folder of its sockets, which goes with it."""
    host = os.environ.get("PGHOST", "")
    return Path(host if host.startswith("/") else tempfile.gettempdir())


def _wait_for(over: Path, number: int) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while number and (over.stat().st_size if over.exists() else 0) < number:
        if time.monotonic() > until:
            raise TimeoutError("A test that is to be alone did not end: its process is gone or hangs")
        time.sleep(0.2)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def owner_cursor(db):
    owner = owner_connection()
    yield owner.cursor()
    owner.close()
