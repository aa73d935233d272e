"""What stops at once when something is withdrawn, forbidden or changed: everything arranged, and those who run it hear."""

from datetime import date, datetime

from django.utils import timezone

from cases import events
from cases.actions.locking import record_on
from cases.actions.releasing import cancel_interpreters
from cases.choices import AskedBy, InterventionStatus
from cases.gate import checks_for, is_open
from cases.models import Assignment, Case, Intervention, Override, Rescheduling
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify


def stop_interventions(case: Case, reason: str, by: User, today: date) -> int:
    """Postpone everything arranged in a locked case and tell the coordinator and the facilitators. Returns how many."""
    return _postpone(case, list(_arranged(case)), reason, by, today)


def stop_what_the_gate_forbids(case: Case, reason: str, by: User, today: date) -> int:
    """The same for what no longer passes the gate, and only for that."""
    forbidden = [arranged for arranged in _arranged(case) if not is_open(checks_for(arranged, today))]
    return _postpone(case, forbidden, reason, by, today)


def stop_what_was_booked(case: Case, reason: str, by: User, today: date) -> int:
    """The same for what stands on somebody else's booking, a prison's: it ends with whoever moves on."""
    return _postpone(case, [one for one in _arranged(case) if one.booking_reference], reason, by, today)


def _arranged(case: Case):
    return Intervention.objects.select_for_update().filter(case=case).scheduled()


def _postpone(case: Case, arranged: list[Intervention], reason: str, by: User, today: date) -> int:
    for intervention in arranged:
        at = intervention.planned_for
        write_move(intervention, InterventionStatus.POSTPONED, AskedBy.SAFETY, reason, by, from_at=at)
        end_overrides(intervention, by, today)
        intervention.status = InterventionStatus.POSTPONED
        intervention.ended_reason = reason
        if not intervention.has_begun:  # else it may have been held: what passed the gate that morning is kept
            intervention.reconfirmed_on = None
        intervention.save(update_fields=["status", "ended_reason", "reconfirmed_on"])
        record_on(events.STOPPED, case, by, today, intervention=str(intervention.pk))
        cancel_interpreters(case, by, today, intervention=intervention)
    if arranged:
        notify([case.coordinator, *facilitators_of(case)], "cannot_go_ahead", on=case)
    return len(arranged)


def write_move(
    intervention: Intervention,
    became: str,
    asked_by: str,
    why: str,
    by: User,
    *,
    from_at: datetime | None,
    to_at: datetime | None = None,
) -> None:
    """One line of how it moved: from when to when, who asked and why."""
    known = {"became": became, "asked_by": asked_by, "why": why, "from_at": from_at, "to_at": to_at}
    Rescheduling.objects.create(intervention=intervention, recorded_by=by, **known)


def end_overrides(intervention: Intervention, by: User, today: date, *keys: str) -> None:
    """Of these checks, else of all: what an override was for is no more. `intervention` with its case."""
    standing = Override.objects.in_force().filter(intervention=intervention)
    for one in standing.filter(key__in=keys) if keys else standing:
        one.ended_at, one.ended_by = timezone.now(), by
        one.save(update_fields=["ended_at", "ended_by"])
        detail = {"intervention": str(intervention.pk), "key": one.key}
        record_on(events.OVERRIDE_ENDED, intervention.case, by, today, **detail)


def facilitators_of(case: Case) -> list[User]:
    assignments = Assignment.objects.in_force().filter(case=case).select_related("practitioner__learner__user")
    return [a.practitioner.learner.user for a in assignments if a.practitioner.learner.user is not None]
