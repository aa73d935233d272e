"""The end of a session as a person meets it: warned, kept signed in, or signed out with what was typed."""

import pytest
from playwright.sync_api import expect

from rj_service.accounts.models import Invitation, KeptForm
from tests.accounts.conftest import code_of, with_factor
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
INVITE = "/people/invite/"


@pytest.fixture
def typing(cast, signed_in_page, settings):
    """A page with something typed into it, in a session that ends after so many idle seconds."""

    def open_page(seconds: int):
        settings.SESSION_IDLE_SECONDS = seconds
        page = signed_in_page(cast["manager"])
        page.goto(INVITE)
        page.get_by_label("First name").fill("Ana")
        return page

    return open_page


@pytest.mark.proof
def test_stay_signed_in_keeps_the_session_and_what_was_typed(typing, assert_accessible):
    page = typing(4)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You will be signed out in 1 minute")
    assert_accessible(page)
    with page.expect_response("**/stay-signed-in/") as answer:
        page.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 204
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("First name")).to_have_value("Ana")


def test_an_end_nobody_answers_keeps_what_was_typed(typing, cast, settings):
    page = typing(2)
    page.wait_for_url("**/accounts/login/**")
    expect(page.get_by_text("What you typed is kept for 30 minutes")).to_be_visible()
    assert KeptForm.objects.filter(user=cast["manager"], path=INVITE).count() == 1
    settings.SESSION_IDLE_SECONDS = 1800
    with_factor(cast["manager"])
    page.get_by_label("Email address").fill(cast["manager"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code_of())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{INVITE}")
    expect(page.get_by_label("First name")).to_have_value("Ana")
    assert not Invitation.objects.exists()
