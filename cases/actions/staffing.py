"""Whether a practitioner may have a place on a case, before anybody is asked and again before anybody is assigned."""

from datetime import date
from typing import Any
from uuid import UUID

from cases.actions.locking import in_sentence
from cases.choices import AssignmentRole, AssignmentSides
from cases.matching import CONFLICT, TOO_YOUNG
from cases.models import Case, Participant
from referrals.models import ConflictOfInterest, SensitiveFlag
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from volunteers.models import Practitioner
from volunteers.policy import blocks_to_assign as practitioner_blocks


def blocks_to_assign(
    *, case: Case, practitioner: Practitioner, role: str, today: date, home: UUID | None = None
) -> list[str]:
    """Why the practitioner cannot be assigned; empty when they can. A conflict reads 'Declared a conflict of interest'.
    `home`: the area that lends them, whose facts say whether they are ready.

    In a sensitive case an Advanced lead is not demanded here: an Advanced co-facilitator beside the lead is as good, and
    the gate looks at both.
    """
    row = _with_readiness(practitioner, today)
    if row.service_area_id not in (case.service_area_id, home):
        raise DomainError("They work in another area", field="practitioner")
    blocks = practitioner_blocks(row, as_lead=role == AssignmentRole.LEAD)
    if (
        role != AssignmentRole.LEAD
        and not row.is_adult
        and SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True).exists()
    ):
        blocks.append(TOO_YOUNG)
    if has_conflict(case, row.learner.user_id):
        blocks.append(CONFLICT)
    return blocks


def readiness_blocks(practitioner: Practitioner, role: str, today: date) -> list[str]:
    """Of the practitioner alone, whatever the case."""
    return practitioner_blocks(_with_readiness(practitioner, today), as_lead=role == AssignmentRole.LEAD)


def _with_readiness(practitioner: Practitioner, today: date) -> Any:
    return row_by_row(Practitioner).filter(pk=practitioner.pk).with_readiness(today).get()


def has_conflict(case: Case, user_id) -> bool:
    """With the referral or anybody in the case. Why is nobody's business."""
    declared = ConflictOfInterest.objects.filter(user=user_id, lifted_at__isnull=True)
    people = Participant.objects.filter(case=case).values("person")
    return user_id is not None and (
        declared.filter(referral=case.referral_id).exists() or declared.filter(person__in=people).exists()
    )


def require_role(role: str, sides: str) -> None:
    if role not in AssignmentRole.values:
        raise DomainError("Choose lead or co-facilitator", field="role")
    if sides not in AssignmentSides.values:
        raise DomainError("Choose which side they work with", field="sides")


def require_free(
    case: Case, practitioner: Practitioner, role: str, today: date, did: str, home: UUID | None = None
) -> None:
    blocks = blocks_to_assign(case=case, practitioner=practitioner, role=role, today=today, home=home)
    if blocks:
        raise DomainError(
            f"{practitioner.name} cannot be {did}: {in_sentence(blocks[0])}", code="blocked", field="practitioner"
        )


def users_of(practitioners: list[Practitioner]) -> list[User]:
    return [p.learner.user for p in practitioners if p.learner.user is not None]
