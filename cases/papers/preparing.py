"""What prepares one meeting: for each side what that side may know, and for whoever facilitates the whole of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string

from cases.choices import AssignmentSides, InterpreterStatus, InterventionStatus, Way
from cases.models import (
    Assessment,
    AssessmentCondition,
    Assignment,
    Attendance,
    InterpreterBooking,
    Intervention,
    PanelMember,
    Participant,
    Venue,
)
from cases.papers.others import details_of, leads_to, part_of, says_how_to_reach
from cases.papers.script import Part, script_for
from cases.stages import BOTH_SIDES
from rj_service.documents.pdf import render_paper
from rj_service.ui.templatetags.ui import SIDES, clock, when

Facts = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Preparation:
    """One side's, made from that side's rows alone. `leads_to_somebody`: what must change before it is printed."""

    area: str
    names: tuple[str, ...]
    people: tuple[UUID, ...]
    facts: Facts
    questions: tuple[str, ...]
    carries: bool
    is_arranged: bool
    leads_to_somebody: tuple[str, ...]


@dataclass(frozen=True)
class Somebody:
    """`called`: to the other side, as they agreed. `conditions`: under which they were assessed as suitable."""

    name: str
    part: str
    side: str
    needs: str
    interpreter: str
    called: str
    conditions: tuple[str, ...]


@dataclass(frozen=True)
class Arrival:
    at: time | None
    door: str
    name: str
    side: str


@dataclass(frozen=True)
class FacilitatorsPack:
    """Of both sides, and never to be handed out. `without_door`: who takes part and does not come into the room."""

    area: str
    people: tuple[UUID, ...]
    facts: Facts
    arrivals: tuple[Arrival, ...]
    without_door: tuple[str, ...]
    somebodies: tuple[Somebody, ...]
    panel: tuple[str, ...]
    room_plan: str
    safety_plan: str
    script: tuple[Part, ...]


def preparation_for(meeting: Intervention, side: str) -> Preparation:
    coming = [one for one in _coming(meeting) if one.participant.side == side]
    return Preparation(
        area=meeting.case.service_area.name,
        names=tuple(one.participant.person.name for one in coming),
        people=tuple(one.participant.person_id for one in coming),
        facts=tuple(_side_facts(meeting, side, coming)),
        questions=tuple(words for part in script_for(meeting.model) if part.side == side for words in part.words),
        carries=meeting.carries,
        is_arranged=meeting.status == InterventionStatus.SCHEDULED,
        leads_to_somebody=tuple(_leading(meeting, side, coming)),
    )


def facilitators_pack_for(meeting: Intervention) -> FacilitatorsPack:
    coming = _coming(meeting)
    people = [one.participant for one in coming] or list(_everybody(meeting))
    in_the_room = [one for one in coming if one.way == Way.IN_THE_ROOM and one.arrives_at]
    conditions, interpreting = _conditions(people), _interpreting(meeting)
    return FacilitatorsPack(
        area=meeting.case.service_area.name,
        people=tuple(one.person_id for one in people),
        facts=tuple(_whole_facts(meeting)),
        arrivals=tuple(
            Arrival(one.arrives_at, one.entrance, one.participant.person.name, _side_words(one.participant))
            for one in sorted(in_the_room, key=lambda one: (one.arrives_at, one.entrance))
        ),
        without_door=tuple(
            f"{one.participant.person.name}: {one.get_way_display().lower()}"
            for one in coming
            if one not in in_the_room
        ),
        somebodies=tuple(
            Somebody(
                name=one.person.name,
                part=part_of(one),
                side=_side_words(one),
                needs=one.person.communication_needs,
                interpreter=interpreting.get(one.pk, ""),
                called=one.shown_as,
                conditions=conditions.get(one.pk, ()),
            )
            for one in people
        ),
        panel=tuple(
            one.practitioner.name
            for one in PanelMember.objects.filter(intervention=meeting)
            .select_related("practitioner__learner")
            .order_by("named_at", "id")
        ),
        room_plan=meeting.room_plan,
        safety_plan=meeting.safety_plan,
        script=tuple(script_for(meeting.model)),
    )


def pdf_of_preparation(preparation: Preparation) -> bytes:
    """Tagged. Its title and its metadata name nobody and no side."""
    return render_paper(
        render_to_string("cases/preparation_document.html", {"preparation": preparation, "area": preparation.area})
    )


def pdf_of_pack(pack: FacilitatorsPack) -> bytes:
    return render_paper(render_to_string("cases/facilitators_document.html", {"pack": pack, "area": pack.area}))


def pdf_of_script(meeting: Intervention) -> bytes:
    """Names nobody: it may lie on the table."""
    shown = {"model": meeting.get_model_display(), "script": script_for(meeting.model), "area": ""}
    return render_paper(render_to_string("cases/script_document.html", shown))


def _everybody(meeting: Intervention):
    people = Participant.objects.filter(case=meeting.case_id, left_at__isnull=True).select_related("person")
    return people.order_by("side", "added_at", "id")


def _coming(meeting: Intervention) -> list[Attendance]:
    rows = Attendance.objects.filter(intervention=meeting).exclude(way="").select_related("participant__person")
    return list(rows.order_by("participant__side", "participant__added_at", "id"))


def _leading(meeting: Intervention, side: str, coming: list[Attendance]) -> Iterator[str]:
    """What somebody typed of a door, and a place that is where somebody of the other side lives. That a prison is where
    they are is known to whoever goes there."""
    others = Participant.objects.filter(case=meeting.case_id, side__in=BOTH_SIDES).exclude(side=side)
    people = list(others.select_related("person"))
    details, place = details_of(people), meeting.place
    for one in coming:
        if any(leads_to(one.entrance, other, details.get(other.person_id)) for other in people):
            yield f"the door of {one.participant.person.name}"
    if place and not place.is_prison:
        where = f"{place.name} {place.address} {place.postcode}"
        if any(says_how_to_reach(where, known) for known in details.values()):
            yield "the venue"


def _side_facts(meeting: Intervention, side: str, coming: list[Attendance]) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [{"label": "When", "value": when(meeting.planned_for) or "No date yet"}]
    if meeting.place and any(one.way == Way.IN_THE_ROOM for one in coming):
        facts += _where(meeting.place)
    facts += [{"label": one.participant.person.name, "value": _arrival(one)} for one in coming]
    facts.append(
        {"label": "Who runs it", "value": _who_runs(_working(meeting).filter(sides__in=[AssignmentSides.BOTH, side]))}
    )
    facts.append({"label": "Questions to", "value": meeting.case.coordinator.get_full_name()})
    return facts


def _whole_facts(meeting: Intervention) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": "What", "value": meeting.get_model_display()},
        {"label": "When", "value": when(meeting.planned_for) or "No date yet", "note": f"{meeting.minutes} minutes"},
    ]
    if meeting.place:
        facts += _where(meeting.place)
    elif meeting.venue:
        facts.append({"label": "Where", "value": meeting.venue})
    if meeting.booking_reference:
        facts.append({"label": "Prison’s booking reference", "value": meeting.booking_reference})
    if meeting.platform:
        apart = "Each side waits in a room of its own." if meeting.waits_apart else ""
        facts.append({"label": "By video", "value": meeting.platform, "note": apart})
    facts.append({"label": "Who runs it", "value": _who_runs(_working(meeting))})
    facts.append({"label": "Coordinator", "value": meeting.case.coordinator.get_full_name()})
    if meeting.case.service_area.duty_phone:
        facts.append({"label": "Duty manager out of hours", "value": meeting.case.service_area.duty_phone})
    return facts


def _where(place: Venue) -> list[dict[str, Any]]:
    access = ", ".join(place.access_words)
    return [
        {"label": "Where", "value": place.name, "note": ", ".join(filter(None, [place.address, place.postcode]))},
        {"label": "Access", "value": access or "Not known"},
    ]


def _who_runs(working: QuerySet[Assignment]) -> str:
    rows = working.select_related("practitioner__learner").order_by("started_at", "id")
    return ", ".join(one.practitioner.name for one in rows) or "Not known yet"


def _working(meeting: Intervention) -> QuerySet[Assignment]:
    return Assignment.objects.in_force().filter(case=meeting.case_id)


def _arrival(one: Attendance) -> str:
    if one.way != Way.IN_THE_ROOM:
        return one.get_way_display()
    return f"Arrives at {clock(one.arrives_at)}{f', {one.entrance}' if one.entrance else ''}"


def _conditions(people: list[Participant]) -> dict[UUID, tuple[str, ...]]:
    """Of the assessments that count."""
    counting = Assessment.objects.standing().filter(participant__in=people)
    rows = AssessmentCondition.objects.filter(assessment__in=counting).order_by("place", "id")
    found: dict[UUID, tuple[str, ...]] = {}
    for participant, words, met_on in rows.values_list("assessment__participant", "words", "met_on"):
        found[participant] = (*found.get(participant, ()), words if met_on else f"{words} (not met yet)")
    return found


def _interpreting(meeting: Intervention) -> dict[UUID, str]:
    booked = InterpreterBooking.objects.filter(intervention=meeting).exclude(status=InterpreterStatus.CANCELLED)
    return {
        one.participant_id: f"{one.language_in_words}, {one.interpreter or 'not named yet'} ({one.get_status_display().lower()})"
        for one in booked.order_by("booked_at", "id")
    }


def _side_words(participant: Participant) -> str:
    return SIDES[participant.side][1]
