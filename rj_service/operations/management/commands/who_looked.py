import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rj_service.accounts.acting import system_user
from rj_service.audit.actions import record_access
from rj_service.operations import trail


class Command(BaseCommand):
    help = "Print who was shown a person between two days: who_looked 7K4M-R9 2026-01-01 2026-03-01 --side harmed"

    def add_arguments(self, parser):
        parser.add_argument("person", help="reference of a referral or case, or the person's number in the audit trail")
        parser.add_argument("first_day", type=dt.date.fromisoformat)
        parser.add_argument("last_day", type=dt.date.fromisoformat)
        parser.add_argument(
            "--side",
            choices=trail.Side.values,
            default=trail.Side.HARMED.value,
            help="whose data, of a reference; a number says it itself (default: %(default)s)",
        )

    def handle(self, *args, person, first_day, last_day, side, **options):
        if last_day < first_day:
            raise CommandError("The last day must be on or after the first day.")
        operator = system_user("operator")
        asked = trail.number_or_reference(person)
        if asked is None:
            raise CommandError(trail.ASKED_FOR)
        if isinstance(asked, str):
            found = trail.person_of(asked, side, operator)
            if found is None:
                raise CommandError("No referral or case has this reference. Check it.")
            if found.person_id is None:
                raise CommandError(trail.NOBODY)
            asked = found.person_id
        rows = trail.with_names(trail.who_looked(asked, first_day, last_day))
        for row in rows:
            when = timezone.localtime(row.at).isoformat(timespec="seconds")
            self.stdout.write(f"{when}\t{row.who}\t{row.actor_role}\t{row.get_kind_display()}\t{row.page}")
        record_access("search", by=operator, label="audit.accesslog", ids=[asked])
        self.stdout.write("1 time" if len(rows) == 1 else f"{len(rows)} times")
