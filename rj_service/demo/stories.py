"""What casework meets less often, told in one case each: sensitive and waiting for its sign-off, sent back, stopped by a
withdrawal, a shuttle that becomes a meeting, a panel, letters to a prison, a second round, a handover, opened in an emergency.

Each takes the newest referral that waits to be decided and names both sides, and is told in one day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases import actions as cases
from cases.choices import (
    AbuseCheckKind,
    BookingStatus,
    CommitmentKind,
    MessageKind,
    MessageStatus,
    MessageWish,
    Model,
    NotFaceToFaceReason,
    PermissionMethod,
    Presence,
    Wellbeing,
)
from cases.models import Assignment, Case, Commitment, Intervention, Participant, Venue
from referrals import actions as referrals
from referrals.choices import SELF_REFERRED, AgeGroup, ConsentPurpose, CrimeType, LegalBarKind, SensitiveKind
from referrals.models import Grant, Referral
from referrals.policy import age_group
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import ServiceArea, User
from rj_service.demo import meetings, preparing
from rj_service.demo.agreeing import promise_in_every_state
from rj_service.demo.life import LONDON, Company, Life
from rj_service.demo.meetings import APOLOGIES
from rj_service.demo.venues import venues_of
from volunteers.choices import Level
from volunteers.models import Practitioner
from volunteers.readiness import readiness_of

LOOK_AHEAD = 14  # days, for one when everybody is free


@dataclass(frozen=True)
class Cast:
    coordinator: User
    colleague: User
    manager: User
    supervisor: User


class Story(Life):
    """One day of one case: nothing waits for a later one."""

    def __init__(self, referral: Referral, company: Company, cast: Cast):
        super().__init__(referral, company)
        self.cast, self.by, self.day = cast, cast.coordinator, company.today
        self.known = {"by": self.by, "today": self.day}
        referrals.take_referral(referral=referral, **self.known)
        self.case = cases.accept_referral(referral=referral, **self.known)
        people = {one.side: one for one in Participant.objects.filter(case=self.case).select_related("person")}
        self.harmed, self.responsible = people["harmed"], people["responsible"]

    def later(self, fewest: int, most: int) -> date:
        return self.day

    def candidates(self) -> list[Practitioner]:
        """Those of the highest level first: one of them leads what is sensitive."""
        return self.company.practitioners

    def prepare(self) -> None:
        """Agreed in writing, staffed by a pair, both assessed."""
        preparing.agree(self)
        preparing.assign(self)
        preparing.assess(self, self.harmed)
        preparing.assess(self, self.responsible)

    def is_sensitive(self, kind: str) -> None:
        """A specialist was consulted, and the supervisor has it to sign off."""
        cases.raise_flag(case=self.case, kind=kind, **self.known)
        if kind == SensitiveKind.DOMESTIC_ABUSE:
            asked = "Asked alone, twice, a week apart. She began it herself, and nobody in the family knows."
            check = {"kind": AbuseCheckKind.IDVA, "done_on": self.day, "done_by": "Mina Farr, Haven"}
            cases.record_abuse_check(
                participant=self.harmed, wish_is_their_own=True, pressure_words=asked, **check, **self.known
            )
        cases.record_specialist_consulted(case=self.case, who="Mina Farr, Haven", consulted_on=self.day, **self.known)
        cases.set_supervisor(case=self.case, supervisor=self.cast.supervisor, **self.known)

    def plan(self, model: str, hall: Venue | None = None, **more) -> Intervention:
        apart = {} if hall else {"not_face_to_face_reason": NotFaceToFaceReason.WISH}
        planned = cases.plan_intervention(case=self.case, model=model, place=hall, **apart, **more, **self.known)
        if hall:
            meetings.say_who_comes(self, planned)
        return planned

    def arrange_in(self, planned: Intervention, days: int) -> Intervention:
        """Today, or in so many days or on the first after them when everybody is free."""
        ahead = [days] if days == 0 else range(days, days + LOOK_AHEAD)
        if not any(meetings.arrange(self, planned, self.day + timedelta(days=number)) for number in ahead):
            # Once more, to hear why.
            at = datetime.combine(self.day + timedelta(days=days), time(10), LONDON)
            cases.schedule_intervention(intervention=planned, planned_for=at, **self.known)
        planned.refresh_from_db()
        return planned

    def ask_again(self, planned: Intervention) -> None:
        asked = [self.harmed.pk, self.responsible.pk]
        cases.reconfirm_intervention(intervention=planned, asked=asked, **self.known)

    def hold(self, planned: Intervention) -> Intervention:
        came = {one.pk: Presence.CAME for one in Participant.objects.filter(case=self.case, left_at__isnull=True)}
        return cases.hold_intervention(intervention=planned, held_on=self.day, attendance=came, **self.known)

    @property
    def hall(self) -> Venue:
        return next(venue for venue in self.company.venues if not venue.is_prison)


def waits_for_its_sign_off(story: Story) -> None:
    story.is_sensitive(SensitiveKind.DOMESTIC_ABUSE)
    story.prepare()
    story.plan(Model.FACE_TO_FACE_CONFERENCE, story.hall)


def sent_back(story: Story) -> None:
    """While the court case goes on: what is written about them may have to be disclosed."""
    story.is_sensitive(SensitiveKind.FAMILY)
    story.prepare()
    court = {"kind": LegalBarKind.LIVE_PROCEEDINGS, "authority": "Crown Prosecution Service", "starts_on": story.day}
    cases.record_legal_bar(participant=story.responsible, **court, **story.known)
    because = "They live in one street. Write down how each goes home, and who goes with her."
    with acting_as(story.cast.supervisor) as by:
        cases.refuse_sign_off(case=story.case, because=because, by=by, today=story.day)


def stopped_by_a_withdrawal(story: Story) -> None:
    """The evening before."""
    story.prepare()
    story.arrange_in(story.plan(Model.FACE_TO_FACE_CONFERENCE, story.hall), 1)
    cases.withdraw_consent(participant=story.responsible, purpose=ConsentPurpose.TAKE_PART, **story.known)


def a_shuttle_becomes_a_meeting(story: Story) -> None:
    story.prepare()
    shuttle = story.arrange_in(story.plan(Model.SHUTTLE_MEDIATION), 0)
    story.ask_again(shuttle)
    meetings.carry(story, shuttle, story.rng)
    story.hold(shuttle)
    meeting = story.plan(Model.FACE_TO_FACE_CONFERENCE, story.hall, moved_from=shuttle)
    story.arrange_in(meeting, 9)


def a_panel_of_four(story: Story) -> None:
    story.prepare()
    panel = story.plan(Model.NJP_PANEL, story.hall)
    meetings.name_panel(story, panel, story.rng)
    story.arrange_in(panel, 6)


def letters_to_a_prison(story: Story) -> None:
    """A visit is booked to read it with him; his letter waits to hear whether it is wished for. She asks something, which waits
    to be read, and has a word that he wishes to have and nobody has carried yet; he writes on."""
    stay = cases.record_custody(
        participant=story.responsible,
        prison="HMP Fenmoor",
        prisoner_number="A4471CF",
        since=story.day - timedelta(days=60),
        **story.known,
    )
    at = datetime.combine(story.day + timedelta(days=4), time(14), LONDON)
    booking = cases.ask_prison(custody=stay, asked_for=at, **story.known)
    cases.answer_booking(booking=booking, status=BookingStatus.BOOKED, reference="FEN-3107", **story.known)
    story.prepare()
    letters = story.arrange_in(story.plan(Model.LETTER_EXCHANGE), 0)
    his, hers = (story.responsible, story.harmed), (story.harmed, story.responsible)
    for (author, recipient), words, stands in (
        (his, APOLOGIES[0], MessageStatus.READ),
        (his, APOLOGIES[1], MessageStatus.DRAFT),
        (hers, "Did you know that we were at home?", MessageStatus.PERMITTED),
        (hers, "You may write to me. I do not promise an answer.", MessageWish.YES),
    ):
        between = {"author": author, "recipient": recipient, "kind": MessageKind.LETTER, "words": words}
        letter = cases.write_message(intervention=letters, **between, **story.known)
        if stands == MessageStatus.DRAFT:
            continue
        cases.permit_message(message=letter, permitted_on=story.day, how=PermissionMethod.HEARD_IT, **story.known)
        if stands == MessageStatus.PERMITTED:
            continue
        cases.read_message(message=letter, found=[], **story.known)
        if stands == MessageWish.YES:
            cases.record_wish(message=letter, wish=stands, wished_on=story.day, **story.known)


def a_second_round(story: Story) -> None:
    """Met, agreed, and agreed anew; she wants to hear how he gets on. One of those who facilitated asks to talk about it."""
    story.prepare()
    meeting = story.arrange_in(story.plan(Model.COMMUNITY_CONFERENCE, story.hall), 0)
    story.ask_again(meeting)
    meeting = story.hold(meeting)
    due = story.day + timedelta(days=28)
    fence = cases.NewCommitment(CommitmentKind.REPAIR, "Paints the fence", story.responsible, due)
    first = cases.record_agreement(intervention=meeting, agreed_on=story.day, commitments=[fence], **story.known)
    stands = Commitment.objects.get(agreement=first)
    sooner = cases.NewCommitment(
        CommitmentKind.REPAIR, "Paints the fence, and the gate too", story.responsible, due, continues=stands
    )
    cases.review_agreement(agreement=first, agreed_on=story.day, commitments=[sooner], **story.known)
    promise_in_every_state(story)
    user = _who_signs_in(story.case)
    if user is not None:
        with acting_as(user) as by:
            words = "It went well. What she said about her son stays with me."
            said = {"wellbeing": Wellbeing.SHAKEN, "wants_to_talk": True, "words": words}
            cases.write_debrief(intervention=meeting, by=by, today=story.day, **said)


def handed_over(story: Story) -> None:
    story.prepare()
    words = "She prefers to be rung after six. He is waiting to hear about the course."
    cases.hand_over(case=story.case, coordinator=story.cast.colleague, words=words, **story.known)


def opened_in_an_emergency(story: Story) -> None:
    """Open to one person by name, who is away; somebody rings at night."""
    referral, cast = story.referral, story.cast
    cases.hand_over(case=story.case, coordinator=cast.colleague, **story.known)
    with acting_as(cast.colleague) as by:
        referrals.restrict(referral=referral, reason="Her brother works with us", by=by)
    reason = "The out-of-hours line: she is at the police station and asks what was arranged"
    with acting_as(cast.coordinator) as by:
        referrals.open_in_emergency(reference=referral.reference, reason=reason, by=by)


STORIES: tuple[Callable[[Story], None], ...] = (
    waits_for_its_sign_off,
    sent_back,
    stopped_by_a_withdrawal,
    a_shuttle_becomes_a_meeting,
    a_panel_of_four,
    letters_to_a_prison,
    a_second_round,
    handed_over,
    opened_in_an_emergency,
)


def tell_stories(*, area: ServiceArea, cast: Cast, today: date) -> None:
    """Once: a second call changes nothing."""
    with acting_as(cast.coordinator) as by:
        if Grant.objects.filter(is_emergency=True).exists():
            return
        everybody = Practitioner.objects.with_readiness(today)
        ready = [one for one in everybody if readiness_of(one).may_be_assigned]
        company = Company(
            coordinators=[by],
            assessor=by,
            practitioners=sorted(ready, key=lambda one: (one.level != Level.ADVANCED, one.name)),
            today=today,
            venues=venues_of(area, by=by, on=today),
        )
        # A small month has fewer referrals to tell of: then the last stories are left out.
        for tell, referral in zip(STORIES, _to_tell_of(len(STORIES)), strict=False):
            tell(Story(referral, company, cast))


def _to_tell_of(number: int) -> list[Referral]:
    """Adults, both named, nothing sensitive, nothing that a panel could not hear, the newest first."""
    waiting = Referral.objects.to_decide().filter(person_responsible__isnull=False, person_harmed__isnull=False)
    waiting = waiting.exclude(mechanism__in=SELF_REFERRED).exclude(incident__crime_type=CrimeType.VIOLENT_CRIME)
    waiting = waiting.filter(sensitive_flags=None, restriction=None).order_by("-received_on", "reference")
    waiting = waiting.select_related("person_harmed", "person_responsible")
    return [one for one in waiting[: 10 * number] if _are_adults(one)][:number]


def _are_adults(referral: Referral) -> bool:
    people = (referral.person_harmed, referral.person_responsible)
    return not any(age_group(one, referral.received_on) == AgeGroup.CHILD for one in people if one)


def _who_signs_in(case: Case) -> User | None:
    working = Assignment.objects.in_force().filter(case=case, practitioner__learner__user__isnull=False)
    found = working.select_related("practitioner__learner__user").order_by("started_at").first()
    return found.practitioner.learner.user if found else None
