from datetime import date

from django.db import transaction

from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from volunteers import events, policy
from volunteers.actions.locking import tell
from volunteers.models import Practitioner, Supervision


@transaction.atomic
def record_supervision(
    *,
    practitioner: Practitioner,
    held_on: date,
    supervisor_name: str = "",
    agreed: str = "",
    next_on: date | None = None,
    today: date,
    by: User,
) -> Supervision:
    """By who manages practitioners, or a case supervisor of the area. `supervisor_name`: who held it, if not `by`."""
    practitioner = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    if not policy.can_record_supervision(by, practitioner):
        raise NotAllowed("A case supervisor, a coordinator or a service manager can do this.")
    if held_on > today:
        raise DomainError("Date of the supervision must be today or in the past", field="held_on")
    if next_on and next_on <= held_on:
        raise DomainError("Date of the next supervision must be after this one", field="next_on")
    supervision = Supervision.objects.create(
        practitioner=practitioner,
        held_on=held_on,
        supervisor_name=supervisor_name or by.get_full_name(),
        agreed=agreed,
        next_on=next_on,
        recorded_by=by,
    )
    record(events.SUPERVISION_RECORDED, by=by, on=supervision, area=practitioner.service_area_id)
    tell(practitioner)
    return supervision
