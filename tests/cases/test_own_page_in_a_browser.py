"""A complaint: from the person's own link, on a phone without script, to the outcome that they read there. Then they stop."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from referrals import actions as referrals
from referrals.models import Complaint
from rj_service.accounts.acting import acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
FIRST = "/p/yours/"


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_a_complaint_from_the_link_to_the_outcome(open_case, cast, browser_of, browser_page, assert_sound):
    case, today = open_case(), timezone.localdate()
    with acting_as(cast["coordinator"]) as by:
        given = {"channel": "by_hand", "question": "word", "word": "heron", "by": by, "today": today}
        person = case.referral.person_harmed
        _, secret = referrals.give_own_link(referral=case.referral, person=person, **given)

    phone = browser_of()
    phone.goto(reverse("cases:own-link", args=[secret]))
    expect(phone).to_have_title("Contact us")
    phone.get_by_label("What word did we agree on?").fill("stork")
    press(phone, "Continue")
    expect(phone.get_by_role("link", name="That is not the answer")).to_be_visible()
    browser_page.context.add_cookies(phone.context.cookies())
    assert_sound(browser_page, FIRST)
    phone.get_by_label("What word did we agree on?").fill("Heron")
    press(phone, "Continue")
    expect(phone.get_by_text("Your worker is Dana.")).to_be_visible()
    browser_page.context.add_cookies(phone.context.cookies())
    for page in ("", "pause/", "stop/", "reach/", "complaint/"):
        assert_sound(browser_page, FIRST + page)

    phone.get_by_role("link", name="Complain").click()
    press(phone, "Send")
    expect(phone.get_by_role("link", name="Enter what went wrong, in your own words")).to_be_visible()
    phone.get_by_label("How somebody was treated").check()
    phone.get_by_label("It is about Dana").check()
    phone.get_by_label("What went wrong, in your own words").fill("Nobody rang me back.")
    press(phone, "Send")
    expect(phone.get_by_text("We have your complaint.")).to_be_visible()

    manager = browser_of(cast["manager"])
    manager.goto("/")
    manager.get_by_role("link", name="A complaint to acknowledge").click()
    expect(manager.get_by_text("Nobody rang me back.")).to_be_visible()
    press(manager, "Choose who looks into it")
    choice = manager.get_by_label("Who looks into this complaint?")
    assert "Dana Castle" not in choice.inner_text()
    choice.select_option(label="Sunita Rao")
    press(manager, "Give it to them")
    expect(manager.get_by_text("The complaint is given to its handler")).to_be_visible()

    handler = browser_of(cast["supervisor"])
    handler.goto("/")
    handler.get_by_role("link", name="A complaint to acknowledge").click()
    press(handler, "Acknowledge it")
    press(handler, "Record the acknowledgement")
    press(handler, "Decide")
    handler.get_by_label("Upheld", exact=True).check()
    handler.get_by_label("The answer").fill("We should have rung you. We are sorry.")
    handler.get_by_label("What the service learns from it").fill("Ring within three days.")
    press(handler, "Decide")
    expect(handler.get_by_text("Tell whoever complained")).to_be_visible()
    press(handler, "Record that they were told")
    press(handler, "Record it")
    expect(handler.get_by_text("The complaint is closed")).to_be_visible()

    phone.goto(FIRST)
    expect(phone.get_by_text("We should have rung you.")).to_be_visible()
    expect(phone.get_by_text("Ring within three days.")).to_have_count(0)
    for address in (
        reverse("referrals:complaints"),
        reverse("referrals:complaint", args=[Complaint._base_manager.get().pk]),
    ):
        assert_sound(manager, address)

    phone.get_by_role("link", name="Stop").click()
    press(phone, "Stop now")
    expect(phone.get_by_role("heading", name="It has stopped")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_role("heading", name="This page has closed")).to_be_visible()
    assert_sound(browser_page, "/p/yours/stopped/")
