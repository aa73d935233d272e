"""What casework does in the background."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from cases.actions import (
    apply_cover_change,
    apply_safety_change,
    areas_of,
    cover_needed,
    end_cover_tasks,
    end_what_is_not_for_the_young,
    end_without_asker,
    escalate_alarm,
    finish_moving,
    finish_trying,
    finish_undoing,
    forget_old_moves,
    move_rows,
    raise_not_in_alarm,
    raise_overdue_alarm,
    read_files,
    remind_of_promise,
    seek_cover,
    undo_rows,
    who_asked,
)
from cases.models import MoveIn, ProgressPromise, Visit, VisitAlarm
from referrals.models import SafetyChange
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.rounds import in_every_area
from rj_service.jobs.tasks import WITHOUT_END, leased_task
from volunteers.models import CoverChange


@leased_task(SafetyChange, lease=60, time_limit=120, tries=WITHOUT_END)
def act_on_safety_change(lease) -> None:
    scheduler = system_user("scheduler")
    with acting_as(scheduler, areas=[lease.row.service_area_id]), lease.finish() as change:
        apply_safety_change(change=change, by=scheduler, today=timezone.localdate())


@leased_task(CoverChange, lease=60, time_limit=120, tries=WITHOUT_END)
def act_on_cover_change(lease) -> None:
    scheduler, areas = system_user("scheduler"), areas_of(lease.row)
    with acting_as(scheduler, areas=areas), lease.finish() as change:
        today = timezone.localdate()
        end_what_is_not_for_the_young(practitioner=change.practitioner, by=scheduler, today=today)
        apply_cover_change(change=change, by=scheduler, today=today)


BY_STEP: dict[str, tuple[Callable, Callable]] = {
    MoveIn.Step.TRYING: (read_files, finish_trying),
    MoveIn.Step.MOVING: (move_rows, finish_moving),
    MoveIn.Step.UNDOING: (undo_rows, finish_undoing),
}


@leased_task(MoveIn, lease=60, time_limit=3600)
def move_in(lease) -> None:
    """Tries the files out, moves their rows in, or takes them back: whichever the row has come to."""
    move, today = lease.row, timezone.localdate()
    scheduler, areas = system_user("scheduler"), [move.service_area_id]
    with acting_as(scheduler, areas=areas):
        by = who_asked(move)
    if by is None:
        with acting_as(scheduler, areas=areas), lease.finish() as row:
            end_without_asker(move=row)
        return
    act, finish = BY_STEP[move.step]
    _in_steps(lease, act(move=move, by=by, today=today), by)
    with acting_as(by, areas=areas), lease.finish() as row:
        finish(move=row, by=by)


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
    now = timezone.now()
    in_every_area(lambda area: [area], lambda area, by: forget_old_moves(now=now))


@shared_task(ignore_result=True)
def watch_visits() -> None:
    """Visits that nobody checked in to or that are past their time, and alarms that nobody answers, of every area. Missed runs
    catch up, repeated ones do nothing."""
    now = timezone.now()
    begun = now - timedelta(minutes=settings.RJ_VISIT_NOT_IN_MINUTES)
    late = now - timedelta(minutes=settings.RJ_VISIT_GRACE_MINUTES)
    unanswered = now - timedelta(minutes=settings.RJ_VISIT_ESCALATE_MINUTES)
    in_every_area(
        lambda area: Visit.objects.not_in(begun).order_by("planned_for"),
        lambda visit, by: raise_not_in_alarm(visit=visit, by=by, now=now),
    )
    in_every_area(
        lambda area: Visit.objects.out_before(late).without_alarm().order_by("out_by"),
        lambda visit, by: raise_overdue_alarm(visit=visit, by=by, now=now),
    )
    in_every_area(
        lambda area: VisitAlarm.objects.to_escalate(unanswered).select_related("visit").order_by("raised_at"),
        lambda alarm, by: escalate_alarm(alarm=alarm, by=by, now=now),
    )


@shared_task(ignore_result=True)
def remind_of_promises() -> None:
    """Those whose day has come, of every area. Missed days catch up, repeated runs do nothing."""
    today = timezone.localdate()
    in_every_area(
        lambda area: ProgressPromise.objects.due(today).select_related("case", "hears__person", "about__person"),
        lambda promise, by: remind_of_promise(promise=promise, by=by, today=today),
    )


@shared_task(ignore_result=True)
def find_cover() -> None:
    """In every area: a task for each open case that somebody who works on it cannot come to; it ends by itself with the
    reason. What has changed is looked at at once; what only comes near is found here."""
    today = timezone.localdate()
    in_every_area(lambda area: [cover_needed(today)], lambda needed, by: end_cover_tasks(needed=needed, by=by))
    in_every_area(
        lambda area: cover_needed(today),
        lambda needed, by: seek_cover(needed=needed, by=by, today=today),
    )
