"""Lists of casework."""

from typing import Any

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from cases.choices import CaseStatus
from rj_service.ui.references import spoken
from rj_service.ui.tables import Table
from rj_service.ui.templatetags.ui import icon, side_name, state, table_day, tag

NAME_INSIDE = "Name shown inside"
STAGE_COLOURS = {"closed": "grey", "stopped": "yellow"}


class CaseTable(Table):
    """Rows carry `people` (participants), `lead` (a name or ""), `next_meeting` and the marks of `with_marks`."""

    caption = "Cases"
    list_class = "rj-list--triage"
    case = django_tables2.Column(empty_values=(), verbose_name="Case")
    people = django_tables2.Column(empty_values=(), verbose_name="People")
    stage = django_tables2.Column(verbose_name="Stage")
    next = django_tables2.Column(empty_values=(), verbose_name="What is next")
    lead = django_tables2.Column(empty_values=(), verbose_name="Lead")

    class Meta(Table.Meta):
        pass

    def row_state(self, record: Any) -> str:
        return "stop" if getattr(record, "cannot_go_ahead", False) else ""

    def render_case(self, record: Any):
        incident = record.referral.incident
        meta = ", ".join(
            word for word in (f"{incident.month:%B %Y}" if incident.month else "", incident.local_area_name) if word
        )
        marks = format_html("<br>{}{}", icon("lock"), tag("Sensitive", "purple")) if record.is_sensitive else ""
        if record.is_restricted and not record.is_sensitive:
            marks = format_html("<br>{}{}", icon("lock"), tag("Restricted", "purple"))
        return format_html(
            '<a class="govuk-link govuk-link--no-visited-state" href="{}"><span class="rj-ref">{}</span></a> {}'
            '<p class="rj-meta">{}</p>{}',
            reverse("cases:desk", args=[record.pk]),
            spoken(record.reference),
            incident.get_crime_type_display(),
            meta,
            marks,
        )

    def render_people(self, record: Any):
        hidden = record.is_sensitive or record.is_restricted
        rows = [(side_name(one.side, NAME_INSIDE if hidden else one.person.name),) for one in record.shown_people]
        return format_html_join("", "<div>{}</div>", rows) or "Nobody yet"

    def render_stage(self, record: Any):
        return format_html(
            '{}<p class="rj-meta">since {}</p>',
            tag(record.get_stage_display(), STAGE_COLOURS.get(record.stage, "blue")),
            table_day(record.stage_since),
        )

    def render_next(self, record: Any):
        meeting = record.next_meeting
        if meeting is None:
            return "Nothing arranged"
        words = format_html("{}<br>{}", table_day(meeting.planned_for) or "No date yet", meeting.get_model_display())
        if getattr(record, "cannot_go_ahead", False):
            return format_html("{}<br>{}", words, state("stop", "Cannot go ahead"))
        return words

    def render_lead(self, record: Any):
        return record.lead_name or ("Nobody" if record.status == CaseStatus.CLOSED else state("soon", "Nobody"))
