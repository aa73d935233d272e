"""Whether the person behind a request has proved a second factor in this session.

allauth keeps what a session has proved under `account_authentication_methods`, tied to the user. A sign-in with a code, a
recovery code or a security key leaves a record "mfa"; setting one up leaves none, so `record_set_up` writes it.
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings

# Recovery codes alone are no second factor: allauth does not ask for them when there is nothing else.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_complete(request) -> bool:
    """True once this session proved a second factor, or set one up. The demo's one click stands for it there alone."""
    if settings.DEMO and request.session.get("demo_sign_in"):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def has_one(user) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def record_set_up(request, user, authenticator) -> None:
    """The session in which a factor was set up has proved it. The session's key changes with its power."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    request.session.cycle_key()


def has_another(authenticator) -> bool:
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk)
    return others.exists()
