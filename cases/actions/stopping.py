"""What stops at once when something is withdrawn, forbidden or changed: everything arranged, and those who run it hear."""

from datetime import date, datetime

from cases import events
from cases.actions.locking import record_on
from cases.actions.releasing import cancel_interpreters
from cases.choices import AskedBy, InterventionStatus
from cases.gate import checks_for, is_open
from cases.models import Assignment, Case, Intervention, Rescheduling
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify


def stop_interventions(case: Case, reason: str, by: User, today: date) -> int:
    """Postpone everything arranged in a locked case and tell the coordinator and the facilitators. Returns how many."""
    return _postpone(case, list(_arranged(case)), reason, by, today)


def stop_what_the_gate_forbids(case: Case, reason: str, by: User, today: date) -> int:
    """The same for what no longer passes the gate, and only for that."""
    forbidden = [arranged for arranged in _arranged(case) if not is_open(checks_for(arranged, today))]
    return _postpone(case, forbidden, reason, by, today)


def _arranged(case: Case):
    return Intervention.objects.select_for_update().filter(case=case).scheduled()


def _postpone(case: Case, arranged: list[Intervention], reason: str, by: User, today: date) -> int:
    for intervention in arranged:
        at = intervention.planned_for
        write_move(intervention, InterventionStatus.POSTPONED, AskedBy.SAFETY, reason, by, from_at=at)
        intervention.status = InterventionStatus.POSTPONED
        intervention.ended_reason = reason
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


def facilitators_of(case: Case) -> list[User]:
    assignments = Assignment.objects.in_force().filter(case=case).select_related("practitioner__learner__user")
    return [a.practitioner.learner.user for a in assignments if a.practitioner.learner.user is not None]
