"""The money: lines of the budget, the rate of a mile, and payments of what was approved."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.actions import record
from rj_service.documents.actions import store_file
from rj_service.documents.models import StoredFile
from rj_service.documents.tables_out import csv_bytes
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day
from volunteers import events, policy
from volunteers.choices import ClaimStatus
from volunteers.models import BudgetLine, ExpenseClaim, MileageRate, PaymentRun

COLUMNS = ("Pay to", "Claim", "Spent on", "For", "Miles", "Pounds", "Budget line", "Approved by", "Approved on")
PAYERS = "A service manager can do this."


@transaction.atomic
def lay_budget_line(*, area: ServiceArea, year: int, name: str, stream: str, amount: Decimal, by: User) -> BudgetLine:
    """`year`: the one in which it begins, April."""
    _require_payer(by, area.pk)
    if amount <= 0:
        raise DomainError("Enter an amount, like 5000.00", field="amount")
    if BudgetLine.objects.filter(service_area=area, year=year, name__iexact=name.strip()).exists():
        raise DomainError("There is a line of this name in this year already", field="name")
    given = {"year": year, "name": name.strip(), "stream": stream.strip(), "amount": amount}
    line = BudgetLine.objects.create(service_area=area, laid_by=by, **given)
    record(events.BUDGET_LINE_LAID, by=by, on=line, detail={"year": year})
    return line


@transaction.atomic
def set_mileage_rate(
    *,
    area: ServiceArea,
    counts_from: date,
    first_pence: Decimal,
    after_pence: Decimal,
    first_miles: int,
    source: str,
    by: User,
) -> MileageRate:
    """For journeys from that day on that are claimed after now: what was claimed keeps its amount."""
    _require_payer(by, area.pk)
    given = {"first_pence": first_pence, "after_pence": after_pence, "first_miles": first_miles, "source": source}
    try:
        with transaction.atomic():
            rate = MileageRate.objects.create(service_area=area, counts_from=counts_from, set_by=by, **given)
    except IntegrityError as error:
        raise DomainError("There is a rate from this day already", field="counts_from") from error
    record(events.MILEAGE_RATE_SET, by=by, on=rate)
    return rate


@transaction.atomic
def make_payment(*, area: ServiceArea, by: User) -> PaymentRun:
    """Of every approved claim that is in no payment yet: a worker writes the file. Two at once do not take one claim twice."""
    _require_payer(by, area.pk)
    claims = ExpenseClaim.objects.select_for_update(of=("self",)).filter(
        practitioner__service_area=area, status=ClaimStatus.APPROVED
    )
    waiting = list(claims.order_by("pk"))
    if not waiting:
        raise DomainError("No approved claim waits to be paid.")
    total = sum((one.amount for one in waiting), Decimal(0))
    run = PaymentRun.objects.enqueue(service_area=area, made_by=by, asked_by_id=by.pk, number=len(waiting), total=total)
    ExpenseClaim.objects.filter(pk__in=[one.pk for one in waiting]).update(status=ClaimStatus.IN_FILE, payment=run)
    record(events.PAYMENT_MADE, by=by, on=run, detail={"claims": len(waiting)})
    return run


def write_payment_file(run: PaymentRun, by: User) -> StoredFile:
    """Names and sums. No account number is kept here: whoever pays has them."""
    return store_file(_csv(run), kind="payment", content_type="text/csv", by=by)


def _csv(run: PaymentRun) -> Iterator[bytes]:
    yield csv_bytes([COLUMNS])
    claims = ExpenseClaim.objects.filter(payment=run).select_related("practitioner__learner", "line", "decided_by")
    for one in claims.order_by("practitioner__learner__last_name", "practitioner", "spent_on", "pk"):
        row = (
            one.practitioner.name,
            one.reference,
            one.spent_on.isoformat(),
            one.get_kind_display(),
            one.miles,
            one.amount,
            str(one.line),
            one.decided_by.get_full_name() if one.decided_by else "",
            timezone.localdate(one.decided_at).isoformat() if one.decided_at else "",
        )
        yield csv_bytes([row], is_start=False)


def finish_payment_file(run: PaymentRun, file: StoredFile, by: User) -> None:
    """In the worker's last transaction."""
    run.file = file
    run.save(update_fields=["file"])
    record(events.PAYMENT_FILE_WRITTEN, by=by, on=run, detail={"claims": run.number})
    notify(run.made_by, "payment_made", on=run)


@transaction.atomic
def record_paid(*, run: PaymentRun, paid_on: date, today: date, by: User) -> PaymentRun:
    """Once whoever pays has paid it: those who claimed are told."""
    _require_payer(by, run.service_area_id)
    fresh = PaymentRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.paid_on is not None:
        raise StaleState("This payment is recorded as paid already. Nothing was done twice")
    if fresh.file_id is None:
        raise DomainError("The file is not written yet", field="paid_on")
    if paid_on > today:
        raise DomainError("The day must be today or in the past", field="paid_on")
    if paid_on < (made_on := timezone.localdate(fresh.created_at)):
        raise DomainError(f"The day must be on or after the file was made, {day(made_on)}", field="paid_on")
    fresh.paid_on, fresh.paid_at, fresh.paid_by = paid_on, Now(), by
    fresh.save(update_fields=["paid_on", "paid_at", "paid_by"])
    claims = ExpenseClaim.objects.filter(payment=fresh)
    claims.update(status=ClaimStatus.PAID)
    record(events.PAYMENT_PAID, by=by, on=fresh, detail={"claims": fresh.number})
    people = {one.practitioner.learner.user for one in claims.select_related("practitioner__learner__user")}
    notify([user for user in people if user is not None], "expense_decided", on=fresh)
    return fresh


def _require_payer(by: User, area_id) -> None:
    if not policy.can_pay(by, area_id):
        raise NotAllowed(PAYERS)
