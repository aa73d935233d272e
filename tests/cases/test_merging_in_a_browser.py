"""Two records are one person: found at triage, compared, proposed, confirmed by a colleague, undone, in a real browser."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from referrals.actions import NewPerson
from referrals.models import ContactDetails, Merge, Person, PossibleDuplicate
from tests.browser import DESK, WIDTHS, screens

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
KATE = NewPerson(first_name="Kate", last_name="Pryor", date_of_birth=date(1971, 4, 9), phone="07700 900142")
CATHERINE = NewPerson(first_name="Catherine", last_name="Pryor", date_of_birth=date(1971, 4, 9), may_phone=True)
TO_PROPOSE, TO_CONFIRM = 4, 4  # from signing in
PROPOSE, CONFIRM = "Propose: they are one person", "Confirm: they are one person"


@pytest.mark.parametrize("width", WIDTHS)
def test_two_records_are_one_person(width, browser_of, cast, refer, open_case, assert_sound, record_property):
    open_case(harmed=KATE)
    referral = refer(harmed=CATHERINE, responsible=NewPerson(last_name="Brand"))
    page = browser_of(cast["coordinator"], width=width)
    met = screens(page)
    page.goto("/")
    page.goto(reverse("referrals:detail", args=[referral.pk]))
    expect(page.get_by_role("heading", name="This may be somebody we know")).to_be_visible()
    expect(page.get_by_text("first names are forms of one name")).to_be_visible()
    page.get_by_role("link", name="Catherine Pryor and Kate Pryor").click()
    expect(page.get_by_role("heading", name="Are these one person?")).to_be_visible()
    [pair] = PossibleDuplicate._base_manager.all()
    first = Person._base_manager.get(pk=pair.person_id).first_name
    whose = f"The {'first' if first == 'Kate' else 'second'} record’s, for both"
    page.get_by_role("group", name="Telephone number").get_by_label(whose).check()
    page.get_by_label("Why do you take them for one person?").fill("Same voice, and she told me her maiden name")
    page.get_by_role("button", name=PROPOSE).click()
    expect(page.get_by_text("Waiting for a second person").first).to_be_visible()
    expect(page.get_by_role("button", name=CONFIRM)).to_have_count(0)
    to_propose = len(met)
    numbers = ContactDetails._base_manager.filter(person__last_name="Pryor")
    assert {one.phone for one in numbers} == {"07700 900142", None}, "nobody reads more before it is confirmed"

    colleague = browser_of(cast["manager"], width=width)
    theirs = screens(colleague)
    colleague.goto("/")
    colleague.get_by_role("link", name="1 pair of records to confirm as one person").click()
    colleague.get_by_role("link", name="Kate Pryor").click()
    expect(colleague.get_by_text("she told me her maiden name")).to_be_visible()
    if width == DESK:
        for address in ("/", reverse("referrals:duplicates"), reverse("cases:compare-people", args=[pair.pk])):
            assert_sound(colleague, address)
        del theirs[3:]
    colleague.get_by_role("button", name=CONFIRM).click()
    expect(colleague.get_by_role("heading", name="One person, 2 records")).to_be_visible()
    to_confirm = len(theirs)
    assert {one.phone for one in numbers.all()} == {"07700 900142"}
    record_property("measured", f"screens at {width}: {to_propose} to propose, {to_confirm} to confirm")
    assert to_propose <= TO_PROPOSE and to_confirm <= TO_CONFIRM, (met, theirs)

    page.goto(reverse("referrals:detail", args=[referral.pk]))
    page.get_by_role("link", name="Catherine Pryor is here more than once").click()
    if width == DESK:
        assert_sound(page, page.url)
    page.get_by_role("button", name="Undo this merge").click()
    expect(page.get_by_role("heading", name="Are these one person?")).to_be_visible()
    expect(page.get_by_text("each record is again as it was")).to_be_visible()
    assert {one.phone for one in numbers.all()} == {"07700 900142", None}
    assert not Merge._base_manager.filter(undone_at=None).exists()
    if width == DESK:
        assert_sound(page, page.url)
    page.get_by_role("button", name="Not the same person").click()
    expect(page.get_by_text("Nobody looks like somebody else")).to_be_visible()
