"""A case that is ready for its conference, and ways to spoil it."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cases import actions
from cases.choices import DIRECT_MODELS, ITEMS, AssignmentRole, AssignmentSides, Concern, Model, Side
from cases.models import Assessment, Case, Intervention, Participant, Reopening, Venue
from referrals.actions import NewPerson, NewReferral, receive_referral, take_referral
from referrals.choices import ConsentPurpose
from referrals.models import Referral
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import User
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level
from volunteers.models import Practitioner

HARMED = NewPerson(
    first_name="Maureen", last_name="Okafor", date_of_birth=date(1959, 3, 4), phone="07700 900142", may_phone=True
)
RESPONSIBLE = NewPerson(first_name="Liam", last_name="Hart", date_of_birth=date(1994, 8, 21))


ALONE = actions.AskedAlone(timezone.localdate(), "in_person")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def refer(area, cast, today):
    """`refer()`: a referral of both people, as a coordinator logs it."""

    def make(*, by: User | None = None, **changed) -> Referral:
        return refer_both(area, by or cast["coordinator"], today, **changed)

    return make


@pytest.fixture
def open_case(area, cast, today):
    """`open_case()`: an accepted referral."""
    return lambda **changed: open_one(area, cast["coordinator"], today, **changed)


def refer_both(area, by: User, today: date, *, harmed=HARMED, responsible=RESPONSIBLE, **changed) -> Referral:
    fields = {"received_on": today, "mechanism": "victims_hub", "consent_method": "phone"} | changed
    with acting_as(by):
        new = NewReferral(harmed=harmed, responsible=responsible, **fields)
        return receive_referral(area=area, new=new, by=by, today=today)


def open_one(area, by: User, today: date, **changed) -> Case:
    referral = refer_both(area, by, today, **changed)
    with acting_as(by):
        take_referral(referral=referral, by=by, today=timezone.localdate())
        return actions.accept_referral(referral=referral, by=by, today=today)


@pytest.fixture
def harmed(open_case, area, cast, today) -> Participant:
    """Whom a practitioner works with alone; they may be phoned, and nothing else."""
    case = open_case()
    lead = ready_practitioner(area, today, user=cast["practitioner"])
    with acting_as(cast["coordinator"]) as by:
        actions.assign(
            not_asked="otherwise", case=case, practitioner=lead, role="lead", sides="harmed", by=by, today=today
        )
        return side_of(case, Side.HARMED)


@pytest.fixture
def coordinator(cast, area, today):
    """The coordinator, who is a practitioner too, acting for the time of the test."""
    ready_practitioner(area, today, user=cast["coordinator"], level=Level.ADVANCED)
    with acting_as(cast["coordinator"]) as by:
        yield by


def side_of(case: Case, side: str) -> Participant:
    """Whoever was there first."""
    main = Participant.objects.filter(case=case, side=side, role__in=["person_harmed", "person_responsible"])
    return main.order_by("added_at", "id")[0]


def consent(case: Case, side: str, purpose: str, *, by: User, today: date, method: str = "written"):
    return actions.record_consent(
        participant=side_of(case, side), purpose=purpose, method=method, given_on=today, by=by, today=today
    )


def items(side: str, **concerns: str) -> dict[str, tuple[str, str]]:
    return {kind: (concerns.get(kind, Concern.NONE), "Talked about it") for kind in ITEMS[side]}


def assess(case: Case, side: str, *, by: User, today: date, outcome: str = "suitable", **concerns) -> Assessment:
    draft = actions.start_assessment(participant=side_of(case, side), by=by, today=today)
    found = items(side, **concerns)
    actions.save_items(assessment=draft, items=found, alone=ALONE, responsibility="full", by=by, today=today)
    return actions.sign_assessment(
        assessment=draft,
        outcome=outcome,
        able=True,
        willing=True,
        suitable=outcome != "not_suitable",
        has_met_person=True,
        conditions="A supporter comes too" if outcome == "with_conditions" else "",
        by=by,
        today=today,
    )


def manager_of(case: Case) -> User:
    return User.objects.get(memberships__role="service_manager", memberships__service_area=case.service_area)


@contextmanager
def undone():
    """What happens inside is taken back: one case serves a whole table."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Ready:
    """Everything that the gate asks for is in place; nothing is arranged yet."""

    case: Case
    intervention: Intervention
    lead: Practitioner
    by: User
    today: date
    co: Practitioner | None = None
    people: dict[str, Participant] = field(default_factory=dict)

    @property
    def harmed(self) -> Participant:
        return self.people[Side.HARMED]

    @property
    def responsible(self) -> Participant:
        return self.people[Side.RESPONSIBLE]

    @property
    def tomorrow(self) -> datetime:
        return timezone.now() + timedelta(days=1)

    def schedule(self) -> Intervention:
        return actions.schedule_intervention(
            intervention=self.intervention, planned_for=self.tomorrow, by=self.by, today=self.today
        )

    def begin(self) -> None:
        """It is arranged for now and reconfirmed."""
        known = {"intervention": self.intervention, "by": self.by, "today": self.today}
        actions.schedule_intervention(planned_for=timezone.now(), **known)
        self.reconfirm()

    def reconfirm(self) -> Intervention:
        """Everybody is asked again today and says yes."""
        asked = [self.harmed.pk, self.responsible.pk]
        return actions.reconfirm_intervention(intervention=self.intervention, asked=asked, by=self.by, today=self.today)

    def hold(self, **changed) -> Intervention:
        self.begin()
        fields = {
            "held_on": self.today,
            "attendance": {self.harmed.pk: "came", self.responsible.pk: "came"},
        } | changed
        return actions.hold_intervention(intervention=self.intervention, by=self.by, today=self.today, **fields)

    def look_again(self, side: str | None = None) -> int:
        """Whoever is trained finds that what was re-opened still holds. How many there were."""
        sides = [side] if side else [Side.HARMED, Side.RESPONSIBLE]
        reopened = Reopening.objects.standing().filter(assessment__case=self.case, assessment__side__in=sides)
        found = list(Assessment.objects.standing().filter(pk__in=reopened.values("assessment")))
        for one in found:
            actions.reconfirm_assessment(
                assessment=one, still_holds="Talked about it again", has_met_person=True, by=self.by, today=self.today
            )
        return len(found)

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)


def checked_venue(area, *, by: User, today: date, **changed) -> Venue:
    fields = {"name": "Village hall", "address": "1 Church Street, Sawtry", "entrances": "Front door\nGarden door"}
    venue = actions.keep_venue(area=area, new=actions.NewVenue(**(fields | changed)), by=by)
    return actions.check_venue(venue=venue, is_safe=True, checked_on=today, by=by, today=today)


def plan_whole(case: Case, model: str, *, by: User, today: date) -> Intervention:
    """What is face to face with its venue, a professional in the room, and the sides by two doors."""
    common = {"by": by, "today": today}
    if model not in DIRECT_MODELS:
        return actions.plan_intervention(case=case, model=model, not_face_to_face_reason="wish", **common)
    venue = checked_venue(case.service_area, **common)
    plan = actions.plan_intervention(case=case, model=model, place=venue, **common)
    beside = actions.add_new_participant(
        case=case, role="professional", side=Side.NEITHER, first_name="Prue", last_name="Vale", **common
    )
    doors = {side_of(case, Side.HARMED): "Front door", side_of(case, Side.RESPONSIBLE): "Garden door", beside: ""}
    coming = {one.pk: actions.Arrival("room", time(13, 45), door) for one, door in doors.items()}
    return actions.say_who_comes(intervention=plan, coming=coming, **common)


def prepare(case: Case, lead: Practitioner, *, by: User, today: date, model: str, outcomes: tuple[str, str]) -> Ready:
    """Both consents, both assessments, a lead of both sides and a plan."""
    for side, outcome in zip((Side.HARMED, Side.RESPONSIBLE), outcomes, strict=True):
        consent(case, side, ConsentPurpose.TAKE_PART, by=by, today=today)
        assess(case, side, outcome=outcome, by=by, today=today)
    consent(case, Side.HARMED, ConsentPurpose.APPROACH_OTHER_SIDE, by=by, today=today)
    actions.assign(
        not_asked="otherwise",
        case=case,
        practitioner=lead,
        role=AssignmentRole.LEAD,
        sides=AssignmentSides.BOTH,
        by=by,
        today=today,
    )
    plan = plan_whole(case, model, by=by, today=today)
    people = {side: side_of(case, side) for side in (Side.HARMED, Side.RESPONSIBLE)}
    return Ready(case=case, intervention=plan, lead=lead, by=by, today=today, people=people)


def make_one_ready(
    area,
    cast,
    today: date,
    model: str = Model.FACE_TO_FACE_CONFERENCE,
    outcomes: tuple[str, str] = ("suitable", "suitable"),
    case: Case | None = None,
    **changed,
) -> Ready:
    case = case or open_one(area, cast["coordinator"], today, **changed)
    lead = Practitioner.objects.filter(learner__user=cast["practitioner"]).first() or ready_practitioner(
        area, today, user=cast["practitioner"], level=Level.INTERMEDIATE
    )
    return prepare(case, lead, by=cast["coordinator"], today=today, model=model, outcomes=outcomes)


@pytest.fixture
def make_ready(coordinator, area, cast, today):
    """`make_ready(model=..., outcomes=...)`: a case that is ready, read and written by the coordinator."""
    return lambda *given, **changed: make_one_ready(area, cast, today, *given, **changed)


@pytest.fixture
def ready(make_ready) -> Ready:
    return make_ready()
