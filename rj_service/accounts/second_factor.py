"""Whether the person behind a request has proved a second factor in this session."""

from django.conf import settings


def is_complete(request) -> bool:
    """True once this session was opened with a second factor, or one was set up in it. The demo's one click stands for it."""
    if settings.DEMO and request.session.get("demo_sign_in"):
        return True
    methods = request.session.get("account_authentication_methods", [])
    return any(method.get("method") == "mfa" for method in methods)
