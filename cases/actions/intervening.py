"""What is carried between the sides: planned, arranged past the gate, reconfirmed on the day, held past it again."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import again, locked_open, record_on, require, restage
from cases.actions.stopping import facilitators_of
from cases.choices import DIRECT_MODELS, INTERVENTION_TRANSITIONS, InterventionStatus, Model, NotFaceToFaceReason, Side
from cases.gate import GateClosed, checks_for, is_open
from cases.models import Attendance, Case, Intervention, Participant
from cases.stages import BOTH_SIDES
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day

PLANNERS = "Only the coordinator, or the lead facilitator who works with both sides, can do this."
PLAN_FIELDS = (
    "model",
    "planned_for",
    "not_face_to_face_reason",
    "not_face_to_face_note",
    "venue",
    "venue_checked_on",
    "safety_plan",
    "uses_script",
)
_S = InterventionStatus


@transaction.atomic
def plan_intervention(
    *,
    case: Case,
    model: str,
    by: User,
    today: date,
    planned_for: datetime | None = None,
    not_face_to_face_reason: str = "",
    not_face_to_face_note: str = "",
    venue: str = "",
    venue_checked_on: date | None = None,
    safety_plan: str = "",
    uses_script: bool = False,
    moved_from: Intervention | None = None,
) -> Intervention:
    """A plan invites nobody and sends nothing. A model that is not face to face says why (seed 004 paragraph 4)."""
    case = _planned_by(case, by, today)
    _require_plan(model, not_face_to_face_reason, not_face_to_face_note)
    if moved_from is not None and moved_from.case_id != case.pk:
        raise DomainError("The earlier intervention belongs to another case", field="moved_from")
    intervention = Intervention.objects.create(
        case=case,
        model=model,
        planned_for=planned_for,
        not_face_to_face_reason=_reason(model, not_face_to_face_reason),
        not_face_to_face_note=not_face_to_face_note.strip(),
        venue=venue.strip(),
        venue_checked_on=venue_checked_on,
        safety_plan=safety_plan.strip(),
        uses_script=uses_script,
        moved_from=moved_from,
        planned_by=by,
    )
    record_on(events.PLANNED, case, by, today, intervention=str(intervention.pk), model=model)
    restage(case, by, today)
    return intervention


@transaction.atomic
def change_plan(
    *,
    intervention: Intervention,
    by: User,
    today: date,
    model: str,
    planned_for: datetime | None = None,
    not_face_to_face_reason: str = "",
    not_face_to_face_note: str = "",
    venue: str = "",
    venue_checked_on: date | None = None,
    safety_plan: str = "",
    uses_script: bool = False,
) -> Intervention:
    """Before it is arranged, or once it is postponed."""
    case = _planned_by(intervention.case, by, today)
    fresh = again(intervention)
    if fresh.status not in (_S.PLANNED, _S.POSTPONED, _S.DID_NOT_HAPPEN):
        raise StaleState(f"This is {_S(fresh.status).label.lower()}: the plan cannot change now.")
    _require_plan(model, not_face_to_face_reason, not_face_to_face_note)
    fresh.model, fresh.planned_for, fresh.uses_script = model, planned_for, uses_script
    fresh.not_face_to_face_reason = _reason(model, not_face_to_face_reason)
    fresh.not_face_to_face_note = not_face_to_face_note.strip()
    fresh.venue, fresh.venue_checked_on, fresh.safety_plan = venue.strip(), venue_checked_on, safety_plan.strip()
    fresh.save(update_fields=PLAN_FIELDS)
    record_on(events.PLAN_CHANGED, case, by, today, intervention=str(fresh.pk), model=model)
    return fresh


@transaction.atomic
def schedule_intervention(*, intervention: Intervention, planned_for: datetime, by: User, today: date) -> Intervention:
    """Past the gate, under lock. Raises GateClosed with the checks; what was planned is kept."""
    case = _planned_by(intervention.case, by, today)
    fresh = _movable(intervention, _S.SCHEDULED)
    if timezone.localdate(planned_for) < today:
        raise DomainError("The day must be today or later", field="planned_for")
    fresh.planned_for = planned_for
    _require_gate(fresh, today)
    fresh.status, fresh.scheduled_at, fresh.scheduled_by = _S.SCHEDULED, Now(), by
    fresh.reconfirmed_on, fresh.ended_reason = None, ""
    fresh.save(
        update_fields=["planned_for", "status", "scheduled_at", "scheduled_by", "reconfirmed_on", "ended_reason"]
    )
    fresh.refresh_from_db(fields=["scheduled_at"])
    record_on(events.SCHEDULED, case, by, today, intervention=str(fresh.pk), model=fresh.model)
    _tell(case, by)
    restage(case, by, today)
    return fresh


@transaction.atomic
def reconfirm_intervention(*, intervention: Intervention, by: User, today: date) -> Intervention:
    """On the day: everybody was asked again and every check still holds. Raises GateClosed."""
    case = _planned_by(intervention.case, by, today)
    fresh = again(intervention)
    if fresh.status != _S.SCHEDULED:
        raise StaleState(f"This is {_S(fresh.status).label.lower()}: there is nothing to reconfirm.")
    _require_gate(fresh, today)
    fresh.reconfirmed_on = today
    fresh.save(update_fields=["reconfirmed_on"])
    record_on(events.RECONFIRMED, case, by, today, intervention=str(fresh.pk))
    return fresh


@transaction.atomic
def hold_intervention(
    *,
    intervention: Intervention,
    held_on: date,
    attendance: Mapping[UUID, bool],
    by: User,
    today: date,
    model_delivered: str = "",
    not_face_to_face_reason: str = "",
    outcome_note: str = "",
) -> Intervention:
    """Past the gate once more. `attendance`: participant id -> came. Somebody of each main side took part, else it did
    not happen. `model_delivered` (with the reason, where it is not face to face) where it turned out another one than
    planned. Raises GateClosed."""
    case = _planned_by(intervention.case, by, today)
    fresh = _movable(intervention, _S.HELD)
    delivered = model_delivered or fresh.model
    _require_held(case, delivered, held_on, today)
    came = _attendance_of(case, attendance)
    planned, fresh.model = fresh.model, delivered
    if not_face_to_face_reason in NotFaceToFaceReason.values and delivered not in DIRECT_MODELS:
        fresh.not_face_to_face_reason = not_face_to_face_reason
    _require_gate(fresh, held_on, on_the_day=True)
    fresh.model, fresh.model_delivered, fresh.status = planned, delivered, _S.HELD
    fresh.held_on, fresh.held_recorded_at, fresh.held_recorded_by = held_on, Now(), by
    fresh.outcome_note = outcome_note.strip()
    fresh.save()
    fresh.refresh_from_db()
    for participant, attended in came.items():
        Attendance.objects.create(intervention=fresh, participant=participant, attended=attended)
    record_on(events.HELD, case, by, today, intervention=str(fresh.pk), model=delivered)
    notify([case.coordinator], "case_update", on=case)
    restage(case, by, today)
    return fresh


@transaction.atomic
def postpone_intervention(*, intervention: Intervention, reason: str, by: User, today: date) -> Intervention:
    """Each side is told only that the date has changed."""
    return _end(intervention, _S.POSTPONED, events.POSTPONED, reason, by, today)


@transaction.atomic
def cancel_intervention(*, intervention: Intervention, reason: str, by: User, today: date) -> Intervention:
    """It will not take place. Another one can be planned."""
    return _end(intervention, _S.CANCELLED, events.CANCELLED, reason, by, today)


@transaction.atomic
def record_did_not_happen(*, intervention: Intervention, reason: str, by: User, today: date) -> Intervention:
    """Somebody did not come, or it could not go ahead on the day. Not counted as held."""
    return _end(intervention, _S.DID_NOT_HAPPEN, events.DID_NOT_HAPPEN, reason, by, today)


def _end(intervention: Intervention, status: str, verb: str, reason: str, by: User, today: date) -> Intervention:
    case = _planned_by(intervention.case, by, today)
    fresh = _movable(intervention, status)
    if not reason.strip():
        raise DomainError("Say why", field="reason")
    was_arranged = fresh.status == _S.SCHEDULED
    fresh.status, fresh.ended_reason, fresh.reconfirmed_on = status, reason.strip()[:300], None
    fresh.save(update_fields=["status", "ended_reason", "reconfirmed_on"])
    record_on(verb, case, by, today, intervention=str(fresh.pk))
    if was_arranged:
        _tell(case, by)
    restage(case, by, today)
    return fresh


def _planned_by(case: Case, by: User, today: date) -> Case:
    case = locked_open(case, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    return case


def _movable(intervention: Intervention, status: str) -> Intervention:
    fresh = again(intervention)
    if status not in INTERVENTION_TRANSITIONS[fresh.status]:
        raise StaleState(f"This is {_S(fresh.status).label.lower()}. Open it again to see what can be done.")
    return fresh


def _require_gate(intervention: Intervention, on: date, *, on_the_day: bool = False) -> None:
    checks = checks_for(intervention, on, on_the_day=on_the_day)
    if not is_open(checks):
        raise GateClosed(checks, intervention.model)


def _require_plan(model: str, reason: str, note: str) -> None:
    if model not in Model.values:
        raise DomainError("Choose a model", field="model")
    if model in DIRECT_MODELS:
        return
    if reason not in NotFaceToFaceReason.values:
        raise DomainError("Say why it is not face to face: wish, safety or other", field="not_face_to_face_reason")
    if reason == NotFaceToFaceReason.OTHER and not note.strip():
        raise DomainError("Say what the other reason is", field="not_face_to_face_note")


def _require_held(case: Case, delivered: str, held_on: date, today: date) -> None:
    if delivered not in Model.values:
        raise DomainError("Choose the model that was used", field="model_delivered")
    if held_on > today:
        raise DomainError("The day it was held must be today or in the past", field="held_on")
    if held_on < case.opened_on:
        raise DomainError(f"The day must be on or after the case was opened, {day(case.opened_on)}", field="held_on")


def _reason(model: str, reason: str) -> str:
    return "" if model in DIRECT_MODELS else reason


def _attendance_of(case: Case, attendance: Mapping[UUID, bool]) -> dict[Participant, bool]:
    people = {participant.pk: participant for participant in Participant.objects.filter(case=case)}
    if not set(attendance) <= set(people):
        raise DomainError("Somebody in the list is not part of this case", field="attendance")
    came = {people[pk]: attended for pk, attended in attendance.items()}
    sides = {participant.side for participant, attended in came.items() if attended}
    absent = [Side(side).label.lower() for side in BOTH_SIDES if side not in sides]
    if absent:
        words = f"Nobody of the {' or the '.join(absent)} took part. Record that it did not happen"
        raise DomainError(words, field="attendance")
    return came


def _tell(case: Case, by: User) -> None:
    notify([user for user in {case.coordinator, *facilitators_of(case)} if user != by], "case_update", on=case)
