"""Whether practice is kept up as the Practitioner Code asks (domain 2.9), in words. Pure: it reads one row of `with_practice`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rj_service.ui.templatetags.ui import day
from volunteers.choices import CPD_HOURS, SUPERVISION_EVERY, Level
from volunteers.readiness import Line


@dataclass(frozen=True)
class Practice:
    lines: tuple[Line, ...]

    @property
    def missing(self) -> list[str]:
        return [line.words for line in self.lines if line.state == "soon"]


def practice_of(row: Any) -> Practice:
    return Practice((_registration(row), *_development(row), _supervision(row), _observation(row), _process(row)))


def hours(number: Decimal) -> str:
    words = f"{number.normalize():f}"
    return f"{words} {'hour' if words == '1' else 'hours'}"


def _registration(row: Any) -> Line:
    label = "Registered with the RJC"
    if row.registered_level is None:
        return Line(label, "soon", "Not registered")
    words = f"{Level(row.registered_level).label} level"
    if row.registered_until and row.registered_until < row.readiness_on:
        return Line(label, "soon", f"Registration at {words} ended on {day(row.registered_until)}")
    return Line(label, "ok", f"{words}, until {day(row.registered_until)}" if row.registered_until else words)


def _development(row: Any) -> tuple[Line, Line]:
    asked = CPD_HOURS[Level(row.level)]
    done, approved = row.cpd_hours, row.cpd_approved
    all_of_it = f"{hours(done)} of {asked} in 12 months"
    half = Decimal(asked) / 2
    of_it = f"{hours(approved)} of {hours(half)} approved by the RJC"
    return (
        Line("Professional development", "ok" if done >= asked else "soon", all_of_it),
        Line("Of it approved", "ok" if approved >= half else "soon", of_it),
    )


def _supervision(row: Any) -> Line:
    last, label = row.last_supervision_on, "Supervision within 12 weeks"
    if last is None or last < row.readiness_on - SUPERVISION_EVERY:
        return Line(label, "soon", f"Last supervision {day(last)}" if last else "No supervision is recorded")
    return Line(label, "ok", f"Last supervision {day(last)}")


def _observation(row: Any) -> Line:
    return _within_a_year("Observed within a year", "Observed", "Never observed", row.observed_on, row.year_ago)


def _process(row: Any) -> Line:
    """Or trained within 12 months (domain 2.9)."""
    label = "A process within 12 months"
    is_recent = row.process_on is not None and row.process_on >= row.year_ago
    if not is_recent and row.trained_on and row.trained_on >= row.year_ago:
        return Line(label, "ok", f"Trained {day(row.trained_on)}")
    return _within_a_year(label, "Last process", "No process is recorded", row.process_on, row.year_ago)


def _within_a_year(label: str, did: str, never: str, on: date | None, year_ago: date) -> Line:
    if on is None:
        return Line(label, "soon", never)
    return Line(label, "ok" if on >= year_ago else "soon", f"{did} {day(on)}")
