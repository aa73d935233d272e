"""Everybody who could work on a case, with the reasons for and against: nobody vanishes from the assignment desk."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils import timezone

from cases.choices import AssignmentRole
from cases.diaries import taken_in
from cases.matching import Free, Group, Known, Near, Need, Reasons, group_of, place_of, reasons_of
from cases.models import Assignment, Case, Intervention, Invitation, Participant
from referrals.models import ConflictOfInterest
from rj_service.accounts.models import LocalArea, User
from volunteers.models import Availability, Practitioner

SHOWN = {Group.READY: 10, Group.COULD_BE: 5, Group.CANNOT: 25}
MORE = 25
NAMES = {Group.READY: "ready", Group.COULD_BE: "could-be", Group.CANNOT: "cannot"}


@dataclass
class Candidate:
    practitioner: Practitioner
    reasons: Reasons
    invitation: Invitation | None = None

    @property
    def name(self) -> str:
        return self.practitioner.name

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


def need_of(case: Case, *, role: str, is_sensitive: bool, meeting: Intervention | None, beside: Sequence[str]) -> Need:
    return Need(
        role=role,
        is_sensitive=is_sensitive,
        beside=tuple(beside),
        meets_at=meeting.planned_for if meeting else None,
        area_name=case.referral.incident.local_area_name,
    )


def candidates_for(
    case: Case,
    need: Need,
    *,
    by: User,
    today: dt.date,
    meeting: Intervention | None = None,
    group: Group | None = None,
    start: int = 1,
) -> Desk:
    """A constant number of statements for any number of practitioners; words are made for those alone who are shown.
    `group`, `start`: where to go on in one of the groups."""
    sorted_out: dict[Group, list[Known]] = {one: [] for one in Group}
    for one in everybody(case, need, by=by, today=today, meeting=meeting):
        sorted_out[group_of(one, need)].append(one)
    parts = []
    for each, found in sorted_out.items():
        found.sort(key=lambda one: place_of(one, need))
        begin, most = (start, MORE) if each == group else (1, SHOWN[each])
        parts.append(Part(each, len(found), begin, found[begin - 1 : begin - 1 + most]))
    _put_into_words(case, parts, need, today)
    return Desk(*parts)


def everybody(case: Case, need: Need, *, by: User, today: dt.date, meeting: Intervention | None) -> list[Known]:
    """Who has not left and does not work on it already."""
    working = Assignment.objects.in_force().filter(case=case).values("practitioner")
    rows = Practitioner.objects.visible_to(by).exclude(status="left").exclude(pk__in=working).with_readiness(today)
    columns = (
        "pk", "learner__user", "learner__first_name", "learner__last_name", "level", "is_adult", "open_cases",
        "case_limit", "ready", "active", "is_vetted", "trained",
    )  # fmt: skip
    conflicts, here, beside, elsewhere = _users_in_conflict(case), *_near(case)
    found = []
    facts = list(rows.order_by().values_list(*columns))
    times = _times(case, meeting)
    for pk, user, first, last, level, adult, number, limit, ready, active, vetted, trained in facts:
        near = (
            Near.HERE
            if pk in here
            else Near.BESIDE
            if pk in beside
            else Near.ELSEWHERE
            if pk in elsewhere
            else Near.NOT_KNOWN
        )
        sound = active and vetted and trained
        name = f"{first} {last}"
        found.append(
            Known(
                pk,
                name,
                level,
                adult,
                ready,
                sound,
                number,
                limit,
                user in conflicts,
                near,
                times.get(pk, Free.NOT_SAID),
            )
        )
    return found


def _users_in_conflict(case: Case) -> set[UUID]:
    people = Participant.objects.filter(case=case).values("person")
    conflicts = ConflictOfInterest.objects.filter(
        Q(referral=case.referral_id) | Q(person__in=people), lifted_at__isnull=True
    )
    return set(conflicts.values_list("user", flat=True))


def _near(case: Case) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Practitioners of the case's local area or the one around it, of those beside it or inside, and of any other."""
    own = case.local_area_id
    around = own and LocalArea.objects.filter(pk=own).values_list("parent", flat=True).first()
    places = Practitioner.local_areas.through.objects.filter(practitioner__service_area=case.service_area_id)
    here: set[UUID] = set()
    beside: set[UUID] = set()
    elsewhere: set[UUID] = set()
    for who, place, parent in places.values_list("practitioner", "localarea", "localarea__parent"):
        if own and place in (own, around):
            here.add(who)
        elif own and (parent == own or (around and parent == around)):
            beside.add(who)
        else:
            elsewhere.add(who)
    return here, beside, elsewhere


def _times(case: Case, meeting: Intervention | None) -> dict[UUID, Free]:
    """Who is free when the meeting is: by their weekly times, less their times away and what else they have then."""
    if meeting is None or meeting.planned_for is None or meeting.ends_at is None:
        return {}
    begins, ends = timezone.localtime(meeting.planned_for), timezone.localtime(meeting.ends_at)
    times: dict[UUID, Free] = {}
    rows = Availability.objects.filter(practitioner__service_area=case.service_area_id)
    rows = rows.filter(Q(weekday__isnull=False) | Q(away_from__lte=begins.date(), away_until__gte=begins.date()))
    covers = Q(weekday=begins.weekday(), starts_at__lte=begins.time(), ends_at__gte=ends.time())
    said = rows.order_by().values("practitioner").annotate(away=Count("away_from"), free=Count("pk", filter=covers))
    for who, away, free in said.values_list("practitioner", "away", "free"):
        times[who] = Free.AWAY if away else Free.YES if free else Free.UNUSUAL
    for one in taken_in(case.service_area_id, meeting.planned_for):
        if one.of != meeting.pk and one.overlaps(begins, ends):
            times[one.practitioner] = Free.TAKEN
    return times


def _put_into_words(case: Case, parts: Sequence[Part], need: Need, today: dt.date) -> None:
    shown = [one.pk for part in parts for one in part.keys]
    rows: dict[UUID, Any] = Practitioner.objects.filter(pk__in=shown).with_readiness(today).in_bulk()
    invitations = Invitation.objects.filter(case=case, practitioner__in=shown).exclude(
        answer=Invitation.Answer.WITHDRAWN
    )
    asked = {one.practitioner_id: one for one in invitations.order_by("invited_at")}
    for part in parts:
        for known in part.keys:
            one = Candidate(rows[known.pk], reasons_of(rows[known.pk], known, need), asked.get(known.pk))
            if one.invitation and one.invitation.answer == Invitation.Answer.REFUSED and not known.has_conflict:
                one.reasons.to_bear_in_mind.append("Said no to this case")
            part.rows.append(one)


def next_meeting(case: Case, statuses: Collection[str]) -> Intervention | None:
    coming = Intervention.objects.filter(case=case, status__in=statuses, planned_for__isnull=False)
    return coming.order_by("planned_for").first()


def asked_role(query: QueryDict) -> str:
    asked = query.get("role", "")
    return asked if asked in AssignmentRole.values else AssignmentRole.LEAD
