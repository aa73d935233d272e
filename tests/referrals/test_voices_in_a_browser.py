"""Concerns and a person's own link at a colleague's desk: from raising one on a phone to its end."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from referrals import actions
from referrals.models import Concern
from rj_service.accounts.acting import acting_as, system_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


def test_a_concern_from_the_foot_of_the_page_to_its_decision(signed_in_page, cast, refer, assert_sound):
    referral = refer()
    page = signed_in_page(cast["coordinator"])
    page.goto(reverse("referrals:detail", args=[referral.pk]))
    page.get_by_role("contentinfo").get_by_role("link", name="Raise a concern").click()
    page.get_by_role("button", name="Raise the concern").click()
    expect(page.get_by_role("link", name="Answer the question: Is anybody in danger now?")).to_be_visible()
    page.get_by_label("A child may be at risk").check()
    page.get_by_label("What happened, and who may be at risk?").fill("Her uncle comes at night.")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Raise the concern").click()
    expect(page.get_by_text("Your concern is with the service managers.")).to_be_visible()
    assert_sound(page, reverse("referrals:raise-concern"))
    page = signed_in_page(cast["manager"])
    page.goto("/")
    page.get_by_role("link", name="Concern: a child may be at risk").click()
    page.get_by_role("main").get_by_role("button", name="Decide").click()
    page.get_by_label("Pass it on to another agency").check()
    page.get_by_label("Why, and what happens now").fill("Children’s services today.")
    page.get_by_role("main").get_by_role("button", name="Decide").click()
    page.get_by_label("Children’s services").check()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("It is recorded that you told them")).to_be_visible()
    concern = Concern._base_manager.get()
    for address in (reverse("referrals:concerns"), reverse("referrals:concern", args=[concern.pk])):
        assert_sound(page, address)


def test_a_link_of_their_own_and_what_they_asked_by_it(signed_in_page, cast, refer, assert_sound):
    referral, today = refer(), timezone.localdate()
    with acting_as(cast["coordinator"]) as by:
        given = {"channel": "email", "question": "word", "word": "heron", "by": by, "today": today}
        link, _ = actions.give_own_link(referral=referral, person=referral.person_harmed, **given)
    public = system_user("public")
    with actions.through_own_link(str(link.pk)) as used:
        new = {"phone": "07700 900384"}
        actions.ask_to_be_reached(link=used, allowed={"may_phone": True}, details=new, words="", by=public)
        actions.pause_by_link(link=used, by=public)
    page = signed_in_page(cast["coordinator"])
    for name in ("detail", "own-link", "contact-wish"):
        side = [] if name == "detail" else ["harmed"]
        assert_sound(page, reverse(f"referrals:{name}", args=[referral.pk, *side]))
