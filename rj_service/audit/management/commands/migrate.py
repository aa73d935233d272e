from django.core.management.commands import migrate

from rj_service.audit.roles import as_owner


class Command(migrate.Command):
    """Migrates as the owner; the grants are sealed after it."""

    def handle(self, *args, **options):
        with as_owner(options["database"]):
            return super().handle(*args, **options)
