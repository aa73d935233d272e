"""What people do with tasks themselves: write one, do it, put it off, give it to somebody, remind them."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases import events, policy
from cases.actions.contacting import UNDO_FOR
from cases.actions.locking import already, locked_open, require
from cases.actions.opening import COORDINATORS
from cases.actions.stopping import facilitators_of
from cases.choices import Side
from cases.models import Case
from referrals.models import Referral, Task
from rj_service.accounts.acting import in_any_role
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of, months_after
from rj_service.ui.templatetags.ui import day

LONGEST_WAIT = 12  # months that a task is put off at most
NOT_YOURS = "This task is somebody else’s. Ask them, or a coordinator."
NOT_OPEN_TO_THEM = "This is not open to them. Choose somebody else."


@transaction.atomic
def add_task(
    *, case: Case, words: str, due_on: date, by: User, today: date, to: User | None = None, side: str = ""
) -> Task:
    """`to` nobody: whoever coordinates takes it."""
    case = locked_open(case, by, today)
    require(policy.can_add_task(by, case), COORDINATORS)
    if not words.strip():
        raise DomainError("Say what there is to do", field="words")
    _require_day(due_on, today, "due_on")
    if side and side not in Side.values:
        raise DomainError("Choose a side", field="side")
    task = Task(
        service_area_id=case.service_area_id,
        referral=case.referral,
        kind=Task.Kind.OTHER,
        words=words.strip(),
        side=side,
        due_on=due_on,
        created_by=by,
    )
    task.save()
    _record(events.TASK_ADDED, task, by, today)
    if to is not None:
        _give(task, to, by, today)
    return task


@transaction.atomic
def finish_task(*, task: Task, by: User, today: date, words: str = "") -> Task:
    """By hand. What ends by itself has to be done where it is done."""
    fresh = _taken(task, by)
    if fresh.kind in policy.ENDS_ELSEWHERE:
        raise DomainError("This task ends by itself, once what it asks for is done.")
    fresh.done_at, fresh.done_by, fresh.done_words = timezone.now(), by, words.strip()
    fresh.done_by_hand = True
    fresh.save(update_fields=["done_at", "done_by", "done_words", "done_by_hand"])
    _record(events.TASK_DONE, fresh, by, today)
    return fresh


@transaction.atomic
def take_back_done(*, task: Task, by: User, now: datetime) -> Task:
    """By whoever ended it by hand, within minutes, and not once the same is asked anew."""
    held = Task.objects.visible_to(by).select_for_update(of=("self",)).select_related("referral")
    fresh = held.filter(pk=task.pk).first()
    if fresh is None:
        raise NotAllowed("This task is not open to you.")
    if fresh.done_at is None:
        raise StaleState("This task is open.")
    require(policy.can_take_back_done(by, fresh), "Only whoever ended it by hand can say that it is not done.")
    case = Case.objects.filter(referral=fresh.referral_id).first()
    same = Task.objects.open().filter(referral=fresh.referral_id, kind=fresh.kind, about=fresh.about)
    if now > fresh.done_at + UNDO_FOR or (case and case.is_closed) or (fresh.about and same.exists()):
        raise DomainError("This cannot be undone any more. Write a new task.")
    fresh.done_at, fresh.done_by, fresh.done_words, fresh.done_by_hand = None, None, "", False
    fresh.save(update_fields=["done_at", "done_by", "done_words", "done_by_hand"])
    _record(events.TASK_OPEN_AGAIN, fresh, by, timezone.localdate(now))
    return fresh


@transaction.atomic
def put_off_task(*, task: Task, until: date, because: str, by: User, today: date) -> Task:
    """Its first day stays in sight, with the newest reason."""
    fresh = _taken(task, by)
    if not because.strip():
        raise DomainError("Say why it has to wait", field="because")
    if until <= max(today, fresh.due_on):
        raise DomainError(f"The day must be after {day(max(today, fresh.due_on))}", field="until")
    if until > (last := months_after(today, LONGEST_WAIT)):
        raise DomainError(f"The day must be on or before {day(last)}. It can be put off again then", field="until")
    fresh.first_due_on = fresh.first_due_on or fresh.due_on
    fresh.due_on, fresh.put_off_because = until, because.strip()
    fresh.save(update_fields=["first_due_on", "due_on", "put_off_because"])
    _record(events.TASK_PUT_OFF, fresh, by, today, until=until.isoformat())
    return fresh


@transaction.atomic
def give_task(*, task: Task, to: User, by: User, today: date) -> Task:
    """To somebody who may read what it is about; from then on it is theirs, whoever has the part of the case."""
    fresh = _open(task, by)
    require(policy.can_hand_on(by, fresh), COORDINATORS)
    _give(fresh, to, by, today)
    return fresh


@transaction.atomic
def nudge(*, task: Task, by: User, today: date) -> Task:
    """Reminds whoever has it, once a day at most. The notification says that there is an update, and leads to the task."""
    fresh = _open(task, by)
    require(policy.can_nudge(by, fresh), "Only whoever works on the case can remind somebody of this.")
    if fresh.assigned_to is None:
        raise DomainError("Nobody has this task yet. Give it to somebody first.")
    if fresh.nudged_at is not None and timezone.localdate(fresh.nudged_at) >= today:
        raise already(fresh.nudged_by, "reminded them", fresh.nudged_at)
    if not can_open(fresh.assigned_to, fresh):
        raise DomainError("It is not open to them any more. Give it to somebody else.")
    fresh.nudges, fresh.nudged_at, fresh.nudged_by = fresh.nudges + 1, moment_of(today), by
    fresh.save(update_fields=["nudges", "nudged_at", "nudged_by"])
    _record(events.TASK_NUDGED, fresh, by, today, to=str(fresh.assigned_to_id))
    notify(fresh.assigned_to, "task_nudge", on=_about(fresh), url=reverse("cases:task", args=[fresh.pk]))
    return fresh


def who_works_on(case: Case) -> list[UUID]:
    """The users of its supervisor and of everybody assigned."""
    users = [user.pk for user in facilitators_of(case)]
    return [*users, case.supervisor_id] if case.supervisor_id else users


def can_open(user: User, task: Task) -> bool:
    """Whether it would be there for somebody else, if it were theirs."""
    return in_any_role(user, task.service_area_id, lambda they: policy.may_read_task(they, task))


def _give(task: Task, to: User, by: User, today: date) -> None:
    if not to.is_active or not can_open(to, task):
        raise DomainError(NOT_OPEN_TO_THEM, field="to")
    task.assigned_to, task.part = to, ""
    task.save(update_fields=["assigned_to", "part"])
    _record(events.TASK_GIVEN, task, by, today, to=str(to.pk))
    if to != by:
        notify(to, "task_given", on=_about(task), url=reverse("cases:task", args=[task.pk]))


def _open(task: Task, by: User) -> Task:
    """As it stands now, held. Raises NotAllowed for what `by` may not see."""
    held = Task.objects.visible_to(by).select_for_update(of=("self",))
    fresh = held.select_related("referral", "assigned_to", "nudged_by", "done_by").filter(pk=task.pk).first()
    if fresh is None:
        raise NotAllowed("This task is not open to you.")
    if fresh.done_at is not None:
        raise already(fresh.done_by, "ended this task", fresh.done_at)
    return fresh


def _taken(task: Task, by: User) -> Task:
    fresh = _open(task, by)
    require(policy.can_do(by, fresh), NOT_YOURS)
    return fresh


def _about(task: Task) -> Case | Referral:
    return getattr(task.referral, "case", None) or task.referral


def _record(verb: str, task: Task, by: User, today: date, **detail) -> None:
    side = {"side": task.side} if task.side else {}
    detail = {"task": str(task.pk), "kind": task.kind, **side, **detail}
    record(verb, by=by, on=_about(task), detail=detail, occurred_at=moment_of(today))


def _require_day(due_on: date, today: date, field: str) -> None:
    if due_on < today:
        raise DomainError("The day must be today or later", field=field)
