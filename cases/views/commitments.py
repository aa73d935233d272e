"""One commitment: how it stands, what is paid, what shows it, and what it was before it was changed."""

import datetime as dt
from functools import cached_property
from typing import Any

from cases import actions
from cases.choices import KEPT, OPEN_COMMITMENTS, CommitmentStatus
from cases.forms import CommitmentStatusForm, EvidenceForm, PaymentForm
from cases.models import Commitment, Evidence, Payment
from cases.standing import is_overdue, paid_towards
from cases.views.case_page import CaseAction, CaseForm, CasePage
from rj_service.documents.downloads import download
from rj_service.documents.uploads import MOST_BYTES

SOON = dt.timedelta(days=7)


def state_of(one: Commitment, today: dt.date) -> str:
    if one.status in KEPT:
        return "ok"
    if one.status == CommitmentStatus.PARTLY:
        return "soon"
    if one.status == CommitmentStatus.NOT_COMPLETED or is_overdue(one, today):
        return "stop"
    return "soon" if one.status in OPEN_COMMITMENTS and one.due_on - today <= SOON else "wait"


class OfCommitment:
    """Whoever works with the side of whoever promised it keeps account of it."""

    permission = "cases.log_contact"

    @cached_property
    def commitment(self) -> Commitment:
        seen = Commitment.objects.visible_to(self.request.user).select_related("responsible__person", "agreement")
        return self.child(seen, "commitment", agreement__case=self.case)

    def people_shown(self):
        return [self.commitment.responsible.person_id]

    def get_side(self) -> str:
        return self.commitment.responsible.side

    def get_back_url(self) -> str:
        return self.case_url("commitment", self.commitment.pk)

    def get_success_url(self) -> str:
        return self.case_url("commitment", self.commitment.pk)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        one = self.commitment
        lead = f"{one.words} ({one.responsible.person.name})"
        return super().get_context_data(**{"lead": lead, **kwargs, "commitment": one})


class CommitmentView(OfCommitment, CasePage):
    permission = "cases.log_contact"
    template_name = "cases/commitment.html"
    part = "agreement"

    @cached_property
    def history(self) -> list[Commitment]:
        """What it was before, newest first."""
        of_case = Commitment.objects.visible_to(self.request.user).filter(agreement__case=self.case)
        by_key: dict[Any, Commitment] = {one.pk: one for one in of_case.select_related("agreement")}
        found: list[Commitment] = []
        before = by_key.get(self.commitment.continues_id)
        while before is not None:
            found.append(before)
            before = by_key.get(before.continues_id)
        return found

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        one, earlier = self.commitment, self.history
        payments = list(
            Payment.objects.filter(commitment__in=[one, *earlier])
            .select_related("recorded_by", "taken_back_by")
            .order_by("paid_on", "recorded_at")
        )
        return super().get_context_data(
            state=state_of(one, self.today),
            is_overdue=is_overdue(one, self.today),
            is_open=one.status in OPEN_COMMITMENTS,
            paid=paid_towards([one, *earlier], payments).get(one.pk),
            payments=payments,
            evidence=Evidence.objects.filter(commitment__in=[one, *earlier])
            .select_related("file", "recorded_by")
            .order_by("shown_on", "recorded_at"),
            history=earlier,
            back_url=self.case_url("agreement"),
            may_change=self.may_plan and one.status not in (*KEPT, CommitmentStatus.VARIED, CommitmentStatus.WITHDRAWN),
            may_move=one.status not in (CommitmentStatus.VARIED, CommitmentStatus.WITHDRAWN),
            **kwargs,
        )


class CommitmentStatusView(OfCommitment, CaseForm):
    permission = "cases.log_contact"
    form_class = CommitmentStatusForm
    heading = "How this commitment stands"
    button = "Save"
    success_message = "Saved."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"current": self.commitment.status}

    def perform(self, form):
        return actions.set_commitment_status(
            commitment=self.commitment, by=self.request.user, today=self.today, **form.cleaned_data
        )


class RecordPaymentView(OfCommitment, CaseForm):
    """Nothing of the payer's bank, no address: the service holds the receipt."""

    permission = "cases.log_contact"
    form_class = PaymentForm
    heading = "Record a payment"
    button = "Save the payment"
    success_message = "The payment is recorded."

    def get_initial(self):
        return {"paid_on": self.today}

    def get_undo_url(self) -> str:
        """Not of the one that settled it: how it stands has changed with that."""
        paid = self.result
        is_open = paid.commitment.status in OPEN_COMMITMENTS
        return self.case_url("take-back-payment", paid.commitment_id, paid.pk) if is_open else ""

    def perform(self, form):
        return actions.record_payment(
            commitment=self.commitment, by=self.request.user, today=self.today, **form.cleaned_data
        )


class TakeBackPaymentView(OfCommitment, CaseAction):
    permission = "cases.log_contact"
    success_message = "The payment is taken back."

    def perform(self):
        payment = self.child(Payment.objects.all(), "payment", commitment=self.commitment)
        return actions.take_back_payment(payment=payment, by=self.request.user, today=self.today)


class KeepEvidenceView(OfCommitment, CaseForm):
    permission = "cases.log_contact"
    form_class = EvidenceForm
    heading = "Keep what shows it"
    button = "Keep it"
    success_message = "Kept."

    def get_initial(self):
        return {"shown_on": self.today}

    def perform(self, form):
        upload = form.cleaned_data["file"]
        return actions.keep_evidence(
            commitment=self.commitment,
            shown_on=form.cleaned_data["shown_on"],
            words=form.cleaned_data["words"],
            content=upload.read(MOST_BYTES + 1) if upload else b"",
            by=self.request.user,
            today=self.today,
        )


class EvidenceFileView(OfCommitment, CasePage):
    """As it was stored, to be kept by the browser and never shown inside the page."""

    permission = "cases.log_contact"

    def get(self, request, *args, **kwargs):
        kept = self.child(Evidence.objects.select_related("file"), "evidence", commitment=self.commitment)
        answer = download(kept.file, f"evidence-{kept.shown_on.isoformat()}")
        self.read(self.case, kind="download", people=self.people_shown())
        return answer
