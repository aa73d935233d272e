"""One area's casework, made by the actions, with a canary in every personal field; and who may know which canary."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cases import actions as cases
from cases.choices import (
    ITEMS,
    AssessmentOutcome,
    AssignmentRole,
    AssignmentSides,
    Concern,
    ContactMethod,
    ContactResult,
    Model,
    NotFaceToFaceReason,
    Side,
)
from cases.models import Participant
from referrals import actions as referrals
from referrals.actions import ask_for_import
from referrals.actions.receive import NewPerson, NewReferral
from referrals.choices import CrimeType, Mechanism
from referrals.models import Person, PossibleDuplicate
from reporting import actions as packs
from reporting.choices import Audience
from reporting.models import ReportRun
from reporting.periods import first_of
from rj_service.accounts.acting import acting_as, choose_membership
from rj_service.accounts.models import Invitation, RecoveryRequest, ServiceArea, User
from tests.factories import OrganisationFactory
from tests.training.factories import CohortFactory, CourseFactory, EnrolmentFactory, SessionFactory
from tests.volunteers.factories import AvailabilityFactory, ready_practitioner
from volunteers.models import Practitioner

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
    off_case = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    world.ids |= {"practitioner": on_case.pk, "learner": on_case.learner_id}
    with acting_as(coordinator):
        world.ids["referral"] = _receive(world, area, organisation, coordinator, today).pk
        case = cases.accept_referral(
            referral=_receive(world, area, organisation, coordinator, today), by=coordinator, today=today
        )
        world.ids["assignment"] = cases.assign(
            case=case,
            practitioner=on_case,
            role=AssignmentRole.LEAD,
            sides=AssignmentSides.HARMED,
            by=coordinator,
            today=today,
        ).pk
        _work(world, case, coordinator, today)
        _beside(world, area, case, off_case, coordinator, today)
    _pack(world, area, coordinator)
    _assess(world, cast["practitioner"], today)
    _accounts(world, area, cast)
    coordinator.acting = None
    return world


def _beside(world: World, area, case, off_case, by, today) -> None:
    """An invitation, a survey, an import, a possible duplicate, a cohort, a check and an absence."""
    asked = cases.invite_practitioner(
        case=case,
        practitioner=off_case,
        role=AssignmentRole.CO_FACILITATOR,
        sides=AssignmentSides.RESPONSIBLE,
        answer_by=today + timedelta(days=3),
        by=by,
        today=today,
    )
    harmed = Participant.objects.get(pk=world.ids["participant"])
    cases.record_consent(participant=harmed, purpose="survey", method="phone", given_on=today, by=by, today=today)
    survey, _ = cases.invite_to_survey(participant=harmed, by=by, today=today)
    batch = ask_for_import(area=area, chunks=[b"hub_reference"], file_name="hub.csv", content_type="text/csv", by=by)
    people = list(Person.objects.all()[:2])
    pair = PossibleDuplicate.objects.create(service_area=area, person=people[0], other=people[1], reasons="same_phone")
    cohort = CohortFactory(service_area=area, course=CourseFactory(service_area=area), created_by=by)
    practitioner = Practitioner.objects.get(pk=world.ids["practitioner"])
    session = SessionFactory(cohort=cohort, held_on=today)
    enrolment = EnrolmentFactory(cohort=cohort, learner=practitioner.learner, enrolled_by=by)
    absence = AvailabilityFactory(
        practitioner=practitioner, weekday=None, starts_at=None, ends_at=None, away_from=today, away_until=today
    )
    world.ids |= {
        "invitation": asked.pk,
        "survey_invitation": survey.pk,
        "batch": batch.pk,
        "pair": pair.pk,
        "cohort": cohort.pk,
        "session": session.pk,
        "enrolment": enrolment.pk,
        "check": practitioner.checks.first().pk,
        "absence": absence.pk,
    }


def _assess(world: World, assessor: User, today) -> None:
    """The harmed side: one assessment signed, and the draft of the next."""
    with acting_as(assessor):
        participant = Participant.objects.get(pk=world.ids["participant"])
        draft = cases.start_assessment(participant=participant, by=assessor, today=today)
        words = world.canary(HARMED, "assessment")
        items = {kind: (Concern.MITIGATED, words) for kind in ITEMS[Side.HARMED]}
        cases.save_items(assessment=draft, items=items, by=assessor, today=today)
        cases.sign_assessment(
            assessment=draft,
            outcome=AssessmentOutcome.WITH_CONDITIONS,
            conditions="A supporter comes along",
            able=True,
            willing=True,
            suitable=True,
            by=assessor,
            today=today,
            has_met_person=True,
        )
        cases.start_assessment(participant=participant, by=assessor, today=today)


def _accounts(world: World, area, cast) -> None:
    """An invitation, an organisation to confirm, and somebody who lost a phone."""
    manager = cast["manager"]
    world.ids |= {
        "area": area.pk,
        "member": cast["referrer"].pk,
        "role": cast["referrer"].memberships.get().pk,
        "organisation": OrganisationFactory(service_area=area, name="New partner").pk,
        "recovery": RecoveryRequest.objects.create(user=cast["referrer"]).pk,
        "staff_invitation": Invitation.objects.create(
            email="new@example.org",
            first_name="New",
            last_name="Colleague",
            role="practitioner",
            service_area=area,
            token_digest=b"digest",
            invited_by=manager,
            expires_at=timezone.now() + timedelta(days=7),
        ).pk,
    }


def _pack(world: World, area, by) -> None:
    """Last month's commissioner pack, issued."""
    with acting_as(by):
        month = first_of(timezone.localdate(), -1)
        run = packs.draft_pack(area=area, month=month, audience=Audience.COMMISSIONER, by=by)
    with acting_as(by):
        ReportRun.objects.filter(pk=run.pk).update(state=ReportRun.State.DONE, **packs.count_pack(run))
        packs.issue_pack(run=run, by=by)
        run.refresh_from_db()
        packs.complete_issue(run, packs.make_document(run))
    world.ids["pack"] = run.pk


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
    ("reporting", "pk"): "pack",
    ("operations", "pk"): "batch",
}
WORDS = {("cases", "kind"): "able", ("reporting", "key"): "referrals_received", ("reporting", "kind"): "csv"}
# Where one word stands for two things.
PARTS_OF_ONE: dict[tuple[str, str], str] = {
    ("accounts:person", "pk"): "member",
    ("accounts:give-role", "pk"): "member",
    ("accounts:disable", "pk"): "member",
    ("accounts:end-role", "pk"): "role",
    ("accounts:check-identity", "pk"): "recovery",
    ("accounts:refuse-recovery", "pk"): "recovery",
    ("accounts:withdraw-invitation", "pk"): "staff_invitation",
    ("accounts:confirm-organisation", "pk"): "organisation",
    ("accounts:add-local-area", "pk"): "area",
    ("accounts:add-organisation", "pk"): "area",
    ("cases:survey-answers", "invitation"): "survey_invitation",
    ("cases:permit-legal-bar", "participant"): "other_participant",
}


def arguments(world: World, address: str, parts: list[str], *, absent: bool = False) -> dict[str, Any]:
    """The arguments of an address; every id a fresh one where `absent`."""
    found: dict[str, Any] = {}
    namespace = address.rpartition(":")[0]
    for part in parts:
        known = world.ids.get(PARTS_OF_ONE.get((address, part)) or PARTS.get((namespace, part), part))
        if part == "side":
            found[part] = "harmed"
        elif part in ("token", "secret"):
            found[part] = "no-such-token"
        elif (namespace, part) in WORDS:
            found[part] = WORDS[namespace, part]
        else:
            found[part] = uuid4() if absent or known is None else known
    return found
