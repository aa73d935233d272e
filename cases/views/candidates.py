"""Everybody who could work on a case, with the reasons for and against: nobody vanishes from the assignment desk."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case as Case_
from django.db.models import Count, Q, SmallIntegerField, Value, When
from django.http import QueryDict
from django.utils import timezone

from cases.choices import OTHER_LANGUAGE, AssignmentRole, InterpreterStatus, LoanStatus
from cases.diaries import taken, taken_in
from cases.matching import (
    KINDS,
    NO_ACCOUNT,
    Free,
    Group,
    Known,
    Near,
    Need,
    Reasons,
    group_of,
    place_of,
    reasons_of,
    travels_so_far,
)
from cases.models import Assignment, Case, InterpreterBooking, Intervention, Invitation, Loan, Participant
from referrals.models import ConflictOfInterest, SensitiveFlag
from referrals.working_days import bank_holidays
from rj_service.accounts.models import LocalArea, User
from rj_service.accounts.scoping import row_by_row
from volunteers.models import Availability, Practitioner

SHOWN = {Group.READY: 10, Group.COULD_BE: 5, Group.CANNOT: 25}
MORE = 25
NAMES = {Group.READY: "ready", Group.COULD_BE: "could-be", Group.CANNOT: "cannot"}


@dataclass
class Candidate:
    practitioner: Practitioner
    reasons: Reasons
    invitation: Invitation | None = None
    is_place_taken: bool = False
    loan: Loan | None = None

    @property
    def name(self) -> str:
        return self.practitioner.name

    @property
    def may_be_shown_names(self) -> bool:
        one = self.invitation
        if one is None or one.names_shown_at is not None:
            return False
        return one.answer == one.Answer.ACCEPTED or (one.answer == one.Answer.RESERVE and not self.is_place_taken)

    @property
    def may_be_assigned_unasked(self) -> bool:
        """Nothing stands against it but that no invitation reaches them."""
        return self.reasons.blocks == [NO_ACCOUNT]

    @property
    def about(self) -> str:
        one = self.practitioner
        return f"{one.get_kind_display()}. {one.get_level_display()}."


@dataclass
class Part:
    """Some of a group: from `start` (1 is the first) of `number`."""

    group: Group
    number: int
    start: int
    keys: Sequence[Known]
    rows: list[Candidate] = field(default_factory=list)

    @property
    def name(self) -> str:
        return NAMES[self.group]

    @property
    def end(self) -> int:
        return self.start + len(self.keys) - 1

    @property
    def next(self) -> int | None:
        return self.end + 1 if self.end < self.number else None


@dataclass
class Desk:
    ready: Part
    could_be: Part
    cannot: Part

    @property
    def parts(self) -> tuple[Part, Part, Part]:
        return self.ready, self.could_be, self.cannot


@dataclass(frozen=True)
class Asked:
    """What the desk is narrowed to: rows by `narrow`, and by what is known once they are read."""

    narrow: Callable[[Any], Any] = lambda rows: rows
    words: str = ""
    is_free_then: bool = False

    def fits(self, one: Known) -> bool:
        named = all(word in one.name.casefold() for word in self.words.casefold().split())
        return named and (not self.is_free_then or one.free == Free.YES)


EVERYBODY = Asked()


def need_of(case: Case, *, role: str, meeting: Intervention | None, beside: Sequence[str]) -> Need:
    flags = SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True)
    kinds = set(flags.values_list("kind", flat=True))
    booked = InterpreterBooking.objects.filter(case=case).exclude(status=InterpreterStatus.CANCELLED)
    languages = set(booked.values_list("language", flat=True)) - {OTHER_LANGUAGE}
    postcode = meeting.place.postcode if meeting and meeting.place else ""
    return Need(
        role=role,
        is_sensitive=bool(kinds),
        beside=tuple(beside),
        meets_at=meeting.planned_for if meeting else None,
        area_name=case.referral.incident.local_area_name,
        outward_code=outward_of(postcode),
        languages=frozenset(languages),
        kinds=frozenset(KINDS[kind] for kind in kinds if kind in KINDS),
    )


def outward_of(postcode: str) -> str:
    """PE28 of PE28 5XX, however it is spaced: what is left without the last three signs."""
    return "".join(postcode.split()).upper()[:-3]


def candidates_for(
    case: Case,
    need: Need,
    *,
    by: User,
    today: dt.date,
    meeting: Intervention | None = None,
    group: Group | None = None,
    start: int = 1,
    asked: Asked = EVERYBODY,
) -> Desk:
    """A constant number of statements for any number of practitioners; words are made for those alone who are shown.
    `group`, `start`: where to go on in one of the groups."""
    sorted_out: dict[Group, list[Known]] = {one: [] for one in Group}
    lent = _lent(case, need)
    for one in everybody(case, need, by=by, today=today, meeting=meeting, asked=asked, lent=lent):
        sorted_out[group_of(one, need)].append(one)
    parts = []
    invited = _invitations(case)
    for each, found in sorted_out.items():
        found.sort(key=lambda one: (one.pk not in invited or not invited[one.pk].is_open, place_of(one, need)))
        begin, most = (start, MORE) if each == group else (1, SHOWN[each])
        parts.append(Part(each, len(found), begin, found[begin - 1 : begin - 1 + most]))
    _put_into_words(parts, invited, need, today, lent)
    return Desk(*parts)


def _lent(case: Case, need: Need) -> dict[UUID, Loan]:
    """Whom other areas have named for this place and who have not begun. Nobody else of theirs is known here (ADR 10)."""
    named = Loan.objects.filter(case=case, service_area=case.service_area_id, role=need.role, status=LoanStatus.LENT)
    return {one.practitioner_id: one for one in named.select_related("home") if one.practitioner_id}


def everybody(
    case: Case,
    need: Need,
    *,
    by: User,
    today: dt.date,
    meeting: Intervention | None,
    asked: Asked = EVERYBODY,
    lent: dict[UUID, Loan] | None = None,
) -> list[Known]:
    """Who has not left and does not work on it already; `lent` stand beside them."""
    lent = lent or {}
    working = Assignment.objects.in_force().filter(case=case).values("practitioner")
    own = Practitioner.objects.visible_to(by).exclude(pk__in=working)
    sources = [own, row_by_row(Practitioner).filter(pk__in=lent)] if lent else [own]
    conflicts, places, times = _users_in_conflict(case), _near(case), _times(case, meeting, lent)
    found = [
        _known(
            row,
            need,
            in_conflict=row[1] in conflicts,
            near=places.get(row[0], Near.NOT_KNOWN),
            free=times.get(row[0], Free.NOT_SAID),
            lent_by=lent[row[0]].home.name if row[0] in lent else "",
        )
        for rows in sources
        for row in _columns(asked.narrow(rows.exclude(status="left")), today)
    ]
    return [one for one in found if asked.fits(one)]


def _columns(rows: Any, today: dt.date) -> Any:
    return rows.with_readiness(today).annotate(group=GROUP).order_by().values_list(*COLUMNS)


# What readiness says, asked once of each: whoever is ready is not asked why they are not.
IS_SOUND = Q(active=True, is_vetted=True, trained=True, is_safeguarded=True)
GROUP = Case_(
    When(ready=True, then=Value(Group.READY)),
    When(IS_SOUND, then=Value(Group.COULD_BE)),
    default=Value(Group.CANNOT),
    output_field=SmallIntegerField(),
)
COLUMNS = (
    "pk", "learner__user", "learner__user__is_active", "learner__first_name", "learner__last_name", "level", "is_adult",
    "open_cases", "case_limit", "group", "wishes__outward_code", "wishes__travels", "wishes__languages",
    "wishes__rather_not",
)  # fmt: skip


def _known(row: tuple, need: Need, *, in_conflict: bool, near: Near, free: Free, lent_by: str) -> Known:
    pk, _, has_account, first, last, level, adult, number, limit, group, home, travels, speaks, rather_not = row
    if home and home == need.outward_code:
        near = Near.NEXT_DOOR
    return Known(
        pk=pk,
        name=f"{first} {last}",
        level=level,
        is_adult=adult,
        ready=group == Group.READY,
        is_sound=group <= Group.COULD_BE,
        open_cases=number,
        case_limit=limit,
        has_conflict=in_conflict,
        has_account=bool(has_account),
        near=near,
        free=free,
        speaks=bool(need.languages) and need.languages <= set(speaks or ()),
        would_rather_not=not need.kinds.isdisjoint(rather_not or ()),
        travels_so_far=bool(lent_by) or travels_so_far(travels, near, need),
        lent_by=lent_by,
    )


def _users_in_conflict(case: Case) -> set[UUID]:
    people = Participant.objects.filter(case=case).values("person")
    conflicts = ConflictOfInterest.objects.filter(
        Q(referral=case.referral_id) | Q(person__in=people), lifted_at__isnull=True
    )
    return set(conflicts.values_list("user", flat=True))


def _near(case: Case) -> dict[UUID, Near]:
    """Here are the case's local area and the one around it; beside it are those next to it or inside. The nearest counts."""
    own = case.local_area_id
    around = own and LocalArea.objects.filter(pk=own).values_list("parent", flat=True).first()
    places = Practitioner.local_areas.through.objects.filter(practitioner__service_area=case.service_area_id)
    found: dict[UUID, Near] = {}
    for who, place, parent in places.values_list("practitioner", "localarea", "localarea__parent"):
        near = Near.ELSEWHERE
        if own and place in (own, around):
            near = Near.HERE
        elif own and (parent == own or (around and parent == around)):
            near = Near.BESIDE
        found[who] = min(near, found.get(who, near))
    return found


def _times(case: Case, meeting: Intervention | None, lent: Collection[UUID]) -> dict[UUID, Free]:
    """Who is free when the meeting is: by their weekly times, less their times away and what else they have then. Of
    whoever is lent that alone is asked of their own area."""
    if meeting is None or meeting.planned_for is None or meeting.ends_at is None:
        return {}
    begins, ends = timezone.localtime(meeting.planned_for), timezone.localtime(meeting.ends_at)
    times: dict[UUID, Free] = {}
    whose = Q(practitioner__service_area=case.service_area_id) | Q(practitioner__in=lent)
    rows = row_by_row(Availability).filter(whose if lent else Q(practitioner__service_area=case.service_area_id))
    is_away = Q(away_from__lte=begins.date(), away_until__gte=begins.date())
    rows = rows.filter(Q(weekday__isnull=False) | Q(extra_on=begins.date()) | is_away)
    hours = Q(starts_at__lte=begins.time(), ends_at__gte=ends.time())
    then = Q(extra_on=begins.date())
    if begins.date() not in bank_holidays(begins.year):  # nobody's usual Friday is Christmas Day
        then |= Q(weekday=begins.weekday())
    covers = hours & then
    said = rows.order_by().values("practitioner").annotate(away=Count("away_from"), free=Count("pk", filter=covers))
    for who, away, free in said.values_list("practitioner", "away", "free"):
        times[who] = Free.AWAY if away else Free.YES if free else Free.UNUSUAL
    for one in [*taken_in(case.service_area_id, meeting.planned_for), *taken(lent, [meeting.planned_for])]:
        if one.of != meeting.pk and one.overlaps(begins, ends):
            times[one.practitioner] = Free.TAKEN
    return times


def _invitations(case: Case) -> dict[UUID, Invitation]:
    """The newest of each: open, or a no. One that was withdrawn, or led to a place that ended since, counts no more."""
    answers = [Invitation.Answer.WITHDRAWN, Invitation.Answer.ASSIGNED]
    found = Invitation.objects.filter(case=case).exclude(answer__in=answers).order_by("invited_at")
    return {one.practitioner_id: one for one in found}


def _put_into_words(
    parts: Sequence[Part],
    asked: dict[UUID, Invitation],
    need: Need,
    today: dt.date,
    lent: dict[UUID, Loan],
) -> None:
    shown = [one.pk for part in parts for one in part.keys]
    rows: dict[UUID, Any] = row_by_row(Practitioner).filter(pk__in=shown).with_readiness(today).in_bulk()
    is_taken = any(one.answer == Invitation.Answer.ACCEPTED and one.role == need.role for one in asked.values())
    for part in parts:
        for known in part.keys:
            row, invitation, loan = rows[known.pk], asked.get(known.pk), lent.get(known.pk)
            one = Candidate(row, reasons_of(row, known, need), invitation, is_taken, loan)
            if one.invitation and one.invitation.answer == Invitation.Answer.REFUSED and not known.has_conflict:
                one.reasons.to_bear_in_mind.append("Said no to this case")
            part.rows.append(one)


def next_meeting(case: Case, statuses: Collection[str]) -> Intervention | None:
    coming = Intervention.objects.filter(case=case, status__in=statuses, planned_for__isnull=False).select_related(
        "place"
    )
    return coming.order_by("planned_for").first()


def asked_role(query: QueryDict) -> str:
    asked = query.get("role", "")
    return asked if asked in AssignmentRole.values else AssignmentRole.LEAD
