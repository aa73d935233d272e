"""The gate as a page: what is missing, on which side, who can supply it. There is no override button."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.urls import reverse

from cases import policy
from cases.choices import AssignmentRole, InterventionStatus, Model, Overridable, Side
from cases.gate import Check, needs_of
from cases.models import Case, Intervention
from rj_service.accounts.models import User
from rj_service.ui.templatetags.ui import plural

CALLED = {
    Model.FACE_TO_FACE_CONFERENCE: "conference",
    Model.COMMUNITY_CONFERENCE: "conference",
    Model.NJP_PANEL: "panel",
    Model.MEDIATED_CONTACT: "contact",
    Model.SHUTTLE_MEDIATION: "shuttle mediation",
    Model.LETTER_EXCHANGE: "exchange of letters",
    Model.TELEPHONE: "telephone call",
    Model.VIDEO_CONFERENCE: "video conference",
    Model.OTHER_INDIRECT: "contact",
}
# Where whoever can supply it does so: a page of the case, and what its button says.
SUPPLIED_AT = {
    "case_open": ("desk", "Open the case"),
    "present": ("people", "Open the people"),
    "contact": ("consents", "See what was agreed"),
    "take_part": ("consents", "Record the agreement"),
    "child": ("people", "See what a child needs"),
    "approach": ("consents", "Record the agreement"),
    "assessment": ("assessments", "Open the assessment"),
    "outcome": ("assessments", "Open the assessment"),
    "legal_bar": ("legal-bars", "See what forbids it"),
    "panel": ("meetings", "Change the plan"),
    "not_face_to_face": ("meetings", "Change the plan"),
    "lead": ("assignment-desk", "Choose a lead"),
    "lead_sides": ("assignment-desk", "Choose a lead"),
    "co_facilitators": ("assignment-desk", "Change who co-facilitates"),
    "two_facilitators": ("assignment-desk", "Choose a co-facilitator"),
    "advanced": ("assignment-desk", "Choose a facilitator"),
    "specialist": ("specialist", "Record the specialist"),
    "sign_off": ("sign-off", "Open the sign-off"),
    "abuse": ("assessments", "Record who was consulted"),
    "reconfirmed": ("reconfirm", "Ask everybody again"),
    "who_comes": ("who-comes", "Write down who comes"),
    "apart": ("who-comes", "Change when they arrive"),
    "place": ("change-plan", "Change the place"),
    "remote": ("remote", "Say how they connect"),
    "clash": ("change-plan", "Change the time"),
    "language": ("people", "Book an interpreter"),
    "lone_working": ("assignment-desk", "Choose a co-facilitator"),
    "panel_members": ("panel", "Name the panel"),
}
# Of one meeting, for whoever plans it; and for coordination alone.
OF_THE_MEETING = {"who-comes", "change-plan", "panel", "remote", "reconfirm"}
COORDINATED = {"assignment-desk", "specialist"}
# What is asked for, where the check's own title says what is well.
ASKED_FOR = {
    "case_open": "The case has to be open",
    "verified": "Verification with the police or the Victims’ Hub",
    "present": "Somebody named on this side",
    "alive": "Somebody on this side has died",
    "contact": "Agreement to be contacted",
    "take_part": "Written agreement to take part",
    "assessment": "A signed and current assessment",
    "outcome": "An assessment that permits this",
    "legal_bar": "Written permission of the authority that forbids contact",
    "child": "Whether they are under 18, and what a child needs",
    "approach": "Agreement that we approach the other side",
    "panel": "Another model than a panel",
    "lead_sides": "A lead who works with both sides",
    "co_facilitators": "Co-facilitators who are ready",
    "two_facilitators": "A second facilitator",
    "advanced": "An Advanced facilitator",
    "specialist": "A specialist to be consulted",
    "sign_off": "The supervisor’s sign-off",
    "abuse": "Whether the wish of whoever was harmed is their own",
    "not_face_to_face": "A reason why it is not face to face",
    "reconfirmed": "Everybody asked again on the day",
    "who_comes": "Who comes from this side",
    "apart": "Arrivals that keep the sides apart",
    "remote": "A tested line, and waiting rooms apart",
    "clash": "A time when the facilitators are free",
    "language": "An interpreter",
    "lone_working": "A second facilitator, or a professional in the room",
    "panel_members": "Members who may sit on this panel",
}
NOTHING_CARRIED = (
    "Nothing may be carried between the sides until every check is in place: no meeting, letter, call or spoken"
    " message."
)
# People were told of what is arranged: only of a plan may the page say that nobody knows.
WHERE_IT_STANDS = {
    InterventionStatus.PLANNED: "What you typed is kept as a plan. Nobody has been invited and nothing has been sent.",
    InterventionStatus.SCHEDULED: "It is arranged, and whoever was told of it still expects it. Put right what is missing in"
    " time, or move it and tell them.",
}
AS_CO_FACILITATOR = {"co_facilitators", "two_facilitators", "lone_working"}


def called(intervention: Intervention) -> str:
    return CALLED[Model(intervention.model)]


def gate_context(
    user: User,
    case: Case,
    intervention: Intervention,
    checks: Sequence[Check],
    *,
    sides: Iterable[str],
    refused: bool = False,
) -> dict[str, Any]:
    """Somebody who works with one side reads that side's checks, and of the whole only whether it is ready."""
    whole = {"harmed", "responsible"} <= set(sides)
    shown = [check for check in checks if whole or check.side in sides]
    missing = needs_of(shown)
    ready = not any(check.is_missing for check in checks)
    noun = called(intervention)
    columns = _columns(sides)
    return {
        "heading": f"This {noun} can go ahead" if ready else f"This {noun} cannot go ahead yet",
        "gate_title": _title(len(missing), shown),
        "gate_words": f"{NOTHING_CARRIED} {WHERE_IT_STANDS.get(InterventionStatus(intervention.status), '')}".strip(),
        "missing": [_need(check, address_of(user, case, check, intervention) if whole else "") for check in missing],
        "columns": columns,
        "rows": _rows(shown, columns, missing),
        "whole": whole,
        "is_ready": ready,
        "refused": refused,
        "noun": noun,
        "meeting": intervention,
        "overridable": [Overridable(check.key).label for check in shown if check.may_be_overridden],
        "overridden": any(check.is_overridden for check in shown),
        "supervisor": case.supervisor,
    }


def _title(needs: int, checks: Sequence[Check]) -> str:
    """Each thing that is missing counts once, however many checks wait for it; so no total stands beside it."""
    in_place = plural(sum(not check.is_missing for check in checks), "check is,checks are")
    return (
        f"{plural(needs, 'thing is,things are')} missing, {in_place} in place" if needs else f"All {in_place} in place"
    )


def _need(check: Check, address: str) -> dict[str, Any]:
    return {
        "title": asked_for(check),
        "side": check.side,
        "reason": check.reason,
        "who": f"{check.who_can}." if check.who_can else "",
        "address": address,
        "button": SUPPLIED_AT.get(check.key, ("", ""))[1],
    }


def asked_for(check: Check) -> str:
    return ASKED_FOR.get(check.key, check.title)


def address_of(user: User, case: Case, check: Check, meeting: Intervention | None = None) -> str:
    """Empty where the user may not supply it. `meeting`: where there is one; without, its own pages are the case's list."""
    page, _ = SUPPLIED_AT.get(check.key, ("", ""))
    if not page or (page in COORDINATED and not policy.can_assign(user, case)):
        return ""
    if page in OF_THE_MEETING:
        if not policy.can_plan(user, case):
            return ""
        page, named = (page, [case.pk, meeting.pk]) if meeting else ("meetings", [case.pk])
        return reverse(f"cases:{page}", args=named)
    query = f"?role={AssignmentRole.CO_FACILITATOR}" if check.key in AS_CO_FACILITATOR else ""
    return reverse(f"cases:{page}", args=[case.pk]) + query


def _columns(sides: Iterable[str]) -> list[tuple[str, str]]:
    return [(side, Side(side).label) for side in (Side.HARMED, Side.RESPONSIBLE) if side in sides]


def _rows(
    checks: Sequence[Check], columns: Sequence[tuple[str, str]], needs: Collection[Check]
) -> list[dict[str, Any]]:
    """One row a title: a cell for each side, or one for both. What waits for another of `needs` is no thing of its own."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for check in checks:
        waits = check.is_missing and check not in needs
        found.setdefault(check.title, {})[check.side] = {"check": check, "waits": waits}
    return [{"title": title, "cells": _cells(by_side, columns)} for title, by_side in found.items()]


def _cells(by_side: dict[str, dict[str, Any]], columns: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    if "both" in by_side:
        return [{"name": "Both sides", "wide": len(columns) > 1, **by_side["both"]}]
    return [{"name": name, "wide": False, **by_side.get(side, {})} for side, name in columns]
