from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "rj_service.jobs"
    default_auto_field = "django.db.models.BigAutoField"
