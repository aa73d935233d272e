"""The pages of facilitators across areas."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from .test_lending import WORDS, abroad, arranged, ask, other_manager  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]


def test_a_facilitator_is_asked_for_named_and_begins(signed_in_page, cast, open_case, arranged, abroad, assert_sound):  # noqa: F811
    case = open_case()
    page = signed_in_page(cast["coordinator"])
    page.goto(reverse("cases:assignment-desk", args=[case.pk]))
    page.get_by_role("link", name="Ask another area for a facilitator").click()
    page.get_by_label("Which area do you ask?").select_option("Norfolk RJ")
    page.get_by_label("Co-facilitator").check()
    page.get_by_label("Harmed side").check()
    page.get_by_label("What is needed").fill(WORDS)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("The other area is asked.")).to_be_visible()
    assert_sound(page, reverse("cases:ask-for-facilitator", args=[case.pk]))

    page = signed_in_page(cast["other_coordinator"])
    assert_sound(page, reverse("cases:arrangements"))
    page.get_by_role("link", name="Asked of us by Cambridgeshire RJ").click()
    expect(page.get_by_role("button", name="Answer")).to_be_visible()
    assert_sound(page, page.url)
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("button", name="Send the answer")).to_be_visible()
    assert_sound(page, page.url)
    page.get_by_label("Yes").check()
    page.get_by_label("Whom").select_option("Abe Loom")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The other area reads your answer")).to_be_visible()

    page = signed_in_page(cast["coordinator"])
    page.goto(reverse("cases:arrangements"))
    page.get_by_role("link", name="We asked Norfolk RJ").click()
    page.get_by_role("button", name="Let them begin").click()
    expect(page.get_by_role("heading", name="Let Abe Loom begin")).to_be_visible()
    assert_sound(page, page.url)
    page.get_by_label("Asked face to face or by phone").check()
    page.get_by_role("button", name="Let them begin").click()
    expect(page.get_by_text("They work on the case from now, and see it")).to_be_visible()
    assert_sound(signed_in_page(cast["manager"]), reverse("cases:propose-arrangement"))
