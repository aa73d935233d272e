"""Looking for volunteers, and practice kept up: invented people at every stage."""

from datetime import date, timedelta
from decimal import Decimal

from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.ui.dates import born_by
from volunteers import actions as volunteers
from volunteers.choices import PractitionerKind, SafeguardKind
from volunteers.models import Application, Campaign, Practitioner

PILOTS = ("Newton Aycliffe", "Peterlee", "Chester-le-Street")
# Up to 80 across County Durham and Darlington, the three pilot areas in Durham (seed 002 paragraphs 16 and 19); in
# Cambridgeshire jointly with the Neighbourhood Resolution Panel (seed 003 paragraph 6.4).
WANTED = {"durham": dict.fromkeys((*PILOTS, "Darlington"), 20), "cambridgeshire": {"Cambridge": 8, "Peterborough": 8}}
PANEL = "Cambridge Neighbourhood Resolution Panel"
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


def recruit(*, area: ServiceArea, coordinator: User, manager: User, today: date) -> None:
    """Once: a campaign for each place, applicants at every stage; what practitioners keep up."""
    with acting_as(coordinator) as by:
        if Campaign.objects.exists():
            return
        campaigns = [_campaign(area, place, target, today, by) for place, target in _places(area).items()]
        for campaign in campaigns[:2]:
            volunteers.advertise(campaign=campaign, today=today, by=by)
        for number, (first, last, age, stage) in enumerate(APPLICANTS):
            _applicant(area, campaigns[number % 2], (first, last, age), stage, today, by)
        _practise(today, by)
    with acting_as(manager) as by:
        for application in Application.objects.filter(kind=PractitionerKind.YOUNG):
            common = {"application": application, "given_on": today, "today": today, "by": by}
            volunteers.record_safeguard(kind=SafeguardKind.PARENTAL, name="Carol Tate, mother", **common)
            volunteers.record_safeguard(kind=SafeguardKind.SIGN_OFF, **common)


def _places(area: ServiceArea) -> dict[LocalArea, int]:
    """With how many are wanted in each."""
    around = LocalArea.objects.filter(service_area=area, name="County Durham").first()
    if around is not None:
        for name in PILOTS:
            LocalArea.objects.get_or_create(service_area=area, name=name, defaults={"is_pilot": True, "parent": around})
    wanted = WANTED.get(area.slug, {})
    places = {place.name: place for place in LocalArea.objects.filter(service_area=area)}
    return {places[name]: wanted.get(name, 10) for name in wanted or places}


def _campaign(area: ServiceArea, place: LocalArea, target: int, today: date, by: User) -> Campaign:
    campaign = volunteers.begin_campaign(
        area=area,
        title=f"Community facilitators, {place}",
        kind=PractitionerKind.COMMUNITY,
        target=target,
        local_areas=[place],
        partners=_partners(area, place),
        closes_on=today + timedelta(days=60),
        by=by,
        **PAPERS,
    )
    of_campaign = {"campaign": campaign, "today": today, "by": by}
    given_on = today - timedelta(days=40)
    volunteers.record_campaign_approval(of="hr", approver_name="Moira Lyle", given_on=given_on, **of_campaign)
    if place.name != PILOTS[-1]:
        volunteers.record_campaign_approval(of="union", approver_name="Stan Whitby", given_on=given_on, **of_campaign)
    campaign.refresh_from_db()
    return campaign


def _partners(area: ServiceArea, place: LocalArea) -> list[Organisation]:
    if place.name != "Cambridge":
        return []
    found, _ = Organisation.objects.get_or_create(
        service_area=area, name=PANEL, defaults={"kind": Organisation.Kind.PANEL}
    )
    return [found]


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
