"""A referral goes to another area and comes back, by the people of both; and the pages of directory, pathways, agreements."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals import actions
from referrals.models import Referral
from tests.browser import WIDTHS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_referral_goes_to_another_area_and_comes_back(width, signed_in_page, cast, refer, assert_accessible):
    referral = refer(incident={"crime_type": "burglary"})
    own = reverse("referrals:detail", args=[referral.pk])
    page = signed_in_page(cast["coordinator"])
    page.set_viewport_size({"width": width, "height": 900})

    def looks_right(heading):
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto(own)
    page.get_by_role("link", name="Offer it to another area").click()
    looks_right("Offer this referral to another area")
    page.get_by_label("Which area?").select_option("Norfolk RJ")
    page.get_by_label("The person harmed lives there").check()
    words = page.get_by_label("What do they need to know to decide?")
    words.fill("Grace moved in May")
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("They may not read the name of the person harmed").first).to_be_visible()
    words.fill("She moved in May and asks for a letter")
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("It is offered. Until they answer it stays with you")).to_be_visible()
    looks_right("Burglary")

    page = signed_in_page(cast["other_coordinator"])
    page.goto("/")
    expect(page.get_by_role("link", name="1 referral of another area waits for you")).to_be_visible()
    page.goto(reverse("referrals:transfers"))
    looks_right("Between areas")
    page.get_by_role("link", name="Burglary").click()
    expect(page.get_by_text("She moved in May and asks for a letter")).to_be_visible()
    expect(page.get_by_text("Bellamy")).to_have_count(0)
    looks_right("From Cambridgeshire RJ: Burglary")
    page.get_by_role("button", name="Answer").click()
    looks_right("Answer another area")
    page.get_by_label("Yes: it becomes our referral").check()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("It is your referral now")).to_be_visible()
    expect(page.get_by_text("Grace Bellamy").first).to_be_visible()
    looks_right("Burglary")
    page.get_by_role("link", name="Send it back to Cambridgeshire RJ").click()
    looks_right("Send this referral back")
    page.get_by_label("Reason").fill("She has moved back")
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_text("It is back with the area that it came from")).to_be_visible()

    page = signed_in_page(cast["coordinator"])
    page.goto(own)
    expect(page.get_by_text("Came back", exact=True)).to_be_visible()
    expect(page.get_by_text("She has moved back")).to_be_visible()
    looks_right("Burglary")
    assert Referral._base_manager.get(pk=referral.pk).status == "received"


def test_the_pages_of_directory_pathways_and_agreements(signed_in_page, cast, refer, hub, area, acting, assert_sound):
    today = timezone.localdate()
    with acting(cast["coordinator"]) as by:
        new = actions.NewProvision(organisation=hub, offers="Mediation", specialist_in=["stalking"])
        entry = actions.keep_provision(area=area, new=new, by=by, today=today)
        actions.lay_pathway(area=area, route="elsewhere", stage="pre_sanction", provision=entry, by=by)
        days = {"signed_on": today, "review_on": today.replace(year=today.year + 1, day=1)}
        actions.record_agreement(
            organisation=hub, kind="sharing", document_reference="ISA 4", by=by, today=today, **days
        )
    referral = refer(flags=[("stalking", "")])
    page = signed_in_page(cast["coordinator"])
    for name, *arguments in (
        ("directory",),
        ("pathways",),
        ("agreements",),
        ("add-provision",),
        ("lay-pathway",),
        ("record-agreement",),
        ("provision", entry.pk),
        ("decide", referral.pk),
    ):
        assert_sound(page, reverse(f"referrals:{name}", args=arguments))
