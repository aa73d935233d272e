"""The pages of what went wrong. They read nothing of the request, so they say the same to everybody."""

import functools

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


@functools.cache
def _page(name: str) -> str:
    return render_to_string(f"errors/{name}.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes for what is not there and for what is not open to this person."""
    return HttpResponse(_page("404"), status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(render_to_string("errors/403.html", {"words": _sentence(exception)}), status=403)


def _sentence(exception: Exception | None) -> str:
    words = str(exception or "")
    return words if words.endswith(".") else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(_page("400"), status=400)


def changed_meanwhile(request: HttpRequest, words: str = "") -> HttpResponse:
    return HttpResponse(render_to_string("errors/409.html", {"words": words}), status=409)


def link_ended(request: HttpRequest) -> HttpResponse:
    """The same for a link that was used, that has ended and that never was."""
    return HttpResponse(_page("410"), status=410)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(_page("429"), status=429)


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page("500"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(_page("csrf"), status=403)
