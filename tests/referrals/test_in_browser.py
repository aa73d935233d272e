"""Every referral page in a real browser, on a desk and on a phone: axe finds nothing, nothing scrolls sideways."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals.actions import NewPerson, change_sent, write_message
from referrals.models import Referral

from .hub_rows import hub_csv, hub_row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


def test_a_coordinator_s_pages(signed_in_page, cast, refer, import_file, assert_sound):
    long_ago = timezone.localdate() - timedelta(days=20)
    referral = refer(received_on=long_ago, flags=[("stalking", "")], notes="She would like to know why.")
    refer()
    refer(suspect_identified=False, harmed=NewPerson(last_name="Pryor"), wishes_contact_if_identified=True)
    batch = import_file(hub_csv(hub_row(), hub_row(hub_reference=""), hub_row(contact_consent="N")))
    import_file(hub_csv(hub_row(victim_last_name="Walters")))
    changed = Referral._base_manager.get(hub_reference="HUB-1")
    page = signed_in_page(cast["coordinator"])
    for name, *arguments in (
        ("list",),
        ("interested",),
        ("decided",),
        ("create",),
        ("imports",),
        ("import-file",),
        ("import", batch.pk),
        ("duplicates",),
        ("detail", referral.pk),
        ("detail", changed.pk),
        ("messages", changed.pk),
        ("decide", referral.pk),
        ("contact", referral.pk, "harmed"),
        ("record-consent", referral.pk, "harmed"),
    ):
        assert_sound(page, reverse(f"referrals:{name}", args=arguments))


def test_a_decision_with_a_reason_missing_moves_to_the_mistake(signed_in_page, cast, refer, assert_accessible):
    referral = refer()
    page = signed_in_page(cast["coordinator"])
    page.goto(reverse("referrals:list"))
    page.get_by_role("link", name=f"{referral.reference[:4]}-{referral.reference[4:]}", exact=True).click()
    page.get_by_role("button", name="Decide").click()
    page.get_by_label("Not accept", exact=True).check()
    page.get_by_role("button", name="Decide").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("link", name="Choose the kind of reason")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Kind of reason").select_option("risk")
    page.get_by_label("Reason", exact=True).fill("Individual risk cannot be managed")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The decision is recorded")).to_be_visible()


def test_a_referrer_s_pages(signed_in_page, cast, refer, hub, acting, assert_sound):
    referral, today = refer(by=cast["hub_worker"], organisation=hub, notes="She asked first."), timezone.localdate()
    with acting(cast["coordinator"]) as by:
        write_message(referral=referral, words="When may we ring?", is_question=True, by=by, today=today)
    page = signed_in_page(cast["hub_worker"])
    assert_sound(page, reverse("referrals:mine"))
    assert_sound(page, reverse("referrals:create"))
    with acting(cast["hub_worker"]) as by:
        change_sent(referral=referral, words={"victim_phone": "07700 900102", "notes": ""}, by=by, today=today)
        write_message(referral=referral, words="After six.", by=by, today=today)
    for name in ("own", "own-messages", "change-sent"):
        assert_sound(page, reverse(f"referrals:{name}", args=[referral.pk]))


def test_a_referrer_sees_old_and_new_before_sending(signed_in_page, cast, refer, hub, assert_accessible):
    referral = refer(by=cast["hub_worker"], organisation=hub)
    page = signed_in_page(cast["hub_worker"])
    page.goto(reverse("referrals:own", args=[referral.pk]))
    page.get_by_role("button", name="Change what you sent").click()
    page.get_by_label("Phone number").fill("07700 900102")
    page.get_by_role("button", name="Compare old and new").click()
    expect(page.get_by_text("07700 900101")).to_be_visible()
    expect(page.get_by_text("07700 900102")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Send the changes").click()
    expect(page.get_by_text("Your changes are sent")).to_be_visible()
    expect(page.get_by_role("cell", name="Waiting")).to_be_visible()
