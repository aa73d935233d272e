"""The one place where a measure is defined. The sentence is printed beside the figure wherever it stands."""

from dataclasses import asdict, dataclass, fields
from functools import partial


@dataclass(frozen=True)
class Measure:
    key: str
    title: str
    sentence: str  # what is counted, in words that stand beside the figure
    unit: str
    date_field: str
    numerator: str = ""
    denominator: str = ""
    exclusions: str = (
        "Duplicates, referrals entered in error or passed to another area, and work that a partner delivers itself"
    )
    audiences: tuple[str, ...] = ("internal",)  # whoever else may read it is named: nothing is disclosed by default
    version: int = 1


# On the commissioner's fixed menu: exact one-way tables, no cross-table and nothing sensitive.
_shared = partial(Measure, audiences=("internal", "commissioner"))
# An earlier system counted what it had received before the service moved in (docs/adr/0008).
_of_received = partial(
    _shared,
    exclusions="Duplicates, referrals entered in error, referrals that an earlier system had received, and work that a"
    " partner delivers itself",
    version=2,
)
_SATISFIED = "Very satisfied and satisfied"
_NOT_COUNTED_AS_ANSWERS = "Blank answers and “prefer not to say”, and cases that a partner delivers itself"

MEASURES: tuple[Measure, ...] = (
    _of_received(
        "referrals_received",
        "Referrals received",
        "Referrals by the day the service received them; one passed on by another area, by the day it was taken over.",
        "referral",
        "date received",
    ),
    _of_received(
        "referrals_by_mechanism",
        "How they reached us",
        "One way for each referral. “Person responsible” is a line of its own and is never added to another.",
        "referral",
        "date received",
    ),
    _of_received(
        "conversion",
        "Led to a restorative intervention, this month’s referrals so far",
        "Referrals received in the month that have led to at least one restorative intervention by the as-at time."
        " It takes months: this figure will rise.",
        "referral",
        "date received",
        "Those with at least one intervention held by the as-at time",
        "Referrals received in the month",
    ),
    _of_received(
        "conversion_matured",
        "Led to a restorative intervention",
        "Referrals received six to twelve months before the end of the month that have led to at least one restorative"
        " intervention by the as-at time. A referral with two counts once.",
        "referral",
        "date received",
        "Those with at least one intervention held by the as-at time",
        "Referrals received six to twelve months before",
    ),
    _shared(
        "interventions_by_model",
        "Model of intervention",
        "Each intervention held in the month, by the model that was delivered. Preparation and letters never sent do not count.",
        "intervention",
        "date held",
        exclusions="Work that a partner delivers itself",
    ),
    _shared(
        "satisfaction",
        "Service user satisfaction",
        "Survey answers received in the month, by side. “Prefer not to say” and blanks are left out. Whoever answers again"
        " six weeks or six months later is counted each time.",
        "answer",
        "date received",
        _SATISFIED,
        "Answers received",
        exclusions=_NOT_COUNTED_AS_ANSWERS,
        version=2,
    ),
    _of_received(
        "referrals_by_crime_type",
        "Referrals by crime type",
        "Referrals by the type of crime, as police.uk names it, or none.",
        "referral",
        "date received",
    ),
    _of_received(
        "referrals_by_local_area",
        "Referrals by local area",
        "Referrals by where it happened. Areas without a referral are shown; for the public, places of"
        " other areas are one line.",
        "referral",
        "date received",
        version=3,
    ),
    _of_received(
        "awaiting_offender_identification",
        "Interested, no suspect identified",
        "Of the month’s referrals, those that wait at the as-at time because police have not identified a suspect."
        " Not a delay of the service.",
        "referral",
        "date received",
    ),
    _shared(
        "waiting_stock",
        "Waiting for a suspect to be identified, by age",
        "All referrals that wait at the as-at time because police have not identified a suspect, by time since received."
        " Not a delay of the service.",
        "referral",
        "as-at time",
    ),
    _of_received(
        "referrals_by_month",
        "Referrals received, month by month",
        "Referrals by the month the service received them, the month of the pack and the twelve before it.",
        "referral",
        "date received",
    ),
    _of_received(
        "conversion_by_quarter",
        "What referrals led to, by quarter received",
        "Referrals by the quarter received: led to an intervention, closed without one, or still open at the as-at time."
        " Quarters under six months old are too early to say.",
        "referral",
        "date received",
    ),
    _shared(
        "satisfaction_12_months",
        "Service user satisfaction, twelve months",
        "Survey answers received in the month and the eleven before it, by side. Whoever answers again six weeks or six"
        " months later is counted each time.",
        "answer",
        "date received",
        _SATISFIED,
        "Answers received",
        exclusions=_NOT_COUNTED_AS_ANSWERS,
        version=2,
    ),
    _shared(
        "satisfaction_after_conference",
        "People harmed, after a conference",
        "People harmed who answered in the month or the eleven before it, in cases where a face-to-face or community"
        " conference was held: each once, by their newest answer. 85% is the benchmark of the Ministry of Justice for this"
        " group alone.",
        "person",
        "date received",
        f"{_SATISFIED}, of newest answers",
        "People who answered",
        exclusions=_NOT_COUNTED_AS_ANSWERS,
        version=2,
    ),
    _shared(
        "cases_closed",
        "Cases closed",
        "Cases closed in the month: after an intervention, or without one.",
        "case",
        "date closed",
    ),
    _shared(
        "partner_delivered",
        "Delivered by a partner",
        "Referrals of the month that a partner delivers itself, and what partners told us in the month that they deliver."
        " In no other figure.",
        "referral",
        "date received",
        exclusions="Referrals that an earlier system had received",
        version=2,
    ),
)
BY_KEY = {measure.key: measure for measure in MEASURES}


def defined(frozen: list[dict] | None) -> dict[str, Measure]:
    """By key, as they stood when figures were frozen; as they stand today where nothing was kept of one."""
    names = {field.name for field in fields(Measure)}
    kept = [{name: value for name, value in one.items() if name in names} for one in frozen or []]
    return BY_KEY | {one["key"]: Measure(**one | {"audiences": tuple(one["audiences"])}) for one in kept}


def definitions() -> list[dict]:
    """Every measure as it stands today, for freezing with the figures."""
    return [asdict(measure) | {"audiences": list(measure.audiences)} for measure in MEASURES]
