"""A referral goes to another area: offered, answered, taken back, sent home."""

from datetime import date
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.choices import (
    SELF_REFERRED,
    CrimeType,
    InitiatedBy,
    JusticeStage,
    Mechanism,
    ReferralStatus,
    SensitiveKind,
    TransferStatus,
)
from referrals.filters import TransferFilter
from referrals.forms.transferring import TAKE_OVER, AnswerTransferForm, SendHomeForm, TransferForm
from referrals.models import Transfer
from referrals.views.record import ReferralFormView
from referrals.working_days import Clock, clock
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.templatetags.ui import day, month


class Offered:
    """What both areas read of an offer, and nothing more: of `TransferQuerySet.told`."""

    def __init__(self, transfer: Transfer, today: date, area_id) -> None:
        self.transfer, self.today = transfer, today
        self.is_ours = transfer.from_area_id == area_id
        self.other = transfer.to_area if self.is_ours else transfer.from_area

    @property
    def what(self) -> str:
        return CrimeType(self.transfer.crime_type).label

    @property
    def clock(self) -> Clock | None:
        if self.transfer.referral_status != ReferralStatus.RECEIVED:
            return None
        return clock(self.transfer.received_on, allowed=settings.DECIDE_WITHIN_WORKING_DAYS, today=self.today)

    @property
    def row_state(self) -> str:
        return "" if self.clock is None or self.clock.state == "wait" else self.clock.state

    @property
    def direction(self) -> str:
        return f"{'To' if self.is_ours else 'From'} {self.other.name}"

    @property
    def warnings(self) -> list[tuple[str, str]]:
        told = self.transfer
        unverified = told.mechanism in SELF_REFERRED and told.verified_at is None
        notes = [
            ("stop", "An order or condition forbids contact", told.has_bar),
            ("stop", "There is no agreement to be contacted now", not told.is_agreed),
            ("stop", "Not verified: the other side learns nothing", unverified),
            ("soon", "Restricted: whoever takes it over has access alone", told.is_restricted),
            ("soon", "The person harmed is under 18", told.harmed_is_young),
            ("soon", "Somebody responsible is under 18: the Youth Justice Service first", told.responsible_is_young),
            ("wait", "No suspect is identified: the person waits", self.waits),
        ]
        return [(state, words) for state, words, applies in notes if applies]

    @property
    def waits(self) -> bool:
        return self.transfer.referral_status == ReferralStatus.INTERESTED

    @property
    def facts(self) -> list[dict]:
        told = self.transfer
        kinds = ", ".join(SensitiveKind(kind).label for kind in told.flags)
        who = [
            words
            for words, there in (
                ("Person harmed", told.names_harmed),
                ("Person responsible", told.names_responsible),
            )
            if there
        ]
        return [
            {
                "label": "From",
                "value": told.from_area.name,
                "note": f"{told.offered_by.get_full_name()}, {day(told.offered_on)}",
            },
            {"label": "To", "value": told.to_area.name},
            {"label": "Why it belongs there", "value": told.get_because_display()},
            {"label": "What they say", "value": told.words},
            {"label": "What happened", "value": self.what, "note": month(told.month) if told.month else ""},
            {"label": "Who is named", "value": " and ".join(who).capitalize()},
            {"label": "Sensitive", "value": kinds or "Nothing raised"},
            {"label": "Justice process", "value": JusticeStage(told.justice_stage).label}
            | ({"note": f"An answer is needed by {day(told.needed_by)}"} if told.needed_by else {}),
            {
                "label": "How it reached them",
                "value": Mechanism(told.mechanism).label,
                "note": f"Begun by: {InitiatedBy(told.initiated_by).label.lower()}",
            },
            {
                "label": "Received",
                "value": day(told.received_on),
                "note": f"The clock goes on from that day: {self.clock.words.lower()}" if self.clock else "",
            },
        ]


class TransferListView(GuardedListView):
    """What waits for an answer, theirs or ours."""

    permission = "referrals.decide"
    model = Transfer
    template_name = "referrals/transfers.html"
    heading = "Between areas"
    thing = "referral"
    empty = "Nothing waits for an answer between areas. To offer a referral to another area, open it."
    filter_class = TransferFilter
    order = ("offered_at", "id")
    order_words = "longest waiting first"
    columns: ClassVar = {
        "What happened": lambda row: row.what,
        "When": lambda row: month(row.transfer.month),
        "Direction": lambda row: row.direction,
        "Offered": lambda row: row.transfer.offered_on,
        "Received": lambda row: row.transfer.received_on,
        "Clock": lambda row: row.clock.words if row.clock else "",
        "Before you decide": lambda row: "; ".join(words for _, words in row.warnings),
    }

    def narrowed(self):
        return self.get_queryset().offered()

    def show(self, rows):
        return rows.told(self.today)

    def row_of(self, found):
        return Offered(found, self.today, self.acting.service_area_id)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            crumbs=[("Referrals", reverse("referrals:list")), ("Between areas", "")],
        )


class OneTransfer(ObjectMixin):
    model = Transfer
    pk_name = "transfer"

    def get_queryset(self):
        return super().get_queryset().offered().told(timezone.localdate())

    @cached_property
    def row(self) -> Offered:
        return Offered(self.object, timezone.localdate(), self.acting.service_area_id)


class TransferView(OneTransfer, GuardedDetailView):
    permission = "referrals.decide"
    template_name = "referrals/transfer.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            row=self.row,
            crumbs=[("Between areas", reverse("referrals:transfers")), (self.row.direction, "")],
        )


class AnswerTransferView(OneTransfer, GuardedFormView):
    permission = "referrals.decide"
    form_class = AnswerTransferForm
    template_name = "referrals/transfer_answer.html"

    def get_queryset(self):
        return super().get_queryset().filter(to_area=self.acting.service_area_id)

    def get(self, request, *args, **kwargs):
        self.read(self.object)
        return super().get(request, *args, **kwargs)

    def perform(self, form):
        common = {"transfer": self.object, "by": self.request.user, "today": timezone.localdate()}
        if form.cleaned_data["answer"] == TAKE_OVER:
            return actions.accept_transfer(**common)
        actions.refuse_transfer(words=form.cleaned_data["words"], **common)
        return None

    @property
    def success_message(self):
        return "It is your referral now" if self.result else "The other area reads your answer"

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.result.pk]) if self.result else reverse("referrals:transfers")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "row": self.row,
                "heading": "Answer another area",
                "caption": self.row.direction,
                "button": "Send the answer",
                "back_url": reverse("referrals:transfer", args=[self.object.pk]),
                **kwargs,
            }
        )


class TakeBackTransferView(OneTransfer, GuardedActionView):
    permission = "referrals.decide"
    success_message = "The offer is taken back"

    def get_queryset(self):
        return super().get_queryset().filter(from_area=self.acting.service_area_id)

    def perform(self):
        actions.take_back_transfer(transfer=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("referrals:detail", args=[self.object.referral_id])


class OfferTransferView(ReferralFormView):
    permission = "referrals.decide"
    form_class = TransferForm
    template_name = "referrals/offer_transfer.html"
    heading = "Offer this referral to another area"
    button = "Offer it"
    success_message = "It is offered. Until they answer it stays with you, and its clock goes on"

    def get_initial(self):
        return {"seen": self.object.status}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"own_area": self.object.service_area_id}

    def perform(self, form):
        data = form.cleaned_data
        return actions.offer_transfer(
            referral=self.object,
            to_area=data["to_area"],
            because=data["because"],
            words=data["words"],
            seen=data["seen"] or None,
            by=self.request.user,
            today=timezone.localdate(),
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "forbidden": actions.why_not_passed_on(self.object),
                "is_alone": not ServiceArea.objects.exclude(pk=self.object.service_area_id).exists(),
                **kwargs,
            }
        )


class SendHomeView(ReferralFormView):
    permission = "referrals.decide"
    form_class = SendHomeForm
    heading = "Send this referral back"
    button = "Send it back"
    lead = (
        "It goes home to the record that it came from, with what you learnt of the people since. Here it ends, and your"
        " figures leave it out."
    )
    success_message = "It is back with the area that it came from"

    def get_queryset(self):
        return super().get_queryset().filter(came_by__status=TransferStatus.ACCEPTED)

    def get_initial(self):
        return {"seen": self.object.status}

    def perform(self, form):
        data = form.cleaned_data
        return actions.send_home(
            referral=self.object,
            words=data["words"],
            seen=data["seen"] or None,
            by=self.request.user,
            today=timezone.localdate(),
        )
