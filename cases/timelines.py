"""What happens in a case makes tasks, and ends them: the template of every case's timeline.

Days are working days from the day of the event unless a task says from which other day; how many is a setting
(`RJ_TASK_DAYS`). The field gives few times: the defaults are ours. One open task for each case, kind and what it is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.conf import settings

from cases import events
from cases.choices import OPEN_COMMITMENTS, AssignmentRole, ContactResult, Stage
from referrals.models import Task
from referrals.working_days import ONE_DAY, add_working_days, is_working_day

Kind, Part = Task.Kind, Task.Part


@dataclass(frozen=True)
class Step:
    """One task that an event makes, for whoever has this part of the case.

    `about`: what it is about, of the things that the event names (a participant, an intervention, each commitment of an
    agreement); empty for the case as a whole. `counted`: from a day of that thing, on or back, or that day itself; else on
    from the event. `stays`: an open one keeps its day, whoever set it.
    """

    kind: str
    part: str
    about: str = ""
    counted: Literal["", "on", "back", "itself"] = ""
    stays: bool = False
    only_if: Callable[[dict], bool] = lambda detail: True


def _came_to_speak(detail: dict) -> bool:
    return detail.get("result") == ContactResult.SPOKE


def _may_be_assessed(detail: dict) -> bool:
    """Whoever called us before anybody may approach them is not asked anything yet."""
    return _came_to_speak(detail) and detail.get("may_be_asked", True)


def _is_lead(detail: dict) -> bool:
    return detail.get("role") == AssignmentRole.LEAD


def _leaves_no_lead(detail: dict) -> bool:
    return bool(detail.get("seeks_lead"))


def _is_over(detail: dict) -> bool:
    return detail.get("status") not in OPEN_COMMITMENTS


_PROMISED = (Step(Kind.COMMITMENT, Part.COORDINATOR, about="commitment", counted="on"),)
BEGINS: dict[str, tuple[Step, ...]] = {
    events.OPENED: (
        Step(Kind.FIRST_CONTACT, Part.COORDINATOR),
        Step(Kind.FIND_LEAD, Part.COORDINATOR),
    ),
    events.CONTACT_LOGGED: (Step(Kind.ASSESS, Part.LEAD, about="participant", stays=True, only_if=_may_be_assessed),),
    events.ASSESSMENT_PLANNED: (Step(Kind.ASSESS, Part.LEAD, about="participant", counted="itself"),),
    events.UNASSIGNED: (Step(Kind.FIND_LEAD, Part.COORDINATOR, only_if=_leaves_no_lead),),
    events.ASSESSMENT_SIGNED: (Step(Kind.REVIEW_ASSESSMENT, Part.LEAD, about="participant", counted="back"),),
    events.ASSESSMENT_RECONFIRMED: (Step(Kind.REVIEW_ASSESSMENT, Part.LEAD, about="participant", counted="back"),),
    events.ASSESSMENT_SUPERSEDED: (Step(Kind.ASSESS, Part.LEAD, about="participant"),),
    events.ASSESSMENT_REOPENED: (Step(Kind.LOOK_AGAIN, Part.LEAD, about="participant"),),
    events.SUPERVISOR_SET: (Step(Kind.SIGN_OFF, Part.SUPERVISOR, only_if=lambda detail: bool(detail["supervisor"])),),
    events.SIGN_OFF_ASKED: (Step(Kind.SIGN_OFF, Part.SUPERVISOR),),
    events.SCHEDULED: (
        Step(Kind.PREPARE, Part.LEAD, about="intervention", counted="back"),
        Step(Kind.RECONFIRM, Part.LEAD, about="intervention", counted="back"),
    ),
    events.HELD: (
        Step(Kind.AGREEMENT, Part.COORDINATOR, about="intervention"),
        Step(Kind.DEBRIEF, Part.LEAD, about="intervention"),
        Step(Kind.FOLLOW_UP, Part.COORDINATOR, about="intervention"),
        Step(Kind.FOLLOW_UP_LATER, Part.COORDINATOR, about="intervention"),
    ),
    events.AGREEMENT_RECORDED: _PROMISED,
    events.AGREEMENT_REVISED: _PROMISED,
    events.COMMITMENT_VARIED: _PROMISED,
}


@dataclass(frozen=True)
class End:
    """What ends tasks of these kinds; of the thing that the event is about alone, where `about` says what."""

    kinds: tuple[str, ...]
    about: str = ""
    only_if: Callable[[dict], bool] = lambda detail: True


_NOT_NOW = (End((Kind.PREPARE, Kind.RECONFIRM), about="intervention"),)
_ASSESSING = (Kind.ASSESS, Kind.REVIEW_ASSESSMENT, Kind.LOOK_AGAIN)
ENDS: dict[str, tuple[End, ...]] = {
    events.CONTACT_LOGGED: (End((Kind.FIRST_CONTACT,), only_if=_came_to_speak),),
    events.ASSIGNED: (End((Kind.FIND_LEAD,), only_if=_is_lead),),
    events.ASSESSMENT_SIGNED: (End(_ASSESSING, about="participant"),),
    events.ASSESSMENT_RECONFIRMED: (End((Kind.REVIEW_ASSESSMENT, Kind.LOOK_AGAIN), about="participant"),),
    events.ASSESSMENT_SUPERSEDED: (End((Kind.REVIEW_ASSESSMENT, Kind.LOOK_AGAIN), about="participant"),),
    events.DEBRIEFED: (End((Kind.DEBRIEF,), about="intervention", only_if=_is_lead),),
    events.UNASSIGNED: (End((Kind.COVER,), about="practitioner"),),
    events.PARTICIPANT_LEFT: (End(_ASSESSING, about="participant"),),
    events.SIGNED_OFF: (End((Kind.SIGN_OFF,)),),
    events.SIGN_OFF_REFUSED: (End((Kind.SIGN_OFF,)),),
    events.RECONFIRMED: (End((Kind.PREPARE, Kind.RECONFIRM), about="intervention"),),
    events.HELD: _NOT_NOW,
    events.POSTPONED: _NOT_NOW,
    events.CANCELLED: _NOT_NOW,
    events.DID_NOT_HAPPEN: _NOT_NOW,
    events.MOVED_TO_MEETING: _NOT_NOW,
    events.STOPPED: _NOT_NOW,
    events.AGREEMENT_RECORDED: (End((Kind.AGREEMENT,), about="intervention"),),
    events.NO_AGREEMENT: (End((Kind.AGREEMENT,), about="intervention"),),
    events.AGREEMENT_REVISED: (End((Kind.AGREEMENT,), about="intervention"), End((Kind.COMMITMENT,), about="revised")),
    events.COMMITMENT_VARIED: (End((Kind.COMMITMENT,), about="instead_of"),),
    events.COMMITMENT_CHANGED: (End((Kind.COMMITMENT,), about="commitment", only_if=_is_over),),
}
OF_TIMELINES = tuple({step.kind for steps in BEGINS.values() for step in steps})
# With the case end those that somebody wrote, and those to tell or to ask anybody again: what is to be told stays readable.
OF_A_CASE = (*OF_TIMELINES, Kind.COVER, Kind.TELL, Kind.TURNED_18, Kind.OTHER)
# What reaches somebody: nobody does it by itself any more once a side has withdrawn.
REACHING = (
    Kind.FIRST_CONTACT,
    Kind.ASSESS,
    Kind.REVIEW_ASSESSMENT,
    Kind.LOOK_AGAIN,
    Kind.PREPARE,
    Kind.RECONFIRM,
    Kind.FOLLOW_UP,
    Kind.FOLLOW_UP_LATER,
)
# What changes who has a part of the case.
CHANGES_PARTS = frozenset([events.ASSIGNED, events.UNASSIGNED, events.HANDED_OVER, events.SUPERVISOR_SET])

# What changes who is to come to something on which day: whether somebody else is needed there is looked at again.
CHANGES_WHO_COMES = frozenset(
    [
        events.ASSIGNED,
        events.UNASSIGNED,
        events.PANEL_NAMED,
        events.SCHEDULED,
        events.POSTPONED,
        events.CANCELLED,
        events.DID_NOT_HAPPEN,
        events.MOVED_TO_MEETING,
        events.STOPPED,
        events.HELD,
        events.VISIT_PLANNED,
        events.VISIT_BEGUN,
        events.VISIT_CANCELLED,
    ]
)


def ended_with_the_case(verb: str, detail: dict) -> tuple[str, ...]:
    """A case that is over asks nobody to do anything more by itself."""
    if verb == events.CLOSED:
        return OF_A_CASE
    return REACHING if verb == events.STAGE_ENTERED and detail["stage"] == Stage.STOPPED else ()


def due_on(step: Step, *, today: date, day: date | None) -> date:
    """Never before today. `day`: that of the thing which the task is about."""
    if step.counted == "itself" and day is not None:
        return max(day, today)
    days = settings.RJ_TASK_DAYS[step.kind]
    if step.counted != "back" or day is None:
        return max(add_working_days(day if step.counted and day else today, days), today)
    while days > 0:
        day -= ONE_DAY
        days -= is_working_day(day)
    return max(day, today)
