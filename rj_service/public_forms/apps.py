from django.apps import AppConfig


class PublicFormsConfig(AppConfig):
    name = "rj_service.public_forms"
    default_auto_field = "django.db.models.BigAutoField"
