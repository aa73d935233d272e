"""Print the figures of a month. The command never issues a pack and stores nothing."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reporting import data, packs
from reporting.choices import Audience
from reporting.periods import month_from
from reporting.tabulating import as_csv
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea
from rj_service.documents.pdf import render_pdf


class Command(BaseCommand):
    help = "Print the monthly performance figures of an area (never issues a pack)."

    def add_arguments(self, parser):
        parser.add_argument("area", help="the slug of the service area")
        parser.add_argument("month", help="like 2026-10")
        parser.add_argument("--audience", choices=Audience.values, default=Audience.INTERNAL)
        parser.add_argument("--format", choices=["pdf", "json", "csv"], default="json")
        parser.add_argument("--output", help="write to this file, not to the screen")

    def handle(self, *, area, month, audience, output, **options):
        found = ServiceArea.objects.filter(slug=area).first()
        if found is None:
            raise CommandError(f"There is no service area {area}.")
        try:
            first = month_from(month)
        except ValueError as error:
            raise CommandError(f"{month} is not a month like 2026-10.") from error
        scheduler = system_user("scheduler")
        with acting_as(scheduler, areas=[found], one_snapshot=True):
            content = self.render(found, first, audience, options["format"])
        if output:
            Path(output).write_bytes(content)
        else:
            sys.stdout.buffer.write(content)

    def render(self, area, month, audience, kind) -> bytes:
        try:
            figures = data.figures_for_audience(area, month, audience)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if kind == "pdf":
            return render_pdf(packs.html_of(figures, audience=audience))
        if kind == "csv":
            return as_csv(figures)
        return (json.dumps(figures.as_json(), indent=2) + "\n").encode()
