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
        if request.method == "POST" and request.path == _sign_out_address():
            response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


def _sign_out_address() -> str:
    try:
        return reverse("account_logout")
    except NoReverseMatch:
        return ""
