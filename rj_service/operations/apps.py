from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "rj_service.operations"
    default_auto_field = "django.db.models.BigAutoField"
