"""The abstract leased row. Due work is claimed with FOR UPDATE SKIP LOCKED and finished with a fencing token."""

import uuid

from django.db import models, transaction
from django.db.models.functions import Now

from rj_service.jobs import registry
from rj_service.jobs.hints import send_hint

LEASED_FIELDS = (
    "id state run_after lease_until token attempts max_attempts last_error progress_done progress_total"
    " created_at finished_at asked_by_id"
)


class LeasedRowQuerySet(models.QuerySet):
    def due(self):
        """Rows a worker may claim now: queued and past `run_after`, or running with a lease that has ended."""
        return self.filter(
            models.Q(state=LeasedRow.State.QUEUED, run_after__lte=Now())
            | models.Q(state=LeasedRow.State.RUNNING, lease_until__lt=Now())
        )

    def enqueue(self, **fields):
        """Create the row in the caller's transaction, with the tries of its kind; a hint goes out on commit and is allowed
        to fail."""
        row = self.create(**{"max_attempts": registry.kind_of(self.model).tries, **fields})
        transaction.on_commit(lambda: send_hint(row), robust=True)
        return row

    def requeue(self, row) -> None:
        """Queue a row that was done or has failed once more, with fresh attempts, in the caller's transaction."""
        self.filter(pk=row.pk).update(
            state=LeasedRow.State.QUEUED, attempts=0, run_after=Now(), finished_at=None, lease_until=None, last_error=""
        )
        transaction.on_commit(lambda: send_hint(row), robust=True)


class LeasedRow(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    run_after = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    last_error = models.CharField(max_length=300, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    asked_by_id = models.UUIDField(null=True, blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["run_after"],
                name="%(app_label)s_%(class)s_due",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.Index(  # few, and counted on a manager's home
                fields=["created_at"], name="%(app_label)s_%(class)s_bad", condition=models.Q(state="failed")
            ),
        ]

    @property
    def is_working(self) -> bool:
        """Whether a page about it looks again by itself."""
        return not self.is_over

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)
