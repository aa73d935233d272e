from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "rj_service.demo"
    default_auto_field = "django.db.models.BigAutoField"
