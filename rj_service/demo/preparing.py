"""A case until both are ready to meet, or write: contacts, agreements, who facilitates, and the assessments."""

from cases import actions as cases
from cases.choices import (
    ITEMS,
    AssessmentItemKind,
    AssessmentOutcome,
    AssignmentRole,
    AssignmentSides,
    ClosureReason,
    Concern,
    ContactMethod,
    ContactResult,
    DocumentKind,
    NotAskedBecause,
    ResponsibilityTaken,
)
from cases.models import Participant
from referrals import actions as referrals
from referrals.choices import AdultBecause, ConsentMethod, ConsentPurpose
from referrals.models import SafeContact
from rj_service.demo.life import Life

ENDINGS = {
    ClosureReason.HARMED_CHOSE_NOT: 34,
    ClosureReason.RESPONSIBLE_CHOSE_NOT: 26,
    ClosureReason.HARMED_INFORMATION_ENOUGH: 14,
    ClosureReason.RESPONSIBLE_DENIES: 12,
    ClosureReason.HARMED_NOT_REACHED: 14,
}
_MITIGATED = (Concern.MITIGATED, "Talked through; a supporter comes along and breaks are agreed.")
_IN_PART = (Concern.MITIGATED, "Says what they did, remembers one part of it differently, and will listen to it.")
SENT = (ContactMethod.LETTER, ContactMethod.EMAIL)


def contact(life: Life, participant: Participant, method: str, result: str, note: str = "") -> None:
    """By that way where it is safe for them, else through whoever referred them."""
    if method in cases.unsafe_ways(participant, life.day):
        method = ContactMethod.THROUGH_REFERRER
    safe = SafeContact.objects.filter(person=participant.person_id).first()
    cases.log_contact(
        participant=participant,
        method=method,
        result=result,
        occurred_at=life.at(life.rng.randint(10, 16), life.rng.choice((0, 15, 30))),
        by=life.by,
        today=life.day,
        minutes=life.rng.choice((10, 20, 30)) if result == ContactResult.SPOKE else None,
        note=note,
        number_hidden=True if safe and safe.withheld_number and method == ContactMethod.PHONE else None,
    )


def may_call(life: Life, participant: Participant) -> bool:
    """Whoever did not begin it is not called before it is agreed."""
    return ContactMethod.THROUGH_REFERRER not in cases.unsafe_ways(participant, life.day)


def first_contacts(life: Life) -> None:
    first = next(one for one in (life.harmed, life.responsible) if one and may_call(life, one))
    life.later(1, 6)
    for _ in range(life.rng.randint(0, 2)):
        contact(life, first, ContactMethod.PHONE, ContactResult.NO_ANSWER)
        life.later(2, 6)
    contact(life, first, ContactMethod.PHONE, ContactResult.SPOKE, "Explained what restorative justice is.")


def end_early(life: Life) -> None:
    life.later(10, 60)
    reason = life.pick(ENDINGS)
    if reason == ClosureReason.HARMED_NOT_REACHED and life.harmed and not may_call(life, life.harmed):
        reason = ClosureReason.HARMED_CHOSE_NOT
    if reason == ClosureReason.HARMED_NOT_REACHED and life.harmed:
        for method in (ContactMethod.PHONE, ContactMethod.LETTER, ContactMethod.VISIT, ContactMethod.EMAIL):
            life.later(1, 3)
            result = ContactResult.SENT if method in SENT else ContactResult.NO_ANSWER
            contact(life, life.harmed, method, result)
    cases.close_case(case=life.case, reason=reason, closed_on=life.day, by=life.by, today=life.day)


def agree(life: Life) -> None:
    for participant in (life.harmed, life.responsible):
        life.later(3, 14)
        ask_age(life, participant)
        for purpose in (ConsentPurpose.CONTACT, ConsentPurpose.APPROACH_OTHER_SIDE, ConsentPurpose.SURVEY):
            consent(life, participant, purpose, ConsentMethod.PHONE)
        life.later(5, 20)
        consent(life, participant, ConsentPurpose.TAKE_PART, ConsentMethod.WRITTEN)
        cases.keep_document(
            case=life.case,
            side=participant.side,
            kind=DocumentKind.CONSENT,
            words="Consent to take part, signed",
            content=b"A demonstration: the signed paper would be here.",
            dated=life.day,
            by=life.by,
            today=life.day,
        )


def ask_age(life: Life, participant: Participant) -> None:
    person = participant.person
    if person.date_of_birth is None and not person.is_organisation:
        common = {"referral": life.referral, "by": life.by, "today": life.day, "known_on": life.day}
        referrals.establish_adult(person=person, because=AdultBecause.TOLD, **common)


def consent(life: Life, participant: Participant, purpose: str, method: str) -> None:
    cases.record_consent(
        participant=participant, purpose=purpose, method=method, given_on=life.day, by=life.by, today=life.day
    )


def assign(life: Life) -> None:
    life.later(2, 8)
    roles = [AssignmentRole.LEAD, AssignmentRole.CO_FACILITATOR]
    for practitioner in life.candidates():
        if not roles:
            return
        blocks = cases.blocks_to_assign(case=life.case, practitioner=practitioner, role=roles[0], today=life.day)
        if not blocks:
            cases.assign(
                case=life.case,
                practitioner=practitioner,
                role=roles.pop(0),
                sides=AssignmentSides.BOTH,
                not_asked=NotAskedBecause.ASKED_OTHERWISE,
                by=life.by,
                today=life.day,
            )


def assess(life: Life, participant: Participant) -> None:
    life.later(3, 12)
    assessor = life.company.assessor
    assessment = cases.start_assessment(participant=participant, by=assessor, today=life.day)
    mitigated = life.rng.sample(ITEMS[participant.side], 2)
    items = {kind: _MITIGATED if kind in mitigated else (Concern.NONE, "") for kind in ITEMS[participant.side]}
    items[AssessmentItemKind.WILLING] = (Concern.NONE, "Said so freely, and knows they may stop at any time.")
    alone = cases.AskedAlone(life.day, "in_person")
    taken = ResponsibilityTaken.FULL
    if AssessmentItemKind.RESPONSIBILITY in mitigated:
        taken, items[AssessmentItemKind.RESPONSIBILITY] = ResponsibilityTaken.PART, _IN_PART
    cases.save_items(assessment=assessment, items=items, alone=alone, responsibility=taken, by=assessor, today=life.day)
    cases.sign_assessment(
        assessment=assessment,
        outcome=AssessmentOutcome.SUITABLE,
        able=True,
        willing=True,
        suitable=True,
        by=assessor,
        today=life.day,
        has_met_person=True,
    )
