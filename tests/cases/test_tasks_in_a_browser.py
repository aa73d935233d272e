"""Three journeys: an overdue task from the home to done; a leaver's cases; emergency access at night, on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals.actions import declare_conflict, restrict
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.roles import Role
from tests.browser import PHONE
from tests.factories import member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


def test_an_overdue_task_from_the_home_to_done(signed_in_page, cast, open_case, assert_sound):
    case = open_case()
    late = timezone.localdate() - timedelta(days=20)
    Task._base_manager.filter(referral=case.referral, kind="find_lead").update(due_on=late)
    page = signed_in_page(cast["coordinator"])
    assert_sound(page, "/")
    page.get_by_role("row").filter(has_text="working days late").get_by_role("link", name="Find a lead").click()
    expect(page.get_by_role("heading", level=1, name="Find a lead facilitator")).to_be_visible()
    assert_sound(page, page.url)
    page.get_by_role("button", name="Put it off").click()
    page.get_by_label("Why it has to wait").fill("Everybody is on a course")
    page.get_by_role("button", name="Put it off").click()
    expect(page.get_by_role("link", name="Enter until")).to_be_visible()
    page.go_back()
    page.goto(reverse("cases:tasks"))
    page.get_by_role("link", name="Find a lead facilitator").click()
    page.get_by_role("button", name="It is done").click()
    page.get_by_label("What came of it").fill("Pat takes it")
    page.get_by_role("button", name="It is done").click()
    expect(page.get_by_text("The task is done.")).to_be_visible()
    expect(page.get_by_role("link", name="Find a lead facilitator")).to_have_count(0)
    for address in ("tasks", "allocation", "absences", "record-absence"):
        assert_sound(page, reverse(f"cases:{address}"))
    assert_sound(page, reverse("cases:add-task", args=[case.pk]))


def test_a_leaver_s_cases_on_one_page(signed_in_page, area, cast, open_case, assert_sound):
    """Journey 12, with three: one is left, one is refused, one goes."""
    goes, known, left = open_case(), open_case(), open_case()
    taker = member(Role.COORDINATOR, area, first_name="Rosa", last_name="Santos")
    with acting_as(taker):
        declare_conflict(user=taker, by=taker, referral=known.referral)
    page = signed_in_page(cast["manager"])
    page.goto(reverse("cases:tasks"))
    page.get_by_role("button", name="Hand over a colleague’s work").click()
    page.get_by_label("Whose work is handed over?").select_option("Dana Castle")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Hand over the work of Dana Castle")).to_be_visible()
    assert_sound(page, page.url)
    page.get_by_label("Who takes the cases they coordinate?").select_option("Rosa Santos")
    reference = f"{left.reference[:4]}-{left.reference[4:]}"
    page.get_by_label(f"Who takes {reference}").select_option("Nobody: leave it")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("heading", name="1 of 2 cases are handed over")).to_be_visible()
    expect(page.get_by_text("Rosa Santos: declared a conflict of interest")).to_be_visible()
    with acting_as(cast["manager"]):
        whose = dict(type(goes).objects.values_list("pk", "coordinator"))
    assert whose == {goes.pk: taker.pk, known.pk: cast["coordinator"].pk, left.pk: cast["coordinator"].pk}


def test_emergency_access_at_night_on_a_phone(browser_of, area, cast, open_case, assert_sound):
    """Journey 13."""
    case = open_case()
    with acting_as(cast["manager"]) as by:
        restrict(referral=case.referral, reason="A colleague’s sister", by=by)
    page = browser_of(cast["coordinator"], width=PHONE)
    page.goto(reverse("cases:list"))
    page.get_by_role("link", name="Open in an emergency what was not given to you").click()
    page.get_by_label("Reference of the referral or case").fill(case.reference)
    page.get_by_label("Why it cannot wait").fill("She rang the night line and is afraid")
    page.get_by_role("button", name="Open it in an emergency").click()
    expect(page.get_by_text("Everything you open is recorded.")).to_be_visible()
    assert_sound(page, reverse("referrals:emergency"))
    manager = browser_of(cast["manager"])
    manager.goto(reverse("notifications:list"))
    manager.get_by_role("button", name="Somebody opened in an emergency").click()
    expect(manager.get_by_text("She rang the night line and is afraid")).to_be_visible()
    assert_sound(manager, reverse("referrals:emergencies"))
