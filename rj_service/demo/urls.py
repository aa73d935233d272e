from django.urls import path

from rj_service.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.CastView.as_view(), name="cast"),
    path("sign-in/<slug:key>/", views.SignInView.as_view(), name="sign-in"),
]
