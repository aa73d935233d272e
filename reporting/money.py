"""What needs whoever answers for the money: expenses to decide on and to pay, clauses of contracts."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from reporting.need import SHOWN, Need
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.jobs.models import LeasedRow
from rj_service.ui.templatetags.ui import day, money
from training.policy import near_clauses
from volunteers.choices import ClaimStatus
from volunteers.models import ExpenseClaim, PaymentRun

LONG = timedelta(days=14)  # of waiting, for somebody who has spent their own money


def expenses(user: User, today: date) -> Iterator[Need]:
    """Two statements for any number of claims. One's own are somebody else's to decide on."""
    if not user.may("volunteers.pay"):
        return
    waits = Q(status=ClaimStatus.SUBMITTED) & ~Q(practitioner__learner__user=user)
    approved = Q(status=ClaimStatus.APPROVED)
    found = ExpenseClaim.objects.visible_to(user).aggregate(
        waiting=Count("pk", filter=waits),
        oldest=Min("submitted_at", filter=waits),
        approved=Count("pk", filter=approved),
        to_pay=Sum("amount", filter=approved),
    )
    if found["waiting"]:
        yield _to_decide(found["waiting"], timezone.localdate(found["oldest"]), today)
    if found["approved"]:
        yield _to_pay(found["approved"], found["to_pay"])
    runs = PaymentRun.objects.visible_to(user).filter(state=LeasedRow.State.DONE, paid_on__isnull=True)
    for run in runs.order_by("created_at", "id")[:SHOWN]:
        yield _to_record(run)


def _to_decide(number: int, oldest: date, today: date) -> Need:
    title = "An expense to decide on" if number == 1 else f"{number:,} expenses to decide on"
    words = f"{'It was' if number == 1 else 'The oldest was'} claimed on {day(oldest)}."
    state = ("soon", "Waits long") if today - oldest > LONG else ("wait", "To decide")
    return Need(*state, title, words, "Decide on them", ("volunteers:claims",))


def _to_pay(number: int, total: Decimal) -> Need:
    words = f"{number:,} approved {'claim is' if number == 1 else 'claims are'} in no payment yet."
    return Need(
        "wait", "To pay", f"{money(total)} of expenses to pay", words, "Go to payments", ("volunteers:payments",)
    )


def _to_record(run: PaymentRun) -> Need:
    words = f"Its file was made on {day(run.created_at)}. Whoever claimed hears once you record that it was paid."
    title = f"A payment of {money(run.total)} is not recorded as paid"
    return Need("wait", "On its way", title, words, "Open the payment", ("volunteers:payment", run.pk))


def training_clauses(user: User, today: date) -> list[Need]:
    """Of contracts with training providers, for whoever answers for the money."""
    if user.acting is None or user.acting.role != Role.SERVICE_MANAGER:
        return []
    near = near_clauses(user, today)[:SHOWN]
    return [
        Need(one.state, one.word, one.what, one.why, "Open the contract", ("training:package", one.package_id))
        for one in near
    ]
