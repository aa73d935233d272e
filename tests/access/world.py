"""One area's casework and another's, made by the actions; a canary in every personal field."""

import json
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
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
from cases.models import (
    Assessment,
    Attendance,
    Case,
    Commitment,
    Contact,
    Intervention,
    MoveIn,
    Override,
    Participant,
    Rescheduling,
    Telling,
)
from cases.moving_in import CASES
from referrals import actions as referrals
from referrals.actions.receive import NewPerson, NewReferral
from referrals.choices import CrimeType, Mechanism, NeedCategory, NeedsQuestion, SensitiveKind
from referrals.models import (
    ContactDetails,
    ImportBatch,
    ImportRow,
    ParentalAgreement,
    ParentalResponsibility,
    Person,
    PossibleDuplicate,
    Referral,
    ReferralDraft,
    Task,
)
from reporting import actions as packs
from reporting.choices import Audience
from reporting.models import ReportRun
from reporting.periods import first_of
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import Invitation, KeptForm, RecoveryRequest, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.documents.actions import store_file
from rj_service.lists.models import ExportRun, SavedFilters
from rj_service.lists.searching import keep_search
from rj_service.moving_out.models import Archive
from rj_service.notifications.models import Notification
from rj_service.public_forms.actions import keep_answer
from rj_service.ui.dates import born_by
from tests.access.canaries import Canaries
from tests.cases.earlier_system import as_csv
from tests.cases.earlier_system import row as earlier_row
from tests.documents.pictures import picture
from tests.factories import OrganisationFactory, ServiceAreaFactory, member
from tests.training.factories import (
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    PackageFactory,
    SessionFactory,
)
from tests.volunteers.factories import AvailabilityFactory, ready_practitioner
from training import actions as training
from training.models import Feedback, TrainingPackage
from volunteers import actions as volunteers
from volunteers.choices import Level
from volunteers.mileage import financial_year_of
from volunteers.models import Application, ExpenseClaim, PaymentRun, PeopleMove, Practitioner


@dataclass
class World:
    """Everybody (`cast`), what an address calls an object (`ids`), the same of other things (`of`), and the canaries."""

    cast: dict[str, User]
    ids: dict[str, Any] = field(default_factory=dict)
    of: dict[str, dict[str, Any]] = field(default_factory=dict)
    canaries: Canaries = field(default_factory=Canaries)

    @property
    def person(self) -> Any:
        """The person harmed of the case."""
        return next(pk for pk, thing in self.canaries.things.items() if thing == "case harmed")


def build_world(area: ServiceArea, other_area: ServiceArea, cast: dict[str, User], hub) -> World:
    """Of one area: a referral to decide ("waiting"), a case of two sides ("case"), one closed, one restricted and one with
    somebody whom the coordinator knows ("conflict"), one whose names a volunteer is shown before they are assigned ("asked");
    and a case of the other area ("abroad").

    Of the case's practitioners one works on its harmed side alone, and one, the lead, on both.
    """
    today = timezone.localdate()
    people = {
        **cast,
        "lead": member(Role.PRACTITIONER, area, first_name="Lea", last_name="Fern"),
        "analyst": member(Role.NATIONAL_ANALYST, first_name="Anna", last_name="Lyst"),
    }
    world = World(people)
    world.canaries.things |= {user.pk: who for who, user in people.items()}
    staff = {
        who: ready_practitioner(area, today, user=people[who], level=Level.ADVANCED)
        for who in ("practitioner", "off_case_practitioner", "lead")
    }
    coordinator, manager = people["coordinator"], people["manager"]
    with acting_as(people["hub_worker"]) as hub_worker:
        also = [_person(world, "waiting responsible beside sent")]
        waiting = _receive(world, "waiting", area, hub, hub_worker, today, also_responsible=also)
        world.ids |= {"referral": waiting.pk, "beside": waiting.also_responsible.get().person_id}
        world.canaries.things[world.ids["beside"]] = "waiting responsible"
    _talk(world, waiting, hub_worker, coordinator, today)
    with acting_as(coordinator):
        case = _open(world, "case", area, hub, coordinator, today)
        _staff(world, case, staff, coordinator, people["supervisor"], today)
        _work(world, case, coordinator, today)
        _visits(world, staff, coordinator)
        _notes(world, coordinator, today)
        _reaching(world, coordinator, today)
        _meetings(world, case, coordinator, today)
        _beside(world, area, case, staff, coordinator, people["hub_worker"], today)
        closed = _open(world, "closed", area, hub, coordinator, today)
        note = world.canaries.word("closed both staff", "note")
        cases.close_case(
            case=closed, reason="harmed_chose_not", closed_on=today, by=coordinator, today=today, note=note
        )
        _asked(world, area, staff["off_case_practitioner"], coordinator, today)
        _self_referred(world, area, coordinator, today)
        _waits(world, area, coordinator, today)
        _needs(world, waiting, case.referral, coordinator, today)
    _recruits(world, area, people, today)
    _one_person(world, area, [waiting.person_responsible, closed.referral.person_responsible], people, today)
    _voices(world, area, case.referral, closed.referral, people, today)
    with acting_as(manager):
        restricted = _open(world, "restricted", area, hub, manager, today)
        reason = world.canaries.word("restricted both staff", "reason")
        referrals.restrict(referral=restricted.referral, reason=reason, by=manager)
        world.ids["granted"] = manager.pk
        known = _open(world, "conflict", area, hub, manager, today)
    with acting_as(coordinator):
        reason = world.canaries.word("conflict nobody work", "reason")
        referrals.declare_conflict(user=coordinator, by=coordinator, person=known.referral.person_harmed, reason=reason)
    with acting_as(people["other_coordinator"]) as abroad:
        _open(world, "abroad", other_area, None, abroad, today)
    _moves(world, area, people)
    _between_areas(world, area, other_area, people, today)
    _expenses(world, area, staff["practitioner"], manager, today)
    _directory(world, area, hub, coordinator, today)
    _lending(world, area, other_area, people, today)
    _pack(world, area, coordinator)
    _assess(world, people["practitioner"], today)
    _debrief(world, people["practitioner"], today)
    _people_move(world, area, people, today)
    _reopen(world, people["manager"], people["practitioner"], today)
    _drafts(world, area, hub, people["hub_worker"])
    _accounts(world, area, people)
    _lists(world, area, people["coordinator"], manager)
    arranged = {
        "status": "scheduled",
        "planned_for": timezone.now() + timedelta(days=3),
        "scheduled_at": timezone.now(),
    }
    Intervention._base_manager.filter(pk=world.ids["arranged"]).update(**arranged)  # past whatever stopped the others
    why = {"undone_because": world.canaries.word("moved both work", "why it was taken back")}
    MoveIn._base_manager.filter(pk=world.ids["moved_in"]).update(**why)
    world.canaries.plant()
    going = Referral._base_manager.get(pk=world.of["going"]["referral"])
    Person._base_manager.filter(pk=going.person_harmed_id).update(date_of_birth=None)  # so that their age is asked
    return world


def _asked(world: World, area, asked: Practitioner, by: User, today) -> None:
    """Somebody said yes to one side of a case; its names are laid before them."""
    case, user = _open(world, "asked", area, None, by, today), asked.learner.user
    given = {"role": AssignmentRole.LEAD, "sides": AssignmentSides.RESPONSIBLE, "answer_by": today}
    invitation = cases.invite_practitioner(case=case, practitioner=asked, by=by, today=today, **given)
    with acting_as(user):
        cases.answer_invitation(invitation=invitation, accepted=True, by=user, today=today)
    cases.show_names(invitation=invitation, by=by, today=today)
    world.ids["names_invitation"] = invitation.pk


def _recruits(world: World, area, people, today) -> None:
    """A campaign whose papers are approved by half, and a young applicant whose references are asked for."""

    def word(what: str) -> str:
        return world.canaries.word("applicant work", what)

    with acting_as(people["coordinator"]) as by:
        common = {"today": today, "by": by}
        papers = {"person_specification": "Listens well", "job_description": "Prepares people"}
        campaign = volunteers.begin_campaign(
            area=area, title="Community facilitators", kind="community", target=20, by=by, **papers
        )
        approver = world.canaries.word("campaign work", "approver")
        volunteers.record_campaign_approval(
            campaign=campaign, of="hr", approver_name=approver, given_on=today, **common
        )
        new = volunteers.NewApplication(
            **{name: word(name) for name in ("first_name", "last_name", "postcode", "why", "brings", "adjustments")},
            email=f"{word('email')}@example.org",
            phone=word("phone"),
            heard_from=word("heard_from"),
            received_on=today,
            date_of_birth=born_by(today, 16) - timedelta(days=30),
        )
        application = volunteers.receive_application(area=area, new=new, **common)
        Application.objects.filter(pk=application.pk).update(campaign=campaign, status="applied")
        step = {"happened_on": today, "words": word("words of a step"), **common}
        volunteers.arrange_interview(application=application, **step)
        volunteers.pass_interview(application=application, **step)
        referee = {name: word(f"referee's {name}") for name in ("name", "contact", "known_as")}
        reference = volunteers.name_referee(application=application, by=by, **referee)
        keep_answer(None, "name", {"first_name": [world.canaries.word("unsent nobody work", "unsent name")]})
        parent = {"kind": "parental", "name": word("parent"), "given_on": today}
        volunteers.record_safeguard(application=application, **parent, **common)
        _practises(world, Practitioner.objects.get(pk=world.ids["practitioner"]), by, today)
        pat = Practitioner.objects.get(pk=world.ids["practitioner"])
        one = volunteers.Places(None, 1, True)
        team = volunteers.compose_team(area=area, name="Peterborough", lines=[one], size=1, fewest_volunteers=1, by=by)
        place = team.places.get()
        nominee = volunteers.nominate(place=place, who=pat, named_on=today, **common)
        written = {"heading": world.canaries.word("practitioner pat work", "heading")}
        written["words"] = world.canaries.word("practitioner pat work", "message")
        people = Practitioner.objects.filter(pk=pat.pk)
        volunteers.send_message(area=area, to=people, sent_to="Community volunteers", by=by, **written)
        world.ids |= {"team": team.pk, "place": place.pk, "nominee": nominee.pk}
    world.canaries.things[application.pk] = "applicant"
    world.ids |= {"campaign": campaign.pk, "application": application.pk, "reference": reference.pk}


def _practises(world: World, practitioner: Practitioner, by, today) -> None:
    """Registered, with hours of learning, and observed."""

    def word(what: str) -> str:
        return world.canaries.word("practitioner pat work", what)

    common = {"practitioner": practitioner, "today": today, "by": by}
    volunteers.record_registration(level="advanced", number=word("number"), registered_on=today, **common)
    volunteers.record_development(title=word("title"), done_on=today, hours=2, is_approved=True, **common)
    rest = {
        "kind": "on_leave",
        "because": word("why on leave"),
        "first_day": today,
        "review_on": today + timedelta(days=9),
    }
    volunteers.stand_down(**rest, **common)
    volunteers.change_status(status="active", **common)
    volunteers.record_observation(observed_on=today, observer_name=word("observer"), words=word("observed"), **common)


def _people_move(world: World, area, people, today) -> None:
    """A file that waits for a second person, and one that has moved in."""
    name = world.canaries.word("applicant work", "moved in name")
    rows = {"asked": f"{name},Z,z@example.org", "moved": "Una,Y,y@example.org"}
    asked = {}
    with acting_as(people["manager"]) as by:
        for key, row in rows.items():
            file = BytesIO(f"first_name,last_name,email,kind,status\n{row},Community volunteer,Enquiry\n".encode())
            move = volunteers.try_people(area=area, template="volunteers", file=file, today=today, by=by)
            asked[key] = volunteers.ask_to_move_people(move=move, by=by)
    with acting_as(people["coordinator"]) as by:
        moved = volunteers.answer_people_move(move=asked["moved"], agreed=True, today=today, by=by)
    why = world.canaries.word("applicant work", "why people are taken back")
    PeopleMove._base_manager.filter(pk=moved.pk).update(undone_because=why)
    world.ids |= {"move": asked["asked"].pk, "people_moved": moved.pk}


def _debrief(world: World, user: User, today) -> None:
    with acting_as(user) as by:
        held = Intervention.objects.get(pk=world.ids["held_meeting"])
        words = world.canaries.word("practitioner pat work", "debrief")
        cases.write_debrief(intervention=held, wellbeing="shaken", wants_to_talk=False, words=words, by=by, today=today)


def _expenses(world: World, area, pat: Practitioner, manager: User, today) -> None:
    """One claim waits for a decision, one was sent back, one is in a payment whose file is there; and what they help with."""

    def claim(what: str) -> ExpenseClaim:
        words, user = world.canaries.word("practitioner pat work", what), pat.learner.user
        with acting_as(user):
            given = {"kind": "parking", "amount": Decimal(3), "receipt": picture(), "spent_on": today, "words": words}
            return volunteers.claim_expense(practitioner=pat, today=today, by=user, **given)

    with acting_as(pat.learner.user) as own:
        given = {"worked_on": today, "kind": "case", "minutes": 90, "today": today}
        world.ids["hours"] = volunteers.log_hours(practitioner=pat, by=own, **given).pk
    waits, back, paid = claim("to decide"), claim("sent back"), claim("to pay")
    with acting_as(manager) as by:
        laid = {"year": financial_year_of(today), "name": "Expenses", "stream": "Police", "amount": Decimal(100)}
        line = volunteers.lay_budget_line(area=area, by=by, **laid)
        why = world.canaries.word("practitioner pat work", "why it came back")
        volunteers.send_back_claim(claim=back, because=why, by=by)
        volunteers.approve_claim(claim=paid, line=line, by=by)
        rate = {"first_pence": 45, "after_pence": 25, "first_miles": 10_000, "source": "The board"}
        volunteers.set_mileage_rate(area=area, counts_from=today, by=by, **rate)
        run = volunteers.make_payment(area=area, by=by)
        file = volunteers.write_payment_file(run, by)
        PaymentRun.objects.filter(pk=run.pk).update(state="done", finished_at=timezone.now(), file=file)
        volunteers.say_wishes(practitioner=pat, travels="area", by=by)
    world.ids |= {"claim": waits.pk, "sent_back": back.pk, "payment_run": run.pk, "line": line.pk}


def _directory(world: World, area, organisation, coordinator: User, today) -> None:
    """One entry, which a pathway leads to, and an agreement."""
    with acting_as(coordinator) as by:
        new = referrals.NewProvision(organisation=organisation, offers="Mediation", specialist_in=["stalking"])
        provision = referrals.keep_provision(area=area, new=new, by=by, today=today)
        pathway = referrals.lay_pathway(area=area, route="elsewhere", agency="police", provision=provision, by=by)
        days = {"signed_on": today, "review_on": today + timedelta(days=365)}
        agreement = referrals.record_agreement(
            organisation=organisation, kind="sharing", document_reference="ISA 4", by=by, today=today, **days
        )
        told = {"told_on": today, "crime_type": CrimeType.BURGLARY, "delivered": "panel"}
        work = referrals.record_partner_work(organisation=organisation, by=by, today=today, **told)
    world.ids |= {"work": work.pk, "provision": provision.pk, "pathway": pathway.pk, "sharing": agreement.pk}


def _lending(world: World, area, other_area, people, today) -> None:
    """The other area asks us for a facilitator; it lends us one, who may begin; a third area proposes an arrangement."""

    def words(what: str) -> dict[str, str]:
        return {"words": world.canaries.word("between both work", what)}

    third = ServiceAreaFactory()
    needed = {"role": AssignmentRole.CO_FACILITATOR, "sides": AssignmentSides.HARMED, "today": today}
    user = member(Role.PRACTITIONER, other_area, first_name="Abe")
    abroad = ready_practitioner(other_area, today, user=user, level=Level.ADVANCED)
    with acting_as(member(Role.SERVICE_MANAGER, third)) as by:
        common = {"starts_on": today, "by": by, "today": today}
        common["words"] = "Two a month"
        proposed = cases.propose_arrangement(area=third, other=area, **common)
    with acting_as(member(Role.SERVICE_MANAGER, other_area)) as by:
        common["by"] = by
        arranged = cases.propose_arrangement(area=other_area, other=area, **common)
    with acting_as(people["manager"]) as by:
        cases.agree_arrangement(arrangement=arranged, by=by)
        arranged.refresh_from_db()
    with acting_as(people["coordinator"]) as by:
        case = Case.objects.get(pk=world.ids["case"])
        borrowed = cases.ask_for_facilitator(case=case, arrangement=arranged, by=by, **words("our need"), **needed)
    with acting_as(people["other_coordinator"]) as by:
        cases.name_facilitator(loan=borrowed, practitioner=abroad, by=by, today=today)
        case = Case.objects.get(pk=world.of["abroad"]["case"])
        asked = cases.ask_for_facilitator(case=case, arrangement=arranged, by=by, **words("their need"), **needed)
    world.ids |= {"loan": asked.pk, "borrowed": borrowed.pk, "arrangement": proposed.pk}


def _between_areas(world: World, area, other_area, people, today) -> None:
    """The other area offers one ("offered") and has passed on another ("passed"); ours offers one to them ("going")."""

    def offer(thing: str, from_area, to_area, by):
        referral = _receive(world, thing, from_area, None, by, today)
        words = world.canaries.word("between both work", f"words of {thing}")
        given = {"to_area": to_area, "because": "harmed_there", "words": words}
        return referrals.offer_transfer(referral=referral, by=by, today=today, **given)

    with acting_as(people["other_coordinator"]) as by:
        offered, passed = (offer(thing, other_area, area, by) for thing in ("offered", "passed"))
    with acting_as(people["coordinator"]) as by:
        arrived = referrals.accept_transfer(transfer=passed, by=by, today=today)
        going = offer("going", area, other_area, by)
    world.canaries.things |= {
        arrived.pk: "passed",
        arrived.person_harmed_id: "passed harmed",
        arrived.person_responsible_id: "passed responsible",
    }
    world.ids |= {"transfer": offered.pk, "going": going.pk, "arrived": arrived.pk}


def _person(world: World, about: str, **safe) -> NewPerson:
    def word(what: str) -> str:
        return world.canaries.word(about, what)

    is_organisation = about.startswith("closed harmed")
    name = ["organisation_name"] if is_organisation else ["first_name", "last_name"]
    return NewPerson(
        **{part: word(part) for part in name},
        date_of_birth=world.canaries.birthday(about),
        communication_needs=word("needs"),
        phone=word("phone"),
        email=f"{word('email')}@example.org",
        address=f"1 {word('street')} Road",
        postcode=word("postcode"),
        **safe,
    )


def _self_referred(world: World, area, by, today) -> None:
    """Somebody wrote themselves; who they are is checked, what happened is not. And somebody else has not sent theirs."""
    referral = _receive(world, "self", area, None, by, today, mechanism=Mechanism.VICTIM_SELF)
    words = world.canaries.word("self both work", "check")
    check = {"kind": "identity", "through": "police", "is_confirmed": True, "checked_on": today, "words": words}
    referrals.record_check(referral=referral, by=by, today=today, **check)
    keep_answer(None, "what", {"what": [world.canaries.word("unsent nobody work", "unsent answers")]})
    world.ids["self_referral"] = referral.pk
    own = {"mechanism": Mechanism.OFFENDER_SELF, "initiated_by": "offender", "harmed": NewPerson()}
    world.ids["unnamed"] = _receive(world, "self part", area, None, by, today, **own).pk


def _waits(world: World, area, by, today) -> None:
    """Somebody who wrote themselves waits for a suspect to be identified; they were asked once, and there is news."""

    def word(what: str) -> str:
        return world.canaries.word("self watched both work", what)

    referral = _receive(world, "self watched", area, None, by, today, suspect_identified=False, wish=word("wish"))
    common = {"referral": referral, "by": by, "today": today}
    spoken = referrals.Spoken(how="phone", asked_by=word("who asked"), wish=word("wish since"))
    set_day = {"watched_day": today + timedelta(days=9), "watched_for": word("day")}
    referrals.check_interest(result="spoke", spoken=spoken, **set_day, **common)
    news = referrals.note_trigger(kind="charged", told_by="police", told_on=today, words=word("news"), **common)
    world.ids |= {"watched": referral.pk, "trigger": news.pk}


def _needs(world: World, waiting: Referral, of_case: Referral, by, today) -> None:
    """Of both referrals' people harmed what they need; of the one in the case their conditions; beside the other, as if they
    were a child, who has parental responsibility and what they agreed to."""
    for thing, referral in (("waiting", waiting), ("case", of_case)):
        person = Person.objects.get(pk=referral.person_harmed_id)
        about = {"person": person, "referral": referral, "by": by}

        def word(what: str, thing: str = thing) -> str:
            return world.canaries.word(f"{thing} both needs work", what)

        found = referrals.NeedsFound(
            assessed_on=today,
            level="medium",
            reason=word("reason"),
            answers=dict.fromkeys(NeedsQuestion.values, "no"),
            needs=dict.fromkeys(NeedCategory.values, "some"),
            communication_needs=person.communication_needs,
        )
        referrals.assess_needs(found=found, today=today, **about)
        passed_on = {"category": "health", "organisation": word("who supports"), "referred_on": today}
        support = referrals.offer_support(today=today, **passed_on, **about)
        if referral == of_case:
            said = {name: world.canaries.word("case both conditions work", name) for name in ("physical", "mental")}
            referrals.record_conditions(**said, **about)
            world.of["case"]["support"] = support.pk
        else:
            world.ids["support"] = support.pk
    beside = Person.objects.get(pk=world.ids["beside"])
    referrals.record_childhood(person=beside, referral=waiting, by=by, today=today, in_care="no")
    parental = ParentalResponsibility.objects.create(
        person=beside,
        kind="parent",
        name=world.canaries.word("waiting responsible work", "parent"),
        involved="no",
        recorded_by=by,
    )
    agreed = ParentalAgreement.objects.create(
        parental=parental, referral=waiting, purpose="contact", method="written", given_on=today, recorded_by=by
    )
    world.ids |= {"parental": parental.pk, "agreement": agreed.pk}


def _voices(world: World, area, of_case, of_closed, people, today) -> None:
    """A concern about the case, raised by its practitioner; a complaint about the closed one, in the supervisor's hands, that
    names the coordinator."""

    def word(about: str, what: str) -> str:
        return world.canaries.word(f"{about} both work", what)

    with acting_as(people["practitioner"]) as by:
        concern = referrals.raise_concern(
            area=area, kind="child", words=word("concern", "words"), referral=of_case, by=by, today=today
        )
    with acting_as(people["manager"]) as by:
        told = {"to": "police", "words": word("concern", "told"), "passed_on": today}
        referrals.pass_concern_on(concern=concern, by=by, today=today, **told)
        complaint = referrals.receive_complaint(
            area=area,
            made_by="professional",
            about="delay",
            words=word("complaint", "words"),
            name=word("complaint", "name"),
            reach=word("complaint", "reach"),
            names_worker=people["coordinator"].get_full_name(),
            referral=of_closed,
            by=by,
            today=today,
        )
        referrals.give_complaint(complaint=complaint, handler=people["supervisor"], by=by, today=today)
        referrals.acknowledge_complaint(complaint=complaint, acknowledged_on=today, by=by, today=today)
    _own_page(world, people["coordinator"], today)
    for thing, row in (("concern", concern), ("complaint", complaint)):
        world.ids[thing] = row.pk
        world.canaries.known_by(row.pk, f"{thing} both id")


def _own_page(world: World, coordinator: User, today) -> None:
    """The person harmed of the waiting referral has a link, and asked by it to be reached elsewhere."""
    with acting_as(coordinator) as by:
        waiting = Referral.objects.get(pk=world.ids["referral"])
        common = {"channel": "email", "question": "word", "word": "heron", "by": by, "today": today}
        link, _ = referrals.give_own_link(referral=waiting, person=waiting.person_harmed, **common)
    with referrals.through_own_link(str(link.pk)) as link:
        new = {
            name: world.canaries.word("waiting harmed work", f"new {name}") for name in ("phone", "address", "postcode")
        }
        new["email"] = f"{world.canaries.word('waiting harmed work', 'new email')}@example.org"
        words = world.canaries.word("waiting harmed work", "wish")
        allowed = {"may_phone": True, "may_email": True, "may_text": True}
        referrals.ask_to_be_reached(link=link, allowed=allowed, details=new, words=words, by=system_user("public"))


def _receive(world: World, thing: str, area, organisation, by, today, mechanism=Mechanism.VICTIMS_HUB, **more):
    def word(what: str) -> str:
        return world.canaries.word(f"{thing} both sent", what)

    referral = referrals.receive_referral(
        area=area,
        new=NewReferral(
            received_on=today - timedelta(days=3),
            mechanism=mechanism,
            harmed=more.pop("harmed", None) or _person(world, f"{thing} harmed sent", may_phone=True, may_email=True),
            responsible=_person(world, f"{thing} responsible sent"),
            incident={"crime_type": CrimeType.BURGLARY, "location": word("place"), "crime_reference": word("crime")},
            organisation=organisation,
            referrer_name=word("referrer"),
            referrer_email=f"{word('referrer email')}@example.org",
            consent_method="phone",
            consented_on=today - timedelta(days=3),
            notes=word("notes"),
            flags=[(SensitiveKind.OTHER, word("flag"))] if thing == "waiting" else [],
            **more,
        ),
        by=by,
        today=today,
    )
    _known(world, thing, referral)
    world.of.setdefault(thing, {}).update(
        {name: referral.pk for name in ("referral", "self_referral", "watched", "unnamed")}
    )
    return referral


def _talk(world: World, waiting: Referral, hub_worker: User, coordinator: User, today) -> None:
    """A question and its answer, a change that the referrer asks for; and what the service learns by itself later."""

    def word(what: str) -> str:
        return world.canaries.word("waiting both sent", what)

    with acting_as(coordinator):
        common = {"referral": waiting, "by": coordinator, "today": today}
        referrals.write_message(words=word("question"), is_question=True, **common)
    with acting_as(hub_worker):
        common["by"] = hub_worker
        referrals.write_message(words=word("answer"), **common)
        referrals.change_sent(words={"victim_email": f"{word('new email')}@example.org"}, **common)
        offer = referrals.NewOffer(offered_on=today, channel="phone", answer="not_now")
        referrals.record_offer(new=offer, **common)
    with acting_as(coordinator):
        for model, row, name in (
            (ContactDetails, {"person": waiting.person_harmed}, "address"),
            (Person, {"pk": waiting.person_harmed_id}, "last_name"),
            (Person, {"pk": waiting.person_responsible_id}, "first_name"),
        ):
            learnt = world.canaries.word("waiting both work", f"learnt {name} {model.__name__}")
            model.objects.filter(**row).update(**{name: learnt})


def _moves(world: World, area, people) -> None:
    """A case that moved in from an earlier system ("moved"); and files that were tried out and wait for a second person."""

    def word(about: str, what: str) -> str:
        return world.canaries.word(f"{about} work", what)

    def named(thing: str) -> dict[str, str]:
        sides = {"victim": f"{thing} harmed", "offender": f"{thing} responsible"}
        return {
            f"{side}_{what}": word(about, what)
            for side, about in sides.items()
            for what in ("first_name", "last_name", "phone", "address")
        }

    files = {CASES: as_csv(CASES, earlier_row(CASES, **named("moved")))}
    moved = _tried_out(area, files, people)
    with acting_as(people["coordinator"]) as by:
        cases.answer_move_in(move=moved, agreed=True, by=by)
    with acting_as(people["manager"]) as by:
        for _ in cases.move_rows(move=moved, by=by, today=timezone.localdate()):
            pass
        cases.finish_moving(move=MoveIn.objects.get(pk=moved.pk), by=by)
        undone = world.canaries.word("moved both work", "why it is taken back")
        done = {"state": MoveIn.State.DONE, "finished_at": Now(), "undone_because": undone}
        MoveIn.objects.filter(pk=moved.pk).update(**done)
        referral = Referral.objects.get(earlier_reference="PC-2")
        _known(world, "moved", referral)
        world.canaries.known_by(referral.case.pk, "moved both id")
    files = {CASES: as_csv(CASES, earlier_row(CASES, reference="PC-3", **named("trial")))}
    world.ids |= {"moved_referral": referral.pk, "moved_in": moved.pk, "move_in": _tried_out(area, files, people).pk}


def _tried_out(area, files: dict[str, bytes], people) -> MoveIn:
    """By the manager, who asks for a second person."""
    uploads = {key: cases.Upload(f"{key}.csv", [content]) for key, content in files.items()}
    with acting_as(people["manager"]) as by:
        move = cases.try_move_in(area=area, from_system="Spreadsheets", files=uploads, by=by)
        for _ in cases.read_files(move=move, by=by, today=timezone.localdate()):
            pass
        cases.finish_trying(move=move, by=by)
        MoveIn.objects.filter(pk=move.pk).update(state=MoveIn.State.DONE)
        return cases.ask_to_move_in(move=move, by=by)


def _known(world: World, thing: str, referral: Referral) -> None:
    named = {"harmed": referral.person_harmed_id, "responsible": referral.person_responsible_id}
    sides = {side: key for side, key in named.items() if key}
    world.canaries.things |= {referral.pk: thing, **{key: f"{thing} {side}" for side, key in sides.items()}}
    for side, key in {"both": referral.pk, **sides}.items():
        world.canaries.known_by(key, f"{thing} {side} id")


def _open(world: World, thing: str, area, organisation, by, today):
    referral = _receive(world, thing, area, organisation, by, today)
    case = cases.accept_referral(referral=referral, by=by, today=today)
    people = {one.side: one.pk for one in Participant.objects.filter(case=case)}
    task = Task.objects.filter(referral=referral).order_by("kind")[0]
    world.of[thing] |= {
        "case": case.pk,
        "task": task.pk,
        "participant": people[Side.HARMED],
        "other_participant": people[Side.RESPONSIBLE],
    }
    world.canaries.known_by(case.pk, f"{thing} both id")
    for side, key in people.items():
        world.canaries.known_by(key, f"{thing} {side} id")
    return case


def _staff(world: World, case, staff, by, supervisor, today) -> None:
    world.ids |= {
        **world.of["case"],
        "referral": world.ids["referral"],
        "practitioner": staff["practitioner"].pk,
        "learner": staff["practitioner"].learner_id,
    }
    common = {"case": case, "by": by, "today": today}
    world.ids["assignment"] = cases.assign(
        not_asked="otherwise",
        practitioner=staff["practitioner"],
        role=AssignmentRole.CO_FACILITATOR,
        sides=AssignmentSides.HARMED,
        **common,
    ).pk
    cases.assign(
        not_asked="otherwise",
        practitioner=staff["lead"],
        role=AssignmentRole.LEAD,
        sides=AssignmentSides.BOTH,
        **common,
    )
    cases.set_supervisor(case=case, supervisor=supervisor, by=by, today=today)


def _work(world: World, case, by, today) -> None:
    people = {one.side: one for one in Participant.objects.filter(case=case)}
    for side, person in people.items():
        cases.log_contact(
            participant=person,
            method=ContactMethod.THROUGH_REFERRER,
            result=ContactResult.SPOKE,
            occurred_at=timezone.make_aware(datetime.combine(today - timedelta(days=1), time(10))),
            by=by,
            today=today,
            note=world.canaries.word(f"case {side} work", "contact note"),
            they_began=side == Side.RESPONSIBLE,
        )
    consent = cases.record_consent(
        participant=people[Side.HARMED], purpose="take_part", method="written", given_on=today, by=by, today=today
    )
    bar = cases.record_legal_bar(
        participant=people[Side.RESPONSIBLE],
        kind="bail",
        authority="Police",
        words=world.canaries.word("case responsible work", "bar"),
        starts_on=today,
        by=by,
        today=today,
    )
    world.ids |= {"consent": consent.pk, "bar": bar.pk}


def _visits(world: World, staff, by) -> None:
    """One to come, alone with a reason; one under way that alarmed before and alarms now."""
    harmed, now = Participant.objects.get(pk=world.ids["participant"]), timezone.now()
    common = {"participant": harmed, "visitor": staff["practitioner"], "minutes": 60, "by": by, "now": now}
    why = world.canaries.word("case harmed work", "why alone")
    planned = cases.plan_visit(place="venue", planned_for=now + timedelta(hours=3), alone_because=why, **common)
    there = cases.plan_visit(place="home", planned_for=now, companion=staff["lead"], **common)
    common = {"visit": there, "by": by, "now": now}
    cases.check_in(**common)
    cases.ask_for_help(**common)
    cases.end_alarm(found=world.canaries.word("case harmed work", "what was found"), is_out=False, **common)
    cases.ask_for_help(**common)
    world.ids |= {"visit": planned.pk, "visit_under_way": there.pk}


def _notes(world: World, by, today) -> None:
    """One signed, and a draft that its author alone reads."""
    harmed = Participant.objects.get(pk=world.ids["participant"])
    common = {"participant": harmed, "version": 0, "by": by, "today": today}
    signed = cases.sign_note(words=world.canaries.word("case harmed work", "signed note"), **common)
    cases.sign_note(words=world.canaries.word("case harmed work", "addition"), adds_to=signed, **common)
    draft = cases.save_note(words=world.canaries.word("note coordinator", "draft of a note"), **common)
    contact = Contact.objects.get(participant=harmed)
    world.ids |= {"note": signed.pk, "note_draft": draft.pk, "contact": contact.pk}


def _reaching(world: World, by, today) -> None:
    """Both in prison, the person harmed with a visit asked for and one booked; and interpreters."""
    soon = timezone.now() + timedelta(days=3)
    for key in ("other_participant", "participant"):
        person = Participant.objects.get(pk=world.ids[key])

        def word(what: str, side: str = person.side) -> str:
            return world.canaries.word(f"case {side} work", what)

        common = {"by": by, "today": today}
        stay = cases.record_custody(
            participant=person, prison=word("prison"), prisoner_number=word("prisoner number"), since=today, **common
        )
        asked, booked = (cases.ask_prison(custody=stay, asked_for=soon, **common) for _ in range(2))
        cases.answer_booking(booking=booked, status="booked", reference=word("booking"), **common)
        known = {"participant": person, "needed_for": soon, "agency": word("agency")}
        needed = [
            cases.book_interpreter(language="other", language_words=word("language"), **known, **common)
            for _ in range(2)
        ]
        cases.change_interpreter(
            booking=needed[1], status="confirmed", interpreter=word("interpreter"), knows="nobody", **common
        )
        world.ids |= {"booking": asked.pk, "interpreter": needed[0].pk, "custody": stay.pk}


def _meetings(world: World, case, by, today) -> None:
    """One planned, one held whose agreement is not recorded, one held with its agreement."""

    def plan() -> Intervention:
        words = {name: world.canaries.word("case both work", name) for name in ("venue", "safety_plan")}
        reason = NotFaceToFaceReason.WISH
        common = {"model": Model.LETTER_EXCHANGE, "not_face_to_face_reason": reason, "by": by, "today": today}
        return cases.plan_intervention(case=case, **common, **words)

    planned, held, agreed = plan(), plan(), plan()
    panel = _panel(world, case, by, today)
    _messages(world, planned, by, today)
    world.ids["arranged"] = plan().pk
    # The gate stands between a plan and what was held; tests/cases plays it.
    Intervention.objects.filter(pk__in=[held.pk, agreed.pk]).update(
        status="held", held_on=today, held_recorded_by=by, held_recorded_at=timezone.now(), model_delivered=F("model")
    )
    for one in Participant.objects.filter(case=case):
        Attendance.objects.create(intervention=agreed, participant=one, way="room", presence="came")
    new = [
        cases.NewCommitment(
            kind="explanation",
            words=world.canaries.word(f"case {one.side} work", "commitment"),
            responsible=one,
            due_on=today,
            amount=40,
        )
        for one in Participant.objects.filter(case=case)
    ]
    agreed.refresh_from_db()
    agreement = cases.record_agreement(intervention=agreed, agreed_on=today, commitments=new, by=by, today=today)
    for one in Commitment.objects.filter(agreement=agreement).select_related("responsible"):
        _keep_account(world, one, by, today)
    harmed = Commitment.objects.get(responsible=world.ids["participant"], status="agreed")
    overridden = Override.objects.create(
        intervention=planned,
        key="place",
        planned_for=timezone.now() + timedelta(days=2),
        because="staff",
        words=world.canaries.word("case both work", "what is done instead"),
        overridden_on=today,
        overridden_by=by,
    )
    world.ids |= {
        "meeting": planned.pk,
        "override": overridden.pk,
        "panel": panel.pk,
        "held_meeting": held.pk,
        "outcome_agreement": agreement.pk,
        "commitment": harmed.pk,
        "payment": harmed.payments.get().pk,
        "evidence": harmed.evidence.get().pk,
    }
    for side in ("responsible", "harmed"):
        words = world.canaries.word(f"case {side} work", "document")
        kept = cases.keep_document(
            case=case, side=side, kind="letter", words=words, content=picture(), by=by, today=today
        )
        world.ids["document"] = kept.pk
    _tell(world, agreement, by, today)


def _tell(world: World, agreement, by, today) -> None:
    """Each named to the other side, one commitment kept and to be told, progress promised and told once."""
    people = {one.side: one for one in Participant.objects.filter(case=agreement.case)}
    common = {"by": by, "today": today}
    for side, one in people.items():
        cases.agree_name(participant=one, shown_as=world.canaries.word(f"case {side} work", "shown as"), **common)
        cases.record_signature(agreement=agreement, participant=one, signed_on=today, how="in_person", **common)
    theirs = Commitment.objects.get(agreement=agreement, responsible=people[Side.RESPONSIBLE], status="agreed")
    kept = world.canaries.word("case responsible work", "how it was kept")
    cases.set_commitment_status(commitment=theirs, status="not_completed", words=kept, **common)
    promise = cases.make_promise(
        hears=people[Side.HARMED],
        about=people[Side.RESPONSIBLE],
        kind="other",
        words=world.canaries.word("case harmed work", "promise"),
        channel="in_person",
        often="monthly",
        next_on=today,
        until=today + timedelta(days=365),
        **common,
    )
    cases.agree_to_promise(promise=promise, given_on=today, method="in_person", **common)
    ids = {"telling": Telling.objects.get(commitment=theirs).pk, "promise": promise.pk}
    Telling.objects.create(
        participant=people[Side.HARMED],
        promise=promise,
        due_on=today,
        told_on=today,
        told_by=by,
        channel="in_person",
        words=world.canaries.word("case harmed work", "what was told"),
    )
    world.ids |= ids


def _keep_account(world: World, commitment: Commitment, by, today) -> None:
    """Changed by agreement, paid in part, and shown."""

    def word(what: str) -> str:
        return world.canaries.word(f"case {commitment.responsible.side} work", what)

    common = {"by": by, "today": today}
    changed = {"words": word("commitment since"), "because": word("why it changed"), "amount": 50}
    commitment = cases.vary_commitment(commitment=commitment, due_on=today, **changed, **common)
    paid = {"paid_on": today, "amount": Decimal(5), "way": "cash", "receipt": word("receipt")}
    cases.record_payment(commitment=commitment, **paid, **common)
    shown = {"words": word("evidence"), "content": picture()}
    cases.keep_evidence(commitment=commitment, shown_on=today, **shown, **common)


def _panel(world: World, case, by, today) -> Intervention:
    """Planned in a venue, with who comes and who sits on it; it has moved once."""
    word = world.canaries.word
    new = cases.NewVenue(name="Village hall", address="1 Church Street, Sawtry", entrances="Front door\nGarden door")
    venue = cases.keep_venue(area=case.service_area, new=new, by=by)
    panel = cases.plan_intervention(case=case, model=Model.NJP_PANEL, place=venue, by=by, today=today)
    coming = {
        one.pk: cases.Arrival("room", time(14), word(f"case {one.side} work", "door"))
        for one in Participant.objects.filter(case=case)
    }
    cases.say_who_comes(intervention=panel, coming=coming, by=by, today=today)
    member = Practitioner.objects.get(learner__user=world.cast["off_case_practitioner"])
    cases.name_panel(intervention=panel, members=[member], by=by, today=today)
    Rescheduling.objects.create(
        intervention=panel, became="postponed", asked_by="harmed", why=word("case both work", "why"), recorded_by=by
    )
    world.ids["venue"] = venue.pk
    return panel


def _messages(world: World, intervention: Intervention, by, today) -> None:
    """One of each side, not permitted yet."""
    people = {one.side: one for one in Participant.objects.filter(case=intervention.case)}
    for side, other in ((Side.HARMED, Side.RESPONSIBLE), (Side.RESPONSIBLE, Side.HARMED)):
        between = {"author": people[side], "recipient": people[other], "kind": "letter"}
        words = world.canaries.word(f"case {side} work", "letter")
        common = {"intervention": intervention, "by": by, "today": today}
        message = cases.write_message(words=words, pages=[picture()], **between, **common)
        if side == Side.HARMED:
            world.ids["message"] = message.pk
        else:
            world.canaries.known_by(message.pk, "case responsible id")


def _beside(world: World, area, case, staff, by, hub_worker, today) -> None:
    """An invitation, surveys, an import, a change to decide, a possible duplicate, a task, a cohort, a check, an absence."""
    asked = cases.invite_practitioner(
        case=case,
        practitioner=staff["off_case_practitioner"],
        role=AssignmentRole.CO_FACILITATOR,
        sides=AssignmentSides.RESPONSIBLE,
        answer_by=today + timedelta(days=3),
        by=by,
        today=today,
    )
    harmed = Participant.objects.get(pk=world.ids["participant"])
    cases.record_consent(participant=harmed, purpose="survey", method="phone", given_on=today, by=by, today=today)
    survey, _ = cases.invite_to_survey(channel="in_person", participant=harmed, by=by, today=today)
    answered, _ = cases.invite_to_survey(channel="in_person", participant=harmed, by=by, today=today)
    cases.record_survey_answers(
        invitation=answered,
        overall="satisfied",
        received_on=today,
        words=world.canaries.word("case harmed work", "survey words"),
        by=by,
        today=today,
    )
    world.ids |= {"invitation": asked.pk, "survey_invitation": survey.pk, "batch": _import(world, area, hub_worker)}
    waiting = Referral.objects.get(pk=world.ids["referral"])
    world.ids["asked"] = _ask_agency(world, waiting, "waiting", by, today)
    world.of["case"]["asked"] = _ask_agency(world, case.referral, "case", by, today)
    words = [world.canaries.word(f"waiting harmed {kind}", f"{kind} address") for kind in ("work", "sent")]
    referrals.propose_changes(
        referral=waiting,
        import_row=ImportRow.objects.filter(batch=world.ids["batch"]).first(),
        changes={"victim_address": tuple(words)},
        by=by,
    )
    one, other = sorted([waiting.person_harmed, case.referral.person_harmed], key=lambda person: person.pk)
    pair = PossibleDuplicate.objects.create(service_area=area, person=one, other=other, reasons="same_phone")
    words = world.canaries.word("case both work", "task")
    task = {"case": case, "due_on": today, "to": world.cast["lead"], "by": by, "today": today}
    cover = member(Role.COORDINATOR, area, first_name="Cora", last_name="Stand")
    ahead = {"away_from": today + timedelta(days=30), "away_until": today + timedelta(days=40)}
    away = cases.record_absence(area=area, user=by, covered_by=cover, by=by, today=today, **ahead)
    world.ids["away"] = away.pk
    world.ids |= {"task": cases.add_task(words=words, **task).pk, "colleague": by.pk}
    _training(world, area, staff["practitioner"], by, today)
    world.ids["pair"] = pair.pk


def _one_person(world: World, area, people: list[Person], users: dict[str, User], today) -> None:
    """Responsible in two referrals, under two records that were joined; and two more that wait for a second person."""

    def propose(people: list[Person], keep: dict[str, str], by: User):
        one, other = sorted(people, key=lambda person: person.pk)
        pair = PossibleDuplicate.objects.create(
            service_area=area, person=one, other=other, reasons="same_date_of_birth"
        )
        why = world.canaries.word("closed both staff", f"why {keep}")
        return cases.propose_merge(pair=pair, reason=why, keep=keep, by=by, today=today)

    with acting_as(users["coordinator"]) as by:
        merge = propose(people, {"communication_needs": "one"}, by)
    with acting_as(users["manager"]) as by:
        cases.confirm_merge(merge=merge, by=by, today=today)
    with acting_as(users["coordinator"]) as by:
        unlike = Referral.objects.get(pk=world.ids["self_referral"])
        of_case = Referral.objects.get(pk=world.of["case"]["referral"])
        proposed = propose([unlike.person_responsible, of_case.person_responsible], {}, by)
    world.ids |= {"merge": merge.pk, "joined": merge.one_id}
    world.of["proposed"] = {"merge": proposed.pk}


def _ask_agency(world: World, referral: Referral, thing: str, by, today):
    def word(what: str) -> str:
        return world.canaries.word(f"{thing} both staff", what)

    asked = referrals.ask_agency(
        referral=referral,
        person=referral.person_harmed,
        recipient=referrals.Recipient(
            "officer", "Neighbourhood team", word("officer"), f"{word('mailbox')}@example.org"
        ),
        asked_for=["risk"],
        words=word("request"),
        by=by,
        today=today,
    )
    return asked.pk


def _import(world: World, area, hub_worker):
    """A Hub worker's file, with a row refused: it comes back to them, encrypted."""
    with acting_as(hub_worker):
        batch = referrals.ask_for_import(
            area=area, chunks=[b"hub_reference"], file_name="hub.csv", content_type="text/csv", by=hub_worker
        )
        ImportRow.objects.create(
            batch=batch,
            service_area=area,
            line=2,
            outcome="refused",
            reasons=["A date is missing"],
            raw=json.dumps({"victim_last_name": world.canaries.word("import both sent", "refused row")}),
        )
        referrals.finish_import(batch=batch, by=hub_worker)
        ImportRow.objects.create(batch=batch, service_area=area, line=3, outcome="changed", raw="{}")
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportBatch.State.DONE)
    return batch.pk


def _training(world: World, area, practitioner, by, today) -> None:
    package = PackageFactory(service_area=area, created_by=by)
    learns = {"by": by, "today": today}
    known = {name: world.canaries.word("training both work", name) for name in ("contact", "who", "trainers")}
    TrainingPackage._base_manager.filter(pk=package.pk).update(contact=known["contact"])
    step = training.add_step(package=package, words="Negotiate dates", who=known["who"], due_on=today, by=by)
    course = CourseFactory(service_area=area)
    cohort = CohortFactory(service_area=area, course=course, package=package, trainers=known["trainers"], created_by=by)
    session = SessionFactory(cohort=cohort, held_on=today)
    enrolment = EnrolmentFactory(cohort=cohort, learner=LearnerFactory(service_area=area), enrolled_by=by)
    elsewhere = {"name": "Mediation", "provider": "Elsewhere", "ended_on": today, **learns}
    unseen = training.record_other_training(learner=enrolment.learner, **elsewhere)
    feedback = Feedback.objects.create(enrolment=enrolment, asked_by=by, answered_at=timezone.now(), words="Good")
    own = EnrolmentFactory(cohort=cohort, learner=practitioner.learner, enrolled_by=by)
    offered = CohortFactory(service_area=area, course=course, created_by=by)
    SessionFactory(cohort=offered, held_on=today + timedelta(days=40))
    Feedback.objects.create(enrolment=own, asked_by=by)
    absence = AvailabilityFactory(
        practitioner=practitioner, weekday=None, starts_at=None, ends_at=None, away_from=today, away_until=today
    )
    world.ids |= {
        "feedback": feedback.pk,
        "own_enrolment": own.pk,
        "offered": offered.pk,
        "award": practitioner.learner.awards.first().pk,
        "package": package.pk,
        "step": step.pk,
        "course": course.pk,
        "cohort": cohort.pk,
        "session": session.pk,
        "enrolment": enrolment.pk,
        "newcomer": enrolment.learner_id,
        "training": unseen.pk,
        "check": practitioner.checks.first().pk,
        "absence": absence.pk,
    }


def _assess(world: World, assessor: User, today) -> None:
    """The harmed side: one assessment signed, and the draft of the next."""
    with acting_as(assessor):
        participant = Participant.objects.get(pk=world.ids["participant"])
        draft = cases.start_assessment(participant=participant, by=assessor, today=today)
        words = world.canaries.word("case harmed work", "assessment")
        items = {kind: (Concern.MITIGATED, words) for kind in ITEMS[Side.HARMED]}
        alone = cases.AskedAlone(today, "in_person")
        cases.save_items(assessment=draft, items=items, alone=alone, by=assessor, today=today)
        cases.sign_assessment(
            assessment=draft,
            outcome=AssessmentOutcome.WITH_CONDITIONS,
            conditions=world.canaries.word("case harmed work", "conditions"),
            able=True,
            willing=True,
            suitable=True,
            by=assessor,
            today=today,
            has_met_person=True,
        )
        cases.start_assessment(participant=participant, by=assessor, today=today)
        world.ids["condition"] = draft.condition_rows.get().pk
        said = {name: world.canaries.word("case harmed work", name) for name in ("done_by", "words", "pressure_words")}
        check = {"kind": "idva", "done_on": today, "wish_is_their_own": True, **said}
        cases.record_abuse_check(participant=participant, by=assessor, today=today, **check)


def _reopen(world: World, manager: User, assessor: User, today) -> None:
    """What was signed was looked at again once, and is to be looked at once more."""
    signed = Assessment._base_manager.get(participant=world.ids["participant"], signed_at__isnull=False)
    for is_last in (False, True):
        with acting_as(manager):
            why = world.canaries.word("case harmed work", "why to look again")
            cases.reopen_assessment(assessment=signed, words=why, by=manager, today=today)
        if not is_last:
            with acting_as(assessor):
                holds = world.canaries.word("case harmed work", "why it still holds")
                known = {"has_met_person": True, "by": assessor, "today": today}
                cases.reconfirm_assessment(assessment=signed, still_holds=holds, **known)


def _drafts(world: World, area, hub, by: User) -> None:
    """Of the Hub worker: a referral that is being written, and one that was sent."""
    typed = {name: [world.canaries.word("draft harmed work", name)] for name in ("first_name", "last_name")}
    with acting_as(by):
        written = referrals.save_draft(pk=uuid4(), area=area, page="harmed", typed=typed, version=0, by=by)
        sent = ReferralDraft.objects.create(
            service_area=area, organisation=hub, user=by, content="{}", sent_as_id=world.ids["referral"]
        )
    world.ids |= {"written": written.pk, "sent": sent.pk}


def _lists(world: World, area, by: User, manager: User) -> None:
    """Saved filters; a file of a list that waits for a second person, and one that is there; the same of archives."""
    own = {"membership": by.memberships.get(), "list": "referrals:list"}
    asked = own | {"service_area": area, "asked_by_id": by.pk, "format": "csv", "reason": "The steering group"}
    words = world.canaries.word("kept here coordinator work", "the words of a search")
    with acting_as(by):
        search = keep_search(words=words, by=by)
        file = store_file([b"Reference"], kind="list", content_type="text/csv", by=by)
        archive = store_file([b"PK"], kind="archive", content_type="application/zip", by=by)
    out = {
        "service_area": area,
        "membership": manager.memberships.get(),
        "asked_by_id": manager.pk,
        "reason": "We leave",
    }
    done = {"state": "done", "finished_at": timezone.now(), "answered_at": timezone.now(), "file": archive}
    world.ids |= {
        "archive": Archive.objects.create(**out).pk,
        "made_archive": Archive.objects.create(**out, **done).pk,
        "search": search.pk,
        "saved_filters": SavedFilters.objects.create(name="Mine", query="taken=me", **own).pk,
        "waiting_file": ExportRun.objects.create(needs_agreement=True, **asked).pk,
        "list_file": ExportRun.objects.create(state="done", finished_at=timezone.now(), file=file, **asked).pk,
    }


def _accounts(world: World, area, cast) -> None:
    """An invitation, an organisation to confirm, somebody who lost a phone, and words kept from a session that ended."""
    world.canaries.things |= {user.pk: f"here {who}" for who, user in cast.items()}
    world.canaries.things[cast["other_coordinator"].pk] = "abroad other_coordinator"
    for user in User.objects.filter(kind=User.Kind.PERSON):
        world.canaries.address(user.email, f"{world.canaries.whose(user)} work")
    words = world.canaries.word("kept here coordinator work", "kept words")
    KeptForm.objects.create(
        user=cast["coordinator"], path=reverse("referrals:create"), content=json.dumps({"notes": [words]})
    )
    world.ids |= {
        "area": area.pk,
        "member": cast["referrer"].pk,
        "role": cast["referrer"].memberships.get().pk,
        "notification": Notification.objects.filter(user=cast["coordinator"]).first().pk,
        "organisation": OrganisationFactory(service_area=area, name="New partner").pk,
        "recovery": RecoveryRequest.objects.create(user=cast["referrer"]).pk,
        "staff_invitation": Invitation.objects.create(
            email=f"{world.canaries.word('account here invited work', 'email')}@example.org",
            first_name="New",
            last_name="Colleague",
            role="practitioner",
            service_area=area,
            token_digest=b"digest",
            invited_by=cast["manager"],
            expires_at=timezone.now() + timedelta(days=7),
        ).pk,
    }


def _pack(world: World, area, by) -> None:
    """Last month's commissioner pack, issued; and the draft of the month before."""
    with acting_as(by):
        last, before = (
            packs.draft_pack(
                area=area, month=first_of(timezone.localdate(), -ago), audience=Audience.COMMISSIONER, by=by
            )
            for ago in (1, 2)
        )
    with acting_as(by):
        ReportRun.objects.filter(pk__in=[last.pk, before.pk]).update(
            state=ReportRun.State.DONE, **packs.count_pack(last)
        )
        packs.issue_pack(run=last, by=by)
        last.refresh_from_db()
        packs.complete_issue(last, packs.make_document(last))
    world.ids |= {"pack": last.pk, "draft": before.pk}


# What an address's parts are called, by the app that mounts it: the object of the world that stands there.
PARTS: dict[tuple[str, str], str] = {
    ("referrals", "pk"): "referral",
    ("referrals", "draft"): "written",
    ("cases", "pk"): "case",
    ("volunteers", "pk"): "practitioner",
    ("training", "pk"): "cohort",
    ("reporting", "pk"): "pack",
    ("operations", "pk"): "batch",
}
WORDS = {
    ("", "step"): "reach",
    ("volunteer-question", "step"): "born",
    ("volunteers", "template"): "volunteers",
    ("cases", "kind"): "able",
    ("training", "kind"): "impact",
    ("cases", "template"): "cases",
    ("cases", "file_type"): "csv",
    ("volunteers", "file_type"): "csv",
    ("referrals", "page"): "harmed",
    ("lists", "list"): "referrals:list",
    ("referrals", "agency"): "officer",
    ("reporting", "key"): "referrals_received",
    ("reporting:not-known", "key"): "referrals_by_crime_type",
    ("reporting", "kind"): "csv",
}
# Where one word stands for two things.
PARTS_OF_ONE: dict[tuple[str, str], str] = {
    ("accounts:person", "pk"): "member",
    ("training:own-feedback", "enrolment"): "own_enrolment",
    ("training:give-up", "enrolment"): "own_enrolment",
    ("training:ask-for-place", "pk"): "offered",
    ("training:enrol-learner", "pk"): "offered",
    ("cases:end-absence", "absence"): "away",
    ("cases:one-person", "pk"): "joined",
    ("cases:move-in", "pk"): "move_in",
    ("cases:ask-to-move-in", "pk"): "move_in",
    ("cases:answer-move-in", "pk"): "move_in",
    ("cases:take-back-move-in", "pk"): "move_in",
    ("cases:move-in-fates", "pk"): "move_in",
    ("cases:undo-move-in", "pk"): "moved_in",
    ("cases:from-earlier-system", "referral"): "moved_referral",
    ("accounts:give-role", "pk"): "member",
    ("accounts:disable", "pk"): "member",
    ("accounts:end-role", "pk"): "role",
    ("accounts:check-identity", "pk"): "recovery",
    ("accounts:refuse-recovery", "pk"): "recovery",
    ("accounts:withdraw-invitation", "pk"): "staff_invitation",
    ("accounts:confirm-organisation", "pk"): "organisation",
    ("accounts:add-local-area", "pk"): "area",
    ("accounts:add-organisation", "pk"): "area",
    ("cases:begin-loan", "loan"): "borrowed",
    ("cases:throw-away-draft", "note"): "note_draft",
    ("cases:check-out", "visit"): "visit_under_way",
    ("cases:extend-visit", "visit"): "visit_under_way",
    ("cases:ask-for-help", "visit"): "visit_under_way",
    ("cases:answer-alarm", "visit"): "visit_under_way",
    ("cases:end-alarm", "visit"): "visit_under_way",
    ("cases:survey-answers", "invitation"): "survey_invitation",
    ("cases:know-anybody", "invitation"): "names_invitation",
    ("volunteers:change-claim", "claim"): "sent_back",
    ("volunteers:remove-hours", "pk"): "hours",
    ("volunteers:undo-people-move", "move"): "people_moved",
    ("volunteers:payment", "payment"): "payment_run",
    ("volunteers:payment-file", "payment"): "payment_run",
    ("volunteers:payment-paid", "payment"): "payment_run",
    ("cases:permit-legal-bar", "participant"): "other_participant",
    ("cases:record-agreement", "meeting"): "held_meeting",
    ("cases:agreement-paper", "agreement"): "outcome_agreement",
    ("cases:record-signature", "agreement"): "outcome_agreement",
    ("cases:review-agreement", "agreement"): "outcome_agreement",
    ("cases:meeting-calendar", "meeting"): "arranged",
    ("cases:preparation", "meeting"): "panel",
    ("cases:preparation-paper", "meeting"): "panel",
    ("cases:facilitators-pack", "meeting"): "panel",
    ("cases:who-comes", "meeting"): "panel",
    ("cases:panel", "meeting"): "panel",
    ("cases:readiness", "meeting"): "panel",
    ("referrals:verification", "pk"): "self_referral",
    ("referrals:name-harmed", "pk"): "unnamed",
    ("referrals:check-interest", "pk"): "watched",
    ("referrals:go-on", "pk"): "watched",
    ("referrals:send-home", "pk"): "arrived",
    ("referrals:take-back-transfer", "transfer"): "going",
    ("referrals:note-trigger", "pk"): "watched",
    ("referrals:settle-trigger", "pk"): "watched",
    ("accounts:outward-codes", "pk"): "area",
    ("referrals:end-grant", "user"): "granted",
    ("referrals:draft-sent", "draft"): "sent",
    ("referrals:same-incident", "draft"): "sent",
    ("notifications:open", "pk"): "notification",
    ("referrals:found", "pk"): "search",
    ("moving_out:archive", "pk"): "archive",
    ("moving_out:answer", "pk"): "archive",
    ("moving_out:take-back", "pk"): "archive",
    ("moving_out:download", "pk"): "made_archive",
    ("lists:delete-filters", "pk"): "saved_filters",
    ("lists:file", "pk"): "waiting_file",
    ("lists:answer-file", "pk"): "waiting_file",
    ("lists:take-back-file", "pk"): "waiting_file",
    ("lists:download", "pk"): "list_file",
    ("volunteers:register", "learner"): "newcomer",
    ("reporting:comment", "pk"): "draft",
    ("reporting:issue", "pk"): "draft",
    ("reporting:count-again", "pk"): "draft",
}


def arguments(world: World, address: str, parts: list[str], *, of: str = "", absent: bool = False) -> dict[str, Any]:
    """The arguments of an address: the usual things of the world or those `of` another; fresh ids where `absent`."""
    found: dict[str, Any] = {}
    namespace = address.rpartition(":")[0]
    ids = world.ids | world.of.get(of, {})
    for part in parts:
        known = ids.get(PARTS_OF_ONE.get((address, part)) or PARTS.get((namespace, part), part))
        if part == "side":
            found[part] = "harmed"
        elif part in ("token", "secret"):
            found[part] = "no-such-token"
        elif word := WORDS.get((address, part)) or WORDS.get((namespace, part)):
            found[part] = word
        else:
            found[part] = uuid4() if absent or known is None else known
    return found
