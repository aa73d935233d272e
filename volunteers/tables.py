"""The list of practitioners."""

import django_tables2
from django.urls import reverse
from django.utils.html import format_html

from rj_service.ui.tables import Table
from rj_service.ui.templatetags.ui import state, table_day
from volunteers.choices import COVER_BEFORE
from volunteers.readiness import readiness_of


class PractitionerTable(Table):
    caption = "Practitioners"
    who = django_tables2.Column("Practitioner", empty_values=())
    level = django_tables2.Column("Level")
    is_ready = django_tables2.Column("Ready?", empty_values=())
    open_cases = django_tables2.Column("Open cases")
    vetting = django_tables2.Column("Vetting ends", empty_values=())
    last_supervision_on = django_tables2.Column("Last supervision", default="None")

    class Meta(Table.Meta):
        pass

    def row_state(self, record):
        ready = readiness_of(record)
        if not ready.may_open_cases:
            return "stop"
        return "soon" if ready.vetting_ends and ready.vetting_ends - record.readiness_on <= COVER_BEFORE else ""

    def render_who(self, record):
        return format_html(
            '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a>'
            '<br><span class="govuk-!-font-weight-regular">{}</span>',
            reverse("volunteers:detail", args=[record.pk]),
            record.name,
            record.get_kind_display(),
        )

    def render_is_ready(self, record):
        blocks = readiness_of(record).blocks
        if not blocks:
            return state("ok", "Ready")
        more = f", and {len(blocks) - 1} more" if len(blocks) > 1 else ""
        return state("stop", f"{blocks[0]}{more}")

    def render_open_cases(self, record):
        return f"{record.open_cases} of {record.case_limit}"

    def render_vetting(self, record):
        if not record.is_vetted:
            return "Not vetted"
        return table_day(readiness_of(record).vetting_ends) or "No end date"

    def render_last_supervision_on(self, value):
        return table_day(value)
