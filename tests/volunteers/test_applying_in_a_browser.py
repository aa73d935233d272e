"""Somebody applies on a phone, and a coordinator takes them on: every stage by its page. And a 16-year-old does."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from rj_service.accounts.acting import acting_as
from tests.browser import PHONE
from volunteers import actions
from volunteers.models import Application, Campaign, Practitioner

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign(area, cast):
    today = timezone.localdate()
    with acting_as(cast["coordinator"]) as by:
        papers = {"person_specification": "Listens well", "job_description": "Prepares people"}
        campaign = actions.begin_campaign(
            area=area, title="Community facilitators", kind="community", target=5, by=by, **papers
        )
        for of in ("hr", "union"):
            given = {"approver_name": "Moira Lyle", "given_on": today, "today": today}
            actions.record_campaign_approval(campaign=campaign, of=of, by=by, **given)
        actions.advertise(campaign=campaign, today=today, by=by)
    return Campaign._base_manager.get()


@pytest.mark.parametrize("age", [34, pytest.param(16, marks=pytest.mark.proof)])
def test_from_the_public_page_to_vetting(campaign, area, cast, browser_page, signed_in_page, live_server, age):
    page = browser_page
    page.set_viewport_size({"width": PHONE, "height": 800})
    apply(page, area, age)
    page.set_viewport_size({"width": 1280, "height": 900})
    with scopes_disabled():
        application = Application.objects.get()
    staff = signed_in_page(cast["coordinator"])
    staff.goto(reverse("volunteers:applications"))
    staff.get_by_role("link", name="Ana Ruiz").click()
    if age < 18:
        assert staff.get_by_text("Under 18: agreement of somebody with parental responsibility").count()
        safeguard(application, cast)
    for button in ("Arrange an interview", "Record the interview"):
        staff.get_by_role("button", name=button).click()
        staff.locator("main form button[type=submit]").last.click()
    for _ in range(2):
        staff.get_by_role("link", name="Record it").first.click()
        staff.get_by_label("Yes").check()
        staff.get_by_role("button", name="Record this reference").click()
        if staff.get_by_text("1 of 2 satisfactory references").count():
            staff.get_by_role("link", name="Record it").nth(1).click()
            staff.get_by_label("Yes").check()
            staff.get_by_role("button", name="Record this reference").click()
            break
    staff.get_by_role("button", name="Take them on").click()
    assert staff.get_by_role("heading", name="Next: induction").count() == 1
    with scopes_disabled():
        assert Practitioner.objects.get().status == "vetting"


def apply(page, area, age: int) -> None:
    def go_on():
        page.get_by_role("button", name="Continue").click()

    page.goto(reverse("volunteer-start"))
    page.get_by_role("button", name="Start now").click()
    for part, value in (("Day", "4"), ("Month", "1"), ("Year", str(timezone.localdate().year - age))):
        page.get_by_label(part, exact=True).fill(value)
    go_on()
    page.get_by_label("First name").fill("Ana")
    page.get_by_label("Last name").fill("Ruiz")
    go_on()
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_label("Postcode").fill("PE1 1AA")
    go_on()
    for words in (area.name, "Community facilitators", "Anywhere"):
        page.get_by_label(words, exact=True).check()
        go_on()
    page.get_by_label("For myself").check()
    page.get_by_label("Why would you like to do this?").fill("I was helped once")
    go_on()
    if age < 18:
        page.get_by_label("Their name, and who they are to you").fill("Maria Ruiz, mother")
        page.get_by_label("Their email address or phone number").fill("07700 900 142")
        go_on()
    for which in ("First", "Second"):
        page.get_by_label(f"{which} referee: name").fill("Jo Park")
        page.get_by_label(f"{which} referee: email address or phone number").fill("jo@example.org")
        page.get_by_label(f"{which} referee: how they know you").fill("employer")
    go_on()
    go_on()
    page.get_by_label("I agree to this").check()
    go_on()
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("heading", name="Thank you").count() == 1


def safeguard(application, cast) -> None:
    today = timezone.localdate()
    with acting_as(cast["manager"]) as by:
        common = {"application": application, "given_on": today, "today": today, "by": by}
        actions.record_safeguard(kind="parental", name="Maria Ruiz, mother", **common)
        actions.record_safeguard(kind="sign_off", **common)
