"""What managers, referrers and the administrator have of their own: sound at both widths, and found from the menu."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals import actions
from rj_service.accounts.acting import acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


def test_settings_and_the_words_of_requests(signed_in_page, cast, assert_sound):
    page = signed_in_page(cast["manager"])
    page.goto("/")
    expect(page.get_by_role("link", name="Training")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("link", name="Words of requests").click()
    page.get_by_role("link", name="Change the words to Prison").click()
    page.get_by_label("Words that a request begins with").fill("Is this person with you?")
    page.get_by_role("button", name="Keep these words").click()
    expect(page.get_by_text("Is this person with you?")).to_be_visible()
    for name in ("settings", "referrals:request-words"):
        assert_sound(page, reverse(name))
    assert_sound(page, reverse("referrals:keep-request-words", args=["prison"]))


def test_messages_and_offers_to_repeat(signed_in_page, cast, refer, hub, assert_sound):
    today = timezone.localdate()
    referral = refer(by=cast["hub_worker"], organisation=hub)
    with acting_as(cast["hub_worker"]) as by:
        actions.record_offer(referral=referral, new=actions.NewOffer(today, "phone", "not_now"), by=by, today=today)
    with acting_as(cast["coordinator"]) as by:
        actions.write_message(referral=referral, words="When may we ring?", is_question=True, by=by, today=today)
    page = signed_in_page(cast["hub_worker"])
    page.goto("/")
    page.get_by_role("link", name=re.compile("Messages .1 to read")).click()
    expect(page.get_by_text("To read", exact=True)).to_be_visible()
    assert_sound(page, reverse("referrals:all-own-messages"))
    assert_sound(page, reverse("referrals:own-offers"))
    page.get_by_role("link", name="Record the offer").click()
    expect(page.get_by_role("heading", name="Record an offer of restorative justice")).to_be_visible()


def test_the_set_up(signed_in_page, cast, assert_sound):
    page = signed_in_page(cast["admin"])
    page.goto("/")
    page.get_by_role("link", name="Set-up").click()
    expect(page.get_by_role("heading", name="Set-up")).to_be_visible()
    assert_sound(page, reverse("set-up"))


def test_whoever_was_harmed_is_named(signed_in_page, cast, refer, assert_sound):
    referral = refer(mechanism="offender_self", initiated_by="offender", harmed=actions.NewPerson())
    page = signed_in_page(cast["coordinator"])
    assert_sound(page, reverse("referrals:name-harmed", args=[referral.pk]))
    page.get_by_label("Last name").fill("Bellamy")
    page.get_by_role("button", name="Name them").click()
    expect(page.get_by_text("The person harmed is named")).to_be_visible()
    page.get_by_role("link", name="Verify who wrote and what happened").click()
    expect(page.get_by_text("the harmed side stays closed")).to_be_visible()
    assert_sound(page, reverse("referrals:verification", args=[referral.pk]))
