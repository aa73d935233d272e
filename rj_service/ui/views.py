"""The pages of what went wrong. They read nothing of the request but its address, so they say the same to everybody."""

import functools
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from rj_service.ui.middleware import is_public_form

BEGIN_AGAIN = "Go back, or begin again."
# On the public form: nothing that tells a shared computer what it was about, and the way out.
PUBLIC = {
    "400": ("This page cannot be shown", f"Your browser sent something that we cannot read. {BEGIN_AGAIN}"),
    "403": ("This page cannot be shown", BEGIN_AGAIN),
    "404": ("Page not found", f"It may have moved. {BEGIN_AGAIN}"),
    "429": ("Too many tries", "Try again in 5 minutes."),
    "500": ("Something went wrong", f"What you typed last may not be kept. {BEGIN_AGAIN}"),
    "csrf": (
        "This page was open too long",
        "Nothing was sent. Go back, load the page again and press the button once more. If that does not help, see whether"
        " your browser accepts cookies.",
    ),
}


def _page(name: str, request: HttpRequest) -> str:
    return _rendered(name, is_public_form(request.path))


@functools.cache
def _rendered(name: str, is_public: bool) -> str:
    if not is_public:
        return render_to_string(f"errors/{name}.html")
    heading, words = PUBLIC[name]
    told = {"heading": heading, "words": words, "exit_url": reverse("contact-us-leave")}
    return render_to_string("errors/public.html", told)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes for what is not there and for what is not open to this person."""
    return HttpResponse(_page("404", request), status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_public_form(request.path):
        return HttpResponse(_page("403", request), status=403)
    return HttpResponse(render_to_string("errors/403.html", {"words": _sentence(exception)}), status=403)


def given_back(request: HttpRequest, typed: Sequence[tuple[str, str]], *, status: int) -> HttpResponse:
    """Their own words, for somebody to whom the page is open no more: the same whether it ever was."""
    return HttpResponse(render_to_string("errors/given_back.html", {"typed": typed}), status=status)


def _sentence(exception: Exception | None) -> str:
    words = str(exception or "")
    return words if words.endswith(".") else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(_page("400", request), status=400)


def changed_meanwhile(request: HttpRequest, words: str = "") -> HttpResponse:
    return HttpResponse(render_to_string("errors/409.html", {"words": words}), status=409)


def link_ended(request: HttpRequest) -> HttpResponse:
    """The same for a link that was used, that has ended and that never was."""
    return HttpResponse(_rendered("410", False), status=410)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(_page("429", request), status=429)


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page("500", request), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(_page("csrf", request), status=403)
