from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportingConfig(AppConfig):
    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from rj_service.audit.grants import seal_grants

        # The last app of the stack: every table exists by now.
        post_migrate.connect(seal_grants, sender=self, dispatch_uid="seal the grants")
