"""A check of the closed list counts as in place, because somebody named answers for it (ADR 13)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import again, locked_open, record_on, require, restage
from cases.actions.stopping import end_overrides, stop_what_the_gate_forbids
from cases.choices import InterventionStatus, Overridable, OverriddenBecause
from cases.gate import Check, checks_for
from cases.models import Intervention, Override
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify

OVERRIDERS = (
    "Only a service manager or the supervisor of the case can override a check, and only who neither coordinates nor"
    " facilitates the case."
)
NEVER = "This can never be overridden by anyone."
NOT_OPEN = (InterventionStatus.HELD, InterventionStatus.CANCELLED, InterventionStatus.MOVED)


@transaction.atomic
def override_check(
    *, intervention: Intervention, key: str, because: str, words: str, by: User, today: date
) -> Override:
    """`key` of Overridable, while that is what is missing. It falls when the time moves, the plan changes, or what it was
    for is written down anew."""
    case = locked_open(intervention.case, by, today)
    require(policy.can_override(by, case), OVERRIDERS)
    fresh = again(intervention)
    if fresh.status in NOT_OPEN:
        raise StaleState(f"This is {InterventionStatus(fresh.status).label.lower()}: there is nothing to override.")
    if key not in Overridable.values:
        raise DomainError(NEVER, field="key")
    if fresh.planned_for is None or timezone.localdate(fresh.planned_for) < today:
        raise DomainError("An override is for one day and time: the plan has none yet")
    if key not in {one.key for one in overridable(fresh, today)}:
        raise DomainError("This check cannot be overridden as it stands", field="key")
    if because not in OverriddenBecause.values:
        raise DomainError("Choose why it is overridden", field="because")
    if not words.strip():
        raise DomainError("Say what is done instead, and by whom", field="words")
    override = Override.objects.create(
        intervention=fresh,
        key=key,
        planned_for=fresh.planned_for,
        because=because,
        words=words.strip(),
        overridden_on=today,
        overridden_by=by,
    )
    record_on(events.OVERRIDDEN, case, by, today, intervention=str(fresh.pk), key=key, because=because)
    notify(case.coordinator, "case_update", on=case)
    return override


@transaction.atomic
def take_back_override(*, override: Override, by: User, today: date) -> None:
    """By whoever may override; what was arranged on it is postponed."""
    case = locked_open(override.intervention.case, by, today)
    require(policy.can_override(by, case), OVERRIDERS)
    fresh = again(override)
    if fresh.ended_at is not None:
        raise StaleState("This override counts no more already.")
    end_overrides(override.intervention, by, today, fresh.key)
    stop_what_the_gate_forbids(case, "An override was taken back", by, today)
    restage(case, by, today)
    notify(case.coordinator, "case_update", on=case)


def overridable(intervention: Intervention, today: date) -> list[Check]:
    """What is missing now, and is of the closed list."""
    return [one for one in checks_for(intervention, today) if one.may_be_overridden]
