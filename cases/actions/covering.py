"""Somebody else is found before a facilitator's vetting ends (domain 2.16.12): a task for each of their open cases."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from cases.choices import InterventionStatus
from cases.models import Assignment, Case, Intervention
from referrals.models import Task
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of
from volunteers.choices import COVER_BEFORE
from volunteers.models import Practitioner
from volunteers.readiness import readiness_of

VETTING = ("DBS", "Police vetting")


def cover_needed(today: date) -> list[tuple[Assignment, Any]]:
    """Assignments of open cases whose practitioner's vetting ends within 28 days or is over, each with its row of readiness.
    A practitioner lent by another area counts, too."""
    in_force = Assignment.objects.in_force().filter(case__in=Case.objects.open())
    rows = row_by_row(Practitioner).filter(pk__in=in_force.values("practitioner")).with_readiness(today)
    near = today + COVER_BEFORE
    ending = rows.filter(Q(is_vetted=False) | Q(dbs_until__lte=near) | Q(police_vetting_until__lte=near))
    by_key = {row.pk: row for row in ending}
    found = in_force.filter(practitioner__in=by_key).select_related("case__coordinator").order_by("pk")
    return [(one, by_key[one.practitioner_id]) for one in found]


@transaction.atomic
def seek_cover(*, assignment: Assignment, row: Any, by: User, today: date) -> None:
    """One open task for the case's coordinator; its words follow what ends. Once it has ended they are told, as often as
    there is news and no more."""
    case = Case.objects.select_for_update().get(pk=assignment.case_id)
    lines = [line for line in readiness_of(row).lines if line.label in VETTING and line.state != "ok"]
    words = f"{row.name}: {'; '.join(line.words for line in lines)}"[:200]
    ends = [until for until in (row.dbs_until, row.police_vetting_until) if until]
    same = {"referral_id": case.referral_id, "kind": Task.Kind.COVER, "about": assignment.practitioner_id}
    task = Task.objects.open().filter(**same).first()
    if task is not None and task.words == words:
        return
    due = max(min(ends), today) if ends and row.is_vetted else today
    if task is None:
        Task.objects.create(
            service_area_id=case.service_area_id,
            words=words,
            due_on=due,
            part=Task.Part.COORDINATOR,
            assigned_to=case.coordinator,
            created_by=by,
            **same,
        )
    else:
        task.words, task.due_on = words, due
        task.save(update_fields=["words", "due_on"])
    if case.coordinator is not None:
        notify(case.coordinator, "task_given" if row.is_vetted else _what_stops(case, today), on=case)


def _what_stops(case: Case, today: date) -> str:
    arranged = Intervention.objects.filter(case=case, status=InterventionStatus.SCHEDULED)
    return "cannot_go_ahead" if arranged.filter(planned_for__gte=moment_of(today)).exists() else "safety_change"


@transaction.atomic
def end_cover_tasks(*, needed: list[tuple[Assignment, Any]], by: User) -> int:
    """Those whose reason has gone: the vetting was renewed. Returns how many."""
    still = {(one.case.referral_id, one.practitioner_id) for one, _ in needed}
    open_ones = Task.objects.open().filter(kind=Task.Kind.COVER).values_list("pk", "referral", "about")
    over = [key for key, referral, about in open_ones if (referral, about) not in still]
    return Task.objects.filter(pk__in=over).update(done_at=Now(), done_by=by)
