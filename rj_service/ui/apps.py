from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "rj_service.ui"
    default_auto_field = "django.db.models.BigAutoField"
