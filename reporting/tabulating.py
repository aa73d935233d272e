"""A month's figures as headed tables and charts: one shape for page, PDF, CSV and XLSX."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cases.choices import Model
from referrals.choices import Mechanism
from reporting import charts
from reporting.data import Figures
from reporting.disclosure import in_words
from reporting.measures import Measure
from reporting.periods import month_from
from rj_service.documents.tables_out import csv_bytes

TOO_EARLY = "Too early to say"
SIDES = {"harmed": "People harmed", "responsible": "People responsible"}


@dataclass(frozen=True)
class Section:
    """One figure: its heading, what is counted, a table and, where it helps, a chart."""

    measure: Measure
    columns: tuple[str, ...]
    rows: list[tuple]
    total: tuple | None = None
    chart: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def as_rows(self) -> list[tuple]:
        """For CSV and XLSX: the head, the rows and the total."""
        return [self.columns, *self.rows, *([self.total] if self.total else [])]

    @property
    def key(self) -> str:
        return self.measure.key


def sections(figures: Figures) -> list[Section]:
    """The five of seed 003 paragraph 7.3 in their order, then crime type and local area (7.4), then awaiting offender. A
    pack that was frozen before a measure was there goes without it."""
    return [build(figures) for needs, build in _ORDER if figures.measures.keys() >= set(needs)]


_LABELS = {"referrals_by_mechanism": Mechanism, "interventions_by_model": Model}


def table_rows(key: str, measure: dict) -> list[tuple]:
    """(cell, value) of one measure, codes put into words; a rate gives its numerator, denominator and value."""
    if "cells" in measure:
        labels = dict(_LABELS[key].choices) if key in _LABELS else {}
        return [(str(labels.get(cell, cell)), value) for cell, value in measure["cells"].items()]
    if "rows" in measure:
        return [(charts.quarter_label(row), row["received"]) for row in measure["rows"]]
    if "numerator" in measure:
        sides = [(f"{side} {part}", rate[part]) for side, rate in measure.get("by_side", {}).items() for part in _RATE]
        return [(part, measure[part]) for part in _RATE] + sides
    return [("all", measure["value"])]


_RATE = ("numerator", "denominator", "value")


def as_csv(figures: Figures) -> bytes:
    """Every measure as measure, cell, value."""
    rows = [("measure", "cell", "value")]
    for key, measure in figures.measures.items():
        rows += [(key, cell, "" if value is None else value) for cell, value in table_rows(key, measure)]
    return csv_bytes(rows)


def _received(figures: Figures) -> Section:
    m = figures.measures
    counts = m["referrals_by_month"]["cells"]
    rows = [(f"{month_from(key):%B %Y}", value) for key, value in counts.items()]
    notes = []
    if partners := m.get("partner_delivered", {}).get("value"):
        notes.append(f"Delivered by a partner and shown apart: {partners}.")
    measure = figures.defined["referrals_received"]
    chart = charts.months("received", "Referrals received each month", counts)
    return Section(measure, ("Month", "Referrals"), rows, None, chart, notes)


def _cells(key: str, column: str, unit: str, labels: Callable[[str], str] = str) -> Callable[[Figures], Section]:
    def build(figures: Figures) -> Section:
        measure = figures.defined[key]
        rows = [(labels(code), count) for code, count in figures.measures[key]["cells"].items()]
        bars = [charts.Bar(label, count) for label, count in rows if count or len(rows) < 12]
        chart = charts.bars(key.replace("_", "-"), measure.title, bars)
        return Section(measure, (column, unit), rows, ("All", sum(row[1] for row in rows)), chart)

    return build


def _choice(choices) -> Callable[[str], str]:
    labels = dict(choices.choices)
    return lambda code: str(labels.get(code, code))


def _conversion(figures: Figures) -> Section:
    m = figures.measures
    matured, month = m["conversion_matured"], m["conversion"]
    rows = [
        (
            charts.quarter_label(row),
            row["received"],
            *_led_to(row),
        )
        for row in m["conversion_by_quarter"]["rows"]
    ]
    chart = charts.quarters(
        "conversion", "What referrals led to, by quarter received", m["conversion_by_quarter"]["rows"]
    )
    span = f"{month_from(matured['from']):%B %Y} to {month_from(matured['to']):%B %Y}"
    led = f"{in_words(matured)} have led to a restorative intervention so far" if matured["denominator"] else "no data"
    notes = [
        f"Headline: of referrals received {span}, {led}.",
        f"This month’s referrals so far: {in_words(month)}. It is too early to say more.",
    ]
    return Section(
        figures.defined["conversion_matured"],
        ("Received", "Referrals", "Led to one", "Closed", "Open"),
        rows,
        None,
        chart,
        notes,
    )


def _led_to(row: dict) -> tuple:
    if row["led_to_one"] is None:
        return (TOO_EARLY, "", "")  # one cell across three on a page
    return row["led_to_one"], row["closed_without"], row["open"]


def _satisfaction(figures: Figures) -> Section:
    m, rows, bars, found = figures.measures, [], [], []
    for side, label in SIDES.items():
        month, year = m["satisfaction"]["by_side"][side], m["satisfaction_12_months"]["by_side"][side]
        rows.append((label, month["asked"], in_words(month), year["asked"], in_words(year)))
        bars.append(charts.Bar(f"{label}: satisfied, 12 months", year["numerator"]))
        bars.append(charts.Bar(f"{label}: all answers, 12 months", year["denominator"]))
        found.append(f"{label}: {in_words(year)} satisfied in twelve months.")
    both, year = m["satisfaction"], m["satisfaction_12_months"]
    total = ("Both sides", both["asked"], in_words(both), year["asked"], in_words(year))
    notes = []
    if after := m.get("satisfaction_after_conference"):
        told = f"People harmed after a conference, twelve months: {in_words(after)}."
        notes.append(f"{told} The benchmark of 85% is for this group alone.")
    columns = ("Side", "Asked in month", "Satisfied in month", "Asked, 12 months", "Satisfied, 12 months")
    chart = charts.bars(
        "satisfaction", "Satisfied answers of all answers, twelve months, by side", bars, " ".join(found)
    )
    return Section(figures.defined["satisfaction"], columns, rows, total, chart, notes)


def _awaiting(figures: Figures) -> Section:
    section = _cells("waiting_stock", "Waiting", "Referrals")(figures)
    waiting = figures.measures["awaiting_offender_identification"]["value"]
    section.notes.append(f"Of this month’s referrals, {waiting} wait because police have not identified a suspect.")
    return section


# What each needs of the figures.
_ORDER: tuple[tuple[tuple[str, ...], Callable[[Figures], Section]], ...] = (
    (("referrals_received", "referrals_by_month"), _received),
    (("referrals_by_mechanism",), _cells("referrals_by_mechanism", "How", "Referrals", _choice(Mechanism))),
    (("conversion", "conversion_matured", "conversion_by_quarter"), _conversion),
    (("interventions_by_model",), _cells("interventions_by_model", "Model", "Held", _choice(Model))),
    (("satisfaction", "satisfaction_12_months"), _satisfaction),
    (("referrals_by_crime_type",), _cells("referrals_by_crime_type", "Crime type", "Referrals")),
    (("referrals_by_local_area",), _cells("referrals_by_local_area", "Local area", "Referrals")),
    (("waiting_stock", "awaiting_offender_identification"), _awaiting),
)
