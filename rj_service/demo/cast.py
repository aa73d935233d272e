"""The demo's people: two areas, every role, invented names. Made once; a second call changes nothing."""

from dataclasses import dataclass
from datetime import date

from rj_service.accounts.acting import system_user
from rj_service.accounts.actions import set_outward_codes
from rj_service.accounts.models import LocalArea, Membership, Organisation, ServiceArea, User
from rj_service.accounts.roles import Role

SINCE = date(2018, 1, 1)


@dataclass(frozen=True)
class DemoArea:
    slug: str
    name: str
    places: tuple[str, ...]
    postcodes: str
    monthly: int  # referrals a month, about
    outward_codes: str  # as on the page of areas: a star where a part belongs to another service


AREAS = (
    DemoArea(
        "cambridgeshire",
        "Cambridgeshire",
        ("Cambridge", "East Cambridgeshire", "Fenland", "Huntingdonshire", "Peterborough", "South Cambridgeshire"),
        "CB",
        40,
        "CB1 CB2 CB3 CB4 CB5 CB6 CB7 CB8* CB21 CB22 CB23 CB24 CB25 PE1 PE2 PE3 PE4 PE5 PE6* PE7 PE8* PE9* PE13 PE14*"
        " PE15 PE16 PE19 PE26 PE27 PE28 PE29",
    ),
    DemoArea("durham", "Durham", ("County Durham", "Darlington"), "DH", 12, "DH1 DH2* DH3* DH6 DH7 DH8* DH9 DL1 DL5"),
)
# Stockton's virtual team is built here (seeds 000 and 001): no Hub sends referrals yet.
BEGINNING = DemoArea(
    "cleveland",
    "Cleveland",
    ("Hartlepool", "Middlesbrough", "Redcar and Cleveland", "Stockton-on-Tees"),
    "TS",
    0,
    "TS17 TS18 TS19 TS20",
)
ORGANISATIONS = {
    "Victims’ Hub": Organisation.Kind.VICTIMS_HUB,
    "Fenside Homes": Organisation.Kind.HOUSING,
    "Neighbourhood policing": Organisation.Kind.POLICE,
    "Commissioner’s office": Organisation.Kind.OPCC,
    "Youth Justice Service": Organisation.Kind.YOUTH_JUSTICE,
    "Probation unit": Organisation.Kind.PROBATION,
    "Haven": Organisation.Kind.VOLUNTARY,
}


@dataclass(frozen=True)
class Member:
    key: str
    first_name: str
    last_name: str
    role: Role
    area: str | None
    does: str
    organisation: str = ""

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.org".lower()


CAST = (
    Member("coordinator", "Alex", "Morgan", Role.COORDINATOR, "cambridgeshire", "Decides on referrals and runs cases"),
    Member("second_coordinator", "Rosa", "Santos", Role.COORDINATOR, "cambridgeshire", "Shares the desk with Alex"),
    Member("other_coordinator", "Gareth", "Hughes", Role.COORDINATOR, "durham", "Coordinates the other area"),
    Member("supervisor", "Nadia", "Khan", Role.CASE_SUPERVISOR, "cambridgeshire", "Signs off sensitive cases"),
    Member("manager", "Dawn", "Castle", Role.SERVICE_MANAGER, "cambridgeshire", "Runs the service"),
    Member(
        "hub_worker",
        "Priti",
        "Shah",
        Role.HUB_WORKER,
        "cambridgeshire",
        "Refers people who were harmed",
        "Victims’ Hub",
    ),
    Member(
        "referrer",
        "Leah",
        "Grant",
        Role.PARTNER_REFERRER,
        "cambridgeshire",
        "Refers from a housing provider",
        "Fenside Homes",
    ),
    Member("practitioner", "Ffion", "Rees", Role.PRACTITIONER, "cambridgeshire", "Volunteer facilitator, Advanced"),
    Member("second_practitioner", "Joanne", "Walsh", Role.PRACTITIONER, "cambridgeshire", "Volunteer facilitator"),
    Member("other_manager", "Sean", "Murray", Role.SERVICE_MANAGER, "durham", "Runs the other area’s service"),
    Member(
        "beginning_manager", "Bethan", "Marlow", Role.SERVICE_MANAGER, "cleveland", "Builds up Stockton’s virtual team"
    ),
    Member("training_lead", "Ivy", "Mensah", Role.TRAINING_LEAD, "cambridgeshire", "Runs courses and cohorts"),
    Member(
        "opcc",
        "Jo",
        "Ferris",
        Role.OPCC_REVIEWER,
        "cambridgeshire",
        "Reads the published figures",
        "Commissioner’s office",
    ),
    Member("dpo", "Omar", "Whitlock", Role.DATA_PROTECTION_OFFICER, None, "Answers who looked at whom"),
    Member("admin", "Wendy", "Young", Role.SYSTEM_ADMINISTRATOR, None, "Keeps accounts and settings"),
)


def make_cast() -> dict[str, User]:
    """Areas, organisations and people of the demo; returns the users by key."""
    areas = {demo.slug: _area(demo) for demo in (*AREAS, BEGINNING)}
    return {member.key: _user(member, areas) for member in CAST}


def _area(demo: DemoArea) -> ServiceArea:
    area, _ = ServiceArea.objects.get_or_create(
        slug=demo.slug, defaults={"name": demo.name, "police_force": demo.name, "duty_phone": "01632 960018"}
    )
    if not area.outward_codes.exists():
        set_outward_codes(service_area=area, codes=demo.outward_codes.split(), by=system_user("demo"))
    for name in demo.places:
        LocalArea.objects.get_or_create(service_area=area, name=name)
    for name, kind in ORGANISATIONS.items():
        Organisation.objects.get_or_create(service_area=area, name=name, defaults={"kind": kind})
    return area


def _user(member: Member, areas: dict[str, ServiceArea]) -> User:
    user = User.objects.filter(email=member.email).first() or User.objects.create_user(
        member.email, None, first_name=member.first_name, last_name=member.last_name
    )
    area = areas.get(member.area or "")
    organisation = Organisation.objects.filter(service_area=area, name=member.organisation).first() if area else None
    Membership.objects.get_or_create(
        user=user, role=member.role, service_area=area, organisation=organisation, defaults={"started_on": SINCE}
    )
    return user
