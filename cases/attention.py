"""Tasks as homes, desks and the list of tasks show them: what they are about, where they lead, how late they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from cases import policy
from cases.querysets import is_practitioner
from referrals.models import Task
from referrals.working_days import Clock, clock_to
from rj_service.accounts.models import Absence, User, covered_by

SHOWN = 5
WEEK = timedelta(days=7)
_K = Task.Kind
# Where a task is done, of a case; the permission that opens it, where not everybody of the case has it.
PLACES: dict[str, tuple[str, str]] = {
    _K.FIRST_CONTACT: ("log-contact", ""),
    _K.FOLLOW_UP: ("log-contact", ""),
    _K.FOLLOW_UP_LATER: ("log-contact", ""),
    _K.FIND_LEAD: ("assignment-desk", "cases.assign"),
    _K.SIGN_OFF: ("sign-off", "cases.view"),
    _K.AGREEMENT: ("agreement", ""),
    _K.COMMITMENT: ("agreement", ""),
    _K.TELL: ("told", "cases.log_contact"),
}
OF_PARTICIPANT, OF_INTERVENTION = (_K.ASSESS, _K.REVIEW_ASSESSMENT, _K.LOOK_AGAIN), (_K.PREPARE, _K.RECONFIRM)


@dataclass
class Tasks:
    """Those of one person: `open` the few that are due first of `number`, of which `late` are past their day."""

    open: list[Task]
    number: int
    late: int
    safety: list[Task] = field(default_factory=list)
    safety_number: int = 0


@dataclass(frozen=True)
class TaskRow:
    task: Task
    today: date
    place: str
    stands_in: bool = False  # the reader, for whoever has it
    is_to_write: bool = False  # a debrief, by the reader

    @property
    def words(self) -> str:
        return str(self.task)

    @property
    def url(self) -> str:
        """What ends where it is done leads straight there, and a debrief to whoever writes it."""
        own_page = reverse("cases:task", args=[self.task.pk])
        return self.place if self.task.kind in policy.ENDS_ELSEWHERE or self.is_to_write else own_page

    @property
    def reference(self) -> str:
        return reference_of(self.task)

    @property
    def clock(self) -> Clock:
        return clock_to(self.task.due_on, today=self.today)

    @property
    def row_state(self) -> str:
        return "stop" if self.is_late else "soon" if self.is_today else ""

    @property
    def is_late(self) -> bool:
        return self.task.due_on < self.today

    @property
    def is_today(self) -> bool:
        return self.task.due_on == self.today

    @property
    def late_words(self) -> str:
        days = -self.clock.days_left
        return f"{days:,} working day{'' if days == 1 else 's'} late"

    @property
    def section(self) -> str:
        if self.is_late:
            return "Past its day"
        return "Next seven days" if self.task.due_on < self.today + WEEK else "Later"

    @property
    def whose(self) -> str:
        return self.task.assigned_to.get_short_name() if self.task.assigned_to else "Nobody yet"


def own_tasks(user: User, today: date) -> Q:
    """The user's and those of whoever they stand in for; for whoever coordinates what nobody has yet, too."""
    mine = Q(assigned_to=user) | Q(assigned_to__in=covered_by(user, today))
    return mine if is_practitioner(user) or not user.may("cases.manage") else mine | Q(assigned_to__isnull=True)


def tasks(user: User, today: date, *, shown: int = SHOWN) -> Tasks:
    """Open tasks that are the user's; those about safety are everybody's, first of all."""
    rows = Task.objects.visible_to(user).open()
    safety, own = Q(kind=_K.SAFETY), own_tasks(user, today)
    found = rows.aggregate(
        number=Count("pk", filter=own & ~safety),
        late=Count("pk", filter=own & ~safety & Q(due_on__lt=today)),
        safety_number=Count("pk", filter=safety),
    )
    with_case = shown_with(rows).order_by("due_on", "id")
    return Tasks(
        open=list(with_case.filter(own).exclude(kind=_K.SAFETY)[:shown]),
        safety=list(with_case.filter(safety)[:shown]),
        **found,
    )


def shown_with(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("referral__case", "assigned_to")


def rows_of(tasks: Iterable[Task], user: User, today: date) -> list[TaskRow]:
    covered = set(covered_by(user, today).values_list("user", flat=True))
    return [
        TaskRow(task, today, reverse(name, args=given), task.assigned_to_id in covered, name == "cases:debrief")
        for task in tasks
        for name, *given in [place_of(task, user)]
    ]


def cover(user: User, today: date) -> dict[str, Any]:
    """Whom they stand in for today, and their own absence (`cases/_cover.html`)."""
    now = Absence.objects.visible_to(user).on(today).select_related("user", "covered_by")
    return {
        "covering": now.filter(user__in=covered_by(user, today), covered_by=user),
        "away": now.filter(user=user, role=user.acting_role).first(),
    }


def address_of(task: Task) -> tuple:
    """A task belongs to the case where there is one; what agencies and people were asked stands with the referral."""
    if task.kind == _K.OWN_PAGE:
        return ("referrals:own-link", task.referral_id, _whose(task))
    case = getattr(task.referral, "case", None)
    if task.kind == _K.TURNED_18:
        return ("referrals:consents", task.referral_id, _whose(task))
    if case is None or task.kind == _K.LATE_REQUEST:
        return ("referrals:detail", task.referral_id)
    return ("cases:desk", case.pk)


def place_of(task: Task, user: User) -> tuple:
    """Where it is done, as far as that page opens to the user."""
    case = getattr(task.referral, "case", None)
    if case is None:
        return address_of(task)
    if task.kind in OF_PARTICIPANT and task.about:
        return ("cases:assessment", case.pk, task.about)
    if task.kind == _K.DEBRIEF and task.about and user.may("cases.view_assigned"):
        return ("cases:debrief", case.pk, task.about)
    if task.kind in OF_INTERVENTION and task.about:
        return ("cases:readiness", case.pk, task.about)
    name, permission = PLACES.get(task.kind, ("", ""))
    return (f"cases:{name}", case.pk) if name and (not permission or user.may(permission)) else address_of(task)


def _whose(task: Task) -> Any:
    return task.referral.called_in_addresses(task.person_id) if task.person_id else task.side


def reference_of(task: Task) -> str:
    case = getattr(task.referral, "case", None)
    return case.reference if case else task.referral.reference
