"""The agreement on paper: how everybody is named to the other side, and who signed it."""

from datetime import date

from django.db import transaction

from cases import events, policy
from cases.actions.locking import NOT_YOUR_SIDE, again, locked, record_on, require
from cases.choices import CommitmentStatus, ParticipantRole, SigningWay
from cases.models import Agreement, Commitment, Participant, Signature
from cases.papers.agreement import Paper, paper_for
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User


@transaction.atomic
def agree_name(*, participant: Participant, shown_as: str, by: User, today: date) -> Participant:
    """How the person agreed to be named to the other side; empty where they agreed to nothing."""
    case = locked(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    fresh = again(participant)
    fresh.shown_as = shown_as.strip()
    fresh.save(update_fields=["shown_as"])
    record_on(events.NAME_AGREED, case, by, today, about=fresh)
    return fresh


@transaction.atomic
def print_agreement(*, agreement: Agreement, side: str, by: User, today: date) -> Paper:
    """What one side reads and signs. Refused while what was agreed would lead to somebody of another side."""
    case = locked(agreement.case, by, today)
    require(policy.can_log_contact(by, case, side, today), NOT_YOUR_SIDE)
    paper = paper_for(agreement, side)
    if paper.leads_to_somebody:
        found = ", ".join(paper.leads_to_somebody).lower()
        raise DomainError(
            f"Not printed: the words of a commitment ({found}) name somebody of the other side, or say how to reach them."
            " Change them by agreement, or record how that person agreed to be named."
        )
    record_on(events.AGREEMENT_PRINTED, case, by, today, agreement=str(agreement.pk), side=side)
    return paper


@transaction.atomic
def record_signature(
    *, agreement: Agreement, participant: Participant, signed_on: date, how: str, by: User, today: date
) -> Signature:
    """By whoever promised something, was harmed, or whose agreement it is. What changes later is signed again."""
    case = locked(agreement.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    fresh = again(agreement)
    if participant.pk not in {one.pk for one in signers_of(fresh)}:
        raise DomainError("Choose who of this agreement signed", field="participant")
    if how not in SigningWay.values:
        raise DomainError("Choose how it was signed", field="how")
    if not fresh.agreed_on <= signed_on <= today:
        raise DomainError("The day must be between the agreement and today", field="signed_on")
    if Signature.objects.filter(agreement=fresh, participant=participant, ended_at__isnull=True).exists():
        raise StaleState("That they signed is recorded already.")
    signature = Signature.objects.create(
        agreement=fresh, participant=participant, signed_on=signed_on, how=how, recorded_by=by
    )
    record_on(events.AGREEMENT_SIGNED, case, by, today, about=participant, agreement=str(fresh.pk))
    return signature


def signers_of(agreement: Agreement) -> list[Participant]:
    """In the order in which they came into the case."""
    gone = (CommitmentStatus.VARIED, CommitmentStatus.WITHDRAWN)
    promising = set(
        Commitment.objects.filter(agreement=agreement).exclude(status__in=gone).values_list("responsible", flat=True)
    )
    people = Participant.objects.filter(case=agreement.case_id).select_related("person").order_by("added_at", "id")
    return [
        one
        for one in people
        if one.pk == agreement.party_id or one.pk in promising or one.role == ParticipantRole.PERSON_HARMED
    ]
