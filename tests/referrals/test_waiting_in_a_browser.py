"""Somebody waits without a suspect, a suspect is identified, the wish is checked, the case opens."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals.actions import NewPerson
from referrals.models import Referral
from rj_service.notifications.models import Notification
from tests.browser import screens

from .test_waiting import note

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
SCREENS = 11  # from home to the open case, with the news noted on the way


def test_from_the_wish_to_the_open_case(signed_in_page, cast, refer, assert_sound, record_property):
    referral = refer(suspect_identified=False, responsible=NewPerson(), wish="To ask him why")
    page = signed_in_page(cast["coordinator"])
    met = screens(page)
    page.goto("/")
    page.get_by_role("link", name="Interested, no suspect identified").first.click()
    expect(page.get_by_role("cell", name="To ask him why")).to_be_visible()
    page.get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("link", name="Note what has changed").click()
    page.get_by_label("A suspect is identified").check()
    page.get_by_label("The police", exact=True).check()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("A suspect is identified: told by the police")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name="A suspect is identified: told by the police")).to_be_visible()
    page.get_by_role("link", name="A suspect is identified: told by the police").click()
    page.get_by_role("button", name="Somebody is identified: go on").click()
    today = timezone.localdate()
    page.get_by_label("Yes").check()
    page.get_by_label("They confirmed how and where").check()
    for part in ("Day", "Month", "Year"):
        page.get_by_label(part, exact=True).fill(str(getattr(today, part.lower())))
    page.get_by_label("How they were asked").select_option("phone")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("The referral is back in triage")).to_be_visible()
    page.get_by_role("button", name="Decide").click()
    page.get_by_label("Accept and open a case").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Accepted. The case is open.")).to_be_visible()
    assert Referral._base_manager.get(pk=referral.pk).status == "accepted"
    assert mail.outbox == [] and not Notification.objects.exists()
    record_property("measured", f"screens: {len(met)}")
    assert len(met) <= SCREENS, met


def test_the_pages_of_waiting_of_offers_and_of_several_responsible(
    signed_in_page, cast, refer, hub, acting, assert_sound
):
    by_hub = {"by": cast["hub_worker"], "organisation": hub}
    waiting = refer(suspect_identified=False, responsible=NewPerson(), wish="To ask him why", **by_hub)
    several = refer(also_responsible=[NewPerson(last_name="Second")])
    with acting(cast["coordinator"]) as by:
        note(waiting, by)
        beside = several.also_responsible.get().person_id
    page = signed_in_page(cast["coordinator"])
    for name, *arguments in (
        ("interested",),
        *((name, waiting.pk) for name in ("detail", "check-interest", "note-trigger", "go-on", "record-offer")),
        ("offers",),
        ("detail", several.pk),
        ("add-responsible", several.pk),
        ("contact", several.pk, beside),
    ):
        assert_sound(page, reverse(f"referrals:{name}", args=arguments))
    assert_sound(signed_in_page(cast["hub_worker"]), reverse("referrals:record-own-offer", args=[waiting.pk]))
