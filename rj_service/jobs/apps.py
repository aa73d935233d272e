from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "rj_service.jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Every process knows every kind of work: the web sends hints, commands run their own rows.
        autodiscover_modules("tasks")
