"""What a volunteer spent and claims; what a manager decides. Nobody decides on their own."""

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.documents.actions import delete_file, store_file
from rj_service.documents.uploads import taken_in
from rj_service.notifications.actions import notify, notify_role
from volunteers import events, policy
from volunteers.choices import CLAIM_TRANSITIONS, CLAIMED, ClaimKind, ClaimStatus
from volunteers.mileage import Rate, amount_for, financial_year_of, tax_year_of
from volunteers.models import BudgetLine, ExpenseClaim, MileageRate, Practitioner

A_YEAR = timedelta(days=365)
NOT_OWN = "Somebody else who pays expenses decides on this one: nobody decides on their own."
RECEIPTS = ("image/jpeg", "image/png", "application/pdf")


@transaction.atomic
def claim_expense(
    *,
    practitioner: Practitioner,
    kind: str,
    spent_on: date,
    words: str,
    today: date,
    miles: Decimal | None = None,
    amount: Decimal | None = None,
    receipt: bytes | None = None,
    by: User,
) -> ExpenseClaim:
    """Their own. Of miles the rate of the day makes the amount; everything else needs a receipt."""
    practitioner = _locked_own(practitioner, by)
    claim = ExpenseClaim(practitioner=practitioner, kind=kind)
    _fill(claim, spent_on=spent_on, words=words, miles=miles, amount=amount, receipt=receipt, today=today, by=by)
    claim.save(force_insert=True)
    _record(events.EXPENSE_CLAIMED, claim, by)
    notify_role(Role.SERVICE_MANAGER, practitioner.service_area_id, "expense_claimed", on=claim)
    return claim


@transaction.atomic
def change_claim(
    *,
    claim: ExpenseClaim,
    spent_on: date,
    words: str,
    today: date,
    miles: Decimal | None = None,
    amount: Decimal | None = None,
    receipt: bytes | None = None,
    by: User,
) -> ExpenseClaim:
    """What was sent back, put right and claimed again. Without a new receipt the first one stays."""
    _locked_own(claim.practitioner, by)
    fresh = _held(claim)
    _move(fresh, ClaimStatus.SUBMITTED)
    _fill(fresh, spent_on=spent_on, words=words, miles=miles, amount=amount, receipt=receipt, today=today, by=by)
    fresh.decided_at = fresh.decided_by = None
    fresh.save()
    _record(events.EXPENSE_CLAIMED, fresh, by)
    notify_role(Role.SERVICE_MANAGER, fresh.practitioner.service_area_id, "expense_claimed", on=fresh)
    return fresh


@transaction.atomic
def withdraw_claim(*, claim: ExpenseClaim, by: User) -> None:
    _locked_own(claim.practitioner, by)
    fresh = _held(claim)
    _move(fresh, ClaimStatus.WITHDRAWN)
    fresh.save(update_fields=["status"])
    _record(events.EXPENSE_WITHDRAWN, fresh, by)


@transaction.atomic
def approve_claim(*, claim: ExpenseClaim, line: BudgetLine, by: User) -> ExpenseClaim:
    """Charged to a line of the year in which it was spent."""
    fresh = _to_decide(claim, by)
    if line.service_area_id != fresh.practitioner.service_area_id or line.year != financial_year_of(fresh.spent_on):
        raise DomainError("Choose a line of the year in which it was spent", field="line")
    _move(fresh, ClaimStatus.APPROVED)
    fresh.line = line
    return _decide(fresh, events.EXPENSE_APPROVED, "", by)


@transaction.atomic
def send_back_claim(*, claim: ExpenseClaim, because: str, by: User) -> ExpenseClaim:
    fresh = _to_decide(claim, by)
    if not policy.can_put_right(fresh):
        raise DomainError(
            "They have left, and cannot put it right. Approve it, or say why it is not paid", field="decision"
        )
    _move(fresh, ClaimStatus.SENT_BACK)
    return _decide(fresh, events.EXPENSE_SENT_BACK, _reason(because), by)


def decide_as_they_stand(practitioner: Practitioner, by: User) -> int:
    """Whoever leaves cannot put a claim right any more: what was sent back waits for a decision again, beside the question that
    it was sent back with. What waits or is approved is paid as anybody's. Returns how many."""
    back = ExpenseClaim.objects.select_for_update(of=("self",)).filter(practitioner=practitioner)
    claims = list(back.filter(status=ClaimStatus.SENT_BACK).select_related("practitioner"))
    for claim in claims:
        _move(claim, ClaimStatus.SUBMITTED)
        claim.save(update_fields=["status"])
        _record(events.EXPENSE_AS_IT_STANDS, claim, by)
        notify_role(Role.SERVICE_MANAGER, practitioner.service_area_id, "expense_claimed", on=claim)
    return len(claims)


@transaction.atomic
def refuse_claim(*, claim: ExpenseClaim, because: str, by: User) -> ExpenseClaim:
    fresh = _to_decide(claim, by)
    _move(fresh, ClaimStatus.REFUSED)
    return _decide(fresh, events.EXPENSE_REFUSED, _reason(because), by)


def rate_on(day: date, area_id) -> tuple[Rate, str]:
    """What a mile is paid on a day, and where that comes from."""
    found = MileageRate.objects.filter(service_area=area_id, counts_from__lte=day).order_by("-counts_from").first()
    if found is None:
        first, after, miles = settings.RJ_MILEAGE
        return Rate(Decimal(first), Decimal(after), miles), settings.RJ_MILEAGE_SOURCE
    return Rate(found.first_pence, found.after_pence, found.first_miles), found.source


def _fill(
    claim: ExpenseClaim,
    *,
    spent_on: date,
    words: str,
    miles: Decimal | None,
    amount: Decimal | None,
    receipt: bytes | None,
    today: date,
    by: User,
) -> None:
    """With the practitioner held: two journeys claimed at once do not both count as the first miles."""
    if claim.kind not in ClaimKind.values:
        raise DomainError("Choose what you spent it on", field="kind")
    if not today - A_YEAR <= spent_on <= today:
        raise DomainError("The day must be within the last year, and today or in the past", field="spent_on")
    if not words.strip():
        raise DomainError("Say where and what for, and name nobody", field="words")
    claim.spent_on, claim.words = spent_on, words.strip()
    _price(claim, miles, amount)
    if receipt is not None:
        _keep_receipt(claim, receipt, by)
    if claim.needs_receipt and claim.receipt is None:
        raise DomainError("Add a photograph of the receipt", field="receipt")


def _price(claim: ExpenseClaim, miles: Decimal | None, amount: Decimal | None) -> None:
    if claim.needs_receipt:
        if amount is None or amount <= 0:
            raise DomainError("Enter an amount, like 45.50", field="amount")
        claim.miles, claim.amount = None, amount
        return
    if miles is None or miles <= 0:
        raise DomainError("Enter the miles, like 12.5", field="miles")
    rate, _ = rate_on(claim.spent_on, claim.practitioner.service_area_id)
    claim.miles, claim.amount = miles, amount_for(miles, before=_miles_before(claim), rate=rate)


def _keep_receipt(claim: ExpenseClaim, receipt: bytes, by: User) -> None:
    try:
        upload = taken_in(receipt)
    except DomainError as error:
        raise DomainError(error.message, field="receipt") from error
    if upload.content_type not in RECEIPTS:
        raise DomainError("The receipt must be a photograph or a PDF", field="receipt")
    if claim.receipt is not None:
        delete_file(claim.receipt)
    claim.receipt = store_file([upload.content], kind="receipt", content_type=upload.content_type, by=by)


def _miles_before(claim: ExpenseClaim) -> Decimal:
    """Of the tax year in which it was driven, claimed already."""
    others = ExpenseClaim.objects.filter(
        practitioner=claim.practitioner, status__in=CLAIMED, spent_on__range=tax_year_of(claim.spent_on)
    ).exclude(pk=claim.pk)
    return others.aggregate(miles=Sum("miles"))["miles"] or Decimal(0)


def _locked_own(practitioner: Practitioner, by: User) -> Practitioner:
    if not policy.can_claim(by, practitioner):
        raise NotAllowed("A volunteer claims their own expenses.")
    return Practitioner.objects.select_for_update(of=("self",)).select_related("learner").get(pk=practitioner.pk)


def _to_decide(claim: ExpenseClaim, by: User) -> ExpenseClaim:
    fresh = _held(claim)
    if not policy.can_decide_claim(by, fresh):
        raise NotAllowed(NOT_OWN)
    return fresh


def _held(claim: ExpenseClaim) -> ExpenseClaim:
    rows = ExpenseClaim.objects.select_for_update(of=("self",)).select_related("practitioner__learner__user")
    return rows.get(pk=claim.pk)


def _move(claim: ExpenseClaim, status: str) -> None:
    if status not in CLAIM_TRANSITIONS[claim.status]:
        raise StaleState(f"This claim stands at: {claim.get_status_display().lower()}. Nothing was done twice")
    claim.status = status


def _reason(because: str) -> str:
    if not because.strip():
        raise DomainError("Say why. Whoever claimed it reads this", field="because")
    return because.strip()


def _decide(claim: ExpenseClaim, verb: str, because: str, by: User) -> ExpenseClaim:
    claim.decided_at, claim.decided_by, claim.decided_because = Now(), by, because
    claim.save(update_fields=["status", "line", "decided_at", "decided_by", "decided_because"])
    _record(verb, claim, by)
    if claim.practitioner.learner.user is not None:
        notify(claim.practitioner.learner.user, "expense_decided", on=claim)
    return claim


def _record(verb: str, claim: ExpenseClaim, by: User) -> None:
    detail = {"kind": claim.kind, "practitioner": str(claim.practitioner_id)}
    record(verb, by=by, on=claim, area=claim.practitioner.service_area_id, detail=detail)
