"""The outcome agreement and its commitments; having none is a valid outcome. Each round with somebody revises the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.intervening import PLANNERS
from cases.actions.locking import again, locked, record_on, require
from cases.choices import (
    COMMITMENT_TRANSITIONS,
    OPEN_COMMITMENTS,
    CommitmentKind,
    CommitmentStatus,
    InterventionStatus,
    ParticipantRole,
)
from cases.models import Agreement, Case, Commitment, Intervention, Participant, Signature
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User

RECORDED = "An agreement is recorded already."


@dataclass(frozen=True)
class NewCommitment:
    """`kind` of CommitmentKind; one named responsible person and a deadline (domain 2.6). `continues`: of the round before."""

    kind: str
    words: str
    responsible: Participant
    due_on: date
    amount: Decimal | None = None
    continues: Commitment | None = None


@transaction.atomic
def record_agreement(
    *,
    intervention: Intervention,
    agreed_on: date,
    commitments: Sequence[NewCommitment],
    by: User,
    today: date,
    party: Participant | None = None,
) -> Agreement:
    """Of an intervention that was held, with one person responsible: `party`, where there are several. It takes the place
    of the agreement of an earlier intervention with them. No agreement: `record_no_agreement`."""
    case, fresh = _held(intervention, by, today)
    party = _party(case, party)
    before = newest_with(case, party)
    if before is not None and before.intervention_id == fresh.pk:
        raise StaleState(RECORDED)
    return _make(case, fresh, party, before, agreed_on, commitments, by, today)


@transaction.atomic
def review_agreement(
    *, agreement: Agreement, agreed_on: date, commitments: Sequence[NewCommitment], by: User, today: date
) -> Agreement:
    """A further round with the same person: what stands from now on. What is still open of the last one is changed by
    agreement, and goes on where a new commitment `continues` it."""
    case, fresh = _held(agreement.intervention, by, today)
    before = again(agreement)
    if Agreement.objects.filter(revises=before).exists():
        raise StaleState("A later agreement is recorded already.")
    return _make(case, fresh, before.party, before, agreed_on, commitments, by, today)


@transaction.atomic
def record_no_agreement(*, intervention: Intervention, by: User, today: date) -> Intervention:
    """The sides chose to make none: sets `agreement_reached` to False."""
    case, fresh = _held(intervention, by, today)
    if fresh.agreement_reached:
        raise StaleState(RECORDED)
    fresh.agreement_reached = False
    fresh.save(update_fields=["agreement_reached"])
    record_on(events.NO_AGREEMENT, case, by, today, intervention=str(fresh.pk))
    return fresh


@transaction.atomic
def vary_commitment(
    *,
    commitment: Commitment,
    words: str,
    due_on: date,
    because: str,
    by: User,
    today: date,
    amount: Decimal | None = None,
) -> Commitment:
    """Both sides agree to something else: the old one stays, a new one goes on from it, payments and all."""
    case = locked(commitment.agreement.case, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    old = again(commitment)
    new = NewCommitment(old.kind, words, old.responsible, due_on, amount, continues=old)
    _require_commitment(case, new, today)
    if not because.strip():
        raise DomainError("Say why it was changed, and that both sides agree", field="because")
    if (old.words, old.due_on, old.amount) == (words.strip(), due_on, amount):
        raise DomainError("Nothing is different. Change what was agreed, the day or the amount", field="words")
    set_status(old, CommitmentStatus.VARIED, because, by)
    varied = _commit(old.agreement, new)
    Signature.objects.filter(agreement=old.agreement, ended_at__isnull=True).update(ended_at=Now())
    record_on(events.COMMITMENT_VARIED, case, by, today, commitment=str(varied.pk), instead_of=str(old.pk))
    return varied


def set_status(fresh: Commitment, status: str, words: str, by: User) -> None:
    """The caller holds the row. Raises StaleState where a commitment cannot come from where it is to there."""
    if status not in COMMITMENT_TRANSITIONS[fresh.status]:
        raise StaleState(
            f"This is {CommitmentStatus(fresh.status).label.lower()}. Open it again to see what can be done."
        )
    fresh.status, fresh.status_words, fresh.status_at, fresh.status_by = status, words.strip(), Now(), by
    fresh.save(update_fields=["status", "status_words", "status_at", "status_by"])
    fresh.refresh_from_db(fields=["status_at"])


def newest_with(case: Case, party: Participant | None) -> Agreement | None:
    return Agreement.objects.filter(case=case, party=party, revised_by__isnull=True).first()


def _make(case, intervention, party, before, agreed_on, commitments, by: User, today: date) -> Agreement:
    if not commitments:
        raise DomainError("Add a commitment, or record that there is no agreement", field="commitments")
    first_day = max(intervention.held_on, before.agreed_on) if before else intervention.held_on
    if not first_day <= agreed_on <= today:
        since = "agreement before it" if first_day != intervention.held_on else "intervention"
        raise DomainError(f"The day of the agreement must be between the {since} and today", field="agreed_on")
    for commitment in commitments:
        _require_commitment(case, commitment, agreed_on)
    _require_going_on(before, [new.continues.pk for new in commitments if new.continues])
    agreement = Agreement.objects.create(
        case=case,
        intervention=intervention,
        party=party,
        round=before.round + 1 if before else 1,
        revises=before,
        agreed_on=agreed_on,
        recorded_by=by,
    )
    for old in Commitment.objects.select_for_update().filter(agreement=before, status__in=OPEN_COMMITMENTS):
        set_status(old, CommitmentStatus.VARIED, "", by)
    for new in commitments:
        _commit(agreement, new)
    intervention.agreement_reached = True
    intervention.save(update_fields=["agreement_reached"])
    verb = events.AGREEMENT_REVISED if before else events.AGREEMENT_RECORDED
    record_on(verb, case, by, today, agreement=str(agreement.pk), commitments=len(commitments), round=agreement.round)
    return agreement


def _require_going_on(before: Agreement | None, going_on: list) -> None:
    open_ = set(Commitment.objects.filter(agreement=before, status__in=OPEN_COMMITMENTS).values_list("pk", flat=True))
    if len(set(going_on)) < len(going_on) or not set(going_on) <= open_:
        raise DomainError("Only what is still open of the agreement before goes on, and once", field="commitments")


def _commit(agreement: Agreement, new: NewCommitment) -> Commitment:
    return Commitment.objects.create(
        agreement=agreement,
        kind=new.kind,
        words=new.words.strip(),
        responsible=new.responsible,
        due_on=new.due_on,
        amount=new.amount,
        continues=new.continues,
    )


def _held(intervention: Intervention, by: User, today: date) -> tuple[Case, Intervention]:
    case = locked(intervention.case, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    fresh = again(intervention)
    if fresh.status != InterventionStatus.HELD:
        raise DomainError("An agreement belongs to an intervention that was held")
    return case, fresh


def _party(case: Case, party: Participant | None) -> Participant | None:
    """Whoever is responsible, chosen or the only one; those who left in the meantime may have agreed before."""
    of_case = Participant.objects.filter(case=case, role=ParticipantRole.PERSON_RESPONSIBLE)
    if party is not None:
        if not of_case.filter(pk=party.pk).exists():
            raise DomainError("Choose who of those responsible it is with", field="party")
        return party
    only = list(of_case[:2])
    if len(only) > 1:
        raise DomainError("Choose who of those responsible it is with", field="party")
    return only[0] if only else None


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
