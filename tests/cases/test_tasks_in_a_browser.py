"""Three journeys: an overdue task from the home to done; a leaver's cases; emergency access at night."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals.actions import declare_conflict, restrict
from referrals.models import Grant, Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.roles import Role
from rj_service.ui.references import spoken
from tests.browser import WIDTHS
from tests.factories import member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
TO_HAND_OVER, TO_OPEN = 4, 3  # screens


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


@pytest.mark.parametrize("width", WIDTHS)
def test_a_leaver_s_twelve_cases_on_one_page(visitor, area, cast, open_case, width, record_property):
    """Journey 12: one is left, one is refused, ten go."""
    twelve = [open_case() for _ in range(12)]
    known, left = twelve[:2]
    taker = member(Role.COORDINATOR, area, first_name="Rosa", last_name="Santos")
    with acting_as(taker):
        declare_conflict(user=taker, by=taker, referral=known.referral)
    manager = visitor(cast["manager"], width).open(reverse("cases:tasks")).follow("Hand over a colleague’s work")
    manager.answer({"Whose work is handed over?": "Dana Castle"}).press("Continue")
    manager.reads("Hand over the work of Dana Castle").answer({"Who takes the cases they coordinate?": "Rosa Santos"})
    manager.answer({f"Who takes {spoken(left.reference)}": "Nobody: leave it"}).press("Hand over", within="main")
    manager.reads("10 of 11 cases are handed over", "Rosa Santos: declared a conflict of interest")
    whose = dict(type(left)._base_manager.values_list("pk", "coordinator"))
    stays = {known.pk, left.pk}
    assert whose == {one.pk: (cast["coordinator"] if one.pk in stays else taker).pk for one in twelve}
    record_property("measured", f"screens at {width}: {manager.screens} to hand twelve cases over")
    assert manager.screens <= TO_HAND_OVER


@pytest.mark.parametrize("width", WIDTHS)
def test_emergency_access_at_night(visitor, cast, open_case, width, record_property):
    """Journey 13: and it is shut again once its hours are over."""
    case = open_case()
    with acting_as(cast["manager"]) as by:
        restrict(referral=case.referral, reason="A colleague’s sister", by=by)
    at_night = visitor(cast["coordinator"], width).open(reverse("cases:list"))
    at_night.follow("Open in an emergency what was not given to you")
    why = {"Reference of the referral or case": case.reference, "Why it cannot wait": "She rang and is afraid"}
    at_night.answer(why).press("Open it in an emergency").reads("Everything you open is recorded.")
    record_property("measured", f"screens at {width}: {at_night.screens} to the case")
    assert at_night.screens <= TO_OPEN
    manager = visitor(cast["manager"], width).open(reverse("notifications:list"))
    manager.press("Somebody opened in an emergency").reads("She rang and is afraid")
    Grant._base_manager.filter(user=cast["coordinator"]).update(ends_at=timezone.now() - timedelta(seconds=1))
    page = at_night.page
    answer = page.goto(reverse("cases:desk", args=[case.pk]))
    assert answer is not None and answer.status == 404
    page.goto(reverse("cases:list"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(spoken(case.reference))).to_have_count(0)
    expect(page.get_by_text("Everything you open is recorded.")).to_have_count(0)
