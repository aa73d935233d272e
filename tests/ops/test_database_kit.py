"""The kit that the other tests stand on: a database emptied by its owner, a worker, a browser."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.audit.models import DomainEvent
from tests.factories import UserFactory


def test_the_default_connection_is_the_application(db):
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_database()")
        user, database = cursor.fetchone()
    assert user == "rj_app"
    assert database.startswith("test_rj")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_transactional_test_leaves_nothing(transactional_db, turn):
    kinds = ContentType.objects.count()
    assert kinds > 0
    assert User.objects.count() == 0
    assert DomainEvent.objects.count() == 0
    with transaction.atomic():
        record("accounts.tested", by=UserFactory())
    assert DomainEvent.objects.get().pk == 1


def test_a_test_leaves_nothing_either(db):
    assert User.objects.count() == 0


def test_a_worker_does_what_a_hint_asks(worker, transactional_db, caplog):
    from rj_service.jobs.tasks import sweep
    from tests.worker import wait_until

    sweep.delay()
    wait_until(lambda: "sweep" in worker.log.read_text() and "succeeded" in worker.log.read_text())


def test_the_cast_signs_in(cast, signed_in):
    answers = {name: signed_in(user).get("/accounts/2fa/").status_code for name, user in cast.items()}
    assert set(answers.values()) == {200}


def test_a_page_in_a_real_browser(signed_in_page, cast):
    page = signed_in_page(cast["coordinator"])
    answer = page.goto("/accounts/2fa/")
    assert answer.status == 200
    assert page.locator("h1").count() == 1
