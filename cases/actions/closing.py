"""How a case ends, and how it is opened again."""

from datetime import date

from cases.models import Case, Closure
from rj_service.accounts.models import User


def close_case(*, case: Case, reason: str, closed_on: date, by: User, today: date, note: str = "") -> Closure:
    """`reason` of ClosureReason stays inside; the referrer reads one neutral sentence (domain 2.16.10).

    Refused while something is arranged, for a completed reason without a held intervention, and for 'could not be
    contacted' before 3 attempts by 2 methods. Ends assignments and invitations.
    """
    raise NotImplementedError


def reopen_case(*, case: Case, by: User, today: date) -> Case:
    """The closure row stays. Facilitators have to be assigned again."""
    raise NotImplementedError
