"""The log of contacts and attempts, always on a side."""

from datetime import date, datetime

from cases.models import Contact, Participant
from rj_service.accounts.models import User


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
    raise NotImplementedError
