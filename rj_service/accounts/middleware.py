"""Sessions end when idle, when old, and at once when a person's access changes; nobody skips the second factor."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect

from rj_service.accounts.acting import choose_membership
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.second_factor import is_complete

# Addresses that a half signed-in person may open: signing in and out, setting up the second factor, static pages.
OPEN_PREFIXES = ("/accounts/", "/static/", "/health/", "/p/", "/demo/", "/invitations/")


class SessionEndMiddleware:
    """Puts the chosen membership on the user, and ends what has to end. Reads memberships at every request: changes bite at once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated:
            if self._must_end(request):
                logout(request)
                request.session["ended"] = True
                return redirect(f"{settings.LOGIN_URL and '/accounts/login/'}?next={request.path}")
            self._touch(request)
            user.acting = choose_membership(user, request.session.get("membership"))
            request.has_several_memberships = user.current_memberships().count() > 1
            if user.acting and user.acting.service_area_id:
                request.acting_area = ServiceArea.objects.get(pk=user.acting.service_area_id)
        return self.get_response(request)

    def _must_end(self, request) -> bool:
        session, now = request.session, time.time()
        if not request.user.is_active:
            return True
        if session.get("epoch", request.user.session_epoch) != request.user.session_epoch:
            return True
        if now - session.get("seen", now) > settings.SESSION_IDLE_SECONDS:
            return True
        return now - session.get("began", now) > settings.SESSION_ABSOLUTE_SECONDS

    def _touch(self, request) -> None:
        now = int(time.time())
        session = request.session
        session.setdefault("began", now)
        session.setdefault("epoch", request.user.session_epoch)
        # One write a minute is exact enough for an end after 30.
        if now - session.get("seen", 0) > 60:
            session["seen"] = now


class SecondFactorMiddleware:
    """MFA is mandatory: every address outside signing in answers with the set-up page until it is complete."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and not is_complete(request) and not request.path.startswith(OPEN_PREFIXES):
            return redirect("mfa_activate_totp")
        return self.get_response(request)
