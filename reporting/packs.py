"""The pack as a document: the PDF is made of the frozen figures and nothing else."""

from django.template.loader import render_to_string

from reporting.choices import Audience
from reporting.data import Figures
from reporting.disclosure import in_words
from reporting.measures import BY_KEY
from reporting.tabulating import sections, table_rows

MARKINGS = {
    Audience.INTERNAL: "OFFICIAL-SENSITIVE. For the service only.",
    Audience.COMMISSIONER: "OFFICIAL-SENSITIVE. For the Commissioner’s office and steering group. Not for publication.",
    Audience.PUBLIC: "OFFICIAL. For publication.",
}


def pack_html(figures: Figures, *, audience: str, commentary: str = "", issued_on=None, version: int = 1) -> str:
    """The document of a pack for the internal or the commissioner's audience."""
    return render_to_string(
        "reporting/pack_document.html",
        {
            "figures": figures,
            "headlines": headlines(figures.measures),
            "sections": sections(figures),
            "marking": MARKINGS[Audience(audience)],
            "commentary": commentary,
            "issued_on": issued_on,
            "version": version,
        },
    )


def public_html(figures: Figures, *, with_year: bool) -> str:
    """The tables for the public: rounded cells and totals, no chart and no percentage."""
    return render_to_string(
        "reporting/public_document.html",
        {
            "figures": figures,
            "marking": MARKINGS[Audience.PUBLIC],
            "tables": [(BY_KEY[key], table_rows(key, measure)) for key, measure in figures.measures.items()],
            "with_year": with_year,
        },
    )


def headlines(m: dict) -> list[tuple[str, str, str]]:
    """At most five: figure, what it is, and what to bear in mind."""
    harmed = m["satisfaction_12_months"]["by_side"]["harmed"]
    responsible = m["satisfaction_12_months"]["by_side"]["responsible"]
    models = m["interventions_by_model"]
    held = sum(models["cells"].values())
    return [
        (str(m["referrals_received"]["value"]), "referrals received", "In the month"),
        (in_words(m["conversion_matured"]), "led to a restorative intervention so far", "Received 6 to 12 months ago"),
        (str(held), "interventions held", f"{models['direct']} direct, {models['indirect']} indirect"),
        (in_words(harmed), "people harmed satisfied", f"12 months, {harmed['asked']} asked"),
        (in_words(responsible), "people responsible satisfied", f"12 months, {responsible['asked']} asked"),
    ]
