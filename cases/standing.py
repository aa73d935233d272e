"""How a commitment and its agreement stand: what is kept, what is paid towards it, what is late."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from cases.choices import KEPT, OPEN_COMMITMENTS, CommitmentStatus
from cases.models import Commitment, Payment


@dataclass(frozen=True)
class Paid:
    """Pounds and pence of a commitment's amount."""

    of: Decimal
    so_far: Decimal

    @property
    def left(self) -> Decimal:
        return max(self.of - self.so_far, Decimal(0))


def paid_towards(commitments: Iterable[Commitment], payments: Iterable[Payment]) -> dict[UUID, Paid]:
    """Commitment -> what is paid, for those with an amount. What was paid before it was agreed anew counts on, so
    `commitments` holds the earlier ones too."""
    own: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for payment in payments:
        if payment.taken_back_at is None:
            own[payment.commitment_id] += payment.amount
    by_key: dict[Any, Commitment] = {one.pk: one for one in commitments}

    def so_far(one: Commitment | None) -> Decimal:
        return own[one.pk] + so_far(by_key.get(one.continues_id)) if one else Decimal(0)

    return {key: Paid(one.amount, so_far(one)) for key, one in by_key.items() if one.amount}


def is_overdue(commitment: Commitment, today: date) -> bool:
    return commitment.status in OPEN_COMMITMENTS and commitment.due_on < today


def agreement_stands(statuses: Collection[str]) -> tuple[str, str]:
    """A state of the pages and its words, from the statuses of an agreement's commitments."""
    counted = [one for one in statuses if one not in (CommitmentStatus.VARIED, CommitmentStatus.WITHDRAWN)]
    if not counted:
        return "wait", "Nothing of it stands"
    if any(one in OPEN_COMMITMENTS for one in counted):
        return "wait", "Under way"
    if all(one in KEPT for one in counted):
        return "ok", "Kept in full"
    if all(one == CommitmentStatus.NOT_COMPLETED for one in counted):
        return "stop", "Not kept"
    return "soon", "Kept in part"
