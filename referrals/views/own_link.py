"""A person's own link, as coordination gives and ends it; and what the person asked for by it, to be confirmed."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.forms.own_link import ContactWishForm, OwnLinkForm
from referrals.models import ContactWish, OwnLink, Referral
from referrals.views.about_person import OfPerson
from referrals.views.record import PersonFormView
from rj_service.accounts.views import GuardedActionView
from rj_service.ui.references import spoken

EARLIER = 5
WORDS = {
    "may_phone": "Phone",
    "may_leave_voicemail": "Voicemail",
    "may_text": "Text message",
    "may_email": "Email",
    "may_write": "Letter",
}


class OwnLinkView(PersonFormView):
    """Shows the link that works, and gives one: its address is shown once, to whoever gives it."""

    permission = "referrals.manage"
    form_class = OwnLinkForm
    template_name = "referrals/own_link.html"
    heading = "A link of their own"
    button = "Make the link"

    @cached_property
    def blocks(self) -> dict[str, str]:
        return actions.blocks_by_channel(self.object, self.person, self.side, timezone.localdate())

    def get_form_kwargs(self):
        channels = [channel for channel, block in self.blocks.items() if not block]
        return super().get_form_kwargs() | {"channels": channels}

    def perform(self, form):
        return actions.give_own_link(
            referral=self.object,
            person=self.person,
            by=self.request.user,
            today=timezone.localdate(),
            **form.cleaned_data,
        )

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code != 302:
            return response
        link, secret = self.result
        context = {
            "object": self.object,
            "caption": f"Referral {spoken(self.object.reference)}",
            "person": self.person,
            "side": link.side,
            "link": link,
            "address": self.request.build_absolute_uri(reverse("cases:own-link", args=[secret])),
            "back_url": self.address("own-link"),
        }
        return render(self.request, "referrals/own_link_made.html", context)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        links = OwnLink.objects.filter(referral=self.object, person=self.person)
        found = list(links.select_related("given_by", "ended_by").order_by("-given_at", "-id")[: EARLIER + 1])
        reasons = list(dict.fromkeys(block for block in self.blocks.values() if block))
        return super().get_context_data(
            **{
                "working": next((one for one in found if one.ended_at is None), None),
                "earlier": [one for one in found if one.ended_at is not None],
                "blocks": reasons,
                "may_give": not all(self.blocks.values()),
                "end_url": self.address("end-own-link"),
                "end_pause_url": self.address("end-pause"),
                "wish": ContactWish.objects.open().filter(referral=self.object, person=self.person).first(),
                **kwargs,
            }
        )


class PersonButton(OfPerson, GuardedActionView):
    abstract = True
    permission = "referrals.manage"
    model = Referral

    def get_queryset(self):
        people = ("person_harmed", "person_responsible")
        return Referral.objects.all().casework_for(self.request.user).select_related(*people)

    def get_success_url(self) -> str:
        return self.address("own-link")


class EndOwnLinkView(PersonButton):
    permission = "referrals.manage"
    success_message = "The link no longer works"

    def perform(self):
        links = OwnLink.objects.not_ended().filter(referral=self.object, person=self.person)
        if link := links.select_related("referral").first():
            actions.revoke_own_link(link=link, by=self.request.user)


class EndPauseView(PersonButton):
    permission = "referrals.manage"
    success_message = "The pause has ended. Only the ways that were safe before are open"

    def perform(self):
        about = {"referral": self.object, "person": self.person, "side": self.side}
        actions.end_pause_as_told(by=self.request.user, **about)


class ContactWishView(PersonFormView):
    """What they asked for beside what is safe now. It counts only once they have said so by a way known before."""

    permission = "referrals.manage"
    form_class = ContactWishForm
    template_name = "referrals/contact_wish.html"
    heading = "Was it them?"
    lead = (
        "Ask them by a way that was known before. Never by the new number or address: somebody else may have typed it."
    )
    button = "Record what they said"
    success_message = "It is recorded"

    @cached_property
    def wish(self) -> ContactWish:
        found = ContactWish.objects.open().filter(referral=self.object, person=self.person)
        wish = found.select_related("referral").first()
        if wish is None:
            raise Http404
        return wish

    def perform(self, form):
        return actions.decide_contact_wish(wish=self.wish, by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.address("own-link")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        wish = self.wish
        new = [
            ("Also safe", ", ".join(WORDS[name] for name in wish.looser.split() if name in WORDS)),
            ("New phone number", wish.phone),
            ("New email address", wish.email),
            ("New address", ", ".join(part for part in (wish.address, wish.postcode) if part)),
            ("In their words", wish.words),
        ]
        facts = [{"label": label, "value": value} for label, value in new if value]
        back_url = reverse("referrals:detail", args=[self.object.pk])
        return super().get_context_data(**{"wish": wish, "facts": facts, "back_url": back_url, **kwargs})
