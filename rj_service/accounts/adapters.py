"""allauth's hooks: accounts exist by invitation only; the second factor is ours to demand."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from rj_service.accounts import second_factor
from rj_service.accounts.sessions import begin
from rj_service.accounts.sign_in_events import record_failure
from rj_service.audit.fields import box

# One sentence for every way of not getting in: it never says which part was wrong.
NOT_RIGHT = "The email address, password or code is not right"
TOO_MANY = "Too many tries. Try again in 5 minutes"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": NOT_RIGHT,
        "email_password_mismatch": NOT_RIGHT,
        "incorrect_password": NOT_RIGHT,
        "enter_current_password": NOT_RIGHT,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def authenticate(self, request, **credentials):
        """A disabled account answers as a wrong password does, in the same time."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active and not user.is_system else None

    def authentication_failed(self, request, **credentials) -> None:
        record_failure(credentials.get("email", ""))

    def login(self, request, user) -> None:
        super().login(request, user)
        begin(request)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not again within minutes of signing in: setting up the first factor follows the password at once."""
        request = context.request
        records = get_authentication_records(request, request.user)
        newest = max((record["at"] for record in records), default=0)
        if time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """allauth's remarks are left out: the pages say what happened in the service's own words."""


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": NOT_RIGHT,
        "cannot_delete_authenticator": "Add another way to sign in before you take this one off",
    }

    def encrypt(self, text: str) -> str:
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator) -> bool:
        return second_factor.has_another(authenticator)

    def generate_authenticator_name(self, user, type) -> str:
        """What the name of a new key is, until its owner gives it another."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Security key" if number == 1 else f"Security key {number}"

    def _get_site_name(self) -> str:
        return "Restorative justice"
