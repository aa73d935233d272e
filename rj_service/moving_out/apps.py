from django.apps import AppConfig


class MovingOutConfig(AppConfig):
    name = "rj_service.moving_out"
    default_auto_field = "django.db.models.BigAutoField"
