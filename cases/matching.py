"""Who fits a place on a case, and in which order. Pure: it reads what was gathered, and the reasons come from the same facts.

The order is one of first things first, never a sum of weights: whoever reads the desk can say why one stands before another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from cases.choices import AssignmentRole
from referrals.choices import SensitiveKind
from volunteers.choices import LEVEL_ORDER, CaseKind, Language, Level, Travels
from volunteers.policy import blocks_to_assign
from volunteers.readiness import readiness_of

NO_ACCOUNT = "Has no account: an invitation would reach nobody"
AN_ACCOUNT = "An account. Or ring them, and assign them without asking here"
CONFLICT = "Declared a conflict of interest"
TOO_YOUNG = "Under 18: does not take a sensitive case"
# What changes a block: the first two by themselves or with a word, the others only by more than that.
CAN_CHANGE = {"Supervision": "A supervision", "Case load": "A case that ends, or a higher limit"}
CHANGED_BY = {
    "Status": "Activating them",
    "DBS": "A new check",
    "Police vetting": "A new check",
    "Facilitator training": "A course",
    "Safeguards": "Recording it, on their own record",
    **CAN_CHANGE,
}
NOTHING = "Nothing. They cannot see that this case exists"
ANOTHER_PLACE = "Another place on the case"
NOT_YET = "Nothing before they are 18"
ORDER_WORDS = (
    "the level that the case needs first, then the language, who is free at the time, what they would rather not do, who is"
    " nearest, and who has the most room for a case"
)


# What a flag of the case is called where a practitioner says what they would rather not work on.
KINDS: dict[str, CaseKind] = {
    SensitiveKind.DOMESTIC_ABUSE: CaseKind.ABUSE,
    SensitiveKind.COERCIVE_CONTROL: CaseKind.ABUSE,
    SensitiveKind.STALKING: CaseKind.ABUSE,
    SensitiveKind.SEXUAL_OFFENCE: CaseKind.SEXUAL,
    SensitiveKind.CHILD_SEXUAL_EXPLOITATION: CaseKind.SEXUAL,
    SensitiveKind.HATE_CRIME: CaseKind.HATE_CRIME,
    SensitiveKind.BEREAVEMENT: CaseKind.BEREAVEMENT,
    SensitiveKind.CHILD: CaseKind.CHILDREN,
    SensitiveKind.HIGH_RISK: CaseKind.PRISON,
}


class Group(IntEnum):
    READY = 0
    COULD_BE = 1
    CANNOT = 2


class Near(IntEnum):
    """By the postcode district of the venue, and by the local areas that somebody works in, seen from the case's own."""

    NEXT_DOOR = 0
    HERE = 1
    BESIDE = 2
    ELSEWHERE = 3
    NOT_KNOWN = 4


class Free(IntEnum):
    """At the time of the next meeting, as far as they have said."""

    YES = 0
    NOT_SAID = 1
    UNUSUAL = 2
    AWAY = 3
    TAKEN = 4


FREE_WORDS = {
    Free.UNUSUAL: "The meeting is not at one of their usual times",
    Free.AWAY: "Away at the time of the meeting",
    Free.TAKEN: "Has another meeting or visit at that time",
}


class Known(NamedTuple):
    """One practitioner as the desk sorts them. `ready` and `is_sound` (all but supervision and case load) are readiness's."""

    pk: UUID
    name: str
    level: str
    is_adult: bool
    ready: bool
    is_sound: bool
    open_cases: int
    case_limit: int
    has_conflict: bool
    near: Near
    free: Free
    speaks: bool = False
    would_rather_not: bool = False
    travels_so_far: bool = True
    has_account: bool = True  # in which an invitation is read
    lent_by: str = ""  # another area, which has named them for this case

    @property
    def room(self) -> float:
        """How full their hands are: 1 is at the limit."""
        return self.open_cases / self.case_limit if self.case_limit else 1


@dataclass(frozen=True)
class Need:
    """The place, and what is known of when and where. `beside`: the levels of who works on the case already."""

    role: str
    is_sensitive: bool
    beside: tuple[str, ...] = ()
    meets_at: datetime | None = None
    area_name: str = ""
    outward_code: str = ""  # of the venue of the meeting
    languages: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()  # of CaseKind

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def wants_advanced(self) -> bool:
        return self.is_sensitive and Level.ADVANCED not in self.beside

    @property
    def wants_experience(self) -> bool:
        """Somebody at foundation level works beside an experienced facilitator."""
        return self.is_lead or set(self.beside) == {Level.FOUNDATION}


def group_of(one: Known, need: Need) -> Group:
    if one.has_conflict or is_too_young(one.is_adult, need):
        return Group.CANNOT
    if one.ready and one.has_account:
        return Group.READY
    return Group.COULD_BE if one.is_sound else Group.CANNOT


def is_too_young(is_adult: bool, need: Need) -> bool:
    """Whoever is 16 or 17 works beside an adult, never in a sensitive case (domain 2.16.6)."""
    return not is_adult and (need.is_lead or need.is_sensitive)


def travels_so_far(travels: str | None, near: Near, need: Need) -> bool:
    """Whoever has said nothing is asked. Without a venue a postcode district is not known: the local area stands for it."""
    if travels == Travels.DISTRICT:
        return near == Near.NEXT_DOOR or (not need.outward_code and near == Near.HERE)
    return travels != Travels.LOCAL or near != Near.ELSEWHERE


def place_of(one: Known, need: Need) -> tuple[Any, ...]:
    """What the desk sorts a group by."""
    speaks = bool(need.languages) and not one.speaks
    wishes = (one.would_rather_not, not one.travels_so_far)
    return (_level_place(one.level, need), speaks, one.free, *wishes, one.near, one.room, one.name, one.pk)


def _level_place(level: str, need: Need) -> int:
    """0 fits. An Advanced practitioner is kept for the cases that need one: no level above the needed one goes first."""
    if need.wants_advanced:
        return LEVEL_ORDER[Level.ADVANCED] - LEVEL_ORDER[Level(level)]
    return int(need.wants_experience and level == Level.FOUNDATION)


@dataclass
class Reasons:
    """What stands on the desk beside a name."""

    for_them: list[str] = field(default_factory=list)
    to_bear_in_mind: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    would_change: list[str] = field(default_factory=list)


def reasons_of(row: Any, one: Known, need: Need) -> Reasons:
    """`row` of `with_readiness`. Of somebody with a conflict nothing else is said: why is nobody's business."""
    if one.has_conflict:
        return Reasons(blocks=[CONFLICT], would_change=[NOTHING])
    readiness = readiness_of(row)
    stops = {line.words: line.label for line in readiness.lines if line.state == "stop"}
    blocks = blocks_to_assign(row, as_lead=need.is_lead)
    if not row.is_adult and need.is_sensitive and not need.is_lead:  # of a lead it is said already
        blocks.append(TOO_YOUNG)
    would_change = [_changed_by(stops.get(words, ""), need) for words in blocks]
    if not one.has_account:
        blocks, would_change = [*blocks, NO_ACCOUNT], [*would_change, AN_ACCOUNT]
    return Reasons(
        for_them=[*_for_the_place(one, need), *_in_order(readiness)],
        to_bear_in_mind=[*_against_the_place(one, need), *_cautions(readiness, need)],
        blocks=blocks,
        would_change=would_change,
    )


def _changed_by(label: str, need: Need) -> str:
    """What has no line of readiness is that they are under 18."""
    return CHANGED_BY.get(label, NOT_YET if need.is_sensitive else ANOTHER_PLACE)


def _for_the_place(one: Known, need: Need) -> Iterator[str]:
    if one.lent_by:
        yield f"Lent by {one.lent_by} for this case"
    if need.wants_advanced and one.level == Level.ADVANCED:
        yield "Advanced, as a sensitive case needs"
    if one.level == Level.FOUNDATION and not need.is_lead and set(need.beside) - {Level.FOUNDATION}:
        yield "Works beside an experienced facilitator here"
    if one.free == Free.YES:
        yield "Free at the time of the meeting"
    if one.speaks:
        yield f"Speaks {' and '.join(sorted(Language(code).label for code in need.languages))}"
    yield from _nearness(one, need)


def _nearness(one: Known, need: Need) -> Iterator[str]:
    if one.near == Near.NEXT_DOOR:
        yield f"Lives in the postcode district of the venue, {need.outward_code}"
    if one.near == Near.HERE:
        yield f"Works in {need.area_name}"
    if one.near == Near.BESIDE:
        yield f"Works near {need.area_name}"


def _against_the_place(one: Known, need: Need) -> Iterator[str]:
    if need.wants_advanced and one.level != Level.ADVANCED:
        yield "Not Advanced: this case needs an Advanced practitioner beside them"
    if need.languages and not one.speaks:
        yield "Has not said that they speak the language needed"
    if one.would_rather_not:
        yield "Would rather not work on this kind of case"
    if not one.travels_so_far:
        yield "Does not travel that far"
    if one.free in FREE_WORDS:
        yield FREE_WORDS[one.free]
    yield from _distance(one, need)


def _distance(one: Known, need: Need) -> Iterator[str]:
    if one.lent_by:
        yield "Comes from another area: ask how far they travel"
    elif one.near == Near.ELSEWHERE and need.area_name:
        yield f"Works in other parts of the area than {need.area_name}"
    elif one.near == Near.NOT_KNOWN and need.area_name:
        yield "Has not said where they work"


def _in_order(readiness: Any) -> Iterator[str]:
    """What is in date as one line, and the room they have."""
    lasting = [line for line in readiness.lines if line.state == "ok" and line.label in _LASTING]
    if len(lasting) == len(_LASTING):
        yield "Checks, training and supervision are in date"
    else:
        yield from (line.words for line in lasting)
    yield from (line.words for line in readiness.lines if line.state == "ok" and line.label == "Case load")


_LASTING = ("DBS", "Police vetting", "Facilitator training", "Supervision")


def _cautions(readiness: Any, need: Need) -> Iterator[str]:
    """Less what the place itself puts right."""
    for line in readiness.lines:
        beside_somebody = line.label == "Level" and bool(set(need.beside) - {Level.FOUNDATION})
        if line.state == "soon" and not beside_somebody:
            yield line.words
