"""The Celery side of the queue: `leased_task` declares a kind of work; the sweep finds what no hint announced."""

from celery import shared_task

from rj_service.jobs import registry
from rj_service.jobs.hints import send_hint
from rj_service.jobs.leases import work_on
from rj_service.jobs.models import LeasedRowQuerySet

# Between two tries there are 10 seconds, then twice as many each time, up to 10 minutes.
FOR_A_DAY = 150  # a mail server may be away for a night
WITHOUT_END = 32_767  # what keeps people safe is never given up


# A task that may take longer has a queue and workers of its own: no alarm waits behind an import (docs/adr/0015).
LONG, LONGEST_BESIDE_ALARMS = "long", 300


def leased_task(model, *, lease: int = 60, time_limit: int = 900, tries: int = 5):
    """Declare the one task of a kind of leased row. The function gets a Lease and must end in `with lease.finish()`.

    `time_limit` in seconds; above LONGEST_BESIDE_ALARMS the workers of the queue LONG do it."""

    def declare(function):
        @shared_task(
            name=f"{function.__module__}.{function.__name__}",
            ignore_result=True,
            time_limit=time_limit,
            queue=LONG if time_limit > LONGEST_BESIDE_ALARMS else None,
            acks_late=False,
        )
        def task(row_id: str) -> None:
            work_on(model, row_id)

        registry.register(registry.Kind(model=model, task=task, work=function, lease_seconds=lease, tries=tries))
        return task

    return declare


@shared_task(ignore_result=True)
def sweep() -> None:
    """Send a hint for every due row: lost hints, ended leases, retries."""
    for kind in registry.all_kinds():
        for row in LeasedRowQuerySet(kind.model).due().only("pk").order_by("run_after")[:100]:
            send_hint(row)
