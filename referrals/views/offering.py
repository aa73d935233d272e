"""Offers of restorative justice: those to be made, the most late first; and recording one."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from referrals import actions, sent
from referrals.choices import OfferAnswer
from referrals.filters import OfferFilter, OwnOfferFilter
from referrals.forms.offering import OfferForm
from referrals.models import Offer, Referral
from referrals.policy import NO_OFFER_OUTSIDE
from referrals.views.queue import NAME_INSIDE
from referrals.views.record import ReferralFormView
from referrals.working_days import Clock, clock_to
from rj_service.accounts.roles import Role
from rj_service.accounts.views import GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.references import spoken


class OfferListView(GuardedListView):
    permission = "referrals.manage"
    model = Offer
    template_name = "referrals/offers.html"
    heading = "Offers to be made"
    thing = "offer"
    empty = "Nobody waits for an offer. A referral comes here when it does not say that the person harmed was told."
    filter_class = OfferFilter
    order = ("due_on", "id")
    order_words = "longest late first"
    columns: ClassVar = {
        "Referral": lambda row: spoken(row.offer.referral.reference),
        "State": lambda row: row.offer.referral.get_status_display(),
        "Person harmed": lambda row: row.name,
        "How it reached us": lambda row: row.offer.referral.get_mechanism_display(),
        "Offer by": lambda row: row.offer.due_on,
        "Answer the last time": lambda row: row.last_answer,
        "Offered the last time": lambda row: row.offer.last_on,
    }

    def narrowed(self):
        return Offer.objects.worth_making_by(self.request.user)

    def show(self, rows):
        return rows.for_list()

    def row_of(self, found):
        return Due(found, self.today)

    def people_on(self, found):
        return [] if found.is_restricted else [found.person_id]

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs,
            allowed=settings.RJ_OFFER_WORKING_DAYS,
            allowed_enhanced=settings.RJ_OFFER_WORKING_DAYS_ENHANCED,
            crumbs=[("Referrals", reverse("referrals:list")), ("Offers", "")],
        )


class Due:
    """An offer to be made, as a row."""

    def __init__(self, offer: Offer, today: date) -> None:
        self.offer, self.today = offer, today

    @property
    def clock(self) -> Clock:
        return clock_to(self.offer.due_on, today=self.today)

    @property
    def name(self) -> str:
        return NAME_INSIDE if self.offer.is_restricted else self.offer.person.name

    @property
    def last_answer(self) -> str:
        return OfferAnswer(self.offer.last_answer).label if self.offer.last_answer else ""

    @property
    def row_state(self) -> str:
        return "" if self.clock.state == "wait" else self.clock.state


class OfferView(ReferralFormView):
    permission = "referrals.manage"
    form_class = OfferForm
    template_name = "referrals/offer.html"
    heading = "Record an offer of restorative justice"
    button = "Record the offer"
    success_message = "The offer is recorded"

    def get_queryset(self):
        return super().get_queryset().select_related("service_area")

    def people_shown(self):
        return [key for key in (self.object.person_harmed_id,) if key]

    def get_initial(self):
        return {
            "offered_on": timezone.localdate(),
            "offered_by": self.object.service_area.name,
            "role": Role(self.acting.role).label,
        }

    def perform(self, form):
        return actions.record_offer(
            referral=self.object, new=form.new, by=self.request.user, today=timezone.localdate()
        )

    def get_context_data(self, **kwargs):
        person = self.object.person_harmed
        forbidden = actions.why_nothing_is_offered(self.object)
        return super().get_context_data(
            **{"side": "harmed", "about": person.name if person else "", "forbidden": forbidden, **kwargs}
        )


class OwnOffersView(GuardedListView):
    """What an organisation offered and is to offer again. The rest of the offers in its referrals is the service's."""

    permission = "referrals.view_own"
    model = Offer
    template_name = "referrals/own_offers.html"
    heading = "Offers to repeat"
    thing = "offer"
    empty = (
        "Nothing is to be offered again. After “not now” and “no answer yet”, the person comes back here on the day that was"
        " set."
    )
    filter_class = OwnOfferFilter
    order = ("due_on", "id")
    order_words = "longest late first"
    columns: ClassVar = {
        "Reference": lambda row: spoken(row.offer.referral.reference),
        "Whom it is about": lambda row: row.offer.about,
        "Offer by": lambda row: row.offer.due_on,
        "Answer the last time": lambda row: row.last_answer,
        "Offered the last time": lambda row: row.offer.last_on,
    }

    def narrowed(self):
        return Offer.objects.worth_making_by(self.request.user).filter(is_again=True)

    def show(self, rows):
        return rows.for_referrer(self.request.user)

    def complete(self, rows):
        for offer in rows:
            offer.about = sent.about(sent.words_sent(offer.referral))

    def row_of(self, found):
        return Due(found, self.today)

    def people_on(self, found):
        return sent.people_named(found.referral)


class OwnOfferView(ObjectMixin, GuardedFormView):
    """What a Hub worker or referrer offered in a referral of their own organisation."""

    permission = "referrals.view_own"
    model = Referral
    form_class = OfferForm
    template_name = "referrals/offer.html"
    success_message = "The offer is recorded"

    def get_queryset(self):
        return super().get_queryset().as_sent().select_related("person_harmed")

    def get(self, request, *args, **kwargs):
        self.read(self.object, people=sent.people_named(self.object))
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        organisation = self.object.organisation.name
        return {
            "offered_on": timezone.localdate(),
            "offered_by": organisation,
            "role": Role(self.acting.role).label,
        }

    def perform(self, form):
        return actions.record_offer(
            referral=self.object, new=form.new, by=self.request.user, today=timezone.localdate()
        )

    def get_success_url(self):
        return reverse("referrals:own", args=[self.object.pk])

    def get_context_data(self, **kwargs):
        forbidden = NO_OFFER_OUTSIDE if actions.why_nothing_is_offered(self.object) else ""
        return super().get_context_data(
            **{
                "object": self.object,
                "heading": OfferView.heading,
                "button": OfferView.button,
                "caption": f"Referral {spoken(self.object.reference)}",
                "back_url": self.get_success_url(),
                "about": sent.about(sent.words_sent(self.object)),
                "forbidden": forbidden,
                **kwargs,
            }
        )
