"""Lists of cohorts and learners."""

import django_tables2
from django.urls import reverse
from django.utils.html import format_html

from rj_service.ui.tables import Table
from rj_service.ui.templatetags.ui import state, table_day, tag
from training.choices import EnrolmentStatus

LINK = '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a><br><span class="govuk-!-font-weight-regular">{}</span>'


class CohortTable(Table):
    caption = "Cohorts"
    what = django_tables2.Column("Cohort", empty_values=())
    first_on = django_tables2.Column("First session", default="None")
    enrolled = django_tables2.Column("Places")
    waiting = django_tables2.Column("Waiting")
    state = django_tables2.Column("State", empty_values=())

    class Meta(Table.Meta):
        pass

    def render_what(self, record):
        return format_html(LINK, reverse("training:cohort", args=[record.pk]), record.course.name, record.name)

    def render_first_on(self, record, value):
        return format_html("{}<br>{}", table_day(value), record.place)

    def render_enrolled(self, record, value):
        return f"{value} of {record.maximum}"

    def render_state(self, record):
        return tag("Completed", "green") if record.completed_at else tag("Open", "blue")


class LearnerTable(Table):
    caption = "Learners"
    who = django_tables2.Column("Learner", empty_values=())
    enrolled_course = django_tables2.Column("Enrolled in", default="None")
    award_course = django_tables2.Column("Newest award", default="None")
    ends = django_tables2.Column("Ends", empty_values=())

    class Meta(Table.Meta):
        pass

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def render_who(self, record):
        organisation = record.organisation.name if record.organisation else "No organisation"
        return format_html(LINK, reverse("training:learner", args=[record.pk]), record.name, organisation)

    def render_enrolled_course(self, record, value):
        return f"{value} (waiting)" if record.enrolled_status == EnrolmentStatus.WAITING else value

    def render_award_course(self, record, value):
        return format_html("{}<br>{}", value, table_day(record.awarded_on))

    def render_ends(self, record):
        if record.award_course is None:
            return "No award"
        if record.award_until is None:
            return "No end date"
        if record.award_until < self.today:
            return state("stop", f"Ended {table_day(record.award_until)}")
        return table_day(record.award_until)
