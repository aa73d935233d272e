"""How whoever facilitated is after a meeting. Their supervisor reads it, nobody else on the case."""

from datetime import date

from django.db import transaction

from cases import events
from cases.actions.locking import again, locked_open, record_on
from cases.choices import InterventionStatus, Wellbeing
from cases.models import Assignment, Debrief, Intervention
from cases.querysets import assigned_today
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.notifications.actions import notify, notify_role


@transaction.atomic
def write_debrief(
    *, intervention: Intervention, wellbeing: str, wants_to_talk: bool, words: str, by: User, today: date
) -> Debrief:
    """Of a meeting that was held, by somebody who works on its case. Not well, or to talk: a supervisor hears of it today."""
    case = locked_open(intervention.case, by, today)
    own: Assignment | None = assigned_today(by, today).filter(case=case).select_related("practitioner").first()
    if own is None:
        raise NotAllowed("Whoever works on the case as a facilitator writes this.")
    fresh = again(intervention)
    if fresh.status != InterventionStatus.HELD:
        raise DomainError("A debrief is written once the meeting has been held")
    if Debrief.objects.filter(intervention=fresh, practitioner=own.practitioner_id).exists():
        raise StaleState("You wrote this already. Nothing was done twice")
    debrief = Debrief.objects.create(
        intervention=fresh,
        practitioner=own.practitioner,
        wellbeing=wellbeing,
        wants_to_talk=wants_to_talk,
        words=words.strip(),
    )
    record_on(events.DEBRIEFED, case, by, today, intervention=str(fresh.pk), role=own.role)
    if wants_to_talk or wellbeing == Wellbeing.NOT_WELL:
        if case.supervisor is not None:
            notify(case.supervisor, "debrief", on=case)
        else:
            notify_role(Role.CASE_SUPERVISOR, own.practitioner.service_area_id, "debrief")
    return debrief
