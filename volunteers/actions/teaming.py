"""A virtual team: its places by organisation, two nominees for each, and the reserve who moves in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.actions import record
from volunteers import events, policy
from volunteers.actions.locking import tell
from volunteers.choices import (
    APPLICATION_ENDS,
    NOMINEE_TRANSITIONS,
    ApplicationStatus,
    NomineeStatus,
    PractitionerStatus,
)
from volunteers.models import Application, Nominee, Practitioner, Team, TeamPlace


@dataclass(frozen=True)
class Places:
    """A line of the composition: so many of an organisation (none: the community), as volunteers or as its staff."""

    organisation: Organisation | None
    number: int
    is_volunteer: bool


@transaction.atomic
def compose_team(
    *,
    area: ServiceArea,
    name: str,
    lines: Sequence[Places],
    size: int = 10,
    fewest_volunteers: int = 4,
    local_area: LocalArea | None = None,
    by: User,
) -> Team:
    """Its places come to its size, with at least so many volunteers among them (seed 001 paragraph 1.5)."""
    if not policy.can_recruit(by, area.pk):
        raise NotAllowed("A coordinator or a service manager can do this.")
    if faults := policy.composition_faults(
        [(line.number, line.is_volunteer) for line in lines], size, fewest_volunteers
    ):
        raise DomainError(faults[0], field="lines")
    if Team.objects.filter(service_area=area, name__iexact=name).exists():
        raise DomainError(f"There is a team with the name {name} already", field="name")
    team = Team.objects.create(
        service_area=area,
        name=name,
        size=size,
        fewest_volunteers=fewest_volunteers,
        local_area=local_area,
        created_by=by,
    )
    TeamPlace.objects.bulk_create(
        TeamPlace(team=team, organisation=line.organisation, is_volunteer=line.is_volunteer, number=number + 1)
        for line in lines
        for number in range(line.number)
    )
    record(events.TEAM_COMPOSED, by=by, on=team, detail={"places": size})
    return team


@transaction.atomic
def nominate(*, place: TeamPlace, who: Practitioner | Application, named_on: date, today: date, by: User) -> Nominee:
    """The first is chosen, the second in reserve. Somebody is named for one place at a time, of whatever team; an applicant
    goes on as one, and keeps the place as a practitioner."""
    place = _locked(place, by)
    if named_on > today:
        raise DomainError("The day must be today or in the past", field="named_on")
    found: Any = type(who).objects.select_for_update(of=("self",)).filter(service_area=place.team.service_area_id)
    who = found.get(pk=who.pk)
    if who.status in (PractitionerStatus.LEFT, ApplicationStatus.TAKEN_ON, *APPLICATION_ENDS):
        raise DomainError(f"{who.name} {_gone(who)}", field="who")
    if place.organisation_id and who.organisation_id != place.organisation_id:
        raise DomainError(f"{who.name} does not come from {place.organisation}", field="who")
    of = {"practitioner" if isinstance(who, Practitioner) else "application": who}
    if Nominee.objects.standing().filter(**of).exists():
        raise StaleState(f"{who.name} is named for a place already", field="who")
    standing = {one.status for one in Nominee.objects.standing().filter(place=place)}
    free = [status for status in (NomineeStatus.CHOSEN, NomineeStatus.RESERVE) if status not in standing]
    if not free:
        raise StaleState("Two are named for this place already: one chosen, one in reserve", field="who")
    nominee = Nominee.objects.create(place=place, status=free[0], named_on=named_on, recorded_by=by, **of)
    record(events.NOMINATED, by=by, on=nominee, area=place.team.service_area_id, detail={"status": free[0]})
    return nominee


def _gone(who: Practitioner | Application) -> str:
    return "has left" if isinstance(who, Practitioner) else "does not apply any more"


@transaction.atomic
def drop_nominee(*, nominee: Nominee, reason: str, today: date, by: User) -> Nominee | None:
    """Out, with why; whoever was in reserve moves in, and is returned."""
    place = _locked(nominee.place, by)
    nominee = Nominee.objects.get(pk=nominee.pk)
    was = nominee.status
    if NomineeStatus.DROPPED_OUT not in NOMINEE_TRANSITIONS[was]:
        raise StaleState("They dropped out already. Nothing was done twice")
    nominee.status, nominee.reason, nominee.ended_on = NomineeStatus.DROPPED_OUT, reason, today
    nominee.save(update_fields=["status", "reason", "ended_on"])
    record(events.NOMINEE_DROPPED, by=by, on=nominee, area=place.team.service_area_id)
    named = place.nominees.select_related("practitioner__learner__user", "application")
    reserve = named.filter(status=NomineeStatus.RESERVE).first()
    if was != NomineeStatus.CHOSEN or reserve is None:
        return None
    reserve.status = NomineeStatus.CHOSEN
    reserve.save(update_fields=["status"])
    record(events.RESERVE_MOVED_IN, by=by, on=reserve, area=place.team.service_area_id)
    if reserve.practitioner is not None:
        tell(reserve.practitioner)
    return reserve


def free_places(who: Practitioner | Application, reason: str, today: date, by: User) -> None:
    """Whoever leaves the service, or does not come to it, leaves their place."""
    named = Q(practitioner=who) if isinstance(who, Practitioner) else Q(application=who, practitioner=None)
    for nominee in Nominee.objects.standing().filter(named).select_related("place"):
        drop_nominee(nominee=nominee, reason=reason, today=today, by=by)


def _locked(place: TeamPlace, by: User) -> TeamPlace:
    found = TeamPlace.objects.select_related("team", "organisation").select_for_update(of=("self",)).get(pk=place.pk)
    if not policy.can_recruit(by, found.team.service_area_id):
        raise NotAllowed("A coordinator or a service manager can do this.")
    return found
