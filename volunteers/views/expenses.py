"""Expenses: what a volunteer claims on a phone, and what whoever pays decides, pays and sets."""

from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.acting import membership_of
from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.views import (
    SIGNED_IN,
    GuardedActionView,
    GuardedFormView,
    GuardedListView,
    GuardedTemplateView,
)
from rj_service.documents.downloads import download
from rj_service.documents.uploads import MOST_BYTES
from rj_service.ui.templatetags.ui import day, money
from volunteers import actions, forms, policy
from volunteers.choices import CLAIM_TRANSITIONS, ClaimStatus
from volunteers.filters import BudgetFilter, ClaimFilter
from volunteers.mileage import financial_year_of
from volunteers.models import BudgetLine, ExpenseClaim, MileageRate, PaymentRun, Practitioner
from volunteers.views.practitioner import parts


def area_of(user: User) -> ServiceArea:
    """That of the membership worked under: whoever pays has one."""
    found = membership_of(user).service_area
    if found is None:
        raise Http404
    return found


class MyExpenses(GuardedListView):
    """One's own claims, on a phone."""

    permission = "volunteers.view_own"
    model = ExpenseClaim
    template_name = "volunteers/my_expenses.html"
    heading = "My expenses"
    thing = "claim"
    empty = "You have claimed nothing yet. Claim miles, fares and other costs of your work for the service."
    order = ("-spent_on", "-id")
    order_words = "newest first"
    no_file = "Each claim has its page, and the payment its file"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        own = Practitioner.objects.visible_to(self.request.user).first()
        rate, source = actions.rate_on(self.today, self.acting.service_area_id)
        return super().get_context_data(practitioner=own, rate=rate, source=source, **kwargs)


class OwnPractitioner:
    @cached_property
    def practitioner(self) -> Practitioner:
        found = Practitioner.objects.visible_to(self.request.user).filter(learner__user=self.request.user).first()
        if found is None:
            raise Http404
        return found


class Claim(OwnPractitioner, GuardedFormView):
    permission = "volunteers.view_own"
    form_class = forms.ClaimForm
    template_name = "volunteers/claim.html"
    success_message = "Claimed. A manager decides on it."

    def get_initial(self):
        return {"spent_on": timezone.localdate()}

    def perform(self, form):
        known = {"practitioner": self.practitioner, "today": timezone.localdate(), "by": self.request.user}
        return actions.claim_expense(**known, **_with_receipt(form.cleaned_data))

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.practitioner  # noqa: B018 (nobody else claims)
        rate, source = actions.rate_on(timezone.localdate(), self.acting.service_area_id)
        return super().get_context_data(
            heading="Claim an expense",
            button="Claim",
            rate=rate,
            source=source,
            back_url=reverse("volunteers:expenses"),
            **kwargs,
        )

    def get_success_url(self):
        return reverse("volunteers:expenses")


def _with_receipt(given: dict[str, Any]) -> dict[str, Any]:
    file = given["receipt"]
    return given | {"receipt": file.read(MOST_BYTES + 1) if file else None}


class OfClaim:
    """Own, or the area's for whoever pays."""

    @cached_property
    def claim(self) -> ExpenseClaim:
        seen = ExpenseClaim.objects.visible_to(self.request.user).select_related(
            "practitioner__learner", "receipt", "line", "payment", "decided_by"
        )
        return get_object_or_404(seen, pk=self.kwargs["claim"])

    @property
    def is_own(self) -> bool:
        return policy.can_claim(self.request.user, self.claim.practitioner)

    def get_success_url(self) -> str:
        return reverse("volunteers:expenses")


class ClaimRecord(OfClaim, GuardedTemplateView):
    permission = SIGNED_IN
    template_name = "volunteers/claim_record.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        claim = self.claim
        self.read(claim)
        following = CLAIM_TRANSITIONS[claim.status]
        return super().get_context_data(
            **kwargs | {"claim": claim},
            facts=facts_of(claim, self.is_own),
            may_change=self.is_own and claim.status == ClaimStatus.SENT_BACK,
            may_withdraw=self.is_own and ClaimStatus.WITHDRAWN in following,
            may_decide=policy.can_decide_claim(self.request.user, claim) and ClaimStatus.APPROVED in following,
            back_url=reverse("volunteers:expenses" if self.is_own else "volunteers:claims"),
        )


def facts_of(claim: ExpenseClaim, is_own: bool) -> list[dict[str, Any]]:
    miles = [{"label": "Miles", "value": claim.miles}] if claim.miles is not None else []
    line = [{"label": "Charged to", "value": str(claim.line)}] if claim.line and not is_own else []
    decided = []
    if claim.decided_by and claim.decided_at:
        who = f"{claim.decided_by.get_full_name()}, {day(claim.decided_at)}"
        decided = [{"label": "Decided by", "value": who, "note": claim.decided_because}]
    paid = [{"label": "Paid", "value": day(claim.payment.paid_on)}] if claim.payment and claim.payment.paid_on else []
    return [
        {"label": "Who", "value": claim.practitioner.name},
        {"label": "For", "value": claim.get_kind_display()},
        {"label": "Day", "value": day(claim.spent_on)},
        *miles,
        {"label": "Amount", "value": money(claim.amount)},
        {"label": "Where and what for", "value": claim.words},
        {"label": "Stands at", "value": claim.get_status_display()},
        *decided,
        *line,
        *paid,
    ]


class Receipt(OfClaim, GuardedTemplateView):
    permission = SIGNED_IN

    def get(self, request, *args, **kwargs):
        answer = download(self.claim.receipt, f"receipt-{self.claim.reference}")
        self.read(self.claim, kind="download")
        return answer


class ChangeClaim(OfClaim, GuardedFormView):
    permission = "volunteers.view_own"
    form_class = forms.ChangeClaimForm
    template_name = "ui/question.html"
    success_message = "Claimed again. A manager decides on it."

    def check_permission(self):
        super().check_permission()
        if not self.is_own:
            raise PermissionDenied

    def get_initial(self):
        return {name: getattr(self.claim, name) for name in ("spent_on", "miles", "amount", "words")}

    def perform(self, form):
        given = _with_receipt(form.cleaned_data)
        return actions.change_claim(claim=self.claim, today=timezone.localdate(), by=self.request.user, **given)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            heading="Put this claim right",
            button="Claim again",
            lead=self.claim.decided_because,
            caption=self.claim.get_kind_display(),
            back_url=reverse("volunteers:claim-record", args=[self.claim.pk]),
            **kwargs,
        )


class WithdrawClaim(OfClaim, GuardedActionView):
    permission = "volunteers.view_own"
    model = ExpenseClaim
    success_message = "The claim is withdrawn."

    def perform(self):
        actions.withdraw_claim(claim=self.claim, by=self.request.user)


class Claims(GuardedListView):
    permission = "volunteers.pay"
    model = ExpenseClaim
    template_name = "volunteers/claims.html"
    heading = "Expenses of volunteers"
    thing = "claim"
    empty = "No claim waits for a decision. Volunteers claim from their phones."
    filter_class = ClaimFilter
    order = ("spent_on", "id")
    order_words = "longest ago first"
    columns: ClassVar = {
        "Claim": lambda row: row.reference,
        "Practitioner": lambda row: row.practitioner.name,
        "For": lambda row: row.get_kind_display(),
        "Day": lambda row: row.spent_on,
        "Amount": lambda row: row.amount,
        "Stands at": lambda row: row.get_status_display(),
    }

    def show(self, rows):
        return rows.select_related("practitioner__learner")

    def complete(self, rows):
        """What waits for this person is opened where they decide: the facts and the receipt stand there too."""
        for row in rows:
            waits = row.status == ClaimStatus.SUBMITTED and policy.can_decide_claim(self.request.user, row)
            row.url = reverse("volunteers:decide-claim" if waits else "volunteers:claim-record", args=[row.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(items=parts("claims", self.request.user), **kwargs)


class DecideClaim(OfClaim, GuardedFormView):
    permission = "volunteers.pay"
    form_class = forms.DecideClaimForm
    template_name = "volunteers/decide_claim.html"
    success_message = "The decision is saved. Whoever claimed it is told."

    def check_permission(self):
        super().check_permission()
        if not policy.can_decide_claim(self.request.user, self.claim):
            raise PermissionDenied

    def get_form_kwargs(self):
        year = financial_year_of(self.claim.spent_on)
        lines = BudgetLine.objects.visible_to(self.request.user).filter(year=year).with_spending()
        can = policy.can_put_right(self.claim)
        return {**super().get_form_kwargs(), "lines": lines.order_by("name"), "can_put_right": can}

    def perform(self, form):
        given, known = form.cleaned_data, {"claim": self.claim, "by": self.request.user}
        if given["decision"] == "approve":
            return actions.approve_claim(line=given["line"], **known)
        act = actions.send_back_claim if given["decision"] == "back" else actions.refuse_claim
        return act(because=given["because"], **known)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.read(self.claim)
        return super().get_context_data(
            heading="Decide on this claim",
            lead="" if policy.can_put_right(self.claim) else "They have left. What they claimed is paid as anybody’s.",
            button="Save the decision",
            caption=self.claim.practitioner.name,
            facts=facts_of(self.claim, is_own=False),
            claim=self.claim,
            back_url=reverse("volunteers:claims"),
            **kwargs,
        )

    def get_success_url(self):
        return reverse("volunteers:claims")


class Payments(GuardedListView):
    permission = "volunteers.pay"
    model = PaymentRun
    template_name = "volunteers/payments.html"
    heading = "Payments of expenses"
    thing = "payment"
    empty = "Nothing was paid yet. A payment takes every approved claim into one file."
    order = ("-created_at", "-id")
    order_words = "newest first"
    no_file = "Each payment has its own file"

    def show(self, rows):
        return rows.select_related("made_by")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        seen = ExpenseClaim.objects.visible_to(self.request.user)
        waiting = seen.filter(status=ClaimStatus.APPROVED).count()
        return super().get_context_data(items=parts("payments", self.request.user), waiting=waiting, **kwargs)


class MakePayment(GuardedActionView):
    permission = "volunteers.pay"
    model = PaymentRun
    success_message = "The payment is made. A worker writes its file."

    def perform(self):
        return actions.make_payment(area=area_of(self.request.user), by=self.request.user)

    def get_success_url(self):
        made = getattr(self, "result", None)
        return reverse("volunteers:payment", args=[made.pk]) if made else reverse("volunteers:payments")


class OfPayment:
    @cached_property
    def payment(self) -> PaymentRun:
        seen = PaymentRun.objects.visible_to(self.request.user).select_related("made_by", "paid_by", "file")
        return get_object_or_404(seen, pk=self.kwargs["payment"])


class Payment(OfPayment, GuardedTemplateView):
    permission = "volunteers.pay"
    template_name = "volunteers/payment.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.read(self.payment)
        return super().get_context_data(
            **kwargs | {"payment": self.payment},
            heading=f"Payment of {day(self.payment.created_at)}",
            job=self.payment,
            asked_by=self.payment.made_by.get_full_name(),
            back_url=reverse("volunteers:payments"),
        )


class PaymentFile(OfPayment, GuardedTemplateView):
    permission = "volunteers.pay"

    def get(self, request, *args, **kwargs):
        made = timezone.localdate(self.payment.created_at)
        answer = download(self.payment.file, f"payment-{made.isoformat()}.csv")
        self.read(self.payment, kind="download")
        return answer


class PaymentPaid(OfPayment, GuardedFormView):
    permission = "volunteers.pay"
    form_class = forms.PaidForm
    template_name = "ui/question.html"
    success_message = "Recorded. Whoever claimed is told."

    def get_initial(self):
        return {"paid_on": timezone.localdate()}

    def perform(self, form):
        return actions.record_paid(
            run=self.payment, paid_on=form.cleaned_data["paid_on"], today=timezone.localdate(), by=self.request.user
        )

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            heading="Record that this was paid",
            button="Record it as paid",
            caption=f"{self.payment.number} claims, {money(self.payment.total)}",
            back_url=self.get_success_url(),
            **kwargs,
        )

    def get_success_url(self):
        return reverse("volunteers:payment", args=[self.payment.pk])


class Budget(GuardedListView):
    permission = "volunteers.pay"
    model = BudgetLine
    template_name = "volunteers/budget.html"
    heading = "Budget"
    thing = "line"
    empty = "No line is laid yet. A claim is charged to a line of the year in which it was spent."
    filter_class = BudgetFilter
    order = ("-year", "name", "id")
    order_words = "newest year first"
    columns: ClassVar = {
        "Year": lambda row: row.years,
        "What it is for": lambda row: row.name,
        "Where the money is from": lambda row: row.stream,
        "Amount": lambda row: row.amount,
        "Approved": lambda row: row.spent,
        "Left": lambda row: row.amount - row.spent,
    }

    def narrowed(self):
        return self.get_queryset().with_spending()

    def complete(self, rows):
        for row in rows:
            row.left = row.amount - row.spent

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        rates = MileageRate.objects.visible_to(self.request.user).order_by("-counts_from")[:10]
        rate, source = actions.rate_on(self.today, self.acting.service_area_id)
        items = parts("budget", self.request.user)
        return super().get_context_data(items=items, rates=rates, rate=rate, source=source, **kwargs)


class _OfMoney(GuardedFormView):
    abstract = True
    template_name = "ui/question.html"
    heading = ""
    button = ""

    @property
    def area(self) -> ServiceArea:
        return area_of(self.request.user)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {"heading": self.heading, "button": self.button, "back_url": self.get_success_url()}
        return super().get_context_data(**words, **kwargs)

    def get_success_url(self):
        return reverse("volunteers:budget")


class LayBudgetLine(_OfMoney):
    permission = "volunteers.pay"
    form_class = forms.BudgetLineForm
    heading, button = "Lay a line of the budget", "Lay this line"
    success_message = "The line is laid."

    def get_form_kwargs(self):
        this_year = financial_year_of(timezone.localdate())
        return {**super().get_form_kwargs(), "years": [this_year + 1, this_year, this_year - 1]}

    def perform(self, form):
        return actions.lay_budget_line(area=self.area, by=self.request.user, **form.cleaned_data)


class SetMileageRate(_OfMoney):
    permission = "volunteers.pay"
    form_class = forms.MileageRateForm
    heading, button = "Set what a mile is paid", "Set this rate"
    success_message = "The rate is set."

    def perform(self, form):
        return actions.set_mileage_rate(area=self.area, by=self.request.user, **form.cleaned_data)
