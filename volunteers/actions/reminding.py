"""What ends is said before it ends: to the volunteer and to whoever manages them. The mail says only that there is an update."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify, notify_role
from volunteers import events
from volunteers.choices import MAY_OPEN_CASES, SUPERVISION_EVERY, Ending, PractitionerStatus
from volunteers.models import Practitioner, Reminder, StandDown


def endings_to_tell(today: date) -> Iterator[tuple[Practitioner, str, date, int]]:
    """Of who works on cases: what ends, when, and the stage that is reached today (so many days before, or 0 on its last day).
    A missed day is caught up with the stage that stands now; what was told is told once. And whose leave or suspension is to
    be looked at again, to their managers alone."""
    ahead = today + timedelta(days=max(settings.RJ_RENEWAL_REMINDER_DAYS))
    supervised = today - SUPERVISION_EVERY + timedelta(days=max(settings.RJ_SUPERVISION_REMINDER_DAYS))
    rows = (
        Practitioner.objects.filter(status__in=MAY_OPEN_CASES)
        .with_readiness(today)
        .select_related("learner__user")
        .filter(
            Q(dbs_until__range=(today, ahead))
            | Q(police_vetting_until__range=(today, ahead))
            | Q(registered_until__range=(today, ahead))
            | Q(last_supervision_on__lte=supervised, last_supervision_on__gte=today - SUPERVISION_EVERY)
            | Q(last_supervision_on__isnull=True, status=PractitionerStatus.ACTIVE)
        )
        .order_by("pk")
    )
    waits = StandDown.objects.standing().filter(review_on__lte=today)
    for one in waits.select_related("practitioner__learner__user").order_by("pk"):
        yield one.practitioner, Ending.STAND_DOWN, one.review_on, 0
    for row in rows:
        if row.last_supervision_on is None and row.active:
            yield row, Ending.SUPERVISION, _wanted_since(row, today), 0
        for of, ends_on, stages in _ends(row):
            stage = min((days for days in stages if ends_on and 0 <= (ends_on - today).days <= days), default=None)
            if ends_on and stage is not None:
                yield row, of, ends_on, stage


def _wanted_since(row: Any, today: date) -> date:
    """Of somebody who was never supervised: they are reminded at once, and every twelve weeks after they were registered."""
    begun = timezone.localdate(row.created_at)
    return begun + (today - begun) // SUPERVISION_EVERY * SUPERVISION_EVERY


def _ends(row: Any) -> Iterator[tuple[str, date | None, list[int]]]:
    yield Ending.DBS, row.dbs_until, settings.RJ_RENEWAL_REMINDER_DAYS
    yield Ending.POLICE_VETTING, row.police_vetting_until, settings.RJ_RENEWAL_REMINDER_DAYS
    yield Ending.REGISTRATION, row.registered_until, settings.RJ_RENEWAL_REMINDER_DAYS
    due = row.last_supervision_on and row.last_supervision_on + SUPERVISION_EVERY
    yield Ending.SUPERVISION, due, settings.RJ_SUPERVISION_REMINDER_DAYS


@transaction.atomic
def remind_of_ending(*, practitioner: Practitioner, of: str, ends_on: date, days_before: int, by: User) -> bool:
    """True the first time."""
    _, new = Reminder.objects.get_or_create(practitioner=practitioner, of=of, ends_on=ends_on, days_before=days_before)
    if not new:
        return False
    record(events.ENDING_REMINDED, by=by, on=practitioner, detail={"of": of, "days_before": days_before})
    url = reverse("volunteers:detail", args=[practitioner.pk])
    if of == Ending.STAND_DOWN:
        notify_role(Role.SERVICE_MANAGER, practitioner.service_area_id, "stand_down_review", on=practitioner, url=url)
        return True
    kind = "supervision_wanted" if of == Ending.SUPERVISION and not days_before else "check_ends"
    user = practitioner.learner.user
    if user is not None:
        notify(user, kind, on=practitioner, url=reverse("volunteers:me"))
    roles = (Role.CASE_SUPERVISOR,) if of == Ending.SUPERVISION else (Role.COORDINATOR, Role.SERVICE_MANAGER)
    for role in roles:
        notify_role(role, practitioner.service_area_id, kind, on=practitioner, url=url)
    return True
