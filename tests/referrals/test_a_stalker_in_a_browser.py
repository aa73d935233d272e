"""Somebody who must not find a person tries the public form, without script, on a phone; then again; then a coordinator looks."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from referrals.actions import NewPerson
from referrals.models import Person, Referral, RepeatedApproach
from rj_service.audit.models import DomainEvent
from tests.browser import screens

from .test_contact_us import postcodes  # noqa: F401 (autouse)
from .test_contact_us_in_browser import go_on, phone  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
SCREENS_OF_THE_FORM = 9  # the first page, six questions, the check, the thanks
SCREENS_TO_THE_WARNING = 2  # home, the referral
ABOUT_HER = ("Bellamy", "4 Mill Lane", "900101", "grace@example.org")


def write(page: Page, first_name: str, last_name: str, *, wish: str) -> tuple[str, list[str]]:
    """The whole form about somebody named; what he reads at the end, without his reference, and the screens he met."""
    met = screens(page)
    page.goto("/contact-us/")
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Phone call").check()
    page.get_by_label("Phone number, if you chose").fill("07700 900555")
    page.get_by_label("No", exact=True).check()
    go_on(page)
    page.get_by_label("First name").fill("Kay")
    page.get_by_label("Yes").check()
    page.get_by_label("Postcode").fill("CB1 1AA")
    go_on(page)
    page.get_by_label("What happened, in your own words?").fill("She will not talk to me.")
    page.get_by_label("What would you like to come of it?").fill(wish)
    go_on(page)
    page.get_by_label("Their first name").fill(first_name)
    page.get_by_label("Their last name").fill(last_name)
    go_on(page)
    go_on(page)
    go_on(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    # The words of the page, seen or not: which are seen, and on which line, depends on when the style sheet arrives.
    words = " ".join(page.locator("body").text_content().split())
    shown = re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{2}", "REFERENCE", words)
    return shown, list(met)


def test_he_learns_nothing_and_the_coordinator_is_warned(
    phone,  # noqa: F811
    signed_in_page,
    cast,
    refer,
    assert_sound,
    record_property,
):
    known = refer(responsible=NewPerson(first_name="Kyle", last_name="Brand", phone="07700 900555"))
    hers = known.person_harmed_id
    before = list(DomainEvent.objects.filter(people__contains=[hers]).values_list("id", flat=True))
    about_somebody_known, met = write(phone, "Grace", "Bellamy", wish="Where does she live now?")
    about_nobody, _ = write(phone, "Nobody", "Ever", wish="Where does she live now?")
    assert about_somebody_known == about_nobody
    assert not any(word in about_somebody_known for word in (*ABOUT_HER, "Grace", "known", "already"))
    again, _ = write(phone, "grace", "BELLAMY", wish="Tell her that I am sorry.")
    assert again == about_nobody
    record_property("measured", f"screens of the form: {len(met)}")
    assert len(met) <= SCREENS_OF_THE_FORM, met

    first, other, last = Referral._base_manager.exclude(pk=known.pk).order_by("entered_at")
    assert all(one.is_unverified for one in (first, other, last))
    assert {one.earlier_id for one in RepeatedApproach._base_manager.filter(referral=last)} >= {known.pk, first.pk}
    assert (
        mail.outbox == []
        and list(DomainEvent.objects.filter(people__contains=[hers]).values_list("id", flat=True)) == before
    )
    assert Person._base_manager.get(pk=hers).approach == "agreed"

    page = signed_in_page(cast["coordinator"])
    seen = screens(page)
    page.goto("/")
    expect(page.get_by_text("A self-referral is like an earlier one").first).to_be_visible()
    page.get_by_role("button", name=re.compile("See why")).first.click()
    expect(page.get_by_role("heading", name="Repeated approach")).to_be_visible()
    assert len(seen) <= SCREENS_TO_THE_WARNING, seen
    record_property("measured", f"screens to the warning: {len(seen)}")
    expect(page.get_by_text("find out who is writing before anybody is contacted")).to_be_visible()
    expect(page.get_by_text("Not verified yet: nobody approaches this side")).to_be_visible()
    side = page.locator(".rj-side--responsible")
    side.get_by_role("link", name="Show contact details").click()
    expect(page.get_by_text("has not been verified").first).to_be_visible()
    for word in ABOUT_HER[1:]:
        expect(page.get_by_text(word)).to_have_count(0)
    page.goto(reverse("referrals:record-consent", args=[last.pk, "responsible"]))
    page.get_by_label("To be contacted").check()
    page.get_by_label("Spoken, by phone").check()
    for part, number in (("Day", "1"), ("Month", "3"), ("Year", "2024")):
        page.get_by_label(part, exact=True).fill(number)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("link", name=re.compile("has not been verified"))).to_be_visible()
    for name in ("detail", "verification"):
        assert_sound(page, reverse(f"referrals:{name}", args=[last.pk]))
    assert_sound(page, reverse("referrals:contact", args=[last.pk, "responsible"]))
    assert mail.outbox == []
