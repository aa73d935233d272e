"""One referral's life after it arrived, played through the same actions as everybody's. What befalls it depends on its own
Hub reference alone, so the demo is the same every time."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from cases import actions as cases
from cases.choices import (
    CARRYING_MODELS,
    DIRECT_MODELS,
    ITEMS,
    AskedBy,
    AssessmentItemKind,
    AssessmentOutcome,
    AssignmentRole,
    AssignmentSides,
    ClosureReason,
    CommitmentKind,
    CommitmentStatus,
    Concern,
    ContactMethod,
    ContactResult,
    DocumentKind,
    MessageAnswer,
    MessageKind,
    MessageWish,
    Model,
    NotAskedBecause,
    NotFaceToFaceReason,
    ParticipantRole,
    PermissionMethod,
    Presence,
    ResponsibilityTaken,
    Satisfaction,
    Side,
    Way,
)
from cases.models import Assignment, Case, Intervention, Participant, SurveyInvitation, Venue
from referrals import actions as referrals
from referrals.choices import (
    REQUEST_WORDS,
    SELF_REFERRED,
    USUALLY_ASKED,
    AdultBecause,
    CheckedThrough,
    ConsentMethod,
    ConsentPurpose,
    HeardOf,
    NotAcceptedReason,
    OfferAnswer,
    OfferChannel,
    RecipientKind,
    ReferralStatus,
    RefusedReason,
    ToldBy,
    TriggerKind,
    WaitCheck,
)
from referrals.models import InformationRequest, Offer, Referral, SafeContact
from referrals.policy import checks_needed
from referrals.working_days import add_working_days
from rj_service.accounts.acting import system_user
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.demo import agreeing
from volunteers.models import Practitioner

LONDON = ZoneInfo("Europe/London")
MODELS = {
    Model.FACE_TO_FACE_CONFERENCE: 34,
    Model.LETTER_EXCHANGE: 24,
    Model.SHUTTLE_MEDIATION: 14,
    Model.MEDIATED_CONTACT: 10,
    Model.VIDEO_CONFERENCE: 6,
    Model.TELEPHONE: 5,
    Model.NJP_PANEL: 3,
    Model.COMMUNITY_CONFERENCE: 2,
    Model.OTHER_INDIRECT: 2,
}
ENDINGS = {
    ClosureReason.HARMED_CHOSE_NOT: 34,
    ClosureReason.RESPONSIBLE_CHOSE_NOT: 26,
    ClosureReason.HARMED_INFORMATION_ENOUGH: 14,
    ClosureReason.RESPONSIBLE_DENIES: 12,
    ClosureReason.HARMED_NOT_REACHED: 14,
}
ANSWERS = {
    Satisfaction.VERY_SATISFIED: 52,
    Satisfaction.SATISFIED: 32,
    Satisfaction.NEITHER: 9,
    Satisfaction.DISSATISFIED: 4,
    Satisfaction.VERY_DISSATISFIED: 1,
    Satisfaction.NOT_SAID: 2,
}
COMMITMENTS = (
    (CommitmentKind.WRITTEN_APOLOGY, "A letter of apology, read first by the facilitator"),
    (CommitmentKind.REPAIR, "Repair the gate together with the allotment group"),
    (CommitmentKind.PROGRESS_UPDATES, "Say every two months how the course is going"),
    (CommitmentKind.BOUNDARIES, "Use the other entrance in the evening"),
)


AGENCIES = {
    RecipientKind.OFFICER: "Neighbourhood policing team",
    RecipientKind.PROBATION: "Probation Service",
    RecipientKind.PRISON: "HMP Fenmoor",
    RecipientKind.VICTIM_LIAISON: "Victim liaison unit",
    RecipientKind.YOUTH_JUSTICE: "Youth Justice Service",
}
QUESTIONS = (
    ("Is there a better time of day to ring?", "After six. They work until five."),
    ("Has anybody told them yet what restorative justice is?", "Yes, with the leaflet. They read it and asked us."),
    ("Do they need an interpreter?", "No. They asked for short sentences and time to think."),
)
WISHES = (
    "To ask why it was our house",
    "To say what it did to my daughter",
    "To hear that it will not happen to anybody else",
    "An apology, in writing. I do not want to meet",
    "To know whether I passed them in the street",
)
NEWS = (
    (TriggerKind.IDENTIFIED, ToldBy.POLICE),
    (TriggerKind.CHARGED, ToldBy.POLICE),
    (TriggerKind.ASKED_AGAIN, ToldBy.PERSON),
    (TriggerKind.REOPENED, ToldBy.VICTIMS_HUB),
)
MOVED = (
    (AskedBy.HARMED, "A hospital appointment that day"),
    (AskedBy.RESPONSIBLE, "Cannot leave work"),
    (AskedBy.VENUE, "The room is needed for an election"),
    (AskedBy.FACILITATOR, "Ill"),
)
APOLOGIES = (
    "I knew it was wrong when I did it. I have thought about how you must feel in your own home. I am sorry.",
    "I was not thinking of anybody. I did not choose you. I would like to answer what you want to ask.",
    "I have no excuse. I am in a course now and I have stopped drinking. I will not come near your street.",
)
REPLIES = (
    "Thank you for saying that you did not choose us. I sleep better knowing it.",
    "I do not forgive you yet. I hope that you go on with the course.",
)
_MITIGATED = (Concern.MITIGATED, "Talked through; a supporter comes along and breaks are agreed.")
_IN_PART = (Concern.MITIGATED, "Says what they did, remembers one part of it differently, and will listen to it.")

SENT = (ContactMethod.LETTER, ContactMethod.EMAIL)


class TooSoon(Exception):
    """The next step lies after today: here the story stands still."""


@dataclass
class Company:
    """Who plays in one area."""

    coordinators: list[User]
    assessor: User
    practitioners: list[Practitioner]
    today: date
    referrers: dict[UUID, User] = field(default_factory=dict)  # by organisation
    venues: list[Venue] = field(default_factory=list)


class Life:
    """The days of one referral."""

    def __init__(self, referral: Referral, company: Company):
        self.referral, self.company = referral, company
        self.rng = Random(referral.hub_reference)
        self.by = self.rng.choice(company.coordinators)
        self.day = referral.received_on

    def play(self) -> None:
        try:
            self.decide()
        except TooSoon:
            pass
        self.remind()

    def later(self, fewest: int, most: int) -> date:
        """Move on by some days; the story ends where today is reached."""
        day = self.day + timedelta(days=self.rng.randint(fewest, most))
        day += timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
        if day > self.company.today:
            raise TooSoon
        self.day = day
        return day

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day, time(hour, minute), LONDON)

    def pick(self, shares: dict) -> str:
        return self.rng.choices(list(shares), list(shares.values()))[0]

    # -- the referral -----------------------------------------------------------------------------------------------
    def decide(self) -> None:
        self.later(1, 4)
        self.offer()
        self.ask_the_referrer()
        if self.referral.status == ReferralStatus.INTERESTED:
            self.wait()
            return
        referrals.take_referral(referral=self.referral, by=self.by, today=self.day)
        chance = self.rng.random()
        if chance < 0.10:
            reason = self.rng.choice(
                [NotAcceptedReason.CHANGED_MIND, NotAcceptedReason.OUT_OF_AREA, NotAcceptedReason.RISK]
            )
            referrals.not_accept(
                referral=self.referral, reason=reason, note="Decided on its own facts.", by=self.by, today=self.day
            )
        elif chance < 0.14:
            referrals.refer_elsewhere(
                referral=self.referral, note="Passed on with agreement.", by=self.by, today=self.day
            )
        elif chance < 0.17:
            until = self.company.today + timedelta(days=30)
            referrals.put_on_hold(
                referral=self.referral, until=until, by=self.by, today=self.day, note="Trial in progress."
            )
        else:
            self.verify()
            self.work(cases.accept_referral(referral=self.referral, by=self.by, today=self.day))

    def ask_the_referrer(self) -> None:
        """Now and then, and the answer a day later: by dice of its own, so that the rest of the story stays."""
        dice = Random(f"{self.referral.hub_reference} messages")
        referrer = self.company.referrers.get(self.referral.organisation_id)
        if referrer is None or dice.random() > 0.05:
            return
        question, answer = dice.choice(QUESTIONS)
        common = {"referral": self.referral}
        referrals.write_message(**common, words=question, is_question=True, by=self.by, today=self.day)
        tomorrow = self.day + timedelta(days=1)
        if tomorrow > self.company.today:
            return
        referrals.write_message(**common, words=answer, by=referrer, today=tomorrow)
        if self.referral.person_harmed and dice.random() < 0.6:
            phone = f"07700 900{dice.randrange(1000):03d}"
            referrals.change_sent(**common, words={"victim_phone": phone}, by=referrer, today=tomorrow)

    def wait(self) -> None:
        """Interested, no suspect identified: looked at again every three months, with them once a year; for a few there is
        news. By dice of their own: the rest of the story stays as it is without them."""
        dice = Random(f"{self.referral.hub_reference} waiting")  # noqa: S311
        try:
            self.spoken(dice)
            while self.rng.random() < 0.9:
                self.later(85, 97)
                if dice.random() < 0.25:
                    self.spoken(dice)
                else:
                    referrals.check_interest(referral=self.referral, by=self.by, today=self.day)
        finally:
            self.news(dice)

    def spoken(self, dice: Random) -> None:
        spoken = referrals.Spoken(
            how=ConsentMethod.PHONE,
            asked_by=self.by.get_full_name(),
            wish=dice.choice(WISHES),
            address_confirmed=dice.random() < 0.8,
        )
        common = {"referral": self.referral, "by": self.by, "today": self.day}
        referrals.check_interest(result=WaitCheck.SPOKE, spoken=spoken, **common)

    def news(self, dice: Random) -> None:
        chance, today = dice.random(), self.company.today
        told_on = today - timedelta(days=dice.randint(0, 6))
        if chance > 0.06 or told_on < self.day:
            return
        kind, told_by = dice.choice(NEWS)
        common = {"referral": self.referral, "by": self.by, "today": today}
        referrals.note_trigger(kind=kind, told_by=told_by, told_on=told_on, **common)

    def offer(self) -> None:
        """Where the referral does not say that they were told: a few days later, and of some the answer waits.
        Lately not everybody was."""
        dice = Random(f"{self.referral.hub_reference} offer")  # noqa: S311
        offered_on = self.referral.received_on + timedelta(days=dice.randint(1, 8))
        to_make = Offer.objects.to_make().filter(referral=self.referral).exists()
        lately = self.company.today - self.referral.received_on < timedelta(days=45)
        if not to_make or offered_on > self.company.today or (lately and dice.random() < 0.4):
            return
        answer = dice.choices([OfferAnswer.YES, OfferAnswer.NOT_NOW, OfferAnswer.NONE_YET], [70, 15, 15])[0]
        new = referrals.NewOffer(
            offered_on=offered_on,
            channel=dice.choice([OfferChannel.PHONE, OfferChannel.LETTER, OfferChannel.IN_PERSON]),
            answer=answer,
            offered_by="Victims’ Hub",
            role="Victim Care Co-ordinator",
            heard_of=dice.choice(HeardOf.values),
        )
        referrals.record_offer(referral=self.referral, new=new, by=self.by, today=offered_on)

    # -- the case ---------------------------------------------------------------------------------------------------
    def work(self, case: Case) -> None:
        self.case = case
        people = {one.side: one for one in Participant.objects.filter(case=case)}
        self.harmed: Participant | None = people.get(Side.HARMED)
        self.responsible: Participant | None = people.get(Side.RESPONSIBLE)
        self.ask_agency()
        self.first_contacts()
        goes_on = self.harmed and self.responsible and self.rng.random() < 0.3
        if not goes_on or self.referral.sensitive_flags.exists():
            self.end_early()
            return
        self.agree()
        self.assign()
        self.assess(self.harmed)
        self.assess(self.responsible)
        self.meet()

    def ask_agency(self) -> None:
        """Of one case in ten. By chances of its own: the rest of the story stays as it is without it."""
        chance = Random(f"{self.referral.hub_reference} agency")  # noqa: S311
        if not self.responsible or chance.random() >= 0.1:
            return
        born = self.responsible.person.date_of_birth
        young = born is not None and self.day.year - born.year < 18
        kind = RecipientKind.YOUTH_JUSTICE if young else chance.choice(list(AGENCIES)[:-1])
        asked = referrals.ask_agency(
            referral=self.referral,
            person=(self.harmed if self.harmed and kind == RecipientKind.VICTIM_LIAISON else self.responsible).person,
            recipient=referrals.Recipient(kind, AGENCIES[kind], "Duty officer", "duty.officer@example.org"),
            asked_for=USUALLY_ASKED[kind],
            words=REQUEST_WORDS[kind],
            by=self.by,
            today=self.day,
        )
        answered = add_working_days(self.day, chance.randint(6, 70))
        if answered > self.company.today:
            return
        refused = chance.random() < 0.15
        referrals.note_agency_answer(
            request=asked,
            given_by="Duty officer",
            answer="We need it in writing first." if refused else "Supervised by this office. Nothing forbids contact.",
            refused_reason=RefusedReason.AGREEMENT if refused else "",
            by=self.by,
            today=answered,
        )

    def remind(self) -> None:
        """What is not answered yet was chased by itself."""
        for asked in InformationRequest.objects.outstanding().filter(referral=self.referral):
            while asked.next_chase_on <= self.company.today and referrals.chase_request(
                request=asked, by=system_user("scheduler"), today=asked.next_chase_on
            ):
                asked.refresh_from_db()

    def verify(self) -> None:
        """Whoever wrote themselves is checked before anybody of the other side is spoken to."""
        if self.referral.mechanism in SELF_REFERRED:
            for kind in checks_needed(self.referral):
                referrals.record_check(
                    referral=self.referral,
                    kind=kind,
                    through=CheckedThrough.POLICE,
                    is_confirmed=True,
                    checked_on=self.day,
                    by=self.by,
                    today=self.day,
                )

    def contact(self, participant: Participant, method: str, result: str, note: str = "") -> None:
        """By that way where it is safe for them, else through whoever referred them."""
        if method in cases.unsafe_ways(participant, self.day):
            method = ContactMethod.THROUGH_REFERRER
        safe = SafeContact.objects.filter(person=participant.person_id).first()
        cases.log_contact(
            participant=participant,
            method=method,
            result=result,
            occurred_at=self.at(self.rng.randint(10, 16), self.rng.choice((0, 15, 30))),
            by=self.by,
            today=self.day,
            minutes=self.rng.choice((10, 20, 30)) if result == ContactResult.SPOKE else None,
            note=note,
            number_hidden=True if safe and safe.withheld_number and method == ContactMethod.PHONE else None,
        )

    def may_call(self, participant: Participant) -> bool:
        """Whoever did not begin it is not called before it is agreed."""
        return ContactMethod.THROUGH_REFERRER not in cases.unsafe_ways(participant, self.day)

    def first_contacts(self) -> None:
        first = next(one for one in (self.harmed, self.responsible) if one and self.may_call(one))
        self.later(1, 6)
        for _ in range(self.rng.randint(0, 2)):
            self.contact(first, ContactMethod.PHONE, ContactResult.NO_ANSWER)
            self.later(2, 6)
        self.contact(first, ContactMethod.PHONE, ContactResult.SPOKE, "Explained what restorative justice is.")

    def end_early(self) -> None:
        self.later(10, 60)
        reason = self.pick(ENDINGS)
        if reason == ClosureReason.HARMED_NOT_REACHED and self.harmed and not self.may_call(self.harmed):
            reason = ClosureReason.HARMED_CHOSE_NOT
        if reason == ClosureReason.HARMED_NOT_REACHED and self.harmed:
            for method in (ContactMethod.PHONE, ContactMethod.LETTER, ContactMethod.VISIT, ContactMethod.EMAIL):
                self.later(1, 3)
                result = ContactResult.SENT if method in SENT else ContactResult.NO_ANSWER
                self.contact(self.harmed, method, result)
        cases.close_case(case=self.case, reason=reason, closed_on=self.day, by=self.by, today=self.day)

    def agree(self) -> None:
        for participant in (self.harmed, self.responsible):
            self.later(3, 14)
            self.ask_age(participant)
            for purpose in (ConsentPurpose.CONTACT, ConsentPurpose.APPROACH_OTHER_SIDE, ConsentPurpose.SURVEY):
                self.consent(participant, purpose, ConsentMethod.PHONE)
            self.later(5, 20)
            self.consent(participant, ConsentPurpose.TAKE_PART, ConsentMethod.WRITTEN)
            cases.keep_document(
                case=self.case,
                side=participant.side,
                kind=DocumentKind.CONSENT,
                words="Consent to take part, signed",
                content=b"A demonstration: the signed paper would be here.",
                dated=self.day,
                by=self.by,
                today=self.day,
            )

    def ask_age(self, participant: Participant) -> None:
        person = participant.person
        if person.date_of_birth is None and not person.is_organisation:
            common = {"referral": self.referral, "by": self.by, "today": self.day, "known_on": self.day}
            referrals.establish_adult(person=person, because=AdultBecause.TOLD, **common)

    def consent(self, participant: Participant, purpose: str, method: str) -> None:
        cases.record_consent(
            participant=participant, purpose=purpose, method=method, given_on=self.day, by=self.by, today=self.day
        )

    def assign(self) -> None:
        self.later(2, 8)
        roles = [AssignmentRole.LEAD, AssignmentRole.CO_FACILITATOR]
        for practitioner in self.candidates():
            if not roles:
                return
            blocks = cases.blocks_to_assign(case=self.case, practitioner=practitioner, role=roles[0], today=self.day)
            if not blocks:
                cases.assign(
                    case=self.case,
                    practitioner=practitioner,
                    role=roles.pop(0),
                    sides=AssignmentSides.BOTH,
                    not_asked=NotAskedBecause.ASKED_OTHERWISE,
                    by=self.by,
                    today=self.day,
                )

    def candidates(self) -> list[Practitioner]:
        return self.rng.sample(self.company.practitioners, len(self.company.practitioners))

    def assess(self, participant: Participant) -> None:
        self.later(3, 12)
        assessor = self.company.assessor
        assessment = cases.start_assessment(participant=participant, by=assessor, today=self.day)
        mitigated = self.rng.sample(ITEMS[participant.side], 2)
        items = {kind: _MITIGATED if kind in mitigated else (Concern.NONE, "") for kind in ITEMS[participant.side]}
        items[AssessmentItemKind.WILLING] = (Concern.NONE, "Said so freely, and knows they may stop at any time.")
        alone = cases.AskedAlone(self.day, "in_person")
        taken = ResponsibilityTaken.FULL
        if AssessmentItemKind.RESPONSIBILITY in mitigated:
            taken, items[AssessmentItemKind.RESPONSIBILITY] = ResponsibilityTaken.PART, _IN_PART
        cases.save_items(
            assessment=assessment, items=items, alone=alone, responsibility=taken, by=assessor, today=self.day
        )
        cases.sign_assessment(
            assessment=assessment,
            outcome=AssessmentOutcome.SUITABLE,
            able=True,
            willing=True,
            suitable=True,
            by=assessor,
            today=self.day,
            has_met_person=True,
        )

    # -- the meeting or letter --------------------------------------------------------------------------------------
    def meet(self) -> None:
        model = self.pick(MODELS)
        direct = model in DIRECT_MODELS
        dice = Random(f"{self.referral.hub_reference} meeting")  # noqa: S311
        self.later(2, 5)
        when = self.day + timedelta(days=self.rng.randint(10, 30))
        intervention = cases.plan_intervention(
            case=self.case,
            model=model,
            by=self.by,
            today=self.day,
            not_face_to_face_reason="" if direct else NotFaceToFaceReason.WISH,
            place=dice.choice([venue for venue in self.company.venues if not venue.is_prison]) if direct else None,
            room_plan="A circle without a table. The facilitators sit between the sides." if direct else "",
            uses_script=direct,
        )
        self.make_arrangements(intervention, dice)
        if not self.arrange(intervention, when):
            return  # the gate is closed: the plan is kept, as it would be for anybody
        if dice.random() < 0.15 and (moved := self.move(intervention, when, dice)):
            when = moved
        if when > self.company.today:
            raise TooSoon
        self.day = when
        asked = [self.harmed.pk, self.responsible.pk]
        cases.reconfirm_intervention(intervention=intervention, asked=asked, by=self.by, today=self.day)
        if model in CARRYING_MODELS:
            self.carry(intervention, dice)
        came = {one.pk: Presence.CAME for one in Participant.objects.filter(case=self.case)}
        if dice.random() < 0.2:
            came[self.harmed.pk] = Presence.LATE
        intervention = cases.hold_intervention(
            intervention=intervention, held_on=self.day, attendance=came, by=self.by, today=self.day
        )
        self.after(intervention)

    def make_arrangements(self, intervention: Intervention, dice: Random) -> None:
        if intervention.model in DIRECT_MODELS:
            self.say_who_comes(intervention)
        if intervention.model == Model.VIDEO_CONFERENCE:
            cases.say_how_they_connect(
                intervention=intervention,
                platform="Video link",
                line_tester=self.by.get_full_name(),
                line_tested_on=self.day,
                waits_apart=True,
                by=self.by,
                today=self.day,
            )
        if intervention.model == Model.NJP_PANEL:
            self.name_panel(intervention, dice)

    def carry(self, intervention: Intervention, dice: Random) -> None:
        """What the person responsible wrote or said; and of some the answer, which waits to be read."""
        known = {"by": self.by, "today": self.day}
        kind = MessageKind.LETTER if intervention.model == Model.LETTER_EXCHANGE else MessageKind.SPOKEN
        common = {"intervention": intervention, "kind": kind, **known}
        said = dice.choice(APOLOGIES)
        message = cases.write_message(author=self.responsible, recipient=self.harmed, words=said, **common)
        cases.permit_message(message=message, permitted_on=self.day, how=PermissionMethod.HEARD_IT, **known)
        cases.read_message(message=message, found=[], **known)
        cases.record_wish(message=message, wish=MessageWish.YES, wished_on=self.day, **known)
        message = cases.carry_message(message=message, carried_on=self.day, **known)
        cases.record_answer(message=message, answer=MessageAnswer.RECEIVED, **known)
        if dice.random() < 0.4:
            between = {"author": self.harmed, "recipient": self.responsible, "replies_to": message}
            cases.write_message(words=dice.choice(REPLIES), **between, **common)

    def say_who_comes(self, intervention: Intervention) -> None:
        """The sides by two doors; where one facilitator works alone somebody of Probation sits in."""
        known = {"by": self.by, "today": self.day}
        first, second = (door[:60] for door in intervention.place.entrance_list[:2])
        coming = {
            self.harmed.pk: cases.Arrival(Way.IN_THE_ROOM, time(9, 45), first),
            self.responsible.pk: cases.Arrival(Way.IN_THE_ROOM, time(9, 30), second),
        }
        if Assignment.objects.in_force().filter(case=self.case).count() == 1:
            named = {"first_name": "Anil", "last_name": "Mehta", "role": ParticipantRole.PROFESSIONAL}
            beside = cases.add_new_participant(case=self.case, side=Side.NEITHER, **named, **known)
            coming[beside.pk] = cases.Arrival(Way.IN_THE_ROOM, time(9, 15))
        cases.say_who_comes(intervention=intervention, coming=coming, **known)

    def name_panel(self, intervention: Intervention, dice: Random) -> None:
        working = set(Assignment.objects.in_force().filter(case=self.case).values_list("practitioner", flat=True))
        free = [one for one in self.company.practitioners if one.pk not in working]
        members = dice.sample(free, min(4, len(free)))
        cases.name_panel(intervention=intervention, members=members, by=self.by, today=self.day)

    def arrange(self, intervention: Intervention, when: date) -> bool:
        """At the first hour of that day when the facilitators are free."""
        for hour in (10, 13, 16):
            try:
                cases.schedule_intervention(
                    intervention=intervention,
                    planned_for=datetime.combine(when, time(hour), LONDON),
                    by=self.by,
                    today=self.day,
                )
            except DomainError:
                continue
            return True
        return False

    def move(self, intervention: Intervention, when: date, dice: Random) -> date | None:
        """Somebody asks for another day, a few days before; the new one is a week later."""
        asked_on, later = when - timedelta(days=3), when + timedelta(days=7)
        if asked_on > self.company.today:
            return None
        self.day = max(self.day, asked_on)
        asked_by, reason = dice.choice(MOVED)
        common = {"intervention": intervention, "by": self.by, "today": self.day}
        cases.postpone_intervention(asked_by=asked_by, reason=reason, **common)
        if not self.arrange(intervention, later):
            raise TooSoon
        return later

    def after(self, intervention) -> None:
        agreed = self.rng.random() < 0.6
        if agreed:
            kinds = self.rng.sample(COMMITMENTS, self.rng.randint(1, 2))
            agreement = agreeing.agree(self, intervention, kinds)
        else:
            cases.record_no_agreement(intervention=intervention, by=self.by, today=self.day)
        self.later(7, 14)
        self.survey()
        if agreed:
            agreeing.go_on(self, agreement)
        self.later(28, 50)
        if agreed:
            kept = (CommitmentStatus.COMPLETED, "")
            if self.rng.random() >= 0.85:
                kept = (CommitmentStatus.NOT_COMPLETED, "Began, and did not go on after the second week.")
            agreeing.settle(self, agreement, *kept)
        reason = ClosureReason.WITH_AGREEMENT if agreed else ClosureReason.WITHOUT_AGREEMENT
        cases.close_case(case=self.case, reason=reason, closed_on=self.day, by=self.by, today=self.day)

    def survey(self) -> None:
        for participant in (self.harmed, self.responsible):
            if self.rng.random() < 0.85:
                invitation = self.ask_how_it_went(participant)
                if invitation and self.rng.random() < 0.7:
                    cases.record_survey_answers(
                        invitation=invitation,
                        overall=self.pick(ANSWERS),
                        received_on=self.day,
                        by=self.by,
                        today=self.day,
                    )

    def ask_how_it_went(self, participant: Participant) -> SurveyInvitation | None:
        """By the first way that is safe and that they agreed to."""
        blocks = cases.survey_blocks(participant, self.day)
        channel = next((one for one, block in blocks.items() if not block), None)
        if channel is None:
            return None
        common = {"participant": participant, "by": self.by, "today": self.day}
        return cases.invite_to_survey(channel=channel, **common)[0]
