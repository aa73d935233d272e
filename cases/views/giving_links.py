"""A link of a person's own, given and ended by whoever works with them on the case."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from cases import actions
from cases.forms.own_page import OwnLinkForm
from cases.views.case_page import CaseAction, CaseForm
from cases.views.people import OfParticipant
from cases.views.side_panels import MAIN_ROLES
from referrals import actions as referrals
from referrals.models import OwnLink
from rj_service.ui.references import spoken


class GiveOwnLinkView(OfParticipant, CaseForm):
    """The address is shown once, to whoever gives it."""

    permission = "cases.record_consent"
    form_class = OwnLinkForm
    template_name = "referrals/own_link.html"
    heading = "A link of their own"
    button = "Make the link"

    @cached_property
    def blocks(self) -> dict[str, str]:
        one = self.participant
        if one.role not in MAIN_ROLES:
            raise Http404
        return referrals.blocks_by_channel(self.case.referral, one.person, one.side, self.today)

    def get_form_kwargs(self):
        channels = [channel for channel, block in self.blocks.items() if not block]
        return super().get_form_kwargs() | {"channels": channels}

    def perform(self, form):
        return actions.give_own_link(
            participant=self.participant, by=self.request.user, today=self.today, **form.cleaned_data
        )

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code != 302:
            return response
        link, secret = self.result
        context = {
            "caption": f"Case {spoken(self.case.reference)}",
            "side": link.side,
            "link": link,
            "address": self.request.build_absolute_uri(reverse("cases:own-link", args=[secret])),
            "back_url": self.case_url("give-own-link", self.participant.pk),
        }
        return render(self.request, "referrals/own_link_made.html", context)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        links = OwnLink.objects.not_ended().filter(referral=self.case.referral_id, person=self.participant.person_id)
        return super().get_context_data(
            **{
                "person": self.participant.person,
                "working": links.select_related("given_by").first(),
                "blocks": list(dict.fromkeys(block for block in self.blocks.values() if block)),
                "may_give": not all(self.blocks.values()),
                "end_url": self.case_url("end-own-link", self.participant.pk),
                **kwargs,
            }
        )


class EndOwnLinkView(CaseAction):
    permission = "cases.record_consent"
    success_message = "The link no longer works"

    def perform(self):
        actions.revoke_own_link(participant=self.participant, by=self.request.user, today=self.today)

    def get_success_url(self) -> str:
        return self.case_url("give-own-link", self.participant.pk)
