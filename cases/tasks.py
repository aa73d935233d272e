"""What casework does in the background."""

from collections.abc import Iterator

from celery import shared_task
from django.utils import timezone

from cases.actions import (
    apply_safety_change,
    end_without_asker,
    finish_moving,
    finish_trying,
    forget_old_moves,
    move_rows,
    read_files,
    who_asked,
)
from cases.models import MoveIn
from referrals.models import SafetyChange
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea
from rj_service.jobs.tasks import leased_task


@leased_task(SafetyChange, lease=60, time_limit=120)
def act_on_safety_change(lease) -> None:
    scheduler = system_user("scheduler")
    with acting_as(scheduler, areas=[lease.row.service_area_id]), lease.finish() as change:
        apply_safety_change(change=change, by=scheduler, today=timezone.localdate())


@leased_task(MoveIn, lease=60, time_limit=3600)
def move_in(lease) -> None:
    """Tries the files out, or moves their rows in: whichever the row has come to."""
    move, today = lease.row, timezone.localdate()
    scheduler, areas = system_user("scheduler"), [move.service_area_id]
    with acting_as(scheduler, areas=areas):
        by = who_asked(move)
    if by is None:
        with acting_as(scheduler, areas=areas), lease.finish() as row:
            end_without_asker(move=row)
        return
    is_trying = move.step == MoveIn.Step.TRYING
    _in_steps(lease, (read_files if is_trying else move_rows)(move=move, by=by, today=today), by)
    with acting_as(by, areas=areas), lease.finish() as row:
        (finish_trying if is_trying else finish_moving)(move=row, by=by)


def _in_steps(lease, steps: Iterator[tuple[int, int]], by) -> None:
    """Each in a transaction of its own, with how far it is."""
    while True:
        with acting_as(by, areas=[lease.row.service_area_id]):
            if (step := next(steps, None)) is None:
                return
            lease.progress(*step)


@shared_task(ignore_result=True)
def forget_moves() -> None:
    """Files that were tried out and not gone on with, of every area."""
    now, scheduler = timezone.now(), system_user("scheduler")
    for area in ServiceArea.objects.all():
        with acting_as(scheduler, areas=[area]):
            forget_old_moves(now=now)
