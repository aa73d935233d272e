from django.core.management.base import BaseCommand

from rj_service.audit.sealing import seal_trail
from rj_service.operations.restoring import take_unsealed_over


class Command(BaseCommand):
    help = "Seal what is settled of the audit trail now. Run it before a dump: transaction numbers start again after a restore."

    def add_arguments(self, parser):
        parser.add_argument(
            "--restored", action="store_true", help="as the owner, once, after a restore: what the dump held unsealed"
        )

    def handle(self, *args, restored, **options):
        if restored:
            self.stdout.write(f"taken over {take_unsealed_over()}")
        self.stdout.write(f"sealed {seal_trail()}")
