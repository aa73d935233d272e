"""The timeline of a case follows what happens in it: `cases.timelines` says which task begins and which ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from cases.choices import AssignmentRole, AssignmentSides
from cases.models import Agreement, Assessment, Assignment, Case, Commitment, Intervention, Participant
from cases.stages import MAIN_ROLES
from cases.timelines import BEGINS, CHANGES_PARTS, ENDS, End, Step, due_on, ended_with_the_case
from referrals.choices import Mechanism, Side
from referrals.models import SensitiveFlag, Task
from rj_service.accounts.models import User

FOLLOWED = frozenset([*BEGINS, *ENDS, *CHANGES_PARTS])


@dataclass(frozen=True)
class Thing:
    """What a task is about: its id, its side and the day on it that counts."""

    pk: UUID
    side: str = ""
    day: date | None = None


def follow(verb: str, case: Case, by: User, today: date, detail: dict[str, Any]) -> None:
    """Of a locked case. What came from an earlier system is no event of today."""
    over = ended_with_the_case(verb, detail)
    if over:
        _end(Task.objects.filter(referral=case.referral_id, kind__in=over), by)
    if verb not in FOLLOWED or "moved_in" in detail:
        return
    for end in ENDS.get(verb, ()):
        if end.only_if(detail):
            _end(_ended(case, end, detail), by)
    parts = _Parts(case)
    for step, thing in _begun(verb, case, detail):
        _begin(step, thing, case, parts, by, today)
    if verb in CHANGES_PARTS:
        _hand_on(case, parts)


def _begun(verb: str, case: Case, detail: dict[str, Any]) -> Iterator[tuple[Step, Thing]]:
    for step in BEGINS.get(verb, ()):
        if step.only_if(detail):
            yield from ((step, thing) for thing in _things(step, case, detail))


def _ended(case: Case, end: End, detail: dict[str, Any]):
    tasks = Task.objects.filter(referral=case.referral_id, kind__in=end.kinds)
    if end.about:
        tasks = tasks.filter(about__in=_named(end.about, detail))
    return tasks.filter(side__in=["", detail["side"]]) if "side" in detail else tasks


def _named(about: str, detail: dict[str, Any]) -> Any:
    """What the event names; an agreement names its intervention, and the commitments of the round before, itself."""
    if about == "revised":
        return Commitment.objects.filter(agreement__revised_by=detail["agreement"]).values("pk")
    if about == "intervention" and about not in detail:
        return Agreement.objects.filter(pk=detail["agreement"]).values("intervention")
    return [detail[about]]


def _end(tasks, by: User) -> None:
    tasks.open().update(done_at=Now(), done_by=by)


def _begin(step: Step, thing: Thing, case: Case, parts: "_Parts", by: User, today: date) -> None:
    """Where there is an open one already its day moves, or stays: it was arranged again, or reconfirmed."""
    due = due_on(step, today=today, day=thing.day)
    same = {"referral_id": case.referral_id, "kind": step.kind, "about": thing.pk}
    standing = Task.objects.open().filter(**same)
    if standing.exists() if step.stays else standing.update(due_on=due, first_due_on=None, put_off_because=""):
        return
    Task.objects.create(
        service_area_id=case.service_area_id,
        side=thing.side,
        due_on=due,
        part=step.part,
        assigned_to=parts.who(step.part, thing.side),
        created_by=by,
        **same,
    )


def _things(step: Step, case: Case, detail: dict[str, Any]) -> Iterator[Thing]:
    if step.about == "participant":
        yield from _participant(step, detail)
    elif step.about == "intervention":
        planned_for = Intervention.objects.values_list("planned_for", flat=True).get(pk=detail["intervention"])
        yield Thing(UUID(detail["intervention"]), day=timezone.localdate(planned_for) if planned_for else None)
    elif step.about == "commitment":
        which = {"pk": detail["commitment"]} if "commitment" in detail else {"agreement": detail["agreement"]}
        for one in Commitment.objects.filter(**which).select_related("responsible"):
            yield Thing(one.pk, one.responsible.side, one.due_on)
    elif step.kind == Task.Kind.SIGN_OFF:
        if SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True).exists():
            yield Thing(case.pk)
    else:
        yield Thing(case.pk, _who_wrote(case) if step.kind == Task.Kind.FIRST_CONTACT else "")


def _participant(step: Step, detail: dict[str, Any]) -> Iterator[Thing]:
    """Who takes part for themselves: assessed once, and the assessment again before it ends."""
    found = Participant.objects.filter(pk=detail["participant"], role__in=MAIN_ROLES, left_at__isnull=True).first()
    if found is None:
        return
    signed = Assessment.objects.standing().filter(participant=found).first()
    if step.kind == Task.Kind.ASSESS and signed is None:
        yield Thing(found.pk, found.side, date.fromisoformat(detail["by_day"]) if "by_day" in detail else None)
    elif step.kind == Task.Kind.LOOK_AGAIN and signed is not None:
        yield Thing(found.pk, found.side)
    elif step.kind == Task.Kind.REVIEW_ASSESSMENT and signed is not None:
        yield Thing(found.pk, found.side, signed.good_until)


def _who_wrote(case: Case) -> str:
    """The other side is not asked first (domain 2.16.7)."""
    return Side.RESPONSIBLE if case.referral.mechanism == Mechanism.OFFENDER_SELF else Side.HARMED


class _Parts:
    """Who has which part of a case now. What nobody has is the coordinator's."""

    def __init__(self, case: Case):
        self.case = case

    @cached_property
    def facilitators(self) -> list[Assignment]:
        """The lead first, then whoever came first."""
        working = Assignment.objects.in_force().filter(case=self.case).select_related("practitioner__learner__user")
        return sorted(working, key=lambda one: (one.role != AssignmentRole.LEAD, one.started_at, one.pk))

    def who(self, part: str, side: str) -> User:
        if part == Task.Part.SUPERVISOR and self.case.supervisor is not None:
            return self.case.supervisor
        if part == Task.Part.LEAD:
            found = next((one for one in self.facilitators if _does_for_lead(one, side)), None)
            return (found and found.practitioner.learner.user) or self.case.coordinator
        return self.case.coordinator


def _does_for_lead(one: Assignment, side: str) -> bool:
    """The lead, on the sides that they work with; on another side a co-facilitator of that side, who is an adult."""
    if one.role == AssignmentRole.LEAD:
        return one.sides in (AssignmentSides.BOTH, side)
    return (
        bool(side) and one.sides in (AssignmentSides.BOTH, side) and one.practitioner.is_adult_on(timezone.localdate())
    )


def _hand_on(case: Case, parts: _Parts) -> None:
    """What goes with a part of the case goes to whoever has it now."""
    for task in Task.objects.open().filter(~Q(part=""), referral=case.referral_id):
        who = parts.who(task.part, task.side)
        if task.assigned_to_id != who.pk:
            Task.objects.filter(pk=task.pk).update(assigned_to=who)
