from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rj_service.accounts"
    default_auto_field = "django.db.models.BigAutoField"
