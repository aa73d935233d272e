"""An agency is asked from the page of a referral, does not answer, is reminded by itself, and answers by its link."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals import tasks
from referrals.models import InformationRequest, RequestMail
from referrals.working_days import is_working_day
from rj_service.jobs.leases import work_on
from tests.browser import screens

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
SCREENS_TO_ASK = 5  # home, the list, the referral, whom to ask, the request
SCREENS_TO_ANSWER = 3  # the link and the page it leads to, the thanks
SCREENS_TO_READ = 2  # the update, the answer


def deliver() -> str:
    """What waits for a worker goes out; the link of the newest mail."""
    for row in RequestMail._base_manager.filter(state="queued"):
        assert work_on(RequestMail, row.pk)
    return re.search(r"http\S+(/referrals/answer/\S+)", mail.outbox[-1].body).group(1)


def until_late(monkeypatch) -> None:
    """Its day went by a while ago; today is a day on which agencies are reminded."""
    today = timezone.localdate()
    while not is_working_day(today):
        today += timedelta(days=1)
    InformationRequest._base_manager.update(
        asked_on=today - timedelta(days=40), due_on=today - timedelta(days=20), next_chase_on=today - timedelta(days=20)
    )
    monkeypatch.setattr(timezone, "localdate", lambda *given: today)


def test_asked_reminded_and_answered_by_the_link(
    signed_in_page, cast, refer, new_context, live_server, assert_sound, record_property, monkeypatch
):
    referral = refer()
    page = signed_in_page(cast["coordinator"])
    met = screens(page)
    page.goto("/")
    page.get_by_role("link", name="Referrals", exact=True).first.click()
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("link", name=re.compile("^Ask an agency.*responsible")).click()
    expect(page.get_by_text("They have not said whether we may ask agencies")).to_be_visible()
    page.get_by_role("link", name="Probation Service").click()
    page.get_by_label("Team, or the name of an agency").fill("Fenmoor probation")
    page.get_by_label("Name of whom you ask").fill("Ana Ruiz")
    page.get_by_label("Email address").fill("ana@example.org")
    record_property("measured", f"screens to ask: {len(met)}")
    assert len(met) <= SCREENS_TO_ASK, met
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("The agency is asked")).to_be_visible()
    first = deliver()
    request = InformationRequest._base_manager.get()

    with monkeypatch.context() as later:
        until_late(later)
        tasks.chase_information_requests()
        tasks.chase_information_requests()
    second = deliver()
    assert len(mail.outbox) == 2 and first != second, "reminded once, by itself"
    assert not any(word in one.body + one.subject for one in mail.outbox for word in ("Brand", "Kyle", "Bellamy"))
    page.goto(reverse("referrals:requests"))
    expect(page.get_by_role("cell", name=re.compile("1 time"))).to_be_visible()

    context = new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False
    )
    agency = context.new_page()
    theirs = screens(agency)
    agency.goto(second)
    expect(agency.get_by_text("Kyle Brand")).to_be_visible()
    assert "Bellamy" not in agency.content() and agency.evaluate("document.documentElement.scrollWidth") <= 360
    agency.get_by_role("button", name="Send the answer").click()
    expect(agency.get_by_role("link", name=re.compile("name and role"))).to_be_visible()
    agency.get_by_label("Your name and role").fill("Ana Ruiz, officer")
    agency.get_by_label("Yes", exact=True).check()
    agency.get_by_label("Your answer").fill("On licence until May. No contact with Ely.")
    agency.get_by_role("button", name="Send the answer").click()
    expect(agency.get_by_role("heading", name="Your answer is sent")).to_be_visible()
    record_property("measured", f"screens to answer: {len(theirs)}")
    assert len(theirs) <= SCREENS_TO_ANSWER + 1, theirs  # one refused: nothing was typed
    for link in (first, second):
        assert agency.goto(link).status == 410, "an answer ends every link"

    read = screens(page)
    page.goto(reverse("notifications:list"))  # where the mail of the update leads
    page.get_by_role("row").filter(has_text="An agency has answered").get_by_role("button").click()
    expect(page.get_by_text("On licence until May")).to_be_visible()
    expect(page.get_by_text("It changes no contact detail")).to_be_visible()
    record_property("measured", f"screens to read: {len(read)}")
    assert len(read) <= SCREENS_TO_READ, read
    assert_sound(page, reverse("referrals:request", args=[referral.pk, request.pk]))
    assert_sound(page, reverse("referrals:whom-to-ask", args=[referral.pk, "responsible"]))
