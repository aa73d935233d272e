"""Claim a due row, work on it, finish it once.

A worker killed at any instant loses nothing (the lease ends and the row is claimed again) and doubles nothing (whoever
was superseded cannot finish: the fence is taken first, the effects follow in the same transaction).
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.functions import Now

from rj_service.jobs import registry
from rj_service.jobs.models import LeasedRow


class Superseded(Exception):
    """Another worker has claimed the row since: nothing may be written."""


class Lease:
    """One claim of one row. `row` is as claimed; its scope is whatever the work enters with `acting_as`."""

    def __init__(self, model, row_id, token: int, seconds: int):
        self.model, self.row_id, self.token, self.seconds = model, row_id, token, seconds

    @property
    def _mine(self):
        return self.model._base_manager.filter(pk=self.row_id, token=self.token, state=LeasedRow.State.RUNNING)

    @property
    def row(self):
        return self.model._base_manager.get(pk=self.row_id)

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is, and renew the lease. Raises Superseded when the row is no longer ours."""
        if not self._mine.update(progress_done=done, progress_total=total):
            raise Superseded(self.row_id)

    @contextmanager
    def finish(self) -> Iterator:
        """Take the fence, then let the effects follow; one commit. Raises Superseded before any effect."""
        with transaction.atomic():
            if not self._mine.update(state=LeasedRow.State.DONE, finished_at=Now(), lease_until=None, last_error=""):
                raise Superseded(self.row_id)
            yield self.row


_CLAIM = """
UPDATE {table} SET state = 'running', token = token + 1, attempts = attempts + 1,
       lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = (SELECT id FROM {table} WHERE id = %s AND (
                (state = 'queued' AND run_after <= clock_timestamp())
             OR (state = 'running' AND lease_until < clock_timestamp()))
            FOR UPDATE SKIP LOCKED)
RETURNING token, attempts, max_attempts
"""
_RENEW = """
UPDATE {table} SET lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND token = %s AND state = 'running'
"""


def claim(model, row_id, seconds: int) -> Lease | None:
    """A lease on the row, or None when it is not due, is somebody else's or has used up its attempts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(table=model._meta.db_table), [seconds, row_id])
        claimed = cursor.fetchone()
        if claimed is None:
            return None
        token, attempts, max_attempts = claimed
        if attempts > max_attempts:
            model._base_manager.filter(pk=row_id).update(
                state=LeasedRow.State.FAILED, finished_at=Now(), lease_until=None
            )
            return None
    return Lease(model, row_id, token, seconds)


@contextmanager
def _renewed(lease: Lease) -> Iterator[None]:
    """Renew the lease every third of it on a connection of its own, until the work ends."""
    over = threading.Event()

    def renew():
        try:
            while not over.wait(lease.seconds / 3):
                with connection.cursor() as cursor:
                    cursor.execute(
                        _RENEW.format(table=lease.model._meta.db_table), [lease.seconds, lease.row_id, lease.token]
                    )
        finally:
            connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def work_on(model, row_id) -> bool:
    """Claim the row and do its work in this process. False when there was nothing to claim; raises what the work raised."""
    kind = registry.kind_of(model)
    lease = claim(model, row_id, kind.lease_seconds)
    if lease is None:
        return False
    try:
        with _renewed(lease):
            kind.work(lease)
    except Superseded:
        return False
    except Exception as error:
        _put_back(lease, error)
        raise
    return True


def see_through(row: LeasedRow, every: float = 0.5) -> None:
    """Do its work in this process, or wait while whoever claimed it first does. Returns with the row as it ended."""
    row.refresh_from_db()
    while not row.is_over and not work_on(type(row), row.pk):
        time.sleep(every)
        row.refresh_from_db()
    row.refresh_from_db()


def _put_back(lease: Lease, error: Exception) -> None:
    row = lease.row
    spent = row.attempts >= row.max_attempts
    backoff = min(5 * 2**row.attempts, 600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() + make_interval(secs => %s)", [backoff])
        again_at = cursor.fetchone()[0]
    lease._mine.update(
        state=LeasedRow.State.FAILED if spent else LeasedRow.State.QUEUED,
        run_after=again_at,
        lease_until=None,
        finished_at=Now() if spent else None,
        # The kind of fault, never its text: messages can quote a person's data.
        last_error=type(error).__name__,
    )


def try_again(row) -> bool:
    """Queue a failed row once more. False when it was not failed."""
    return bool(try_each_again(type(row), [row.pk]))


def try_each_again(model, row_ids: list) -> int:
    """Queue those of the rows once more that have failed; returns how many. The sweep finds them."""
    again = model._base_manager.filter(pk__in=row_ids, state=LeasedRow.State.FAILED)
    return again.update(state=LeasedRow.State.QUEUED, attempts=0, run_after=Now(), finished_at=None, last_error="")
