"""What a shared computer may keep of this service: nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse


class PrivateResponseMiddleware:
    """Static files are answered before this is reached; everything else is for one person, once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, no-cache, private, must-revalidate"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if is_public_form(request.path):
            response["Referrer-Policy"] = "no-referrer"
        if request.method == "POST" and request.path == _address("account_logout"):
            response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


def is_public_form(path: str) -> bool:
    """Of the pages on which somebody refers themselves: their errors, too, leave quickly and say nothing."""
    start = _address("public-start")
    return bool(start) and path.startswith(start)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
