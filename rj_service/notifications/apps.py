from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "rj_service.notifications"
    default_auto_field = "django.db.models.BigAutoField"
