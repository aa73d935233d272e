"""Looking for volunteers, the virtual team and practice kept up: invented people at every stage."""

from datetime import date, timedelta
from decimal import Decimal

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.ui.dates import born_by
from training import actions as training
from volunteers import actions as volunteers
from volunteers.choices import PractitionerKind, SafeguardKind
from volunteers.models import Application, Campaign, Practitioner, Team

PILOTS = ("Newton Aycliffe", "Peterlee", "Chester-le-Street")
WANTED = (27, 27, 26)  # up to 80 in all
PAPERS = {
    "job_description": "You meet people after a crime or a conflict, prepare them for a conversation, and sit with them while "
    "they have it. You work beside somebody experienced, about 4 hours a month, mostly in the evening.",
    "person_specification": "You listen well and take no side. You keep confidences. You can travel in the area. You need no "
    "qualifications: you are trained.",
}
# Name, age, how far they have come.
APPLICANTS = (
    ("Priya", "Shah", 34, "enquiry"),
    ("Callum", "Reed", 45, "applied"),
    ("Molly", "Tate", 16, "interview"),
    ("Desmond", "Oyelaran", 61, "references"),
    ("Ailsa", "Kerr", 29, "taken_on"),
    ("Rhys", "Bowen", 52, "withdrew"),
)
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


def recruit(*, area: ServiceArea, coordinator: User, manager: User, today: date) -> None:
    """Once: a campaign for each pilot area, applicants at every stage, the team of ten; what practitioners keep up."""
    with acting_as(coordinator) as by:
        if Campaign.objects.exists():
            return
        campaigns = [
            _campaign(area, name, wanted, today, by) for name, wanted in zip(_places(area), WANTED, strict=False)
        ]
        for campaign in campaigns[:2]:
            volunteers.advertise(campaign=campaign, today=today, by=by)
        for number, (first, last, age, stage) in enumerate(APPLICANTS):
            _applicant(area, campaigns[number % 2], (first, last, age), stage, today, by)
        _practise(today, by)
        if not Team.objects.exists():
            _team(area, today, by)
    with acting_as(manager) as by:
        for application in Application.objects.filter(kind=PractitionerKind.YOUNG):
            common = {"application": application, "given_on": today, "today": today, "by": by}
            volunteers.record_safeguard(kind=SafeguardKind.PARENTAL, name="Carol Tate, mother", **common)
            volunteers.record_safeguard(kind=SafeguardKind.SIGN_OFF, **common)


def _places(area: ServiceArea) -> list[str]:
    if area.slug != "durham":
        return [str(place) for place in LocalArea.objects.filter(service_area=area)[:2]]
    around = LocalArea.objects.filter(service_area=area, name="County Durham").first()
    for name in PILOTS:
        LocalArea.objects.get_or_create(service_area=area, name=name, defaults={"is_pilot": True, "parent": around})
    return list(PILOTS)


def _campaign(area: ServiceArea, place: str, target: int, today: date, by: User) -> Campaign:
    campaign = volunteers.begin_campaign(
        area=area,
        title=f"Community facilitators, {place}",
        kind=PractitionerKind.COMMUNITY,
        target=target,
        local_areas=LocalArea.objects.filter(service_area=area, name=place),
        closes_on=today + timedelta(days=60),
        by=by,
        **PAPERS,
    )
    of_campaign = {"campaign": campaign, "today": today, "by": by}
    given_on = today - timedelta(days=40)
    volunteers.record_campaign_approval(of="hr", approver_name="Moira Lyle", given_on=given_on, **of_campaign)
    if place != PILOTS[-1]:
        volunteers.record_campaign_approval(of="union", approver_name="Stan Whitby", given_on=given_on, **of_campaign)
    campaign.refresh_from_db()
    return campaign


def _applicant(area, campaign: Campaign, who: tuple[str, str, int], stage: str, today: date, by: User) -> None:
    first, last, age = who
    began = today - timedelta(days=30)
    referees = [
        volunteers.NewReference("Ruth Amos", "ruth.amos@example.org", "employer"),
        volunteers.NewReference("Bill Farrow", "01632 960 204", "neighbour for 10 years"),
    ]
    new = volunteers.NewApplication(
        first_name=first,
        last_name=last,
        received_on=began,
        date_of_birth=born_by(today, age) - timedelta(days=100),
        campaign=None if stage == "enquiry" else campaign,
        email=f"{first}.{last}@example.org".lower(),
        phone="07700 900 318",
        why="I want to help people be heard.",
        heard_from="A poster in the library",
        agreed_on=began,
        references=referees,
    )
    application = volunteers.receive_application(area=area, new=new, today=today, by=by)
    step = {"application": application, "today": today, "by": by}
    if stage in ("interview", "references", "taken_on"):
        words = "Tuesday 6pm in the library, with Sunita and Grace"
        volunteers.arrange_interview(happened_on=began + timedelta(days=6), words=words, **step)
    if stage in ("references", "taken_on"):
        volunteers.pass_interview(happened_on=began + timedelta(days=14), words="Warm, patient, asks well", **step)
        for reference in list(application.references.all())[: 1 if stage == "references" else 2]:
            received = {"received_on": today - timedelta(days=4), "is_satisfactory": True, "today": today}
            volunteers.record_reference(reference=reference, by=by, **received)
    if stage == "taken_on":
        volunteers.take_on(**step)
    if stage == "withdrew":
        volunteers.end_application(status="withdrew", words="A new job", happened_on=today, **step)


def _practise(today: date, by: User) -> None:
    """Most of them registered, some with hours still to find."""
    rows = Practitioner.objects.filter(status="active").exclude(learner__user=by).order_by("learner__last_name", "pk")
    for number, practitioner in enumerate(rows[:8]):
        common = {"practitioner": practitioner, "today": today, "by": by}
        if number % 3:
            on = today - timedelta(days=200)
            until = on + timedelta(days=730)
            volunteers.record_registration(
                level=practitioner.level, number=f"RJC-{number + 101}", registered_on=on, expires_on=until, **common
            )
        for back, hours, title in ((20, 6, "Trauma-informed practice"), (90, 4, "Working with interpreters")):
            done_on = today - timedelta(days=back)
            given = {"title": title, "done_on": done_on, "hours": Decimal(hours), "is_approved": hours == 6}
            volunteers.record_development(**given, **common)
        if number % 2:
            observed_on = today - timedelta(days=60)
            volunteers.record_observation(observed_on=observed_on, observer_name="Sunita Rao", **common)


def _team(area: ServiceArea, today: date, by: User) -> None:
    """Ten places by organisation, two nominees each where there are two, some of them applicants still; one dropped out, one place
    is short."""
    lines, people = [], iter(NAMES)
    for name, kind, number, is_volunteer in TEAM:
        organisation, _ = Organisation.objects.get_or_create(service_area=area, name=name, defaults={"kind": kind})
        lines.append(volunteers.Places(organisation, number, is_volunteer))
    team = volunteers.compose_team(area=area, name="Stockton", lines=lines, by=by)
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
