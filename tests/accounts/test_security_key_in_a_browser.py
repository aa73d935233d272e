"""A security key as people meet it, in a real browser with an authenticator that is not made of metal."""

import pytest

from tests.accounts.conftest import code_of, secret_on
from tests.browser import EITHER_WIDTH
from tests.factories import PASSWORD


def give_password(page, user) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.proof
@pytest.mark.parametrize("width", EITHER_WIDTH)
def test_a_security_key_from_adding_it_to_taking_it_off(browser_page, cast, assert_accessible, width):
    page, user = browser_page, cast["manager"]
    refused = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.set_viewport_size({"width": width, "height": 900})
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    key = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    give_password(page, user)
    page.get_by_label("Code that the app shows").fill(code_of(secret_on(page.content().encode())))
    page.get_by_role("button", name="Finish setting up").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()

    page.goto("/accounts/2fa/webauthn/add/")
    assert_accessible(page)
    assert page.get_by_label("Name of the key").input_value() == "Security key"
    page.get_by_label("Name of the key").fill("On my key ring")
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url(lambda address: "/webauthn/add/" not in address)
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("term").filter(has_text="On my key ring").wait_for()
    assert_accessible(page)
    [held] = devices.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert held["rpId"] == "localhost"

    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    assert page.get_by_role("button", name="security key").count() == 0
    page.goto("/accounts/2fa/authenticate/")
    page.get_by_label("Password").wait_for()  # the key alone is asked of nobody
    give_password(page, user)
    page.get_by_role("heading", name="Enter your code").wait_for()
    assert_accessible(page)
    page.goto("/people/")
    assert page.get_by_role("heading", name="People").count() == 0  # nor is the password alone enough
    page.goto("/accounts/2fa/authenticate/")
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)

    # Who takes off the app signs in by the key, and is not asked about a phone.
    page.goto("/accounts/2fa/totp/deactivate/")
    page.get_by_role("button", name="Take off the app").click()
    page.get_by_text("Not set up").wait_for()
    page.get_by_role("button", name="Sign out").click()
    give_password(page, user)
    page.get_by_role("heading", name="Use your security key").wait_for()
    assert_accessible(page)
    assert "phone" not in page.get_by_role("main").inner_text()
    page.get_by_label("Recovery code").fill("00000000")
    page.get_by_role("button", name="Sign in with a recovery code").click()
    page.get_by_text("The email address, password or code is not right").first.wait_for()
    page.get_by_role("button", name="Use your security key").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Code that the app shows").fill(code_of(secret_on(page.content().encode())))
    page.get_by_role("button", name="Finish setting up").click()
    page.wait_for_url(lambda address: "/totp/activate/" not in address)

    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Take off On my key ring").click()
    page.get_by_role("heading", name="Take off the key").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Take off the key").click()
    page.get_by_text("You have no security key").wait_for()
    assert refused == []
