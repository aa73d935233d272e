"""Whether commitments are kept: how they stand, what shows it, what is paid."""

import re
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.agreeing import set_status
from cases.actions.intervening import PLANNERS
from cases.actions.locking import again, locked, record_on, require
from cases.actions.telling import to_tell
from cases.choices import OPEN_COMMITMENTS, RESULTS, CommitmentStatus, PaymentWay
from cases.models import Case, Commitment, Evidence, Payment
from cases.standing import Paid, paid_towards
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.documents.actions import store_file
from rj_service.documents.uploads import taken_in
from rj_service.ui.templatetags.ui import money

# A sort code, an account number or card, a postcode: what a receipt's reference must not carry.
ANYTHING_OF_THE_PAYER = re.compile(r"\d{2}[- ]\d{2}[- ]\d{2}|\d{8,}|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|@", re.I)


@transaction.atomic
def set_commitment_status(*, commitment: Commitment, status: str, by: User, today: date, words: str = "") -> Commitment:
    """`status` of CommitmentStatus but varied. Kept in full after the deadline is stored as kept late; kept in part or not
    says in `words` how."""
    case, fresh = _worked_by(commitment, by, today)
    if status not in CommitmentStatus.values or status == CommitmentStatus.VARIED:
        raise DomainError("Choose how far it is", field="status")
    if status in (CommitmentStatus.PARTLY, CommitmentStatus.NOT_COMPLETED) and not words.strip():
        raise DomainError("Say what was kept of it, and what was not", field="words")
    return _stands(case, fresh, status, words, by, today)


@transaction.atomic
def keep_evidence(
    *, commitment: Commitment, shown_on: date, by: User, today: date, words: str = "", content: bytes = b""
) -> Evidence:
    """Words, or a file (`documents.uploads`). It is encrypted and its name is not kept."""
    case, fresh = _worked_by(commitment, by, today)
    if not words.strip() and not content:
        raise DomainError("Say what shows it, or choose a file", field="words")
    if shown_on > today:
        raise DomainError("The day must be today or in the past", field="shown_on")
    file = None
    if content:
        upload = taken_in(content)
        file = store_file([upload.content], kind="evidence", content_type=upload.content_type, by=by)
    kept = Evidence.objects.create(commitment=fresh, shown_on=shown_on, words=words.strip(), file=file, recorded_by=by)
    record_on(events.EVIDENCE_KEPT, case, by, today, commitment=str(fresh.pk), with_file=file is not None)
    return kept


@transaction.atomic
def record_payment(
    *, commitment: Commitment, paid_on: date, amount: Decimal, way: str, receipt: str, by: User, today: date
) -> Payment:
    """Towards the commitment's amount, never beyond it; the last one makes it kept. Whose account it came from and where
    the payer lives is refused in the reference of the receipt."""
    case, fresh = _worked_by(commitment, by, today)
    if fresh.status not in OPEN_COMMITMENTS and fresh.status != CommitmentStatus.PARTLY:
        raise StaleState(f"This is {CommitmentStatus(fresh.status).label.lower()}: nothing is paid towards it.")
    paid = what_is_paid(fresh)
    _require_payment(fresh, paid, paid_on, amount, way, receipt, today)
    payment = Payment.objects.create(
        commitment=fresh, paid_on=paid_on, amount=amount, way=way, receipt=receipt.strip(), recorded_by=by
    )
    record_on(events.PAYMENT_RECORDED, case, by, today, commitment=str(fresh.pk), payment=str(payment.pk))
    if amount == paid.left:
        _stands(case, fresh, CommitmentStatus.COMPLETED, "", by, today, on=paid_on)
    return payment


@transaction.atomic
def take_back_payment(*, payment: Payment, by: User, today: date) -> Payment:
    """It was recorded in error. The row stays; before the commitment is settled only."""
    case, commitment = _worked_by(payment.commitment, by, today)
    fresh = again(payment)
    if fresh.taken_back_at is not None:
        raise StaleState("This payment was taken back already.")
    if commitment.status not in (*OPEN_COMMITMENTS, CommitmentStatus.VARIED):
        raise StaleState("Put right first how the commitment stands.")
    fresh.taken_back_at, fresh.taken_back_by = Now(), by
    fresh.save(update_fields=["taken_back_at", "taken_back_by"])
    record_on(events.PAYMENT_TAKEN_BACK, case, by, today, commitment=str(commitment.pk), payment=str(fresh.pk))
    return fresh


def what_is_paid(commitment: Commitment) -> Paid:
    """Of its amount, with what was paid before it was changed by agreement. Raises DomainError where it has none."""
    of_case = Commitment.objects.filter(agreement__case=commitment.agreement.case_id)
    payments = Payment.objects.filter(commitment__in=of_case)
    paid = paid_towards(of_case, payments).get(commitment.pk)
    if paid is None:
        raise DomainError("This commitment has no amount to pay")
    return paid


def _stands(case: Case, fresh: Commitment, status: str, words: str, by: User, today: date, *, on=None) -> Commitment:
    if status == CommitmentStatus.COMPLETED and (on or today) > fresh.due_on:
        status = CommitmentStatus.COMPLETED_LATE
    set_status(fresh, status, words, by)
    record_on(events.COMMITMENT_CHANGED, case, by, today, commitment=str(fresh.pk), status=status)
    if status in RESULTS:
        to_tell(case, fresh, by, today)
    return fresh


def _worked_by(commitment: Commitment, by: User, today: date) -> tuple[Case, Commitment]:
    """Those who plan, and those who work with the side of whoever promised it."""
    case = locked(commitment.agreement.case, by, today)
    fresh = again(commitment)
    allowed = policy.can_plan(by, case, today) or policy.can_log_contact(by, case, fresh.responsible.side, today)
    require(allowed, PLANNERS)
    return case, fresh


def _require_payment(fresh, paid: Paid, paid_on: date, amount: Decimal, way: str, receipt: str, today: date) -> None:
    if way not in PaymentWay.values:
        raise DomainError("Choose how it was paid", field="way")
    if not fresh.agreement.agreed_on <= paid_on <= today:
        raise DomainError("The day must be between the agreement and today", field="paid_on")
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise DomainError("Enter an amount, like 45.50", field="amount")
    if amount > paid.left:
        raise DomainError(f"Only {money(paid.left)} is left to pay", field="amount")
    if not receipt.strip():
        raise DomainError("Enter the reference of the receipt", field="receipt")
    if ANYTHING_OF_THE_PAYER.search(receipt):
        raise DomainError("Enter our own receipt’s reference: no account, no address", field="receipt")
