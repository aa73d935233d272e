"""The day itself: everybody is asked again, and what took place is recorded."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from cases import events
from cases.actions.intervening import end, movable, planned_by, require_gate
from cases.actions.locking import again, record_on, restage
from cases.choices import (
    CARRYING_MODELS,
    DIRECT_MODELS,
    WAS_THERE,
    AskedBy,
    InterventionStatus,
    Model,
    NotFaceToFaceReason,
    Presence,
    Side,
)
from cases.models import Attendance, Case, Intervention, Message, Participant
from cases.stages import BOTH_SIDES, MAIN_ROLES
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day

_S = InterventionStatus


@transaction.atomic
def reconfirm_intervention(
    *, intervention: Intervention, asked: Collection[UUID], by: User, today: date
) -> Intervention:
    """On the day itself (domain 2.16.2). `asked`: ids of the main participants who were asked again today and said that it
    still holds; in one go or one after the other. Once it is everybody, every check is asked again too: raises GateClosed."""
    case = planned_by(intervention.case, by, today)
    fresh = again(intervention)
    if fresh.status != _S.SCHEDULED:
        raise StaleState(f"This is {_S(fresh.status).label.lower()}: there is nothing to reconfirm.")
    _require_its_day(fresh, today)
    main = {one.pk: one for one in to_be_asked(case)}
    if not asked or not set(asked) <= set(main):
        raise DomainError("Choose who was asked again today", field="asked")
    for participant in asked:
        Attendance.objects.update_or_create(
            intervention=fresh, participant=main[participant], defaults={"reconfirmed_on": today}
        )
        record_on(events.ASKED_AGAIN, case, by, today, about=main[participant], intervention=str(fresh.pk))
    if not still_to_ask(fresh, today):
        require_gate(fresh, today)
        fresh.reconfirmed_on = today
        fresh.save(update_fields=["reconfirmed_on"])
        record_on(events.RECONFIRMED, case, by, today, intervention=str(fresh.pk))
    return fresh


def to_be_asked(case: Case):
    main = Participant.objects.filter(case=case, role__in=MAIN_ROLES, left_at__isnull=True)
    return main.select_related("person").order_by("side", "added_at", "id")


def still_to_ask(intervention: Intervention, today: date) -> list[Participant]:
    done = Attendance.objects.filter(intervention=intervention, reconfirmed_on=today).values("participant")
    return list(to_be_asked(intervention.case).exclude(pk__in=done))


def _require_its_day(intervention: Intervention, today: date) -> None:
    """A meeting has one day; messages go on for weeks, and each is asked about on its own."""
    if intervention.carries or intervention.planned_for is None:
        return
    on = timezone.localdate(intervention.planned_for)
    if on != today:
        raise DomainError(f"It is arranged for {day(on)}. Everybody is asked again on that day")


@transaction.atomic
def hold_intervention(
    *,
    intervention: Intervention,
    held_on: date,
    attendance: Mapping[UUID, str],
    by: User,
    today: date,
    model_delivered: str = "",
    not_face_to_face_reason: str = "",
    outcome_note: str = "",
) -> Intervention:
    """Past the gate once more. `attendance`: participant id -> Presence. Somebody of each main side took part, else it did
    not happen. `model_delivered` (with the reason, where it is not face to face) where it turned out another one than
    planned. What was stopped only after it had begun is recorded as what it was. Raises GateClosed."""
    case = planned_by(intervention.case, by, today)
    fresh = movable(intervention, _S.HELD)
    delivered = model_delivered or fresh.model
    _require_held(case, delivered, held_on, today)
    came = _came(case, attendance)
    _require_both_sides(came)
    planned, fresh.model = fresh.model, delivered
    if not_face_to_face_reason in NotFaceToFaceReason.values and delivered not in DIRECT_MODELS:
        fresh.not_face_to_face_reason = not_face_to_face_reason
    _require_permitted(fresh, planned, held_on)
    fresh.model, fresh.model_delivered, fresh.status = planned, delivered, _S.HELD
    fresh.held_on, fresh.held_recorded_at, fresh.held_recorded_by = held_on, Now(), by
    fresh.outcome_note = outcome_note.strip()
    fresh.save()
    fresh.refresh_from_db()
    _write_presence(fresh, came)
    record_on(events.HELD, case, by, today, intervention=str(fresh.pk), model=delivered)
    notify([case.coordinator], "case_update", on=case)
    restage(case, by, today)
    return fresh


@transaction.atomic
def record_did_not_happen(
    *,
    intervention: Intervention,
    reason: str,
    by: User,
    today: date,
    asked_by: str = AskedBy.SERVICE,
    attendance: Mapping[UUID, str] | None = None,
) -> Intervention:
    """Somebody did not come, or it could not go ahead on the day. Not counted as held. `attendance`: participant id ->
    Presence, of those of whom it is known."""
    ended = end(intervention, _S.DID_NOT_HAPPEN, events.DID_NOT_HAPPEN, reason, asked_by, by, today)
    _write_presence(ended, _came(ended.case, attendance or {}))
    return ended


def _require_held(case: Case, delivered: str, held_on: date, today: date) -> None:
    if delivered not in Model.values:
        raise DomainError("Choose the model that was used", field="model_delivered")
    if held_on > today:
        raise DomainError("The day it was held must be today or in the past", field="held_on")
    if held_on < case.opened_on:
        raise DomainError(f"The day must be on or after the case was opened, {day(case.opened_on)}", field="held_on")


def _require_permitted(intervention: Intervention, planned: str, held_on: date) -> None:
    """`intervention` with the model that was delivered. Every message passed the gate on its own day; a meeting passes it
    now; and what was stopped after it had begun had passed it that morning, and nothing had stopped it before."""
    if intervention.model in CARRYING_MODELS:
        _require_carried(intervention, held_on)
    elif planned in CARRYING_MODELS and intervention.model in DIRECT_MODELS:
        words = "An agreement to letters is no agreement to meet. Move to a meeting, and everybody is asked"
        raise DomainError(words, field="model_delivered")
    elif intervention.status == _S.SCHEDULED:
        require_gate(intervention, held_on, on_the_day=True)
    elif intervention.reconfirmed_on != held_on:
        raise StaleState("It was stopped before it began. Arrange it again, or plan another one.")


def _require_carried(intervention: Intervention, held_on: date) -> None:
    """What was never sent is no intervention (domain 2.15.4)."""
    carried = Message.objects.filter(intervention=intervention, carried_on__isnull=False)
    days = {one.carried_on for one in carried.only("carried_on") if one.carried_on}
    if not days:
        words = "Nothing was carried from one side to the other yet. Record each message or letter first"
        raise DomainError(words, field="model_delivered")
    if held_on not in days:
        last = day(max(days))
        raise DomainError(f"Nothing was carried on that day. The last message was carried on {last}", field="held_on")


def _came(case: Case, attendance: Mapping[UUID, str]) -> dict[Participant, str]:
    people = {participant.pk: participant for participant in Participant.objects.filter(case=case)}
    if not set(attendance) <= set(people):
        raise DomainError("Somebody in the list is not part of this case", field="attendance")
    if not set(attendance.values()) <= set(Presence.values):
        raise DomainError("Choose of everybody whether they came", field="attendance")
    return {people[pk]: presence for pk, presence in attendance.items()}


def _require_both_sides(came: dict[Participant, str]) -> None:
    sides = {participant.side for participant, presence in came.items() if presence in WAS_THERE}
    absent = [Side(side).label.lower() for side in BOTH_SIDES if side not in sides]
    if absent:
        words = f"Nobody of the {' or the '.join(absent)} took part. Record that it did not happen"
        raise DomainError(words, field="attendance")


def _write_presence(intervention: Intervention, came: dict[Participant, str]) -> None:
    for participant, presence in came.items():
        Attendance.objects.update_or_create(
            intervention=intervention, participant=participant, defaults={"presence": presence}
        )
