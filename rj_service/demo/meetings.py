"""The meeting or letter: planned, arranged, moved by some, carried, held; and how it went."""

from datetime import date, datetime, time, timedelta
from random import Random

from cases import actions as cases
from cases.choices import (
    CARRYING_MODELS,
    DIRECT_MODELS,
    AskedBy,
    ClosureReason,
    CommitmentKind,
    CommitmentStatus,
    MessageAnswer,
    MessageKind,
    MessageWish,
    Model,
    NotFaceToFaceReason,
    ParticipantRole,
    PermissionMethod,
    Presence,
    Satisfaction,
    Side,
    Way,
)
from cases.models import Assignment, Intervention, Participant, SurveyInvitation
from rj_service.accounts.errors import DomainError
from rj_service.demo import agreeing
from rj_service.demo.life import LONDON, Life, TooSoon

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


def meet(life: Life) -> None:
    model = life.pick(MODELS)
    direct = model in DIRECT_MODELS
    dice = Random(f"{life.referral.hub_reference} meeting")  # noqa: S311
    life.later(2, 5)
    when = life.day + timedelta(days=life.rng.randint(10, 30))
    intervention = cases.plan_intervention(
        case=life.case,
        model=model,
        by=life.by,
        today=life.day,
        not_face_to_face_reason="" if direct else NotFaceToFaceReason.WISH,
        place=dice.choice([venue for venue in life.company.venues if not venue.is_prison]) if direct else None,
        room_plan="A circle without a table. The facilitators sit between the sides." if direct else "",
        uses_script=direct,
    )
    make_arrangements(life, intervention, dice)
    if not arrange(life, intervention, when):
        return  # the gate is closed: the plan is kept, as it would be for anybody
    if dice.random() < 0.15 and (moved := move(life, intervention, when, dice)):
        when = moved
    if when > life.company.today:
        raise TooSoon
    life.day = when
    asked = [life.harmed.pk, life.responsible.pk]
    cases.reconfirm_intervention(intervention=intervention, asked=asked, by=life.by, today=life.day)
    if model in CARRYING_MODELS:
        carry(life, intervention, dice)
    came = {one.pk: Presence.CAME for one in Participant.objects.filter(case=life.case)}
    if dice.random() < 0.2:
        came[life.harmed.pk] = Presence.LATE
    intervention = cases.hold_intervention(
        intervention=intervention, held_on=life.day, attendance=came, by=life.by, today=life.day
    )
    after(life, intervention)


def make_arrangements(life: Life, intervention: Intervention, dice: Random) -> None:
    if intervention.model in DIRECT_MODELS:
        say_who_comes(life, intervention)
    if intervention.model == Model.VIDEO_CONFERENCE:
        cases.say_how_they_connect(
            intervention=intervention,
            platform="Video link",
            line_tester=life.by.get_full_name(),
            line_tested_on=life.day,
            waits_apart=True,
            by=life.by,
            today=life.day,
        )
    if intervention.model == Model.NJP_PANEL:
        name_panel(life, intervention, dice)


def carry(life: Life, intervention: Intervention, dice: Random) -> None:
    """What the person responsible wrote or said; and of some the answer, which waits to be read."""
    known = {"by": life.by, "today": life.day}
    kind = MessageKind.LETTER if intervention.model == Model.LETTER_EXCHANGE else MessageKind.SPOKEN
    common = {"intervention": intervention, "kind": kind, **known}
    said = dice.choice(APOLOGIES)
    message = cases.write_message(author=life.responsible, recipient=life.harmed, words=said, **common)
    cases.permit_message(message=message, permitted_on=life.day, how=PermissionMethod.HEARD_IT, **known)
    cases.read_message(message=message, found=[], **known)
    cases.record_wish(message=message, wish=MessageWish.YES, wished_on=life.day, **known)
    message = cases.carry_message(message=message, carried_on=life.day, **known)
    cases.record_answer(message=message, answer=MessageAnswer.RECEIVED, **known)
    if dice.random() < 0.4:
        between = {"author": life.harmed, "recipient": life.responsible, "replies_to": message}
        cases.write_message(words=dice.choice(REPLIES), **between, **common)


def say_who_comes(life: Life, intervention: Intervention) -> None:
    """The sides by two doors; where one facilitator works alone somebody of Probation sits in."""
    known = {"by": life.by, "today": life.day}
    first, second = (door[:60] for door in intervention.place.entrance_list[:2])
    coming = {
        life.harmed.pk: cases.Arrival(Way.IN_THE_ROOM, time(9, 45), first),
        life.responsible.pk: cases.Arrival(Way.IN_THE_ROOM, time(9, 30), second),
    }
    if Assignment.objects.in_force().filter(case=life.case).count() == 1:
        named = {"first_name": "Anil", "last_name": "Mehta", "role": ParticipantRole.PROFESSIONAL}
        beside = cases.add_new_participant(case=life.case, side=Side.NEITHER, **named, **known)
        coming[beside.pk] = cases.Arrival(Way.IN_THE_ROOM, time(9, 15))
    cases.say_who_comes(intervention=intervention, coming=coming, **known)


def name_panel(life: Life, intervention: Intervention, dice: Random) -> None:
    working = set(Assignment.objects.in_force().filter(case=life.case).values_list("practitioner", flat=True))
    free = [one for one in life.company.practitioners if one.pk not in working]
    members = dice.sample(free, min(4, len(free)))
    cases.name_panel(intervention=intervention, members=members, by=life.by, today=life.day)


def arrange(life: Life, intervention: Intervention, when: date) -> bool:
    """At the first hour of that day when the facilitators are free."""
    for hour in (10, 13, 16):
        try:
            cases.schedule_intervention(
                intervention=intervention,
                planned_for=datetime.combine(when, time(hour), LONDON),
                by=life.by,
                today=life.day,
            )
        except DomainError:
            continue
        return True
    return False


def move(life: Life, intervention: Intervention, when: date, dice: Random) -> date | None:
    """Somebody asks for another day, a few days before; the new one is a week later."""
    asked_on, later = when - timedelta(days=3), when + timedelta(days=7)
    if asked_on > life.company.today:
        return None
    life.day = max(life.day, asked_on)
    asked_by, reason = dice.choice(MOVED)
    common = {"intervention": intervention, "by": life.by, "today": life.day}
    cases.postpone_intervention(asked_by=asked_by, reason=reason, **common)
    if not arrange(life, intervention, later):
        raise TooSoon
    return later


def after(life: Life, intervention) -> None:
    agreed = life.rng.random() < 0.6
    if agreed:
        kinds = life.rng.sample(COMMITMENTS, life.rng.randint(1, 2))
        agreement = agreeing.agree(life, intervention, kinds)
    else:
        cases.record_no_agreement(intervention=intervention, by=life.by, today=life.day)
    life.later(7, 14)
    survey(life)
    if agreed:
        agreeing.go_on(life, agreement)
    life.later(28, 50)
    if agreed:
        kept = (CommitmentStatus.COMPLETED, "")
        if life.rng.random() >= 0.85:
            kept = (CommitmentStatus.NOT_COMPLETED, "Began, and did not go on after the second week.")
        agreeing.settle(life, agreement, *kept)
    reason = ClosureReason.WITH_AGREEMENT if agreed else ClosureReason.WITHOUT_AGREEMENT
    cases.close_case(case=life.case, reason=reason, closed_on=life.day, by=life.by, today=life.day)


def survey(life: Life) -> None:
    for participant in (life.harmed, life.responsible):
        if life.rng.random() < 0.85:
            invitation = ask_how_it_went(life, participant)
            if invitation and life.rng.random() < 0.7:
                cases.record_survey_answers(
                    invitation=invitation,
                    overall=life.pick(ANSWERS),
                    received_on=life.day,
                    by=life.by,
                    today=life.day,
                )


def ask_how_it_went(life: Life, participant: Participant) -> SurveyInvitation | None:
    """By the first way that is safe and that they agreed to."""
    blocks = cases.survey_blocks(participant, life.day)
    channel = next((one for one, block in blocks.items() if not block), None)
    if channel is None:
        return None
    common = {"participant": participant, "by": life.by, "today": life.day}
    return cases.invite_to_survey(channel=channel, **common)[0]
