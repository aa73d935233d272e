"""Which way a referral goes. Pure: pathways and the directory are handed in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from referrals.choices import SPECIALIST_KINDS, Route, SensitiveKind, WorksWith
from referrals.models import Pathway, Provision, SharingAgreement
from rj_service.accounts.models import Organisation

ORDER = (
    "Where several fit, the one that names most counts; of two that name as much, first the one that names the local area,"
    " then the agency, then the stage."
)
NO_PATHWAY = "No pathway is laid down for this: our service takes it forward."


@dataclass(frozen=True)
class Facts:
    """What the way of a referral depends on. `agency` of Organisation.Kind, "" where nobody sent it."""

    agency: str
    stage: str
    local_area: object
    kinds: Collection[str]
    has_young: bool  # somebody responsible was under 18 when it was received


@dataclass(frozen=True)
class Way:
    """One step, why, and who of the directory could be asked."""

    words: str
    why: str
    who: tuple[Provision, ...] = ()
    note: str = ""


def ways_of(facts: Facts, pathways: Iterable[Pathway], directory: Iterable[Provision]) -> list[Way]:
    """First what comes before any pathway: the youth service, probation, specialists (seed 004 paragraphs 19 to 24)."""
    there = [one for one in directory if _is_there(one, facts)]
    found = []
    if facts.has_young:
        who = _of_kind(there, Organisation.Kind.YOUTH_JUSTICE)
        found.append(
            Way(
                "Ask the Youth Justice Service first",
                "Somebody responsible is under 18, on the day it was received",
                who,
            )
        )
    if SensitiveKind.HIGH_RISK in facts.kinds:
        who = _of_kind(there, Organisation.Kind.PROBATION)
        found.append(Way("Ask the Probation Service first", "In prison or high risk", who))
    for kind in (one for one in SPECIALIST_KINDS if one in facts.kinds):
        who = tuple(one for one in there if kind in one.specialist_in.split())
        words = "Ask a specialist" if who else "A specialist is needed: the directory names none"
        found.append(Way(words, kind.label, who))
    pathway = pathway_for(pathways, agency=facts.agency, stage=facts.stage, local_area=facts.local_area)
    if pathway is None:
        return [*found, Way(Route.OURS.label, NO_PATHWAY)]
    who = (pathway.provision,) if pathway.provision else ()
    return [*found, Way(pathway.get_route_display(), f"Pathway: {pathway.fits}", who, pathway.words)]


def pathway_for(pathways: Iterable[Pathway], *, agency: str, stage: str, local_area) -> Pathway | None:
    """The one that counts, as ORDER says it; None where none fits."""
    fitting = [
        one
        for one in pathways
        if one.agency in ("", agency) and one.stage in ("", stage) and one.local_area_id in (None, local_area)
    ]
    return max(fitting, key=_weight, default=None)


def _weight(pathway: Pathway) -> tuple:
    named = (pathway.local_area_id is not None, bool(pathway.agency), bool(pathway.stage))
    return (sum(named), *named)


def _is_there(one: Provision, facts: Facts) -> bool:
    """`one` with its local areas fetched."""
    places = {place.pk for place in one.local_areas.all()}
    wanted = WorksWith.YOUNG if facts.has_young else WorksWith.ADULTS
    return (
        (not places or facts.local_area in places)
        and (not one.stages or facts.stage in one.stages.split())
        and (not one.works_with or wanted in one.works_with.split())
    )


def _of_kind(there: Iterable[Provision], kind: str) -> tuple[Provision, ...]:
    return tuple(one for one in there if one.organisation.kind == kind)


def warning(agreements: Iterable[SharingAgreement], *, called: str, today: date) -> str:
    """What is missing or out of date in what was agreed with one organisation (or kind of agency); empty when nothing is."""
    standing = [one for one in agreements if not one.is_over(today)]
    if not standing:
        ended = max((one.ends_on for one in agreements if one.ends_on), default=None)
        if ended is None:
            return f"No agreement on sharing information with {called} is recorded"
        return f"The agreement on sharing information with {called} ended on {_day(ended)}"
    newest = max(one.review_on for one in standing)
    return f"The agreement with {called} should have been reviewed by {_day(newest)}" if newest < today else ""


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
