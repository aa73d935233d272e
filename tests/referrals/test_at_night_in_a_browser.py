"""Somebody harmed writes at night on a shared phone without script. In the morning the coordinator finds it, verifies it and
gives them a link of their own, by which they pause."""

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from referrals.models import Acknowledgement, Person, Referral
from referrals.tasks import send_acknowledgement  # noqa: F401 (registers the work of an Acknowledgement)
from rj_service.jobs.leases import work_on
from rj_service.ui.references import spoken
from tests.browser import screens

from .test_contact_us import TELLING, postcodes  # noqa: F401 (autouse)
from .test_contact_us_in_browser import go_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
TO_SEND, TO_VERIFY, TO_PAUSE = 10, 6, 4
THEIRS = "/p/yours/"


def write(phone: Page) -> str:
    """The whole form, on a phone that somebody else looks at too. Gives the reference."""
    phone.goto("/contact-us/")
    phone.get_by_role("button", name="Start now").click()
    phone.get_by_label("Email", exact=True).check()
    phone.get_by_label("Email address").fill("nina@example.org")
    phone.get_by_label("Send me one short email now").check()
    phone.get_by_label("What must not happen").fill("My brother must not know")
    go_on(phone)
    phone.get_by_label("First name").fill("Nina")
    phone.get_by_label("Last name").fill("Parry")
    phone.get_by_label("Yes").check()
    phone.get_by_label("Postcode").fill("CB1 1AA")
    go_on(phone)
    phone.get_by_label("What happened, in your own words?").fill("He broke the window.")
    go_on(phone)
    phone.get_by_label("Their first name").fill("Kyle")
    phone.get_by_label("Their last name").fill("Brand")
    go_on(phone)
    go_on(phone)
    phone.get_by_role("group", name="Are you afraid").get_by_label("Yes").check()
    go_on(phone)
    phone.get_by_role("button", name="Send").click()
    expect(phone).to_have_title("Contact us")
    return phone.locator(".rj-ref").inner_text()


def verify(desk: Page, what: str) -> None:
    desk.get_by_label(what, exact=True).check()
    desk.get_by_label("The police", exact=True).check()
    desk.get_by_label("Yes", exact=True).check()
    desk.get_by_role("button", name="Record the check").click()
    expect(desk.get_by_text("The check is recorded")).to_be_visible()


def test_from_the_night_to_the_pause(browser_of, browser_page, cast, assert_sound, record_property):
    phone = browser_of()
    theirs = screens(phone)
    reference = write(phone)
    to_send = len(theirs)
    referral = Referral._base_manager.select_related("service_area").get()
    assert spoken(referral.reference) == reference and referral.service_area.name == "Cambridgeshire RJ"
    assert work_on(Acknowledgement, Acknowledgement._base_manager.get().pk)
    [letter] = mail.outbox
    said = f"{letter.subject} {letter.body} {letter.from_email}".lower()
    assert letter.to == ["nina@example.org"] and not [word for word in (*TELLING, "nina", "kyle") if word in said], said
    assert phone.context.cookies() == []
    phone.go_back()
    expect(phone.get_by_text("Nothing is kept here")).to_be_visible()

    desk = browser_of(cast["coordinator"])
    ours = screens(desk)
    desk.goto("/")
    desk.get_by_role("link", name="Referrals", exact=True).click()
    row = desk.get_by_role("row").filter(has_text="Nina Parry")
    expect(row).to_contain_text("Not verified: the other side learns nothing")
    row.get_by_role("rowheader").get_by_role("link").click()
    elsewhere = browser_of(cast["other_coordinator"])
    elsewhere.goto(reverse("referrals:list"))
    expect(elsewhere.get_by_text("Nina Parry")).to_have_count(0)
    for name, sentence in (("contact", "has not been verified"), ("own-link", "has not been verified")):
        elsewhere_on_it = browser_of(cast["coordinator"])
        elsewhere_on_it.goto(reverse(f"referrals:{name}", args=[referral.pk, "responsible"]))
        expect(elsewhere_on_it.get_by_text(sentence).first).to_be_visible()
    desk.get_by_role("link", name="Verify who wrote and what happened").click()
    verify(desk, "Who they are")
    verify(desk, "What happened")
    to_verify = len(ours)
    expect(desk.get_by_text("Not verified")).to_have_count(0)
    assert_sound(desk, reverse("referrals:verification", args=[referral.pk]))

    desk.goto(reverse("referrals:detail", args=[referral.pk]))
    desk.get_by_role("link", name="A link of their own").first.click()
    assert_sound(desk, desk.url)
    desk.get_by_label("Given to them in person").check()
    desk.get_by_label("A word that you agreed with them").check()
    desk.get_by_label("The word").fill("heron")
    desk.get_by_role("button", name="Make the link").click()
    link = desk.get_by_label("Link", exact=True).input_value()

    met = screens(phone)
    phone.goto(link)
    expect(phone).to_have_title("Contact us")
    phone.get_by_label("What word did we agree on?").fill("heron")
    phone.get_by_role("main").get_by_role("button", name="Continue").click()
    phone.get_by_role("link", name="Pause").click()
    phone.get_by_role("main").get_by_role("button", name="Pause").click()
    expect(phone.get_by_text("Nobody contacts you from now on")).to_be_visible()
    to_pause = len(met)
    assert Person._base_manager.get(first_name="Nina").paused_at is not None
    browser_page.context.add_cookies(phone.context.cookies())
    for page in ("", "pause/"):
        assert_sound(browser_page, THEIRS + page)
    desk.goto(reverse("referrals:detail", args=[referral.pk]))
    expect(desk.get_by_text("They asked for a pause, since")).to_be_visible()
    assert_sound(desk, desk.url)
    record_property("measured", f"screens: {to_send} to send, {to_verify} to verify, {to_pause} to pause")
    assert to_send <= TO_SEND and to_verify <= TO_VERIFY and to_pause <= TO_PAUSE, (theirs, ours, met)
