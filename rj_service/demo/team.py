"""Stockton's virtual team of ten, as seed 001 paragraph 1.5 composes it: places by organisation, at least four of volunteers."""

from datetime import date, timedelta

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from training import actions as training
from volunteers import actions as volunteers
from volunteers.choices import PractitionerKind
from volunteers.models import Practitioner, Team

TEAM = (
    ("Fenside Homes", Organisation.Kind.HOUSING, 2, False),
    ("Council community safety", Organisation.Kind.LOCAL_AUTHORITY, 2, False),
    ("Neighbourhood policing", Organisation.Kind.POLICE, 2, False),
    ("Probation unit", Organisation.Kind.PROBATION, 1, True),
    ("Haven", Organisation.Kind.VOLUNTARY, 1, True),
    ("Neighbourhood enforcement", Organisation.Kind.LOCAL_AUTHORITY, 1, True),
    ("Fire and rescue", Organisation.Kind.FIRE, 1, True),
)
NAMES = (
    "Lena Hobbs, Carl Simm, Amir Qureshi, Joan Petty, Ross Dale, Nadia Flint, Gwen Moss, Peter Lowe, Tina Marsh, Olive Grant,"
    " Ian Craig, Sadia Noor, Beth Lang"
).split(", ")


def show_team(*, area: ServiceArea, by: User, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(by):
        if not Team.objects.exists():
            _team(area, today, by)


def _team(area: ServiceArea, today: date, by: User) -> None:
    """Ten places by organisation, two nominees each where there are two, some of them applicants still; one dropped out, one place
    is short."""
    lines, people = [], iter(NAMES)
    for name, kind, number, is_volunteer in TEAM:
        organisation, _ = Organisation.objects.get_or_create(service_area=area, name=name, defaults={"kind": kind})
        lines.append(volunteers.Places(organisation, number, is_volunteer))
    stockton = LocalArea.objects.filter(service_area=area, name__startswith="Stockton").first()
    team = volunteers.compose_team(area=area, name="Stockton", local_area=stockton, lines=lines, by=by)
    named = {"named_on": today - timedelta(days=20), "today": today, "by": by}
    places = list(
        team.places.select_related("organisation", "team").order_by("is_volunteer", "organisation__name", "number")
    )
    first = [
        volunteers.nominate(place=place, who=_partner(area, place, next(people), today, by), **named)
        for place in places[:9]
    ]
    for place in places[-4:-2]:
        first_name, last_name = next(people).split()
        email = f"{first_name}.{last_name}@example.org".lower()
        new = volunteers.NewApplication(first_name, last_name, today - timedelta(days=20), email=email)
        volunteers.put_forward(place=place, new=new, today=today, by=by)
    for place in places[-2:-1]:
        volunteers.nominate(place=place, who=_partner(area, place, next(people), today, by), **named)
    volunteers.drop_nominee(nominee=first[-1], reason="A new post elsewhere", today=today, by=by)


def _partner(area: ServiceArea, place, name: str, today: date, by: User) -> Practitioner:
    first, last = name.split()
    learner = training.register_learner(
        area=area, first_name=first, last_name=last, email=f"{first}.{last}@example.org".lower(),
        organisation=place.organisation, by=by,
    )  # fmt: skip
    kind = PractitionerKind.PARTNER_NOMINEE if place.is_volunteer else PractitionerKind.PARTNER_STAFF
    return volunteers.register_practitioner(
        learner=learner, kind=kind, organisation=place.organisation, today=today, by=by
    )
