"""A practitioner's portfolio for the Restorative Justice Council: theirs alone, and nothing of any case."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Max, Q
from django.template.loader import render_to_string

from rj_service.documents.pdf import render_pdf
from rj_service.ui.templatetags.ui import day
from training.models import Award, Enrolment, OtherTraining
from volunteers.models import Registration
from volunteers.practice import hours, practice_of

Fact = dict[str, Any]


def portfolio_of(row: Any, today: date) -> bytes:
    """Of a row of `with_practice`. Tagged; its title and its metadata name nobody."""
    shown = {
        "name": row.name,
        "level": row.get_level_display(),
        "area": row.service_area.name,
        "today": today,
        "practice": [{"label": line.label, "value": line.words} for line in practice_of(row).lines],
        "parts": [(heading, facts) for heading, facts in _parts(row, today) if facts],
    }
    return render_pdf(render_to_string("volunteers/portfolio_document.html", shown))


def _parts(row: Any, today: date) -> list[tuple[str, list[Fact]]]:
    """By the headings of the Practitioner Registration Framework."""
    awards = Award.objects.standing().filter(learner=row.learner_id).select_related("course").order_by("-awarded_on")
    elsewhere = OtherTraining.objects.recognised().filter(learner=row.learner_id).order_by("-ended_on")
    return [
        ("Registration", [_fact(one.get_level_display(), _registered(one)) for one in row.registrations.all()]),
        (
            "1.1 Training",
            [
                *(_fact(one.course.name, day(one.awarded_on)) for one in awards),
                *(_fact(one.name, f"{day(one.ended_on)}, {one.provider}") for one in elsewhere),
            ],
        ),
        (
            "2 Practice in the last 12 months",
            [_fact(model, str(count)) for model, count in row.processes_since_a_year()],
        ),
        (
            "3.1 Supervision",
            [
                _fact(day(one.held_on), one.supervisor_name or "Held")
                for one in row.supervisions.order_by("-held_on", "-recorded_at")[:12]
            ],
        ),
        (
            "3.1 Observed practice",
            [_fact(day(one.observed_on), one.observer_name) for one in row.observations.order_by("-observed_on")[:6]],
        ),
        (
            "3.2 Professional development in the last 12 months",
            [_fact(one.title, one.words) for one in sorted(_development(row, today), key=Learnt.newest_first)],
        ),
    ]


class Learnt(NamedTuple):
    title: str
    on: date
    number: Decimal
    is_approved: bool

    @property
    def words(self) -> str:
        return f"{day(self.on)}, {hours(self.number)}{', approved' if self.is_approved else ''}"

    def newest_first(self) -> tuple[int, str]:
        return -self.on.toordinal(), self.title


def _development(row: Any, today: date) -> Iterator[Learnt]:
    """All that `cpd_hours` of `with_practice` adds up: what was recorded, courses attended in full, training elsewhere."""
    within = (row.year_ago, today)
    for one in row.developments.filter(done_on__range=within):
        yield Learnt(one.title, one.done_on, one.hours, one.is_approved)
    courses = Enrolment.objects.filter(learner=row.learner_id, cohort__course__cpd_hours__gt=0)
    courses = courses.attended_in_full().ended_between(*within).select_related("cohort__course")
    for one in courses.annotate(last=Max("attendances__session__held_on", filter=Q(attendances__attended=True))):
        course = one.cohort.course
        yield Learnt(course.name, one.last, course.cpd_hours or Decimal(0), course.cpd_approved)
    for one in OtherTraining.objects.filter(learner=row.learner_id, ended_on__range=within, cpd_hours__gt=0):
        yield Learnt(one.name, one.ended_on, one.cpd_hours or Decimal(0), one.cpd_approved)


def _registered(one: Registration) -> str:
    """From when until when, and by which number."""
    until = f"until {day(one.expires_on)}" if one.expires_on else ""
    number = f"number {one.number}" if one.number else ""
    return ", ".join(filter(None, [day(one.registered_on), until, number]))


def _fact(label: str, value: str) -> Fact:
    return {"label": label, "value": value}
