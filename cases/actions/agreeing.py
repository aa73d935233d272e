"""The outcome agreement and its commitments; having none is a valid outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.intervening import PLANNERS
from cases.actions.locking import again, locked, record_on, require
from cases.choices import CommitmentKind, CommitmentStatus, InterventionStatus
from cases.models import Agreement, Case, Commitment, Intervention, Participant
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User


@dataclass(frozen=True)
class NewCommitment:
    """`kind` of CommitmentKind; one named responsible person and a deadline (domain 2.6)."""

    kind: str
    words: str
    responsible: Participant
    due_on: date
    amount: Decimal | None = None


@transaction.atomic
def record_agreement(
    *, intervention: Intervention, agreed_on: date, commitments: Sequence[NewCommitment], by: User, today: date
) -> Agreement:
    """Of an intervention that was held; at least one commitment. No agreement: `record_no_agreement`."""
    case, fresh = _held(intervention, by, today)
    if not commitments:
        raise DomainError("Add a commitment, or record that there is no agreement", field="commitments")
    if fresh.held_on is None or not fresh.held_on <= agreed_on <= today:
        raise DomainError("The day of the agreement must be between the intervention and today", field="agreed_on")
    for commitment in commitments:
        _require_commitment(case, commitment, agreed_on)
    agreement = Agreement.objects.create(case=case, intervention=fresh, agreed_on=agreed_on, recorded_by=by)
    for new in commitments:
        Commitment.objects.create(
            agreement=agreement,
            kind=new.kind,
            words=new.words.strip(),
            responsible=new.responsible,
            due_on=new.due_on,
            amount=new.amount,
        )
    fresh.agreement_reached = True
    fresh.save(update_fields=["agreement_reached"])
    record_on(events.AGREEMENT_RECORDED, case, by, today, agreement=str(agreement.pk), commitments=len(commitments))
    return agreement


@transaction.atomic
def record_no_agreement(*, intervention: Intervention, by: User, today: date) -> Intervention:
    """The sides chose to make none: sets `agreement_reached` to False."""
    case, fresh = _held(intervention, by, today)
    fresh.agreement_reached = False
    fresh.save(update_fields=["agreement_reached"])
    record_on(events.NO_AGREEMENT, case, by, today, intervention=str(fresh.pk))
    return fresh


@transaction.atomic
def set_commitment_status(*, commitment: Commitment, status: str, by: User, today: date) -> Commitment:
    """`status` of CommitmentStatus. 'Completed' after the deadline is stored as completed late."""
    case = locked(commitment.agreement.case, by, today)
    fresh = again(commitment)
    allowed = policy.can_plan(by, case, today) or policy.can_log_contact(by, case, fresh.responsible.side, today)
    require(allowed, PLANNERS)
    if status not in CommitmentStatus.values:
        raise DomainError("Choose how far it is", field="status")
    if status == CommitmentStatus.COMPLETED and today > fresh.due_on:
        status = CommitmentStatus.COMPLETED_LATE
    fresh.status, fresh.status_at, fresh.status_by = status, Now(), by
    fresh.save(update_fields=["status", "status_at", "status_by"])
    fresh.refresh_from_db(fields=["status_at"])
    record_on(events.COMMITMENT_CHANGED, case, by, today, commitment=str(fresh.pk), status=status)
    return fresh


def _held(intervention: Intervention, by: User, today: date) -> tuple[Case, Intervention]:
    case = locked(intervention.case, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    fresh = again(intervention)
    if fresh.status != InterventionStatus.HELD:
        raise DomainError("An agreement belongs to an intervention that was held")
    if Agreement.objects.filter(intervention=fresh).exists():
        raise StaleState("An agreement is recorded already.")
    return case, fresh


def _require_commitment(case: Case, new: NewCommitment, agreed_on: date) -> None:
    if new.kind not in CommitmentKind.values:
        raise DomainError("Choose what kind of commitment it is", field="kind")
    if not new.words.strip():
        raise DomainError("Say what was agreed", field="words")
    if new.responsible.case_id != case.pk:
        raise DomainError("Choose who in this case is responsible for it", field="responsible")
    if new.due_on < agreed_on:
        raise DomainError("The deadline must be on or after the day of the agreement", field="due_on")
    if new.amount is not None and new.amount < 0:
        raise DomainError("Enter an amount, like 45.50", field="amount")
