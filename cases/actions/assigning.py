"""Who works on a case: asked without a name, then assigned, one lead at a time."""

from datetime import date

from cases.models import Assignment, Case, Invitation
from rj_service.accounts.models import User
from volunteers.models import Practitioner


def blocks_to_assign(*, case: Case, practitioner: Practitioner, role: str, today: date) -> list[str]:
    """Why the practitioner cannot be assigned; empty when they can. A conflict reads 'Declared a conflict of interest'."""
    raise NotImplementedError


def invite_practitioner(
    *,
    case: Case,
    practitioner: Practitioner,
    role: str,
    sides: str,
    answer_by: date,
    by: User,
    today: date,
    near: str = "",
    hours: int | None = None,
) -> Invitation:
    """Asks whether they are free; names nobody (domain 2.16.12). Refused with the first block."""
    raise NotImplementedError


def answer_invitation(*, invitation: Invitation, accepted: bool, by: User, today: date) -> Invitation:
    """Only by the practitioner asked. A yes assigns nobody: the coordinator does, after the conflict check."""
    raise NotImplementedError


def withdraw_invitation(*, invitation: Invitation, by: User, today: date) -> Invitation:
    raise NotImplementedError


def assign(*, case: Case, practitioner: Practitioner, role: str, sides: str, by: User, today: date) -> Assignment:
    """`role` of AssignmentRole, `sides` of AssignmentSides. Raises 'Tom Adeyemi cannot be assigned: police vetting ended on
    22 November 2026' and the like; closes the invitation that waits."""
    raise NotImplementedError


def change_assignment(*, assignment: Assignment, role: str, sides: str, by: User, today: date) -> Assignment:
    """Ends the assignment and starts another: what was seen under the first stays on record."""
    raise NotImplementedError


def end_assignment(*, assignment: Assignment, reason: str, by: User, today: date) -> Assignment:
    """Access ends at once."""
    raise NotImplementedError
