from django.core.management.base import BaseCommand, CommandError

from rj_service.accounts.acting import system_user
from rj_service.accounts.actions import create_service_area
from rj_service.accounts.errors import DomainError


class Command(BaseCommand):
    help = "Create a service area: a police force area with its restorative justice service."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--police-force", default="")

    def handle(self, *args, slug, name, police_force, **options):
        try:
            create_service_area(slug=slug, name=name, police_force=police_force, by=system_user("operator"))
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"created {slug}")
