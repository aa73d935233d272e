"""Sessions end when idle, when old, and at once when a person's access changes; nobody skips the second factor."""

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from rj_service.accounts import kept_forms, second_factor, sessions
from rj_service.accounts.acting import pick

# What a person between password and second factor may open, by URL name; every other address leads to the set-up.
SET_UP_PAGES = frozenset(
    "account_login account_logout account_reauthenticate mfa_activate_totp mfa_add_webauthn health-live health-ready"
    " help accessibility privacy".split()
)


def to_page(request, address: str) -> HttpResponse:
    """A redirect that a fragment fetched by htmx obeys too."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _view_class(request) -> type | None:
    try:
        return getattr(resolve(request.path_info).func, "view_class", None)
    except Resolver404:
        return None


class SessionEndMiddleware:
    """Puts the chosen membership on the user, and ends what has to end. Memberships are read at every request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            if request.method == "POST" and request.session.get("ended_for") and self._takes_back(request):
                return self._to_sign_in(request, request.session["ended_for"])
            return self.get_response(request)
        if sessions.must_end(request):
            return self._end(request)
        if sessions.is_called_over(request):
            return to_page(request, self._put_aside(request, request.user.pk))
        sessions.touch(request)
        if second_factor.is_complete(request):
            self._act(request)
        return self.get_response(request)

    def _act(self, request) -> None:
        memberships = list(request.user.current_memberships().select_related("service_area"))
        chosen = pick(memberships, request.session.get("membership"))
        request.has_several_memberships = len(memberships) > 1
        if chosen:
            request.user.acting = chosen.as_acting()
            request.acting_area = chosen.service_area

    def _end(self, request) -> HttpResponse:
        """Whoever it was is remembered by the empty session: what another of their windows posts later is kept as well."""
        user_id = str(request.user.pk) if second_factor.is_complete(request) else None
        logout(request)
        request.session["ended_for"] = user_id
        return self._to_sign_in(request, user_id)

    def _to_sign_in(self, request, user_id: str | None) -> HttpResponse:
        request.session["ended"] = "idle"
        back = self._put_aside(request, user_id)
        return to_page(request, f"{reverse('account_login')}?{urlencode({'next': back})}")

    def _put_aside(self, request, user_id) -> str:
        """Keeps what was typed. Where to go on."""
        if request.method == "GET":
            return request.get_full_path()
        if not self._takes_back(request):
            return "/"
        if user_id and kept_forms.keep(request, user_id):
            request.session["ended"] = "kept"
        return request.path

    def _takes_back(self, request) -> bool:
        return getattr(_view_class(request), "gives_words_back", False)


class SecondFactorMiddleware:
    """MFA is mandatory: until it is complete, every address but those of setting it up answers with the set-up page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated or second_factor.is_complete(request):
            return self.get_response(request)
        if second_factor.has_one(request.user):
            # The factor was set up elsewhere, and this session never proved it: it may not add one of its own.
            logout(request)
            return to_page(request, reverse("account_login"))
        if self._name(request) in SET_UP_PAGES or request.path.startswith("/static/"):
            return self.get_response(request)
        return to_page(request, reverse("mfa_activate_totp"))

    def _name(self, request) -> str:
        try:
            return resolve(request.path_info).view_name
        except Resolver404:
            return ""
