"""A concern: raised by anybody, decided by a manager the same working day, passed on, closed (domain 2.16.5)."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from referrals import events, policy
from referrals.actions.locking import require
from referrals.actions.telling import at_work
from referrals.choices import CONCERN_TRANSITIONS, ConcernDecision, ConcernKind, ConcernStatus, PassedOnTo
from referrals.models import Concern, PassedOn, Referral, SafetyChange
from referrals.working_days import add_working_days, is_working_day
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of

MANAGERS = "Only a service manager of this area can do this."


@transaction.atomic
def raise_concern(
    *,
    area: ServiceArea,
    kind: str,
    words: str,
    by: User,
    today: date,
    is_danger_now: bool = False,
    referral: Referral | None = None,
) -> Concern:
    """The managers hear of it at once. `referral`: one that `by` may open, itself or by its case; whoever is assessed in it is
    looked at again, and nobody is told why."""
    require(policy.can_raise_concern(by, area.pk), "Tell a service manager of the area.")
    if kind not in ConcernKind.values:
        raise DomainError("Choose what it is about", field="kind")
    if not words.strip():
        raise DomainError("Say what happened, and who may be at risk", field="words")
    concern = Concern.objects.create(
        service_area=area,
        referral=referral,
        kind=kind,
        words=words.strip(),
        is_danger_now=is_danger_now,
        raised_on=today,
        raised_at=moment_of(today),
        raised_by=by,
        due_on=decision_day(today),
    )
    record(events.CONCERN_RAISED, by=by, on=concern, detail={"kind": kind, "danger": is_danger_now})
    if referral is not None:
        SafetyChange.objects.enqueue(
            service_area_id=referral.service_area_id,
            kind=SafetyChange.Kind.CONCERN,
            person=None,
            referral=referral,
            asked_by_id=by.pk,
        )
    _tell_managers(concern, "concern_raised")
    return concern


def decision_day(raised_on: date) -> date:
    """The same working day; what comes on another one, on the next."""
    return raised_on if is_working_day(raised_on) else add_working_days(raised_on, 1)


@transaction.atomic
def decide_concern(*, concern: Concern, decision: str, words: str, by: User, today: date) -> Concern:
    fresh = _locked(concern, by)
    _require_move(fresh, ConcernStatus.DECIDED)
    if decision not in ConcernDecision.values:
        raise DomainError("Choose what is decided", field="decision")
    if not words.strip():
        raise DomainError("Say why", field="words")
    fresh.status, fresh.decision, fresh.decision_words = ConcernStatus.DECIDED, decision, words.strip()
    fresh.decided_at, fresh.decided_by = moment_of(today), by
    fresh.save(update_fields=["status", "decision", "decision_words", "decided_at", "decided_by"])
    record(events.CONCERN_DECIDED, by=by, on=fresh, detail={"decision": decision})
    return fresh


@transaction.atomic
def pass_concern_on(*, concern: Concern, to: str, words: str, passed_on: date, by: User, today: date) -> PassedOn:
    """Before the decision as well as after it: the police are not called later than they need to be."""
    fresh = _locked(concern, by)
    if fresh.status == ConcernStatus.CLOSED:
        raise StaleState("This concern is closed already.")
    if to not in PassedOnTo.values:
        raise DomainError("Choose whom you told", field="to")
    if not fresh.raised_on <= passed_on <= today:
        raise DomainError("The day must be between the day it was raised and today", field="passed_on")
    told = PassedOn.objects.create(
        concern=fresh, to=to, words=words.strip() or None, passed_on=passed_on, recorded_by=by
    )
    record(events.CONCERN_PASSED_ON, by=by, on=fresh, detail={"to": to})
    return told


@transaction.atomic
def close_concern(*, concern: Concern, outcome: str, by: User, today: date) -> Concern:
    fresh = _locked(concern, by)
    _require_move(fresh, ConcernStatus.CLOSED)
    if not outcome.strip():
        raise DomainError("Say what came of it", field="outcome")
    if fresh.decision == ConcernDecision.PASS_ON and not PassedOn.objects.filter(concern=fresh).exists():
        raise DomainError("It was to be passed on. Record first whom you told")
    fresh.status, fresh.outcome = ConcernStatus.CLOSED, outcome.strip()
    fresh.closed_at, fresh.closed_by = moment_of(today), by
    fresh.save(update_fields=["status", "outcome", "closed_at", "closed_by"])
    record(events.CONCERN_CLOSED, by=by, on=fresh)
    return fresh


@transaction.atomic
def remind_of_concern(*, concern: Concern, by: User, today: date) -> bool:
    """What is due today or overdue and not decided: the managers hear of it again, once a day."""
    Concern.objects.select_for_update().values_list("pk").get(pk=concern.pk)
    fresh = Concern.objects.to_remind(today, also_today=True).filter(pk=concern.pk).first()
    if fresh is None:
        return False
    fresh.reminded_on = today
    fresh.save(update_fields=["reminded_on"])
    record(events.CONCERN_REMINDED, by=by, on=fresh)
    _tell_managers(fresh, "concern_waits")
    return True


def _locked(concern: Concern, by: User) -> Concern:
    """As it stands now, held until the transaction ends."""
    require(policy.can_safeguard(by, concern.service_area_id), MANAGERS)
    Concern.objects.select_for_update().values_list("pk").get(pk=concern.pk)
    fresh = Concern.objects.all().visible_to(by).filter(pk=concern.pk).first()
    if fresh is None:
        raise NotAllowed(MANAGERS)
    return fresh


def _require_move(concern: Concern, status: str) -> None:
    if status not in CONCERN_TRANSITIONS[concern.status]:
        now = concern.get_status_display().lower()
        raise StaleState(f"This concern stands at “{now}” already. Nothing was done twice.")


def _tell_managers(concern: Concern, kind: str) -> None:
    managers = at_work(concern.service_area_id, role=Role.SERVICE_MANAGER)
    if concern.referral is not None:
        managers = concern.referral.less_conflicting(managers)
    notify(managers, kind, on=concern, url=reverse("referrals:concern", args=[concern.pk]))
