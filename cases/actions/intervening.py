"""What is carried between the sides: planned, arranged past the gate, reconfirmed on the day, held past the gate again."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from cases.models import Case, Intervention
from rj_service.accounts.models import User


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
    """A plan invites nobody and sends nothing. Any other model than a face-to-face conference says why."""
    raise NotImplementedError


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
    raise NotImplementedError


def schedule_intervention(*, intervention: Intervention, planned_for: datetime, by: User, today: date) -> Intervention:
    """Past the gate, under lock. Raises GateClosed with the checks; what was planned is kept."""
    raise NotImplementedError


def reconfirm_intervention(*, intervention: Intervention, by: User, today: date) -> Intervention:
    """On the day: everybody was asked again and every check still holds. Raises GateClosed."""
    raise NotImplementedError


def hold_intervention(
    *,
    intervention: Intervention,
    held_on: date,
    attendance: Mapping[UUID, bool],
    by: User,
    today: date,
    model_delivered: str = "",
    outcome_note: str = "",
) -> Intervention:
    """Past the gate once more. `attendance`: participant id -> came. Both main sides came, else it did not happen.
    `model_delivered` where it turned out another one than planned. Raises GateClosed."""
    raise NotImplementedError


def postpone_intervention(*, intervention: Intervention, reason: str, by: User, today: date) -> Intervention:
    """Each side is told only that the date has changed."""
    raise NotImplementedError


def cancel_intervention(*, intervention: Intervention, reason: str, by: User, today: date) -> Intervention:
    raise NotImplementedError


def record_did_not_happen(*, intervention: Intervention, reason: str, by: User, today: date) -> Intervention:
    """Somebody did not come, or it could not go ahead on the day. Not counted as held."""
    raise NotImplementedError
