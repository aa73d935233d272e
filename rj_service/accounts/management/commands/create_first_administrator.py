from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from rj_service.accounts.acting import system_user
from rj_service.accounts.actions import invite, renew_token
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import Membership
from rj_service.accounts.roles import Role


class Command(BaseCommand):
    help = "Print a link that makes the first system administrator. Refused once there is one."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--first-name", default="First")
        parser.add_argument("--last-name", default="Administrator")

    @transaction.atomic
    def handle(self, *args, email, first_name, last_name, **options):
        if Membership.objects.filter(role=Role.SYSTEM_ADMINISTRATOR, ended_on__isnull=True).exists():
            raise CommandError("There is a system administrator already. They invite the next one.")
        try:
            invitation = invite(
                email=email,
                first_name=first_name,
                last_name=last_name,
                role=Role.SYSTEM_ADMINISTRATOR,
                by=system_user("operator"),
                send=False,
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        link = reverse("accounts:invitation", args=[renew_token(invitation)])
        self.stdout.write(f"Open this link within 7 days. It works once: {settings.BASE_URL}{link}")
