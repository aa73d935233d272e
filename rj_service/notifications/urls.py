from django.urls import path

from rj_service.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.NotificationsView.as_view(), name="list"),
    path("all-read/", views.ReadAllView.as_view(), name="read-all"),
    path("<uuid:pk>/reading/", views.OpenNotificationView.as_view(), name="open"),
]
