"""At night, on a shared phone, without script: the whole way from the first page to the reference; then away."""

import re

import pytest
from playwright.sync_api import Page, expect

from referrals.models import Referral
from rj_service.public_forms.models import UnsentAnswers

from .test_contact_us import postcodes  # noqa: F401 (autouse)

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", "restorative-justice/", "stay-safe-online/", "questions/reach/", "questions/name/", "questions/when/")
PAGES += ("questions/safety/", "check/", "another-place/", "sent/")


@pytest.fixture
def phone(browser_page, live_server, new_context) -> Page:
    """A phone whose browser runs no script."""
    context = new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False
    )
    context.set_default_timeout(15_000)
    context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="The weather"))
    return context.new_page()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def fill_in(page: Page) -> None:
    """Every question, to the check page."""
    page.goto("/contact-us/")
    page.get_by_role("button", name="Start now").click()
    expect(page).to_have_title("Contact us: question 1 of 6")
    go_on(page)
    expect(page.get_by_role("link", name="Choose at least one way that is safe")).to_be_visible()
    page.get_by_label("Phone call").check()
    page.get_by_label("Phone number, if you chose").fill("07700 900321")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("What must not happen").fill("Never call when my brother is home")
    go_on(page)
    page.get_by_label("First name").fill("Nina")
    page.get_by_label("Yes").check()
    page.get_by_label("Postcode").fill("CB8 0AA")
    go_on(page)
    page.get_by_label("Cambridgeshire RJ").check()
    go_on(page)
    page.get_by_label("What happened, in your own words?").fill("He broke the window.")
    go_on(page)
    go_on(page)
    page.get_by_label("I know the month").check()
    page.get_by_label("Month and year").fill("March 2024")
    go_on(page)
    page.get_by_role("group", name="Are you afraid").get_by_label("Yes").check()
    go_on(page)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()


@pytest.mark.proof
def test_without_script_on_a_phone(phone, browser_page, assert_sound):
    fill_in(phone)
    expect(phone.get_by_text("Never call when my brother is home")).to_be_visible()
    expect(phone.get_by_text("March 2024")).to_be_visible()
    browser_page.context.add_cookies(phone.context.cookies())
    for page in PAGES[:-2]:
        assert_sound(browser_page, f"/contact-us/{page}")
    phone.get_by_role("link", name="Change what happened").click()
    phone.get_by_label("What happened, in your own words?").fill("He broke two windows.")
    go_on(phone)
    assert not Referral._base_manager.exists()
    phone.get_by_role("button", name="Send").click()
    reference = phone.locator(".rj-ref").inner_text()
    assert Referral._base_manager.get().reference == reference.replace("-", "")
    assert phone.context.cookies() == [] and not UnsentAnswers.objects.exists()
    phone.go_back()
    expect(phone.get_by_text("Nothing is kept here")).to_be_visible()
    for page in PAGES[-2:]:
        assert_sound(browser_page, f"/contact-us/{page}")


def test_the_exit_leaves_and_back_shows_nothing(phone):
    fill_in(phone)
    phone.get_by_role("button", name="Exit this page").click()
    expect(phone.get_by_text("The weather")).to_be_visible()
    expect(phone).to_have_url(re.compile("^https://www.bbc.co.uk/"))
    assert not UnsentAnswers.objects.exists()
    phone.go_back()
    expect(phone.get_by_text("Nothing is kept here")).to_be_visible()
    expect(phone.get_by_text("He broke the window.")).to_have_count(0)


@pytest.mark.proof
def test_shift_three_times_leaves_too(browser_page):
    browser_page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="The weather"))
    browser_page.goto("/contact-us/questions/reach/")
    for _ in range(3):
        browser_page.keyboard.press("Shift")
    expect(browser_page.get_by_text("The weather")).to_be_visible()
