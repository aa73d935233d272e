"""Signing in and its credentials, written to the audit trail. allauth's signals are connected in apps.py."""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import get_user_model

from rj_service.accounts import events, second_factor
from rj_service.accounts.actions import tell_of_change
from rj_service.accounts.sessions import end_others
from rj_service.audit.actions import record


def record_failure(email: str) -> None:
    """The address that was typed is not kept: it may be a password typed into the wrong box."""
    user = get_user_model().objects.filter(email__iexact=email).first() if email else None
    record(events.SIGN_IN_FAILED, by=None, on=user)


def signed_in(sender, request, user, **kwargs) -> None:
    record(events.SIGNED_IN, by=user, on=user)


def signed_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        record(events.SIGNED_OUT, by=user, on=user)


def record_wrong_code(request, user) -> None:
    """Wrong codes count towards the lock-out exactly as wrong passwords do."""
    record(events.CODE_FAILED, by=None, on=user)
    AxesProxyHandler.user_login_failed(None, {"email": user.email}, request)


def typed_address(request, credentials=None) -> str:
    """What the lock-out counts by: the address, however it is spelled and whether or not it has an account."""
    given = (credentials or {}).get("email") or request.POST.get("login", "")
    return given.strip().lower()


def password_changed(sender, request, user, **kwargs) -> None:
    record(events.PASSWORD_CHANGED, by=user, on=user)
    tell_of_change(user)


def password_reset(sender, request, user, **kwargs) -> None:
    record(events.PASSWORD_RESET, by=user, on=user)
    tell_of_change(user)


def factor_added(sender, request, user, authenticator, **kwargs) -> None:
    if authenticator.type not in second_factor.FACTORS:
        return
    record(events.FACTOR_ADDED, by=user, on=user, detail={"type": authenticator.type})
    second_factor.record_set_up(request, user, authenticator)
    end_others(request)
    tell_of_change(user)


def factor_removed(sender, request, user, authenticator, **kwargs) -> None:
    record(events.FACTOR_REMOVED, by=user, on=user, detail={"type": authenticator.type})
    end_others(request)
    tell_of_change(user)


def recovery_codes_made(sender, request, user, **kwargs) -> None:
    record(events.RECOVERY_CODES_MADE, by=user, on=user)


def counted_by(request_or_attempt, credentials=None) -> list[str]:
    """The lock-out counts by account alone: a change of network or browser buys no further tries."""
    return ["username"]
