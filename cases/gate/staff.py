"""Those who run it: ready, at the right level, free at that time, never alone."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils import timezone

from cases.choices import AssignmentRole, AssignmentSides, Model, ParticipantRole, Way
from cases.diaries import Taken
from cases.gate.check import BOTH, COORDINATOR, FACILITATOR, SUPERVISOR, Check, check
from cases.gate.facts import Facts
from cases.models import Assignment, Intervention, PanelMember
from referrals.models import SensitiveFlag
from rj_service.ui.templatetags.ui import day, when
from volunteers.choices import Level
from volunteers.readiness import readiness_of

# What a facilitator must be on the day; supervision and case load only bear on new assignments.
NEEDED_AT_THE_GATE = frozenset(["Status", "DBS", "Police vetting", "Facilitator training", "Safeguards"])
FEWEST_ON_A_PANEL = 2


def facilitators(facts: Facts) -> Iterator[Check]:
    lead, desk = facts.lead, "cases:assignments"
    missing = "There is no lead facilitator." if lead is None else _not_ready(facts, lead)
    name = lead.practitioner.name if lead else ""
    yield check("lead", "A lead facilitator who is ready", BOTH, missing, name, COORDINATOR, desk)
    missing = ""
    if lead is None or lead.sides != AssignmentSides.BOTH:
        missing = "The lead facilitator is not assigned to both sides."
    yield check("lead_sides", "The lead works with both sides", BOTH, missing, "Both sides", COORDINATOR, desk)
    others = [a for a in facts.assignments if a is not lead]
    missing = " ".join(filter(None, (_not_ready(facts, other) for other in others)))
    names = ", ".join(other.practitioner.name for other in others) or "None assigned"
    yield check("co_facilitators", "Every co-facilitator is ready", BOTH, missing, names, COORDINATOR, desk)


def _not_ready(facts: Facts, assignment: Assignment) -> str:
    row = facts.readiness[assignment.practitioner_id]
    blocks = _blocks(facts, row)
    if not row.is_adult and (facts.flags or assignment.role == AssignmentRole.LEAD):
        blocks.append("under 18")
    return f"{row.name}: {'; '.join(blocks)}." if blocks else ""


def _blocks(facts: Facts, row) -> list[str]:
    """On the day planned too: what ends before it is named with both days."""
    blocks = []
    for line in readiness_of(row).lines:
        if line.label not in NEEDED_AT_THE_GATE:
            continue
        if line.state == "stop":
            blocks.append(line.words)
        elif line.until and line.until < facts.on:
            blocks.append(f"{line.words}, before {day(facts.on)}")
    if row.learner.user_id in facts.conflicts:
        blocks.append("declared a conflict of interest")
    return blocks


def sensitive(facts: Facts) -> Iterator[Check]:
    case, desk = facts.case, "cases:assignments"
    missing = "" if len(facts.assignments) > 1 else "A sensitive case needs two facilitators."
    yield check("two_facilitators", "Two facilitators", BOTH, missing, "Two", COORDINATOR, desk)
    advanced = [a for a in facts.assignments if facts.readiness[a.practitioner_id].level == Level.ADVANCED]
    missing = (
        "" if advanced else "A sensitive case needs an Advanced lead, or an Advanced practitioner beside the lead."
    )
    yield check("advanced", "Advanced, or led beside an Advanced", BOTH, missing, "In place", COORDINATOR, desk)
    consulted = case.specialist_consulted_on
    missing = not_consulted(consulted, facts.flags)
    in_place = f"{case.specialist_consulted}, {day(consulted)}" if consulted else ""
    yield check("specialist", "Specialist consulted", BOTH, missing, in_place, COORDINATOR, "cases:specialist")
    yield check(
        "sign_off",
        "Signed off by the supervisor",
        BOTH,
        _not_signed_off(facts),
        "Signed off",
        SUPERVISOR,
        "cases:sign-off",
    )


def not_consulted(consulted_on: date | None, flags: Iterable[SensitiveFlag]) -> str:
    """Whoever was asked about one thing was not asked about what came later: an IDVA is asked of abuse."""
    if consulted_on is None:
        return "No specialist has been consulted."
    if any(timezone.localdate(flag.raised_at) > consulted_on for flag in flags):
        return "Something sensitive was added after the specialist was consulted."
    return ""


def _not_signed_off(facts: Facts) -> str:
    signed_at = facts.case.signed_off_at
    if signed_at is None:
        return "The supervisor has not signed it off."
    if any(flag.raised_at > signed_at for flag in facts.flags):
        return "Something sensitive was added after the supervisor signed it off."
    return ""


def clash(facts: Facts) -> Check:
    """Of those who run it, and who sit on its panel: their meetings and visits in every case, of other areas too: the reason says
    when, never which; and their times away."""
    words = []
    begins = facts.intervention.planned_for
    people = {one.practitioner_id: one.practitioner.name for one in facts.members}
    people |= {one.practitioner_id: one.practitioner.name for one in facts.assignments}
    for practitioner, name in people.items():
        gone = next((gone for gone in facts.away.get(practitioner, []) if begins and gone.covers(begins)), None)
        if gone:
            words.append(f"{name} is away then, until {day(gone.last)}.")
        taken = facts.taken.get(practitioner, [])
        other = next((other for other in taken if _overlaps(facts.intervention, other)), None)
        if other:
            words.append(f"{name} has another meeting or visit then, {when(other.begins)}.")
    who = "The facilitators and the panel" if facts.intervention.model == Model.NJP_PANEL else "The facilitators"
    title, free = f"{who} are free then", "Free" if begins else "No day and time yet"
    return check("clash", title, BOTH, " ".join(words), free, FACILITATOR, "cases:plan")


def _overlaps(meeting: Intervention, other: Taken) -> bool:
    begins, ends = meeting.planned_for, meeting.ends_at
    return begins is not None and ends is not None and other.overlaps(begins, ends)


def lone_working(facts: Facts) -> Check:
    """In pairs (domain 2.4): a second facilitator, or a professional in the room. Whoever is 16 or 17 shadows, and is
    nobody's second (domain 2.16.6)."""
    beside = [
        one.participant.person.name
        for one in facts.coming
        if one.participant.role == ParticipantRole.PROFESSIONAL and one.way == Way.IN_THE_ROOM
    ]
    adults = [one for one in facts.assignments if facts.readiness[one.practitioner_id].is_adult]
    alone = len(adults) < 2 and bool(facts.assignments) and not beside
    missing = "One facilitator would be alone with everybody." if alone else ""
    in_place = ", ".join(beside) or "Two facilitators"
    return check("lone_working", "Nobody works alone", BOTH, missing, in_place, COORDINATOR, "cases:assignments")


def panel_members(facts: Facts) -> Check:
    """Two or more, an adult beside anybody of 16 or 17, each vetted and trained, none who knows somebody of the case."""
    members = facts.members
    words = [words for member in members if (words := _cannot_sit(facts, member))]
    if len(members) < FEWEST_ON_A_PANEL:
        words.append(f"A panel has {FEWEST_ON_A_PANEL} named members or more.")
    if members and not any(facts.readiness[one.practitioner_id].is_adult for one in members):
        words.append("Somebody under 18 sits on a panel beside an adult only.")
    names = ", ".join(one.practitioner.name for one in members)
    return check("panel_members", "Who sits on the panel", BOTH, " ".join(words), names, COORDINATOR, "cases:panel")


def _cannot_sit(facts: Facts, member: PanelMember) -> str:
    row = facts.readiness[member.practitioner_id]
    blocks = _blocks(facts, row)
    if any(one.practitioner_id == member.practitioner_id for one in facts.assignments):
        blocks.append("works on the case as a facilitator")
    return f"{row.name}: {'; '.join(blocks)}." if blocks else ""
