"""One area's casework, made by the actions, with a canary in every personal field; and who may know which canary."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from cases import actions as cases
from cases.choices import (
    AssignmentRole,
    AssignmentSides,
    ContactMethod,
    ContactResult,
    Model,
    NotFaceToFaceReason,
    Side,
)
from cases.models import Participant
from referrals import actions as referrals
from referrals.actions.receive import NewPerson, NewReferral
from referrals.choices import CrimeType, Mechanism
from rj_service.accounts.acting import acting_as, choose_membership
from rj_service.accounts.models import ServiceArea, User
from tests.training.factories import CohortFactory, EnrolmentFactory, SessionFactory
from tests.volunteers.factories import AvailabilityFactory, CheckFactory, ready_practitioner

HARMED, RESPONSIBLE, SERVICE = "harmed", "responsible", "service"


@dataclass
class World:
    """`ids`: what an address calls an object -> its id. `canaries`: token -> who it is about (a side, or the service)."""

    ids: dict[str, Any] = field(default_factory=dict)
    canaries: dict[str, str] = field(default_factory=dict)

    def canary(self, about: str, what: str) -> str:
        token = f"Zq{about[:4]}{what}Canary".replace(" ", "")
        self.canaries[token] = about
        return token


def _person(world: World, about: str, **safe) -> NewPerson:
    email = f"{world.canary(about, 'mail')}@example.org".lower()
    world.canaries[email] = about
    return NewPerson(
        first_name=world.canary(about, "first"),
        last_name=world.canary(about, "last"),
        date_of_birth=date(1980, 2, 13),
        communication_needs=world.canary(about, "needs"),
        phone="07700 900142" if about == HARMED else "07700 900271",
        email=email,
        address=f"1 {world.canary(about, 'street')} Road",
        postcode="CB1 1AA",
        **safe,
    )


def build_world(area: ServiceArea, cast: dict[str, User], organisation) -> World:
    """A referral to decide, and a case with both sides: the practitioner of the cast works on its harmed side alone."""
    world, today = World(), timezone.localdate()
    coordinator = cast["coordinator"]
    coordinator.acting = choose_membership(coordinator)
    on_case = ready_practitioner(area, today, user=cast["practitioner"])
    ready_practitioner(area, today, user=cast["off_case_practitioner"])
    world.ids |= {"practitioner": on_case.pk, "learner": on_case.learner_id}
    _train(world, area, on_case, today)
    with acting_as(coordinator):
        world.ids["referral"] = _receive(world, area, organisation, coordinator, today).pk
        case = cases.accept_referral(
            referral=_receive(world, area, organisation, coordinator, today), by=coordinator, today=today
        )
        cases.assign(
            case=case,
            practitioner=on_case,
            role=AssignmentRole.LEAD,
            sides=AssignmentSides.HARMED,
            by=coordinator,
            today=today,
        )
        _work(world, case, coordinator, today)
    coordinator.acting = None
    return world


def _train(world: World, area: ServiceArea, on_case, today: date) -> None:
    """A cohort with the practitioner in it, a check and a time away of theirs."""
    cohort = CohortFactory(service_area=area)
    session = SessionFactory(cohort=cohort, held_on=today - timedelta(days=1))
    enrolment = EnrolmentFactory(cohort=cohort, learner=on_case.learner)
    check = CheckFactory(practitioner=on_case, kind="nppv_3")
    away = {"weekday": None, "starts_at": None, "ends_at": None, "away_from": today, "away_until": today}
    absence = AvailabilityFactory(practitioner=on_case, **away)
    made = {"cohort": cohort, "session": session, "enrolment": enrolment, "check": check, "absence": absence}
    world.ids |= {name: row.pk for name, row in made.items()}


def _receive(world: World, area, organisation, by, today):
    return referrals.receive_referral(
        area=area,
        new=NewReferral(
            received_on=today - timedelta(days=3),
            mechanism=Mechanism.VICTIMS_HUB,
            harmed=_person(world, HARMED, may_phone=True, may_email=True),
            responsible=_person(world, RESPONSIBLE),
            incident={"crime_type": CrimeType.BURGLARY, "location": world.canary(SERVICE, "place")},
            organisation=organisation,
            referrer_name=world.canary(SERVICE, "referrer"),
            consent_method="phone",
            consented_on=today - timedelta(days=3),
            notes=world.canary(SERVICE, "notes"),
        ),
        by=by,
        today=today,
    )


def _work(world: World, case, by, today) -> None:
    people = {one.side: one for one in Participant.objects.filter(case=case)}
    world.ids |= {
        "case": case.pk,
        "participant": people[Side.HARMED].pk,
        "other_participant": people[Side.RESPONSIBLE].pk,
    }
    for side, about in ((Side.HARMED, HARMED), (Side.RESPONSIBLE, RESPONSIBLE)):
        cases.log_contact(
            participant=people[side],
            method=ContactMethod.PHONE,
            result=ContactResult.SPOKE,
            occurred_at=timezone.make_aware(datetime.combine(today - timedelta(days=1), time(10))),
            by=by,
            today=today,
            note=world.canary(about, "contactnote"),
        )
    consent = cases.record_consent(
        participant=people[Side.HARMED], purpose="take_part", method="written", given_on=today, by=by, today=today
    )
    bar = cases.record_legal_bar(
        participant=people[Side.RESPONSIBLE],
        kind="bail",
        authority="Police",
        words=world.canary(RESPONSIBLE, "bar"),
        starts_on=today,
        by=by,
        today=today,
    )
    meeting = cases.plan_intervention(
        case=case,
        model=Model.LETTER_EXCHANGE,
        not_face_to_face_reason=NotFaceToFaceReason.WISH,
        by=by,
        today=today,
    )
    world.ids |= {"consent": consent.pk, "bar": bar.pk, "meeting": meeting.pk}


# What an address's parts are called, by the app that mounts it: the object of the world that stands there.
PARTS: dict[tuple[str, str], str] = {
    ("referrals", "pk"): "referral",
    ("cases", "pk"): "case",
    ("volunteers", "pk"): "practitioner",
    ("training", "pk"): "cohort",
}


def arguments(world: World, namespace: str, parts: list[str], *, absent: bool = False) -> dict[str, Any]:
    """The arguments of an address; every id a fresh one where `absent`."""
    found: dict[str, Any] = {}
    for part in parts:
        known = world.ids.get(PARTS.get((namespace, part), part))
        if part == "side":
            found[part] = "harmed"
        elif part in ("token", "secret"):
            found[part] = "no-such-token"
        elif part in ("kind", "key", "section", "slug"):
            found[part] = world.ids.get(part, "able")
        else:
            found[part] = uuid4() if absent or known is None else known
    return found


def is_id(value: Any) -> bool:
    return isinstance(value, UUID)
