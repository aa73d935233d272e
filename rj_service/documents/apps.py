from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "rj_service.documents"
    default_auto_field = "django.db.models.BigAutoField"
