import datetime as dt
import uuid

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rj_service.accounts.acting import system_user
from rj_service.audit.actions import record_access
from rj_service.operations import trail


class Command(BaseCommand):
    help = "Print who was shown a person between two days: who_looked PERSON 2026-01-01 2026-03-01"

    def add_arguments(self, parser):
        parser.add_argument("person", type=uuid.UUID)
        parser.add_argument("first_day", type=dt.date.fromisoformat)
        parser.add_argument("last_day", type=dt.date.fromisoformat)

    def handle(self, *args, person, first_day, last_day, **options):
        if last_day < first_day:
            raise CommandError("The last day must be on or after the first day.")
        rows = trail.with_names(trail.who_looked(person, first_day, last_day))
        for row in rows:
            when = timezone.localtime(row.at).isoformat(timespec="seconds")
            self.stdout.write(f"{when}\t{row.who}\t{row.actor_role}\t{row.get_kind_display()}\t{row.page}")
        record_access("search", by=system_user("operator"), label="audit.accesslog", ids=[person])
        self.stdout.write(f"{len(rows)} times")
