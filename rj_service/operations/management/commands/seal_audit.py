from django.core.management.base import BaseCommand

from rj_service.audit.sealing import seal_trail


class Command(BaseCommand):
    help = "Seal what is settled of the audit trail now. Run it before a dump: transaction numbers start again after a restore."

    def handle(self, *args, **options):
        self.stdout.write(f"sealed {seal_trail()}")
