from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "rj_service.lists"
    default_auto_field = "django.db.models.BigAutoField"
