"""The pack as a document: the PDF is made of the frozen figures and nothing else."""

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from reporting.choices import Audience
from reporting.data import NOT_KNOWN, Figures
from reporting.disclosure import PUBLIC_YEARLY, in_words
from reporting.measures import Measure
from reporting.periods import first_of, month_from
from reporting.tabulating import sections, table_rows

MARKINGS = {
    Audience.INTERNAL: "OFFICIAL-SENSITIVE. For the service only.",
    Audience.COMMISSIONER: "OFFICIAL-SENSITIVE. For the Commissioner’s office and steering group. Not for publication.",
    Audience.PUBLIC: "OFFICIAL. For publication.",
}


def html_of(figures: Figures, *, audience: str, commentary: str = "", issued_on=None, version: int = 1) -> str:
    """The document of a pack for its audience: the public's has rounded tables, no chart and no percentage."""
    facts = {
        "figures": figures,
        "marking": MARKINGS[Audience(audience)],
        "commentary": commentary,
        "issued_on": issued_on,
        "version": version,
    }
    if audience == Audience.PUBLIC:
        facts["tables"] = public_tables(figures)
        return render_to_string("reporting/public_document.html", facts)
    facts |= {"headlines": headlines(figures), "sections": sections(figures)}
    return render_to_string("reporting/pack_document.html", facts)


@dataclass(frozen=True)
class PublicTable:
    """One table of a public pack, over a quarter or its financial year."""

    measure: Measure
    period: str
    rows: list[tuple]


def public_tables(figures: Figures) -> list[PublicTable]:
    found = []
    for key, measure in figures.measures.items():
        period = _period(figures.month, 12 if key in PUBLIC_YEARLY else 3)
        rows = [("All" if cell == "all" else cell, value) for cell, value in table_rows(key, measure)]
        found.append(PublicTable(figures.defined[key], period, rows))
    return found


def _period(last: date, months: int) -> str:
    first = first_of(last, 1 - months)
    return f"{first:%B} to {last:%B %Y}" if first.year == last.year else f"{first:%B %Y} to {last:%B %Y}"


@dataclass(frozen=True)
class Difference:
    """One number that late data moved."""

    title: str
    cell: str
    was: object
    now: object


def differences(issued: Figures, later: Figures) -> list[Difference]:
    """What a restatement says: every number of the issued pack that reads otherwise in the later one."""
    found = []
    for key, measure in issued.measures.items():
        if key not in issued.defined or key not in later.measures:
            continue
        was, now = dict(table_rows(key, measure)), dict(table_rows(key, later.measures[key]))
        found += [
            Difference(issued.defined[key].title, cell, was.get(cell, 0), now.get(cell, 0))
            for cell in dict.fromkeys([*was, *now])
            if was.get(cell, 0) != now.get(cell, 0) and not cell.endswith("value")
        ]
    return found


def blanks(figures: Figures) -> list[tuple[str, str, int]]:
    """(figure, its title, how many): what is not known and would move a figure, for the coordinator before a pack is issued."""
    keys = ("referrals_by_mechanism", "referrals_by_crime_type", "referrals_by_local_area", "interventions_by_model")
    found = {key: figures.measures.get(key, {}).get("cells", {}).get(NOT_KNOWN) for key in keys}
    return [(key, figures.defined[key].title, count) for key, count in found.items() if count]


_OF_HEADLINES = {
    "referrals_received",
    "referrals_by_month",
    "conversion_matured",
    "interventions_by_model",
    "satisfaction_12_months",
}


def headlines(figures: Figures) -> list[tuple[str, str, str]]:
    """At most five: figure, what it is, and what to bear in mind. None of a pack that was frozen without one of them."""
    m = figures.measures
    if not m.keys() >= _OF_HEADLINES:
        return []
    harmed = m["satisfaction_12_months"]["by_side"]["harmed"]
    responsible = m["satisfaction_12_months"]["by_side"]["responsible"]
    models = m["interventions_by_model"]
    by_month = m["referrals_by_month"]["cells"]
    before = list(by_month)[-2]
    held = sum(models["cells"].values())
    return [
        (str(m["referrals_received"]["value"]), "referrals received", f"{month_from(before):%B}: {by_month[before]}"),
        _headline(
            m["conversion_matured"], "led to a restorative intervention so far", "Of those received 6 to 12 months ago"
        ),
        (str(held), "interventions held", f"{models['direct']} direct, {models['indirect']} indirect"),
        _headline(harmed, "people harmed satisfied", f"12 months. {harmed['asked']} asked"),
        _headline(responsible, "people responsible satisfied", f"12 months. {responsible['asked']} asked"),
    ]


def _headline(rate: dict, what: str, note: str) -> tuple[str, str, str]:
    """The fraction large, its percentage small: "no data" without a denominator, no percentage under 10."""
    fraction, _, percentage = in_words(rate).partition(" (")
    if percentage:
        return fraction, what, f"{note}: {percentage.rstrip(')')}"
    return fraction, what, f"{note}. Too few for a percentage" if rate["denominator"] else note
