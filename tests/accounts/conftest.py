"""Signing in as people do it: the real pages, a real authenticator app's arithmetic."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def code_of(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the phone shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_factor(user):
    TOTP.activate(user, SECRET)
    return user


def type_password(client: Client, user, password: str = PASSWORD, next_page: str = ""):
    address = "/accounts/login/" + (f"?next={next_page}" if next_page else "")
    return client.post(address, {"login": user.email, "password": password})


def sign_in(user) -> Client:
    """Password and code, through the pages."""
    client = Client()
    with_factor(user)
    assert type_password(client, user)["Location"] == "/accounts/2fa/authenticate/"
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of()})
    assert answer.status_code == 302, answer.content.decode()
    return client


def secret_on(page: bytes) -> str:
    return re.search(r'Key: <strong class="rj-ref">([A-Z2-7]+)<', page.decode()).group(1)
