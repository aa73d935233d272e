"""What a sensitive case asks for: a supervisor, a specialist, a sign-off; and holding a case."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.locking import in_sentence, locked_open, record_on, require, restage
from cases.actions.opening import COORDINATORS
from cases.actions.staffing import has_conflict
from cases.actions.stopping import stop_what_the_gate_forbids
from cases.choices import TRANSITIONS, CaseStatus
from cases.gate.staff import not_consulted
from cases.matching import CONFLICT
from cases.models import Case, Intervention
from referrals.models import Grant, Restriction, SensitiveFlag, Task
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import Membership, User
from rj_service.accounts.roles import Role
from rj_service.notifications.actions import notify

ROLES_OF = {"coordinator": (Role.COORDINATOR, Role.SERVICE_MANAGER), "supervisor": (Role.CASE_SUPERVISOR,)}
NOT_GRANTED = "the case is restricted, and not open to them. A service manager gives access by name"
SIGN_OFF = [
    "signed_off_at",
    "signed_off_by",
    "sign_off_refused_at",
    "sign_off_refused_by",
    "sign_off_refused_because",
]


@transaction.atomic
def set_supervisor(*, case: Case, supervisor: User | None, by: User, today: date) -> Case:
    """The supervisor holds the role of case supervisor in the area; they see the case from then on."""
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    if supervisor is not None:
        require_open_to(supervisor, case, ROLES_OF["supervisor"], today, "supervisor")
    pass_on(case, "supervisor", supervisor, by, today)
    if supervisor is not None:
        notify(supervisor, "sign_off_asked", on=case)
    return case


@transaction.atomic
def hand_over(*, case: Case, coordinator: User, by: User, today: date, words: str = "") -> Case:
    """Another coordinator or manager of the area takes the case. `words`: what they need to know, their first task there."""
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    require_open_to(coordinator, case, ROLES_OF["coordinator"], today, "coordinator")
    pass_on(case, "coordinator", coordinator, by, today)
    leave_words(case, words, coordinator, by, today)
    notify(coordinator, "handed_over", on=case)
    return case


@transaction.atomic
def record_specialist_consulted(*, case: Case, who: str, consulted_on: date, by: User, today: date) -> Case:
    """An IDVA, ISVA or other specialist. Can never be overridden."""
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    if not who.strip():
        raise DomainError("Enter who was consulted", field="who")
    if consulted_on > today:
        raise DomainError("The day of the consultation must be today or in the past", field="consulted_on")
    case.specialist_consulted, case.specialist_consulted_on = who.strip(), consulted_on
    case.save(update_fields=["specialist_consulted", "specialist_consulted_on"])
    record_on(events.SPECIALIST_CONSULTED, case, by, today)
    return case


@transaction.atomic
def sign_off_case(*, case: Case, by: User, today: date) -> Case:
    """By the supervisor of the case or a service manager, never by its coordinator. A flag raised later asks again."""
    case = locked_open(case, by, today)
    require(policy.can_sign_off(by, case), "Only the case's supervisor or a service manager can sign it off.")
    if block := sign_off_block(case):
        raise DomainError(block)
    case.signed_off_at, case.signed_off_by = Now(), by
    case.sign_off_refused_at, case.sign_off_refused_by, case.sign_off_refused_because = None, None, ""
    case.save(update_fields=SIGN_OFF)
    case.refresh_from_db(fields=["signed_off_at"])
    record_on(events.SIGNED_OFF, case, by, today)
    notify(case.coordinator, "case_update", on=case)
    return case


def sign_off_block(case: Case) -> str:
    """Why the case cannot be signed off yet; empty when it can."""
    flags = list(SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True))
    missing = not_consulted(case.specialist_consulted_on, flags) if flags else ""
    return f"{missing} What they advise is known before anybody signs it off." if missing else ""


@transaction.atomic
def refuse_sign_off(*, case: Case, because: str, by: User, today: date) -> Case:
    """Goes back to the coordinator with what is missing; a sign-off before it no longer counts, and what is arranged stops."""
    case = locked_open(case, by, today)
    require(policy.can_sign_off(by, case), "Only the case's supervisor or a service manager can sign it off.")
    if not because.strip():
        raise DomainError("Say what is missing", field="because")
    case.signed_off_at, case.signed_off_by = None, None
    case.sign_off_refused_at, case.sign_off_refused_by = Now(), by
    case.sign_off_refused_because = because.strip()
    case.save(update_fields=SIGN_OFF)
    case.refresh_from_db(fields=["sign_off_refused_at"])
    record_on(events.SIGN_OFF_REFUSED, case, by, today)
    stop_what_the_gate_forbids(case, "Not signed off", by, today)
    restage(case, by, today)
    notify(case.coordinator, "case_update", on=case)
    return case


@transaction.atomic
def ask_sign_off(*, case: Case, by: User, today: date) -> Case:
    """Once what was missing is there: the supervisor has it to do again. What it was sent back for stays readable."""
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    if not policy.is_sent_back(case):
        raise StaleState("This case was not sent back, or was asked for again already.")
    if case.supervisor is None:
        raise DomainError("Choose the supervisor first. They are asked by that")
    record_on(events.SIGN_OFF_ASKED, case, by, today)
    notify(case.supervisor, "sign_off_asked", on=case)
    return case


@transaction.atomic
def hold_case(*, case: Case, by: User, today: date) -> Case:
    """Nothing may be arranged while on hold; arranged interventions have to be moved first."""
    case = _move(case, CaseStatus.ON_HOLD, by, today)
    if Intervention.objects.filter(case=case).scheduled().exists():
        raise DomainError("Postpone or cancel what is arranged first")
    record_on(events.HELD_BACK, case, by, today)
    restage(case, by, today)
    return case


@transaction.atomic
def resume_case(*, case: Case, by: User, today: date) -> Case:
    case = _move(case, CaseStatus.OPEN, by, today)
    record_on(events.RESUMED, case, by, today)
    restage(case, by, today)
    return case


def _move(case: Case, status: str, by: User, today: date) -> Case:
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    if status not in TRANSITIONS[case.status]:
        raise StaleState(f"This case is {CaseStatus(case.status).label.lower()} already.")
    case.status = status
    case.save(update_fields=["status"])
    return case


def pass_on(case: Case, part: str, to: User | None, by: User, today: date) -> None:
    """A part of a locked case, and with it what whoever had it was still to do there."""
    before = getattr(case, part)
    setattr(case, part, to)
    case.save(update_fields=[part])
    verb = events.HANDED_OVER if part == "coordinator" else events.SUPERVISOR_SET
    given: dict[str, Any] = {part: str(to.pk) if to else None}
    record_on(verb, case, by, today, **given)
    if before is not None and to is not None:
        Task.objects.open().filter(referral=case.referral_id, assigned_to=before).update(assigned_to=to)


def leave_words(case: Case, words: str, to: User, by: User, today: date) -> None:
    """What whoever takes a part of a case needs to know: a task, so that it is read, and asked about where it is unclear."""
    if words.strip():
        known = {"service_area_id": case.service_area_id, "referral_id": case.referral_id, "assigned_to": to}
        Task.objects.create(kind=Task.Kind.OTHER, words=words.strip(), due_on=today, created_by=by, **known)


def require_open_to(user: User, case: Case, roles: Collection[str], today: date, field: str) -> None:
    """Raises DomainError: no such role here, a declared conflict, a restricted case and no access by name."""
    members = Membership.objects.current(today).filter(service_area=case.service_area_id, role__in=roles)
    if not user.is_active or not members.filter(user=user).exists():
        raise DomainError("Choose somebody with this role in this area", field=field)
    if has_conflict(case, user.pk):
        raise DomainError(f"{user.get_full_name()}: {in_sentence(CONFLICT)}", field=field)
    restricted = Restriction.objects.filter(referral=case.referral_id)
    granted = Grant.objects.in_force().filter(referral=case.referral_id, user=user)
    if restricted.exists() and not granted.exists():
        raise DomainError(f"{user.get_full_name()}: {NOT_GRANTED}", field=field)
