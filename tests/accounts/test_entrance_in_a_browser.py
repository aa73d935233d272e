"""The pages of signing in, in a real browser under the strict policy, from password to recovery codes."""

import pytest

from tests.accounts.conftest import code_of, secret_on
from tests.browser import EITHER_WIDTH
from tests.factories import PASSWORD


@pytest.mark.proof
@pytest.mark.parametrize("width", EITHER_WIDTH)
def test_first_sign_in_in_a_browser(browser_page, cast, assert_accessible, width):
    page, user = browser_page, cast["manager"]
    refused = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/accounts/login/")
    assert_accessible(page)
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("The email address, password or code is not right").first.wait_for()
    assert_accessible(page)
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Set up the app on your phone").wait_for()
    assert_accessible(page)
    assert page.locator("img[src^='data:image/svg']").evaluate("image => image.naturalWidth") > 0
    page.get_by_label("Code that the app shows").fill(code_of(secret_on(page.content().encode())))
    page.get_by_role("button", name="Finish setting up").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    assert_accessible(page)
    page.goto("/accounts/2fa/webauthn/add/")
    assert refused == []


@pytest.mark.proof
@pytest.mark.parametrize(
    "address", ["/accounts/2fa/", "/accounts/2fa/webauthn/add/", "/people/", "/people/invite/", "/areas/"]
)
def test_the_pages_of_accounts(signed_in_page, cast, assert_sound, address):
    assert_sound(signed_in_page(cast["manager"]), address)
