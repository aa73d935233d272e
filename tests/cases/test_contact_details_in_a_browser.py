"""Contact details on a screen: two minutes, one key, one step away, and they are gone; they are never printed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from rj_service.accounts.acting import acting_as
from tests.cases.conftest import side_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("of", ["case", pytest.param("referral", marks=pytest.mark.proof)])
def test_contact_details_leave_the_screen(of, open_case, cast, signed_in_page):
    case = open_case()
    with acting_as(cast["coordinator"]):
        harmed = side_of(case, "harmed")
    address, back = {
        "case": (reverse("cases:reveal-contact", args=[case.pk, harmed.pk]), reverse("cases:desk", args=[case.pk])),
        "referral": (
            reverse("referrals:contact", args=[case.referral_id, "harmed"]),
            reverse("referrals:detail", args=[case.referral_id]),
        ),
    }[of]
    page = signed_in_page(cast["coordinator"])
    number = page.get_by_text("07700 900142").first
    page.goto(address)
    expect(number).to_be_visible()
    page.emulate_media(media="print")
    expect(number).to_be_hidden()
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{back}")

    page.clock.install()
    page.goto(address)
    page.clock.fast_forward("01:55")
    expect(number).to_be_visible()
    page.clock.fast_forward("00:06")
    page.wait_for_url(f"**{back}")
    expect(number).to_have_count(0)
