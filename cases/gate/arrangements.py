"""What is arranged around it, asked before it takes place and never of what has: who comes, by which door, where, when."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from itertools import product

from django.utils import timezone

from cases.choices import DIRECT_MODELS, InterpreterStatus, Model, Side, Way
from cases.gate.check import BOTH, FACILITATOR, Check, State, check
from cases.gate.facts import Facts
from cases.gate.staff import clash, lone_working, panel_members
from cases.models import Attendance, InterpreterBooking, Intervention
from cases.models.venue import good_until
from cases.stages import BOTH_SIDES, MAIN_ROLES
from rj_service.ui.templatetags.ui import clock, day

# Through one door the sides arrive so far apart.
MINUTES_APART = 15
# What says nothing about which prison it is.
OF_EVERY_PRISON = frozenset(["hmp", "hm", "yoi", "prison", "the", "visits", "visit", "hall", "centre", "of"])


def arrangements(facts: Facts) -> Iterator[Check]:
    for one in _arrangements(facts):
        yield _unless_overridden(facts, one)


def _unless_overridden(facts: Facts, one: Check) -> Check:
    """Named, reasoned, and at this time alone. What came to be missing besides is missing all the same."""
    override = facts.overrides.get(one.key)
    if override is None or not one.may_be_overridden:
        return one
    who, because = override.overridden_by.get_full_name(), override.get_because_display()
    words = (
        f"Overridden by {who} on {day(override.overridden_on)}: {because[:1].lower()}{because[1:]}. {override.words}"
    )
    return replace(one, state=State.OK, reason=words, may_be_overridden=False, is_overridden=True)


def _arrangements(facts: Facts) -> Iterator[Check]:
    yield clash(facts)
    if facts.intervention.model == Model.VIDEO_CONFERENCE or any(one.way == Way.VIDEO for one in facts.coming):
        yield _remote(facts)
    if facts.interpreters and not facts.intervention.carries:
        yield _language(facts)
    if facts.intervention.model not in DIRECT_MODELS:
        return
    for side in BOTH_SIDES:
        yield _who_comes(facts, side)
    yield _apart(facts)
    yield _place(facts)
    yield lone_working(facts)
    if facts.intervention.model == Model.NJP_PANEL:
        yield panel_members(facts)


def _who_comes(facts: Facts, side: str) -> Check:
    coming = [one.participant for one in facts.coming if one.participant.side == side]
    there = any(participant.role in MAIN_ROLES for participant in coming)
    missing = "" if there else "It is not written down who comes from this side."
    names = ", ".join(participant.person.name for participant in coming)
    return check("who_comes", "Who comes", side, missing, names, FACILITATOR, "cases:who-comes")


def _apart(facts: Facts) -> Check:
    """Nobody of one side meets somebody of the other at a door: another door, or a quarter of an hour between them."""
    harmed, responsible = (_in_the_room(facts, side) for side in (Side.HARMED, Side.RESPONSIBLE))
    without = [one.participant.person.name for one in (*harmed, *responsible) if one.arrives_at is None]
    together = [(one, other) for one, other in product(harmed, responsible) if _meet(one, other)]
    missing = f"No time of arrival for {', '.join(without)}." if without else ""
    if together and not missing:
        one, other = together[0]
        missing = f"{one.participant.person.name} and {other.participant.person.name} would meet at the door."
    in_place = "; ".join(
        f"{Side(side).label}: {', '.join(dict.fromkeys(map(_arrival, people)))}"
        for side, people in ((Side.HARMED, harmed), (Side.RESPONSIBLE, responsible))
        if people
    )
    meet = bool(together) and not without
    title, page = "The sides arrive apart", "cases:who-comes"
    return check("apart", title, BOTH, missing, in_place, FACILITATOR, page, may_be_overridden=meet)


def _in_the_room(facts: Facts, side: str) -> list[Attendance]:
    return [one for one in facts.coming if one.participant.side == side and one.way == Way.IN_THE_ROOM]


def _meet(one: Attendance, other: Attendance) -> bool:
    """A door that nobody named may be the same."""
    if one.arrives_at is None or other.arrives_at is None:
        return True
    same_door = one.entrance == other.entrance or not (one.entrance and other.entrance)
    return same_door and abs(_minute(one.arrives_at) - _minute(other.arrives_at)) < MINUTES_APART


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _arrival(one: Attendance) -> str:
    return f"{clock(one.arrives_at)}{f', {one.entrance}' if one.entrance else ''}"


def _place(facts: Facts) -> Check:
    """Checked for safety, and the check still counts on the day; in a prison the visit is booked."""
    meeting = facts.intervention
    on = timezone.localdate(meeting.planned_for) if meeting.planned_for else facts.today
    missing, in_place = _checked(facts, on)
    has_run_out = missing == _run_out(meeting, on)
    if gaol := _prison(facts, on):
        missing, has_run_out = f"{missing} {gaol}".strip(), False
    title = "A place that was checked for safety"
    return check("place", title, BOTH, missing, in_place, FACILITATOR, "cases:plan", may_be_overridden=has_run_out)


def _prison(facts: Facts, on: date) -> str:
    """A visit is booked, in the prison where they are; nobody comes out for a meeting unless the prison says so in writing."""
    meeting, place = facts.intervention, facts.intervention.place
    is_prison = bool(place and place.is_prison)
    words = []
    for one in [*_in_the_room(facts, Side.HARMED), *_in_the_room(facts, Side.RESPONSIBLE)]:
        stay = facts.stays.get(one.participant_id)
        if stay is None or (stay.release_on and stay.release_on <= on):
            continue
        name = one.participant.person.name
        if place and is_prison and not _same_prison(stay.prison, place.name):
            words.append(f"{name} is in {stay.prison}, not in {place.name}.")
        elif not is_prison and not meeting.booking_reference:
            words.append(
                f"{name} is in {stay.prison}. Meet there or by video, or write down its reference for this day out."
            )
    if is_prison and not meeting.booking_reference:
        words.append("The prison’s booking reference is not written down.")
    return " ".join(words)


def _same_prison(one: str, other: str) -> bool:
    """'HMP Fenmoor' and 'Fenmoor prison, visits hall': a word of the name in common."""
    return bool(_name_of(one) & _name_of(other))


def _name_of(prison: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", prison.casefold())) - OF_EVERY_PRISON


def _run_out(meeting: Intervention, on: date) -> str:
    """The sentence of a place whose safety check counts no more; empty where it still counts, or there is none."""
    until = good_until(meeting.place.checked_on if meeting.place else meeting.venue_checked_on)
    return f"The safety check of {meeting.where} ends on {day(until)}." if until and until < on else ""


def _checked(facts: Facts, on: date) -> tuple[str, str]:
    meeting, place = facts.intervention, facts.intervention.place
    if not meeting.where:
        return "No place is chosen.", ""
    if place and place.ended_at:
        return f"{place.name} is used no more.", ""
    if place and place.is_safe is False:
        return f"{place.name} was found not safe on {day(place.checked_on)}.", ""
    checked_on = place.checked_on if place else meeting.venue_checked_on
    if checked_on is None:
        return f"{meeting.where} was never checked for safety.", ""
    return _run_out(meeting, on), f"{meeting.where}, checked {day(checked_on)}"


def _language(facts: Facts) -> Check:
    """Whoever spoke through an interpreter before does so here: asked for when it is arranged, confirmed on the day."""
    meeting = facts.intervention
    is_today = meeting.planned_for is not None and timezone.localdate(meeting.planned_for) <= facts.today
    here, words = [], []
    for person in dict.fromkeys(one.participant for one in facts.interpreters):
        booked = [one for one in facts.interpreters if one.participant == person and _is_for(one, meeting)]
        confirmed = [one for one in booked if one.status in (InterpreterStatus.CONFIRMED, InterpreterStatus.CAME)]
        if not booked:
            words.append(f"No interpreter is booked for {person.person.name}.")
        elif is_today and not confirmed:
            words.append(f"The interpreter for {person.person.name} is not confirmed.")
        else:
            here.append(f"{person.person.name}: {booked[-1].language_in_words}")
    missing, in_place = " ".join(words), "; ".join(here)
    title, page = "Interpreters", "cases:interpreters"
    return check("language", title, BOTH, missing, in_place, FACILITATOR, page, may_be_overridden=True)


def _is_for(booking: InterpreterBooking, meeting: Intervention) -> bool:
    return booking.intervention_id == meeting.pk or booking.needed_for == meeting.planned_for


def _remote(facts: Facts) -> Check:
    """A line that was tested with each side, and waiting rooms apart: a lobby is a door too."""
    meeting = facts.intervention
    words = [
        "It is not written down what they connect by." if not meeting.platform else "",
        "Nobody has tested the line." if meeting.line_tested_on is None else "",
        "The sides do not wait apart." if not meeting.waits_apart else "",
    ]
    missing = " ".join(filter(None, words))
    in_place = f"{meeting.platform}, tested {day(meeting.line_tested_on)}" if not missing else ""
    untested = bool(meeting.platform) and meeting.line_tested_on is None and meeting.waits_apart
    title = "The line is tested, and the sides wait apart"
    return check("remote", title, BOTH, missing, in_place, FACILITATOR, "cases:remote", may_be_overridden=untested)
