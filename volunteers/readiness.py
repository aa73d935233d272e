"""Whether a practitioner is ready, in words. Pure: it reads one row of `with_readiness` and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rj_service.ui.templatetags.ui import day
from volunteers.choices import (
    COVER_BEFORE,
    MAY_OPEN_CASES,
    SUPERVISION_EVERY,
    CheckKind,
    Level,
    PractitionerStatus,
    SafeguardKind,
)


@dataclass(frozen=True)
class Line:
    """One thing that is looked at. `state` is stop (blocks new assignments), soon (to bear in mind) or ok. `until`: the last
    day of what ends by itself."""

    label: str
    state: str
    words: str
    until: date | None = None


@dataclass(frozen=True)
class Readiness:
    lines: tuple[Line, ...]
    may_open_cases: bool
    vetting_ends: date | None  # the earlier of the two; None where neither has an end or one is missing

    @property
    def blocks(self) -> list[str]:
        return [line.words for line in self.lines if line.state == "stop"]

    @property
    def cautions(self) -> list[str]:
        return [line.words for line in self.lines if line.state == "soon"]

    @property
    def may_be_assigned(self) -> bool:
        return not self.blocks


def readiness_of(row: Any) -> Readiness:
    """Lapsed vetting and suspension close access the same day; the rest blocks only new assignments."""
    lines = (
        _status(row),
        *_vetting(row),
        _training(row),
        *_safeguards(row),
        _supervision(row),
        _case_load(row),
        *_to_bear_in_mind(row),
    )
    ends = [until for until in (row.dbs_until, row.police_vetting_until) if until and row.is_vetted]
    return Readiness(
        lines,
        may_open_cases=row.is_vetted and row.status in MAY_OPEN_CASES,
        vetting_ends=min(ends) if ends else None,
    )


def _status(row: Any) -> Line:
    words = PractitionerStatus(row.status).label
    return Line("Status", "ok", words) if row.active else Line("Status", "stop", f"Not active: {words.lower()}")


def _vetting(row: Any) -> Iterator[Line]:
    dbs = CheckKind(row.dbs_kind).label if row.dbs_kind else "Enhanced DBS"
    yield _lasting("DBS", dbs, row.has_dbs, row.dbs_kind, row.dbs_until, row.readiness_on)
    kind = row.police_vetting_kind
    police = CheckKind(kind).label if kind else "Police vetting"
    yield _lasting("Police vetting", police, row.has_police_vetting, kind, row.police_vetting_until, row.readiness_on)


def _training(row: Any) -> Line:
    training = "Facilitator training"
    return _lasting(training, training, row.trained, row.trained_until, row.trained_until, row.readiness_on)


def _lasting(label: str, what: str, in_force: bool, ever: Any, until: date | None, today: date) -> Line:
    if not in_force:
        return Line(label, "stop", f"{what} ended on {day(until)}" if ever else f"{what} is not recorded")
    if until is None:
        return Line(label, "ok", f"{what}, no end date")
    return Line(label, "soon" if until - today <= COVER_BEFORE else "ok", f"{what} ends on {day(until)}", until)


def missing_safeguards(row: Any) -> list[SafeguardKind]:
    """Of somebody under 18."""
    given = {SafeguardKind.PARENTAL: row.has_parental, SafeguardKind.SIGN_OFF: row.has_sign_off}
    return [] if row.is_adult else [kind for kind, has in given.items() if not has]


def _safeguards(row: Any) -> Iterator[Line]:
    for kind in missing_safeguards(row):
        yield Line("Safeguards", "stop", f"Under 18: {kind.label.lower()} is not recorded")


def _supervision(row: Any) -> Line:
    last, label = row.last_supervision_on, "Supervision"
    if last is None:
        return Line(label, "stop", "No supervision is recorded")
    if not row.supervision_current:
        return Line(label, "stop", f"Last supervision was {(row.readiness_on - last).days // 7} weeks ago, {day(last)}")
    due = last + SUPERVISION_EVERY
    if (due - row.readiness_on).days <= 14:
        return Line(label, "soon", f"Supervision is due by {day(due)}")
    return Line(label, "ok", f"Last supervision {day(last)}")


def _case_load(row: Any) -> Line:
    words = f"{row.open_cases} open {'case' if row.open_cases == 1 else 'cases'} of a limit of {row.case_limit}"
    if not row.has_room:
        return Line("Case load", "stop", words)
    return Line("Case load", "soon" if row.open_cases + 1 == row.case_limit else "ok", words)


def _to_bear_in_mind(row: Any) -> Iterator[Line]:
    if row.away_until:
        yield Line("Availability", "soon", f"Away until {day(row.away_until)}")
    if not row.is_adult:
        yield Line("Age", "soon", "Under 18: beside an adult only, no visits, no sensitive cases")
    yield _registered(row)
    if row.level == Level.FOUNDATION:
        yield Line("Level", "soon", "Foundation level: works beside an experienced facilitator")


def _registered(row: Any) -> Line:
    """It stands against nothing by itself; the service answers for its share."""
    label, until = "RJC registration", row.registered_until
    if row.registered_level is None:
        return Line(label, "ok", "Not registered")
    words = f"{Level(row.registered_level).label} level"
    if until is None:
        return Line(label, "ok", words)
    if until < row.readiness_on:
        return Line(label, "soon", f"Registration ended on {day(until)}")
    return Line(label, "soon" if until - row.readiness_on <= COVER_BEFORE else "ok", f"{words}, until {day(until)}")
