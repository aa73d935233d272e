"""The log of contacts and attempts, always on a side."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import locked_open, record_on, require, require_open_side
from cases.actions.safety import NOT_YOUR_SIDE
from cases.choices import ContactMethod, ContactResult
from cases.models import Contact, Participant
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User


@transaction.atomic
def log_contact(
    *,
    participant: Participant,
    method: str,
    result: str,
    occurred_at: datetime,
    by: User,
    today: date,
    minutes: int | None = None,
    note: str = "",
    is_preparation: bool = False,
) -> Contact:
    """One contact or attempt. A practitioner logs only on a side that their assignment names, and only while assigned."""
    case = locked_open(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    require_open_side(case, participant.side)
    if method not in ContactMethod.values:
        raise DomainError("Choose how you made contact", field="method")
    if result not in ContactResult.values:
        raise DomainError("Choose what came of it", field="result")
    if timezone.localdate(occurred_at) > today:
        raise DomainError("The contact must be today or in the past", field="occurred_at")
    contact = Contact.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        method=method,
        result=result,
        is_preparation=is_preparation,
        occurred_at=occurred_at,
        minutes=minutes,
        note=note.strip(),
        recorded_by=by,
    )
    record_on(
        events.CONTACT_LOGGED,
        case,
        by,
        today,
        about=participant,
        contact=str(contact.pk),
        method=method,
        result=result,
    )
    return contact
