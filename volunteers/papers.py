"""A practitioner's portfolio for the Restorative Justice Council: theirs alone, and nothing of any case."""

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from rj_service.documents.pdf import render_pdf
from rj_service.ui.templatetags.ui import day
from training.models import Award, OtherTraining
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
        "parts": [(heading, facts) for heading, facts in _parts(row) if facts],
    }
    return render_pdf(render_to_string("volunteers/portfolio_document.html", shown))


def _parts(row: Any) -> list[tuple[str, list[Fact]]]:
    """By the headings of the Practitioner Registration Framework."""
    awards = Award.objects.standing().filter(learner=row.learner_id).select_related("course").order_by("-awarded_on")
    elsewhere = OtherTraining.objects.recognised().filter(learner=row.learner_id).order_by("-ended_on")
    lately = {"done_on__gte": row.year_ago}
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
        ("3.1 Supervision", [_fact("Held", day(one.held_on)) for one in row.supervisions.order_by("-held_on")[:12]]),
        (
            "3.1 Observed practice",
            [_fact(day(one.observed_on), one.observer_name) for one in row.observations.order_by("-observed_on")[:6]],
        ),
        (
            "3.2 Professional development in the last 12 months",
            [
                _fact(one.title, f"{day(one.done_on)}, {hours(one.hours)}{', approved' if one.is_approved else ''}")
                for one in row.developments.filter(**lately).order_by("-done_on")
            ],
        ),
    ]


def _registered(one: Registration) -> str:
    """From when until when, and by which number."""
    until = f"until {day(one.expires_on)}" if one.expires_on else ""
    number = f"number {one.number}" if one.number else ""
    return ", ".join(filter(None, [day(one.registered_on), until, number]))


def _fact(label: str, value: str) -> Fact:
    return {"label": label, "value": value}
