"""What is carried between the sides: planned, arranged past the gate, postponed or cancelled."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import again, hold_practitioners, locked_open, record_on, require, restage
from cases.actions.releasing import cancel_interpreters, move_interpreters
from cases.actions.shown import ChangedMeanwhile, mark_of_values
from cases.actions.stopping import end_overrides, facilitators_of, write_move
from cases.choices import (
    DIRECT_MODELS,
    INTERVENTION_TRANSITIONS,
    AskedBy,
    InterventionStatus,
    Model,
    NotFaceToFaceReason,
)
from cases.gate import GateClosed, checks_for, is_open
from cases.models import Assignment, Case, Intervention, Message, PanelMember, Venue
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day, when

PLANNERS = "Only the coordinator, or the lead facilitator who works with both sides, can do this."
MINUTES = range(15, 12 * 60 + 1)
_S = InterventionStatus


@dataclass(frozen=True)
class Plan:
    """`minutes`: how long it lasts. `place`: of the register; elsewhere `venue` with the day it was checked for safety."""

    model: str
    planned_for: datetime | None = None
    minutes: int = 120
    not_face_to_face_reason: str = ""
    not_face_to_face_note: str = ""
    place: Venue | None = None
    booking_reference: str = ""
    venue: str = ""
    venue_checked_on: date | None = None
    room_plan: str = ""
    safety_plan: str = ""
    uses_script: bool = False


PLAN_FIELDS = tuple(field.name for field in fields(Plan))


@transaction.atomic
def plan_intervention(
    *, case: Case, by: User, today: date, moved_from: Intervention | None = None, **plan
) -> Intervention:
    """A plan invites nobody and sends nothing. A model that is not face to face says why (seed 004 paragraph 4). `plan`: what
    `Plan` takes. `moved_from`: the earlier one that this goes on from; what was indirect, and has not taken place, ends with it
    as moved where this is face to face."""
    case = planned_by(case, by, today)
    if moved_from is not None and moved_from.case_id != case.pk:
        raise DomainError("The earlier intervention belongs to another case", field="moved_from")
    intervention = Intervention(case=case, moved_from=moved_from, planned_by=by)
    _write(intervention, Plan(**plan))
    if moved_from is not None and intervention.model in DIRECT_MODELS:
        _end_as_moved(moved_from, intervention, by, today)
    intervention.save()
    record_on(events.PLANNED, case, by, today, intervention=str(intervention.pk), model=intervention.model)
    restage(case, by, today)
    return intervention


def must_be_held_first(intervention: Intervention) -> bool:
    """Something of it was carried: that took place, and is recorded before anything goes on from it."""
    if intervention.status not in (_S.SCHEDULED, _S.POSTPONED):
        return False
    return Message.objects.filter(intervention=intervention, carried_on__isnull=False).exists()


def _end_as_moved(earlier: Intervention, meeting: Intervention, by: User, today: date) -> None:
    fresh = again(earlier)
    if not fresh.is_indirect or _S.MOVED not in INTERVENTION_TRANSITIONS[fresh.status]:
        return
    if must_be_held_first(fresh):
        raise DomainError("Something was carried already. Record it as held, then move to a meeting")
    reason = f"Goes on as a {Model(meeting.model).label.lower()}"
    end(fresh, _S.MOVED, events.MOVED_TO_MEETING, reason, AskedBy.SERVICE, by, today)


@transaction.atomic
def change_plan(*, intervention: Intervention, by: User, today: date, shown: str | None = None, **plan) -> Intervention:
    """Before it is arranged, or once it is postponed. `plan`: what `Plan` takes. `shown`: the `plan_mark` of what the page
    showed; raises ChangedMeanwhile, which says what stands, where somebody changed it since."""
    case = planned_by(intervention.case, by, today)
    fresh = changeable(intervention)
    _require_shown(fresh, shown, Plan(**plan))
    _write(fresh, Plan(**plan))
    fresh.save(update_fields=PLAN_FIELDS)
    end_overrides(fresh, by, today)
    record_on(events.PLAN_CHANGED, case, by, today, intervention=str(fresh.pk), model=fresh.model)
    if fresh.planned_for:
        move_interpreters(case, fresh.planned_for, by, today, intervention=fresh)
    return fresh


def plan_mark(intervention: Intervention) -> str:
    return mark_of_values(*(getattr(intervention, name) for name in PLAN_FIELDS))


def _require_shown(intervention: Intervention, shown: str | None, plan: Plan) -> None:
    if shown in (None, mark := plan_mark(intervention)):
        return
    stands = {name: getattr(intervention, name) for name in PLAN_FIELDS}
    other = [
        f"{name.replace('_', ' ')}: {_said(value)}" for name, value in stands.items() if value != getattr(plan, name)
    ]
    if other:
        words = f"The plan was changed in another window meanwhile. There it says {'; '.join(other)}"
        raise ChangedMeanwhile(f"{words}. Save again to put yours in its place", mark)


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return when(value)
    return day(value) if isinstance(value, date) else f"“{value}”" if value else "nothing"


def _write(intervention: Intervention, plan: Plan) -> None:
    _require_plan(plan)
    if plan.place and (plan.place.service_area_id != intervention.case.service_area_id or plan.place.ended_at):
        raise DomainError("Choose a venue that is in use in this area", field="place")
    for name in PLAN_FIELDS:
        value = getattr(plan, name)
        setattr(intervention, name, value.strip() if isinstance(value, str) else value)
    if plan.model in DIRECT_MODELS:
        intervention.not_face_to_face_reason = ""


@transaction.atomic
def schedule_intervention(*, intervention: Intervention, planned_for: datetime, by: User, today: date) -> Intervention:
    """Past the gate, under lock. Raises GateClosed with the checks; what was planned is kept."""
    case = planned_by(intervention.case, by, today)
    fresh = movable(intervention, _S.SCHEDULED)
    if timezone.localdate(planned_for) < today:
        raise DomainError("The day must be today or later", field="planned_for")
    before, fresh.planned_for = fresh.planned_for, planned_for
    if before != planned_for:
        end_overrides(fresh, by, today)
    _hold_who_runs_it(fresh)
    require_gate(fresh, today)
    last = fresh.reschedulings.order_by("-recorded_at", "-id").first()
    if last is not None:
        write_move(fresh, _S.SCHEDULED, last.asked_by, "", by, from_at=last.from_at or before, to_at=planned_for)
    fresh.status, fresh.scheduled_at, fresh.scheduled_by = _S.SCHEDULED, Now(), by
    fresh.reconfirmed_on, fresh.ended_reason = None, ""
    fresh.save(
        update_fields=["planned_for", "status", "scheduled_at", "scheduled_by", "reconfirmed_on", "ended_reason"]
    )
    fresh.refresh_from_db(fields=["scheduled_at"])
    fresh.attendances.exclude(presence="").update(presence="")
    fresh.attendances.exclude(reconfirmed_on=None).update(reconfirmed_on=None)  # who said yes, did to another time
    record_on(events.SCHEDULED, case, by, today, intervention=str(fresh.pk), model=fresh.model)
    move_interpreters(case, planned_for, by, today, intervention=fresh)
    _tell(case, by)
    restage(case, by, today)
    return fresh


@transaction.atomic
def postpone_intervention(
    *, intervention: Intervention, reason: str, by: User, today: date, asked_by: str = AskedBy.SERVICE
) -> Intervention:
    """Each side is told only that the date has changed. `asked_by`: who asked for it, kept from both of them."""
    return end(intervention, _S.POSTPONED, events.POSTPONED, reason, asked_by, by, today)


@transaction.atomic
def cancel_intervention(
    *, intervention: Intervention, reason: str, by: User, today: date, asked_by: str = AskedBy.SERVICE
) -> Intervention:
    """It will not take place. Another one can be planned."""
    return end(intervention, _S.CANCELLED, events.CANCELLED, reason, asked_by, by, today)


def end(
    intervention: Intervention, status: str, verb: str, reason: str, asked_by: str, by: User, today: date
) -> Intervention:
    case = planned_by(intervention.case, by, today)
    fresh = movable(intervention, status)
    if not reason.strip():
        raise DomainError("Say why", field="reason")
    if asked_by not in AskedBy.values:
        raise DomainError("Choose who asked for it", field="asked_by")
    was_arranged = fresh.status == _S.SCHEDULED
    write_move(fresh, status, asked_by, reason.strip()[:300], by, from_at=fresh.planned_for)
    end_overrides(fresh, by, today)
    fresh.status, fresh.ended_reason, fresh.reconfirmed_on = status, reason.strip()[:300], None
    fresh.save(update_fields=["status", "ended_reason", "reconfirmed_on"])
    record_on(verb, case, by, today, intervention=str(fresh.pk))
    if status != _S.DID_NOT_HAPPEN:  # then they may have come
        cancel_interpreters(case, by, today, intervention=fresh)
    if was_arranged:
        _tell(case, by)
    restage(case, by, today)
    return fresh


def planned_by(case: Case, by: User, today: date) -> Case:
    case = locked_open(case, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    return case


def changeable(intervention: Intervention) -> Intervention:
    fresh = again(intervention)
    if fresh.status not in (_S.PLANNED, _S.POSTPONED, _S.DID_NOT_HAPPEN):
        raise StaleState(f"This is {_S(fresh.status).label.lower()}: the plan cannot change now.")
    return fresh


def movable(intervention: Intervention, status: str) -> Intervention:
    fresh = again(intervention)
    if status not in INTERVENTION_TRANSITIONS[fresh.status]:
        raise StaleState(f"This is {_S(fresh.status).label.lower()}. Open it again to see what can be done.")
    return fresh


def _hold_who_runs_it(intervention: Intervention) -> None:
    facilitators = (
        Assignment.objects.in_force().filter(case=intervention.case_id).values_list("practitioner", flat=True)
    )
    members = PanelMember.objects.filter(intervention=intervention).values_list("practitioner", flat=True)
    hold_practitioners({*facilitators, *members})


def require_gate(intervention: Intervention, on: date, *, on_the_day: bool = False) -> None:
    checks = checks_for(intervention, on, on_the_day=on_the_day)
    if not is_open(checks):
        raise GateClosed(checks, intervention.model)


def _require_plan(plan: Plan) -> None:
    if plan.model not in Model.values:
        raise DomainError("Choose a model", field="model")
    if plan.minutes not in MINUTES:
        raise DomainError("It lasts between a quarter of an hour and twelve hours", field="minutes")
    if plan.model in DIRECT_MODELS:
        return
    reason, note = plan.not_face_to_face_reason, plan.not_face_to_face_note
    if reason not in NotFaceToFaceReason.values:
        raise DomainError("Say why it is not face to face: wish, safety or other", field="not_face_to_face_reason")
    if reason == NotFaceToFaceReason.OTHER and not note.strip():
        raise DomainError("Say what the other reason is", field="not_face_to_face_note")


def _tell(case: Case, by: User) -> None:
    notify([user for user in {case.coordinator, *facilitators_of(case)} if user != by], "case_update", on=case)
