"""The row is the queue: claimed once, finished once, put back, never lost."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from referrals.models import SafetyChange
from rj_service.accounts.acting import system_user
from rj_service.accounts.actions import invite
from rj_service.accounts.models import AccountMail, User
from rj_service.jobs import hints, registry
from rj_service.jobs.leases import Superseded, _put_back, claim, try_again, work_on
from rj_service.jobs.models import LeasedRowQuerySet
from rj_service.jobs.tasks import FOR_A_DAY, WITHOUT_END, sweep
from tests.factories import UserFactory
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row():
    return AccountMail.objects.create(kind="changed", user=UserFactory())


@pytest.fixture
def working():
    """`working(function)`: for this test the kind's work is that function."""
    kind = registry.kind_of(AccountMail)

    def register(work, lease_seconds=60):
        registry.register(registry.Kind(AccountMail, kind.task, work, lease_seconds))

    yield register
    registry.register(kind)


def state(row) -> str:
    return AccountMail.objects.get(pk=row.pk).state


def end_lease(row) -> None:
    AccountMail.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def in_threads(function, count=4):
    found, errors = [], []

    def run():
        try:
            found.append(function())
        except BaseException as error:  # shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return found


def test_threads_that_race_for_rows_claim_each_once():
    user = UserFactory()
    keys = [AccountMail.objects.create(kind="changed", user=user).pk for _ in range(100)]
    claimed = [key for batch in in_threads(lambda: [k for k in keys if claim(AccountMail, k, 60)]) for key in batch]
    assert sorted(claimed) == sorted(keys)
    assert set(AccountMail.objects.values_list("attempts", "token")) == {(1, 1)}


def test_a_row_is_not_claimed_before_its_time_nor_twice(row):
    assert claim(AccountMail, row.pk, 60) is not None
    assert claim(AccountMail, row.pk, 60) is None
    later = AccountMail.objects.create(kind="changed", user=row.user, run_after=timezone.now() + timedelta(hours=1))
    assert claim(AccountMail, later.pk, 60) is None


def test_a_late_writer_is_refused_before_any_effect(row):
    slow = claim(AccountMail, row.pk, 60)
    end_lease(row)
    quick = claim(AccountMail, row.pk, 60)
    with quick.finish():
        User.objects.filter(pk=row.user_id).update(first_name="Quick")
    with pytest.raises(Superseded), slow.finish():
        User.objects.filter(pk=row.user_id).update(first_name="Slow")
    with pytest.raises(Superseded):
        slow.progress(1, 2)
    row.refresh_from_db()
    assert (row.state, row.attempts, User.objects.get(pk=row.user_id).first_name) == ("done", 2, "Quick")


def test_both_writers_at_once_have_one_effect(row):
    first = claim(AccountMail, row.pk, 60)
    end_lease(row)
    second = claim(AccountMail, row.pk, 60)
    leases = [first, second] * 2

    def finish():
        try:
            with leases.pop().finish():
                User.objects.filter(pk=row.user_id).update(session_epoch=1)
            return 1
        except Superseded:
            return 0

    assert sum(in_threads(finish)) == 1


def test_an_effect_that_fails_leaves_the_row_unfinished(row):
    lease = claim(AccountMail, row.pk, 60)
    with pytest.raises(ValueError), lease.finish():
        User.objects.filter(pk=row.user_id).update(first_name="Half")
        raise ValueError
    assert state(row) == "running"
    assert User.objects.get(pk=row.user_id).first_name != "Half"


def test_a_fault_puts_the_row_back_with_growing_patience_and_then_fails_it(row, working):
    def work(lease):
        raise ValueError("Maureen Oakes, 4 Elm Close")

    working(work)
    waits = []
    for attempt in range(1, 6):
        with pytest.raises(ValueError):
            work_on(AccountMail, row.pk)
        row.refresh_from_db()
        assert (row.attempts, row.last_error) == (attempt, "ValueError")
        waits.append((row.run_after - timezone.now()).total_seconds())
        AccountMail.objects.filter(pk=row.pk).update(run_after=timezone.now() - timedelta(seconds=1))
    assert row.state == "failed" and row.finished_at is not None
    assert all(later > sooner for sooner, later in zip(waits[:4], waits[1:4], strict=False))
    assert work_on(AccountMail, row.pk) is False
    assert try_again(row) is True
    assert try_again(row) is False
    assert state(row) == "queued"


def test_a_mail_is_tried_for_a_day_and_what_keeps_people_safe_without_end():
    """Between tries there are at most ten minutes: 150 of them are more than 24 hours."""
    mail = AccountMail.objects.enqueue(kind="changed", user=UserFactory())
    assert mail.max_attempts == FOR_A_DAY and registry.kind_of(SafetyChange).tries == WITHOUT_END
    waited = 0.0
    for _ in range(FOR_A_DAY - 1):
        lease = claim(AccountMail, mail.pk, 60)
        _put_back(lease, ConnectionRefusedError())
        mail.refresh_from_db()
        assert mail.state == "queued"
        waited += (mail.run_after - timezone.now()).total_seconds()
        AccountMail.objects.filter(pk=mail.pk).update(run_after=timezone.now() - timedelta(seconds=1))
    assert waited > 24 * 60 * 60
    _put_back(claim(AccountMail, mail.pk, 60), ConnectionRefusedError())
    assert state(mail) == "failed"


def test_a_row_whose_worker_dies_every_time_fails_in_the_end(row):
    for _ in range(5):
        assert claim(AccountMail, row.pk, 60) is not None
        end_lease(row)
    assert claim(AccountMail, row.pk, 60) is None
    assert state(row) == "failed"


def test_work_that_takes_longer_than_its_lease_keeps_it(row, working):
    def work(lease):
        time.sleep(2.5)
        assert claim(AccountMail, lease.row_id, 1) is None
        with lease.finish():
            pass

    working(work, lease_seconds=1)
    assert work_on(AccountMail, row.pk) is True
    assert (state(row), AccountMail.objects.get(pk=row.pk).attempts) == ("done", 1)


def test_a_row_that_is_rolled_back_was_never_queued(broker):
    user = UserFactory()
    with pytest.raises(ValueError), transaction.atomic():
        AccountMail.objects.enqueue(kind="changed", user=user)
        raise ValueError
    assert not AccountMail.objects.exists()


@pytest.mark.proof
def test_kill_9_in_the_middle_loses_nothing_and_doubles_nothing(worker):
    """The worker holds the fence and waits for a row that we hold; then it dies, with its children."""
    names = {"email": "new@example.org", "first_name": "New", "last_name": "Person"}
    invitation = invite(**names, role="system_administrator", by=system_user("operator"), send=False)
    before = bytes(invitation.token_digest)
    with transaction.atomic():
        # Leaves the foreign key of the queued row alone, stops the new secret of the link.
        type(invitation).objects.select_for_update(no_key=True).get(pk=invitation.pk)
        asking = threading.Thread(target=_enqueue, args=(invitation.pk,))
        asking.start()
        asking.join()
        row = AccountMail.objects.get()
        wait_until(lambda: AccountMail.objects.get(pk=row.pk).state == "running")
        time.sleep(0.3)
        worker.kill()
    wait_until(lambda: AccountMail.objects.get(pk=row.pk).state == "running")
    time.sleep(0.5)  # the dead worker's transaction is given up
    invitation.refresh_from_db()
    assert bytes(invitation.token_digest) == before
    end_lease(row)
    worker.start()
    sweep()
    wait_until(lambda: state(row) == "done", within=30)
    row.refresh_from_db()
    invitation.refresh_from_db()
    assert (row.attempts, row.token) == (2, 2)
    assert bytes(invitation.token_digest) != before
    sweep()
    time.sleep(1)
    row.refresh_from_db()
    assert row.attempts == 2


def _enqueue(invitation_id) -> None:
    try:
        AccountMail.objects.enqueue(kind="invitation", invitation_id=invitation_id)
    finally:
        connection.close()


@pytest.mark.parametrize("fault", ["gone", pytest.param("hung", marks=pytest.mark.proof)])
def test_a_broker_that_is_gone_or_hangs_delays_nobody_and_the_sweep_finds_the_row(worker, fault):
    import signal

    user = UserFactory()
    first = AccountMail.objects.enqueue(kind="changed", user=user)  # the first publish of a process imports
    wait_until(lambda: state(first) == "done")
    worker.broker.stop(signal.SIGKILL) if fault == "gone" else worker.broker.hang()
    began = time.monotonic()
    rows = [AccountMail.objects.enqueue(kind="changed", user=user) for _ in range(5)]
    took = time.monotonic() - began
    assert took < 2, took
    assert AccountMail.objects.filter(state="queued").count() == 5
    worker.broker.start() if fault == "gone" else worker.broker.resume()
    hints._closed_until = 0.0
    wait_until(_swept(rows), within=60, every=1)


def _swept(rows):
    def done() -> bool:
        hints._closed_until = 0.0
        sweep()
        return all(state(row) == "done" for row in rows)

    return done


def test_due_rows_are_those_a_worker_may_claim(row):
    assert list(LeasedRowQuerySet(AccountMail).due()) == [row]
    claim(AccountMail, row.pk, 60)
    assert not LeasedRowQuerySet(AccountMail).due().exists()
    end_lease(row)
    assert LeasedRowQuerySet(AccountMail).due().exists()
