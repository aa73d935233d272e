"""Two records are one person: found at triage, compared, merged, undone, in a real browser."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from referrals.actions import NewPerson
from referrals.models import ContactDetails, Merge, Person, PossibleDuplicate

pytestmark = pytest.mark.django_db(transaction=True)
KATE = NewPerson(first_name="Kate", last_name="Pryor", date_of_birth=date(1971, 4, 9), phone="07700 900142")
CATHERINE = NewPerson(first_name="Catherine", last_name="Pryor", date_of_birth=date(1971, 4, 9), may_phone=True)


def test_two_records_are_one_person(signed_in_page, cast, refer, open_case, assert_sound):
    open_case(harmed=KATE)
    referral = refer(harmed=CATHERINE, responsible=NewPerson(last_name="Brand"))
    page = signed_in_page(cast["coordinator"])
    assert_sound(page, reverse("referrals:duplicates"))
    page.goto(reverse("referrals:detail", args=[referral.pk]))
    expect(page.get_by_role("heading", name="This may be somebody we know")).to_be_visible()
    expect(page.get_by_text("first names are forms of one name")).to_be_visible()
    page.get_by_role("link", name="Catherine Pryor and Kate Pryor").click()
    expect(page.get_by_role("heading", name="Are these one person?")).to_be_visible()
    assert_sound(page, page.url)

    [pair] = PossibleDuplicate._base_manager.all()
    first = Person._base_manager.get(pk=pair.person_id).first_name
    whose = f"The {'first' if first == 'Kate' else 'second'} record’s, for both"
    page.get_by_role("group", name="Telephone number").get_by_label(whose).check()
    page.get_by_role("button", name="Merge: they are one person").click()
    expect(page.get_by_role("heading", name="One person, 2 records")).to_be_visible()
    numbers = ContactDetails._base_manager.filter(person__last_name="Pryor")
    assert {one.phone for one in numbers} == {"07700 900142"}
    assert_sound(page, page.url)
    page.goto(reverse("referrals:detail", args=[referral.pk]))
    page.get_by_role("link", name="Catherine Pryor is here more than once").click()
    page.get_by_role("button", name="Undo this merge").click()
    expect(page.get_by_role("heading", name="Are these one person?")).to_be_visible()
    expect(page.get_by_text("each record is again as it was")).to_be_visible()
    assert {one.phone for one in numbers.all()} == {"07700 900142", None}
    assert not Merge._base_manager.filter(undone_at=None).exists()
    page.get_by_role("button", name="Not the same person").click()
    expect(page.get_by_text("Nobody looks like somebody else")).to_be_visible()
