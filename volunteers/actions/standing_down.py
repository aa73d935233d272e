"""On leave or suspended, with why, from when, and when it is looked at again."""

from datetime import date

from django.db import transaction

from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import months_after
from volunteers import events, policy
from volunteers.actions.locking import ask_for_cover, locked, look_for_cover
from volunteers.choices import MAY_OPEN_CASES, STOOD_DOWN, PractitionerStatus
from volunteers.models import Practitioner, StandDown

LONGEST = 12  # months until it is looked at again: a later day is a slip, or nobody's intention


@transaction.atomic
def stand_down(
    *, practitioner: Practitioner, kind: str, because: str, first_day: date, review_on: date, today: date, by: User
) -> StandDown:
    """A suspension closes every case to them with this moment, and coordinators hear of open ones. On leave their cases stay
    open to them, no new one is given, and each has the task to find somebody else. `kind` they have already: it was looked at,
    and goes on from its first day."""
    practitioner = locked(practitioner, by)
    if kind not in policy.may_stand_down_to(practitioner):
        raise DomainError(
            f"A practitioner cannot go from {_label(practitioner.status)} to {_label(kind)}", field="kind"
        )
    if not because.strip():
        raise DomainError("Say why. Only whoever manages practitioners reads it", field="because")
    if first_day > today:
        raise DomainError(
            "The first day must be today or in the past. For later days add a time away", field="first_day"
        )
    if not max(first_day, today) < review_on <= months_after(today, LONGEST):
        raise DomainError("The day to look at it again must be after today, and within a year", field="review_on")
    standing = end_stand_down(practitioner, today, by)
    if standing is not None and standing.kind == kind:
        first_day = standing.first_day
    before, practitioner.status = practitioner.status, kind
    practitioner.save(update_fields=["status"])
    given = {"because": because.strip(), "first_day": first_day, "review_on": review_on}
    made = StandDown.objects.create(practitioner=practitioner, kind=kind, recorded_by=by, **given)
    verb = events.STAND_DOWN_REVIEWED if before == kind else events.STATUS_CHANGED
    record(verb, by=by, on=practitioner, detail={"from": before, "to": kind, "review_on": review_on.isoformat()})
    if before in MAY_OPEN_CASES and kind not in MAY_OPEN_CASES:
        ask_for_cover(practitioner)
    look_for_cover(practitioner)
    return made


def end_stand_down(practitioner: Practitioner, today: date, by: User) -> StandDown | None:
    """Of a practitioner who is held: they are back, it goes on otherwise, or they leave."""
    standing = StandDown.objects.standing().filter(practitioner=practitioner).first()
    if standing is not None:
        standing.ended_on, standing.ended_by = today, by
        standing.save(update_fields=["ended_on", "ended_by"])
    return standing


def _label(status: str) -> str:
    return PractitionerStatus(status).label.lower()


def require_reason(status: str) -> None:
    """Nobody is suspended or sent on leave by a status alone."""
    if status in STOOD_DOWN:
        raise DomainError("Say why, from which day, and when it is looked at again", field="status")
