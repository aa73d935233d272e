"""Everything that somebody who leaves, or is away for long, has of cases: each part to somebody else, or left with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cases import policy
from cases.actions.assigning import assign, end_assignment
from cases.actions.locking import locked_open, require
from cases.actions.opening import COORDINATORS
from cases.actions.overseeing import ROLES_OF, leave_words, pass_on, require_open_to
from cases.actions.tasking import can_open, give_task
from cases.choices import AssignmentRole
from cases.models import Assignment, Case
from referrals.models import Task
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.notifications.actions import notify
from volunteers.models import Practitioner

HELD_AT_MOST = 100
PARTS = {"coordinator": "Coordinates it", "supervisor": "Supervises it", **dict(AssignmentRole.choices)}


@dataclass(frozen=True)
class Held:
    """A part that somebody has of an open case: coordinator, supervisor, lead or co-facilitator."""

    case: Case
    part: str
    assignment: Assignment | None = None

    @property
    def key(self) -> str:
        return f"{self.part}-{self.case.pk}"

    @property
    def words(self) -> str:
        return PARTS[self.part]


@dataclass(frozen=True)
class Wish:
    """To whom it goes, and what they are told of it: it becomes their first task there. `not_asked` of NotAskedBecause: why
    whoever takes a facilitator's place need not answer first, by the names, whether they know anybody."""

    held: Held
    to: User
    words: str = ""
    not_asked: str = ""


@dataclass(frozen=True)
class Report:
    """What came of each wish; why not is empty for what moved."""

    wish: Wish
    why_not: str = ""


def roles_for(part: str) -> tuple[str, ...]:
    """Who may take it."""
    return ROLES_OF.get(part, (Role.PRACTITIONER,))


def held_by(who: User, by: User) -> list[Held]:
    """Of the open cases that `by` may read."""
    cases = Case.objects.visible_to(by).open().select_related("referral__incident").order_by("opened_on", "id")
    parts = [
        Held(case, part)
        for part in ("coordinator", "supervisor")
        for case in cases.filter(**{part: who})[:HELD_AT_MOST]
    ]
    works = Assignment.objects.in_force().filter(practitioner__learner__user=who, case__in=cases)
    of_assignments = works.select_related("case__referral__incident").order_by("case__opened_on", "case")
    return parts + [Held(one.case, one.role, one) for one in of_assignments[:HELD_AT_MOST]]


def other_tasks(who: User, by: User) -> Iterator[Task]:
    """Open tasks that do not go with a part of a case."""
    yield from Task.objects.visible_to(by).open().filter(assigned_to=who, part="").order_by("due_on", "id")


def hand_over_all(*, wishes: Iterable[Wish], of: User, by: User, today: date) -> list[Report]:
    """Each case wholly or not at all, and the rest all the same. Both are told once."""
    reports = [_tried(wish, of, by, today) for wish in wishes]
    moved = {report.wish.to for report in reports if not report.why_not}
    notify([user for user in moved if user != by], "handed_over")
    if moved and of != by:
        notify(of, "handed_over")
    return reports


def hand_over_tasks(*, of: User, to: User, by: User, today: date) -> int:
    """What else they were to do, as far as it is open to whoever is to have it. Returns how many stayed."""
    stayed = 0
    for task in list(other_tasks(of, by)):
        if can_open(to, task):
            give_task(task=task, to=to, by=by, today=today)
        else:
            stayed += 1
    return stayed


def _tried(wish: Wish, of: User, by: User, today: date) -> Report:
    try:
        with transaction.atomic():
            _hand_over(wish, of, by, today)
    except DomainError as refused:
        return Report(wish, refused.message)
    return Report(wish)


def _hand_over(wish: Wish, of: User, by: User, today: date) -> None:
    held, to = wish.held, wish.to
    case = locked_open(held.case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    require_open_to(to, case, roles_for(held.part), today, "to")
    if held.assignment is not None:
        _assignment(held.assignment, to, wish.not_asked, by, today)
    else:
        pass_on(case, held.part, to, by, today)
    leave_words(case, wish.words, to, by, today)


def _assignment(assignment: Assignment, to: User, not_asked: str, by: User, today: date) -> None:
    practitioner = Practitioner.objects.filter(learner__user=to).first()
    if practitioner is None:
        raise DomainError("They are not a practitioner here", field="to")
    end_assignment(assignment=assignment, reason="Handed over", by=by, today=today, seeks_lead=False)
    role, sides = assignment.role, assignment.sides
    assign(
        case=assignment.case,
        practitioner=practitioner,
        role=role,
        sides=sides,
        not_asked=not_asked,
        by=by,
        today=today,
    )
