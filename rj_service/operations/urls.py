from django.urls import include, path

from rj_service.operations import health, views

pages = [
    path("audit/who-looked/", views.WhoLookedView.as_view(), name="who-looked"),
    path("audit/reads/", views.AccessesView.as_view(), name="accesses"),
    path("audit/", views.EventsView.as_view(), name="events"),
    path("jobs/", views.JobsView.as_view(), name="jobs"),
    path("jobs/another-try/", views.TryAllAgainView.as_view(), name="try-all-again"),
    path("jobs/<uuid:pk>/", views.JobView.as_view(), name="job"),
    path("jobs/<uuid:pk>/another-try/", views.TryAgainView.as_view(), name="try-again"),
    path("health/", views.HealthView.as_view(), name="health"),
]
urlpatterns = [
    path("", include((pages, "operations"))),
    path("set-up/", views.SetUpView.as_view(), name="set-up"),
    path("settings/", views.SettingsView.as_view(), name="settings"),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    *[
        path(f"{name}/", views.PlainPageView.as_view(template_name=f"operations/{name}.html"), name=name)
        for name in ("help", "accessibility", "privacy")
    ],
]
