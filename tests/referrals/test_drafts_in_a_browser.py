"""A Hub worker logs a referral by phone, is interrupted, and goes on: the browser was closed meanwhile."""

import pytest
from django.urls import reverse

from referrals.models import Referral, ReferralDraft

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


def test_interrupted_and_resumed(signed_in_page, cast, assert_sound):
    page = signed_in_page(cast["hub_worker"])
    assert_sound(page, reverse("referrals:create"))
    page.get_by_label("First name of the person harmed").fill("Ines")
    page.get_by_label("Last name of the person harmed").fill("Pryor")
    page.get_by_text("Draft saved at").wait_for()
    again = page.context.new_page()
    page.close()

    again.goto(reverse("referrals:mine"))
    again.get_by_role("link", name="Make a referral").first.click()
    again.get_by_role("link", name="Go on with one of them").click()
    assert_sound(again, reverse("referrals:drafts"))
    again.get_by_role("link", name="Ines Pryor").click()
    again.get_by_role("link", name="Change who is responsible?").click()
    again.get_by_role("group", name="Have the police identified somebody?").get_by_label("No", exact=True).first.check()
    again.get_by_role("button", name="Continue").click()
    again.get_by_label("Spoken, by phone").check()
    again.get_by_label("It is safe to phone").check()
    again.get_by_label("Phone number").fill("07700 900123")
    again.get_by_role("button", name="Continue").click()
    again.get_by_role("button", name="Continue").click()
    again.get_by_role("button", name="Continue").click()
    sending = again.get_by_role("button", name="Send the referral")
    sending.wait_for()
    assert_sound(again, again.url)
    sending.click()
    again.get_by_role("heading", name="The referral is sent").wait_for()
    assert_sound(again, again.url)
    referral = Referral._base_manager.get()
    assert again.locator(".govuk-panel .rj-ref").inner_text() == f"{referral.reference[:4]}-{referral.reference[4:]}"
    assert ReferralDraft._base_manager.count() == 1
