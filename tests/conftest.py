"""A real PostgreSQL signed in to as the application, a real worker, a real browser, and the cast."""

import os

import pytest
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from rj_service.audit.roles import as_owner
from tests.database import Emptier, close_to_public, owner_connection

# Playwright's loop runs in the thread of the test; the database is used from it one statement at a time.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = ["tests.cast", "tests.browser", "tests.worker"]


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Made and dropped by the owner; in between, the default connection is the application's."""
    with django_db_blocker.unblock():
        with as_owner():
            made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
            close_to_public()
        emptier = Emptier()
    kept = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: emptier.empty()
    yield
    TransactionTestCase._fixture_teardown = kept
    emptier.close()
    with django_db_blocker.unblock(), as_owner():
        try:
            teardown_databases(made, verbosity=0)
        except Exception as error:  # the next run drops it
            request.node.warn(pytest.PytestWarning(f"The test database was left behind: {error}"))


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def owner_cursor(db):
    owner = owner_connection()
    yield owner.cursor()
    owner.close()
