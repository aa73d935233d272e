"""The few addresses that the frame links to, for pages rendered without the apps."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("sign-out/", nothing, name="account_logout"),
    path("stay-signed-in/", nothing, name="stay-signed-in"),
    path("privacy/", nothing, name="privacy"),
]
