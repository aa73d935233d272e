"""Everybody who could work on a case, with the reasons for and against: nobody vanishes from the assignment desk."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q

from cases.choices import AssignmentRole
from cases.models import Assignment, Case, Invitation, Participant
from referrals.models import ConflictOfInterest
from rj_service.accounts.models import User
from volunteers import policy as practitioner_policy
from volunteers.choices import Level
from volunteers.models import Practitioner
from volunteers.readiness import readiness_of

CONFLICT = "Declared a conflict of interest"
CAN_CHANGE = {"Supervision": "A supervision", "Case load": "A case that ends, or a higher limit"}
CHANGED_BY = {
    "Status": "Activating them",
    "DBS": "A new check",
    "Police vetting": "A new check",
    "Facilitator training": "A course",
    **CAN_CHANGE,
}


@dataclass
class Candidate:
    practitioner: Practitioner
    name: str
    about: str
    for_them: list[str]
    to_bear_in_mind: list[str]
    blocks: list[str]
    would_change: list[str] = field(default_factory=list)
    invitation: Invitation | None = None


@dataclass
class Candidates:
    ready: list[Candidate]
    could_be: list[Candidate]
    cannot: list[Candidate]


def candidates_for(case: Case, *, role: str, by: User, today: dt.date, sensitive: bool) -> Candidates:
    """Five statements for any number of practitioners."""
    rows = list(Practitioner.objects.visible_to(by).exclude(status="left").with_readiness(today).order_by("pk"))
    in_conflict = _users_in_conflict(case)
    working = set(Assignment.objects.in_force().filter(case=case).values_list("practitioner", flat=True))
    asked = {
        one.practitioner_id: one
        for one in Invitation.objects.filter(case=case)
        .exclude(answer=Invitation.Answer.WITHDRAWN)
        .order_by("invited_at")
    }
    sorted_out = Candidates([], [], [])
    for row in rows:
        if row.pk in working:
            continue
        one = _candidate(row, sensitive=sensitive, as_lead=role == AssignmentRole.LEAD)
        one.invitation = asked.get(row.pk)
        if row.learner.user_id in in_conflict:
            one = Candidate(
                row, one.name, one.about, [], [], [CONFLICT], ["Nothing. They cannot see that this case exists"]
            )
        if one.invitation and one.invitation.answer == Invitation.Answer.REFUSED:
            one.to_bear_in_mind.append("Said no to this case")
        _place(one, sorted_out)
    for group in (sorted_out.ready, sorted_out.could_be, sorted_out.cannot):
        group.sort(key=lambda one: (-LEVELS[one.practitioner.level], one.name))
    return sorted_out


LEVELS = {level: place for place, level in enumerate(Level.values)}


def _users_in_conflict(case: Case) -> set:
    people = Participant.objects.filter(case=case).values("person")
    conflicts = ConflictOfInterest.objects.filter(
        Q(referral=case.referral_id) | Q(person__in=people), lifted_at__isnull=True
    )
    return set(conflicts.values_list("user", flat=True))


def _candidate(row, *, sensitive: bool, as_lead: bool) -> Candidate:
    readiness = readiness_of(row)
    blocks = practitioner_policy.blocks_to_assign(row, as_lead=as_lead)
    if sensitive and not row.is_adult:
        blocks.append("Under 18: does not take a sensitive case")
    mind = list(readiness.cautions)
    if sensitive and row.level != Level.ADVANCED:
        mind.append("Not Advanced: this case needs an Advanced practitioner beside them")
    stops = {line.words: line.label for line in readiness.lines if line.state == "stop"}
    return Candidate(
        practitioner=row,
        name=row.name,
        about=f"{row.get_kind_display()}. {row.get_level_display()}.",
        for_them=[line.words for line in readiness.lines if line.state == "ok" and line.label != "Status"],
        to_bear_in_mind=mind,
        blocks=blocks,
        would_change=[CHANGED_BY.get(stops.get(words, ""), "Another place on the case") for words in blocks],
    )


def _place(one: Candidate, sorted_out: Candidates) -> None:
    if not one.blocks:
        sorted_out.ready.append(one)
    elif all(change in CAN_CHANGE.values() for change in one.would_change):
        sorted_out.could_be.append(one)
    else:
        sorted_out.cannot.append(one)
