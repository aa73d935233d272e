"""The outcome agreement and its commitments; having none is a valid outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cases.models import Agreement, Commitment, Intervention, Participant
from rj_service.accounts.models import User


@dataclass(frozen=True)
class NewCommitment:
    """`kind` of CommitmentKind; one named responsible person and a deadline (domain 2.6)."""

    kind: str
    words: str
    responsible: Participant
    due_on: date
    amount: Decimal | None = None


def record_agreement(
    *, intervention: Intervention, agreed_on: date, commitments: Sequence[NewCommitment], by: User, today: date
) -> Agreement:
    """Of an intervention that was held; at least one commitment. No agreement: `record_no_agreement`."""
    raise NotImplementedError


def record_no_agreement(*, intervention: Intervention, by: User, today: date) -> Intervention:
    """The sides chose to make none: sets `agreement_reached` to False."""
    raise NotImplementedError


def set_commitment_status(*, commitment: Commitment, status: str, by: User, today: date) -> Commitment:
    """`status` of CommitmentStatus. 'Completed' after the deadline is stored as completed late."""
    raise NotImplementedError
