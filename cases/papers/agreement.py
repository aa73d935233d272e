"""The outcome agreement on paper for one side: what that side may know, and nothing else.

Their own people stand with their names; the others as they agreed to be named, else by their part. What was agreed is read
through for anything that would lead to somebody of another side before it leaves.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.template.loader import render_to_string

from cases.choices import CommitmentStatus, ParticipantRole
from cases.models import Agreement, Commitment, Participant
from cases.papers.others import PARTS, details_of, leads_to, named
from rj_service.documents.pdf import render_paper


@dataclass(frozen=True)
class Line:
    kind: str
    words: str
    who: str
    due_on: date
    amount: Decimal | None


@dataclass(frozen=True)
class Paper:
    """`signers`: of this side alone. `leads_to_somebody`: commitments whose words must change before this is printed."""

    area: str
    agreed_on: date
    lines: tuple[Line, ...]
    signers: tuple[str, ...]
    leads_to_somebody: tuple[str, ...]


def paper_for(agreement: Agreement, side: str) -> Paper:
    people = list(
        Participant.objects.filter(case=agreement.case_id).select_related("person").order_by("added_at", "id")
    )
    own = {one.pk for one in people if _is_own(one, agreement, side)}
    others = [one for one in people if one.pk not in own]
    closed = (CommitmentStatus.VARIED, CommitmentStatus.WITHDRAWN)
    standing = Commitment.objects.filter(agreement=agreement).exclude(status__in=closed)
    commitments = list(standing.select_related("responsible__person").order_by("due_on", "id"))
    promising = {one.responsible_id for one in commitments}
    details = details_of(others)
    return Paper(
        area=agreement.case.service_area.name,
        agreed_on=agreement.agreed_on,
        lines=tuple(
            Line(one.get_kind_display(), one.words, named(one.responsible, own), one.due_on, one.amount)
            for one in commitments
        ),
        signers=tuple(
            one.person.name for one in people if one.pk in own and (one.role in PARTS or one.pk in promising)
        ),
        leads_to_somebody=tuple(
            one.get_kind_display()
            for one in commitments
            if any(leads_to(one.words, other, details.get(other.person_id)) for other in others)
        ),
    )


def pdf_of(paper: Paper) -> bytes:
    """Tagged. Its title and its metadata name nobody."""
    return render_paper(render_to_string("cases/agreement_document.html", {"paper": paper, "area": paper.area}))


def _is_own(participant: Participant, agreement: Agreement, side: str) -> bool:
    """Whoever else is responsible signs an agreement of their own, and is none of this one's people."""
    if participant.side != side:
        return False
    return participant.role != ParticipantRole.PERSON_RESPONSIBLE or participant.pk == agreement.party_id
