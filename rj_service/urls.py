"""The addresses of the service: each app mounts its own."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from referrals.urls import public
from reporting.views.home import HomeView
from volunteers.urls import public as volunteering

handler400 = "rj_service.ui.views.bad_request"
handler403 = "rj_service.ui.views.not_allowed"
handler404 = "rj_service.ui.views.not_found"
handler429 = "rj_service.ui.views.too_many"
handler500 = "rj_service.ui.views.broken"

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("contact-us/", include(public)),
    path("volunteer/", include(volunteering)),
    path("accounts/", include("rj_service.accounts.entrance_urls")),
    *[
        path(prefix, include(f"{module}.urls"))
        for prefix, module in {
            "": "rj_service.accounts",
            "notifications/": "rj_service.notifications",
            "lists/": "rj_service.lists",
            "moving-out/": "rj_service.moving_out",
            "referrals/": "referrals",
            "practitioners/": "volunteers",
            "training/": "training",
            "reports/": "reporting",
        }.items()
        if find_spec(f"{module}.urls")
    ],
]
if find_spec("cases.urls"):  # /cases/, and /p/ for a person's own link
    urlpatterns.append(path("", include("cases.urls")))
if find_spec("rj_service.operations.urls"):
    urlpatterns.append(path("", include("rj_service.operations.urls")))
if settings.DEMO and find_spec("rj_service.demo.urls"):
    urlpatterns.append(path("demo/", include("rj_service.demo.urls")))
