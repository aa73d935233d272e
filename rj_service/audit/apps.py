from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "rj_service.audit"
    default_auto_field = "django.db.models.BigAutoField"
