"""Who may do what with a practitioner, and what stands against giving one a case."""

from typing import Any

from rj_service.accounts.roles import Role
from volunteers.choices import TRANSITIONS, Level
from volunteers.models import Practitioner
from volunteers.readiness import readiness_of


def can_manage(user, practitioner: Practitioner) -> bool:
    """Never oneself: a coordinator who facilitates has their checks, status and level recorded by somebody else."""
    return practitioner.learner.user_id != user.pk and user.may("volunteers.manage", practitioner.service_area_id)


def can_record_supervision(user, practitioner: Practitioner) -> bool:
    """A case supervisor records what they held, never their own."""
    if practitioner.learner.user_id == user.pk:
        return False
    in_area = user.acting is not None and user.acting.service_area_id == practitioner.service_area_id
    return can_manage(user, practitioner) or (in_area and user.acting_role == Role.CASE_SUPERVISOR)


def can_set_availability(user, practitioner: Practitioner) -> bool:
    """Their own, or those of the area for who manages it."""
    return can_manage(user, practitioner) or practitioner.learner.user_id == user.pk


def can_move_to(practitioner: Practitioner, status: str) -> bool:
    return status in TRANSITIONS[practitioner.status]


def blocks_to_assign(row: Any, *, needs_advanced: bool = False, as_lead: bool = True) -> list[str]:
    """What stands against giving a case to a row of `with_readiness`, each a sentence; empty where nothing does.

    `needs_advanced` is a sensitive or complex case. Nobody under 18 leads or takes one (domain 2.16.6). A conflict of
    interest is not known here: the caller adds it.
    """
    blocks = readiness_of(row).blocks
    if not row.is_adult and (as_lead or needs_advanced):
        blocks.append("Under 18: cannot lead a case or take a sensitive one")
    if needs_advanced and as_lead and row.level != Level.ADVANCED:
        blocks.append(f"{Level(row.level).label} level: this case needs an Advanced lead")
    return blocks


def blocks_to_visit(row: Any) -> list[str]:
    """What stands against sending a row of `with_readiness` on a visit."""
    blocks = [] if readiness_of(row).may_open_cases else ["Not vetted, or not active today"]
    return blocks if row.is_adult else [*blocks, "Under 18: does not visit"]
