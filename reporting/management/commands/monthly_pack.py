"""Print the figures of a month. The command never issues a pack and stores nothing."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reporting import data, disclosure, packs
from reporting.choices import Audience
from reporting.periods import Period, first_of, month_from
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
        with acting_as(scheduler, areas=[found]):
            content = self.render(found, first, audience, options["format"])
        if output:
            Path(output).write_bytes(content)
        else:
            sys.stdout.buffer.write(content)

    def render(self, area, month, audience, kind) -> bytes:
        if audience == Audience.PUBLIC:
            return self.render_public(area, month, kind)
        figures = data.figures_for(area, month)
        if audience == Audience.COMMISSIONER:
            figures = figures.only(disclosure.for_commissioner(figures.measures))
        if kind == "pdf":
            return render_pdf(packs.pack_html(figures, audience=audience))
        if kind == "csv":
            return as_csv(figures)
        return (json.dumps(figures.as_json(), indent=2) + "\n").encode()

    def render_public(self, area, month, kind) -> bytes:
        if not disclosure.is_public_month(month):
            raise CommandError(disclosure.NOT_THIS_MONTH)
        quarter = data.figures_for(area, month, period=Period.months_before(first_of(month, 1), furthest=3))
        year = None
        if month.month == 3:
            year = data.figures_for(area, month, period=Period.months_before(first_of(month, 1), furthest=12)).measures
        figures = quarter.only(disclosure.for_public(quarter.measures, year))
        if kind == "pdf":
            return render_pdf(packs.public_html(figures, with_year=year is not None))
        if kind == "csv":
            return as_csv(figures)
        return (json.dumps(figures.as_json(), indent=2) + "\n").encode()
