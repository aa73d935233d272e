"""Who may do what to a referral in which state. Pure: what it needs of the database is handed in or already loaded.

Visibility comes first and elsewhere (`visible_to`): a referral that a user may not see is not there.
"""

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from referrals.ages import eighteen_on
from referrals.choices import (
    TRANSITIONS,
    AgeGroup,
    Approach,
    CheckOf,
    ConsentMethod,
    ConsentPurpose,
    InitiatedBy,
    Mechanism,
    ParentalKind,
    ReferralStatus,
    Side,
    YesNoNotKnown,
)
from referrals.models import (
    Childhood,
    Complaint,
    Consent,
    LegalBar,
    Merge,
    ParentalAgreement,
    ParentalResponsibility,
    Person,
    Referral,
    SafeContact,
)
from rj_service.accounts.models import User
from rj_service.ui.templatetags.ui import day

DECIDED_AGAINST = (
    ReferralStatus.NOT_ACCEPTED,
    ReferralStatus.REFERRED_ELSEWHERE,
    ReferralStatus.DUPLICATE,
    ReferralStatus.ENTERED_IN_ERROR,
    ReferralStatus.PASSED_ON,
)
CHANNELS = {
    "phone": "may_phone",
    "voicemail": "may_leave_voicemail",
    "text": "may_text",
    "email": "may_email",
    "letter": "may_write",
}
NO_OFFER_OUTSIDE = "Make this person no offer. The coordinators can say more."
NOT_SAFE = "Safe contact does not allow it."
NO_AGREEMENT = {
    ConsentPurpose.CONTACT: "There is no agreement to be contacted.",
    ConsentPurpose.SURVEY: "They have not agreed to be asked how it went.",
}
STOPPED_CONTACT = "They withdrew their agreement to be contacted."
PAUSED = "They asked for a pause. Nobody contacts them until they say so."
UNVERIFIED = "This self-referral has not been verified. Nobody on the other side is approached before that."


def _in_area(user: User, permission: str, referral: Referral) -> bool:
    return user.may(permission, referral.service_area_id)


def can_take(user: User, referral: Referral) -> bool:
    return _in_area(user, "referrals.decide", referral) and referral.status in (
        ReferralStatus.RECEIVED,
        ReferralStatus.INTERESTED,
        ReferralStatus.ON_HOLD,
    )


def can_decide(user: User, referral: Referral) -> bool:
    """A decision is open as long as the status has somewhere to go."""
    return _in_area(user, "referrals.decide", referral) and bool(TRANSITIONS[referral.status])


def can_move(user: User, referral: Referral, status: str) -> bool:
    return _in_area(user, "referrals.decide", referral) and status in TRANSITIONS[referral.status]


def can_confirm_merge(user: User, merge: Merge) -> bool:
    """A second person: nobody confirms their own."""
    return user.may("referrals.decide", merge.service_area_id) and user.pk != merge.proposed_by_id


def can_reopen(user: User, referral: Referral) -> bool:
    """Whoever waits for a suspect to be identified goes back by another way, which asks for their wish first."""
    return referral.status != ReferralStatus.INTERESTED and can_move(user, referral, ReferralStatus.RECEIVED)


def can_reveal_contact(user: User, referral: Referral) -> bool:
    return _in_area(user, "referrals.reveal_contact", referral)


def can_manage(user: User, referral: Referral) -> bool:
    """Consents, bars, flags, safe contact, proposed changes."""
    return _in_area(user, "referrals.manage", referral)


def can_add_responsible(user: User, referral: Referral) -> bool:
    """Before the decision; from then on the case names them."""
    undecided = (ReferralStatus.RECEIVED, ReferralStatus.INTERESTED, ReferralStatus.ON_HOLD)
    return can_manage(user, referral) and referral.status in undecided


def can_write_to_referrer(user: User, referral: Referral) -> bool:
    return referral.organisation_id is not None and can_manage(user, referral)


def is_its_referrer(user: User, referral: Referral) -> bool:
    """Works for the organisation that sent it: may write to the coordinators, and change what was sent."""
    acting = user.acting
    return (
        acting is not None
        and _in_area(user, "referrals.view_own", referral)
        and acting.organisation_id is not None
        and acting.organisation_id == referral.organisation_id
    )


def can_restrict(user: User, referral: Referral) -> bool:
    """A separate act of a manager, or of the coordinator at triage; a sensitive flag alone restricts nobody."""
    return _in_area(user, "referrals.restrict", referral)


def can_grant(user: User, referral: Referral) -> bool:
    return _in_area(user, "referrals.grant", referral)


def can_create(user: User, area_id) -> bool:
    return user.may("referrals.create", area_id)


def can_import(user: User, area_id) -> bool:
    return user.may("referrals.import", area_id)


def is_begun_by_responsible(referral: Referral) -> bool:
    return InitiatedBy.OFFENDER == referral.initiated_by or Mechanism.OFFENDER_SELF == referral.mechanism


def is_closed_side(referral: Referral, side: str) -> bool:
    """The side of whoever did not refer themselves learns nothing before the referral is verified (domain 2.16.8)."""
    other = Side.HARMED if is_begun_by_responsible(referral) else Side.RESPONSIBLE
    return referral.is_unverified and side == other


def checks_needed(referral: Referral) -> tuple[CheckOf, ...]:
    """What is checked of a self-referral. Whoever was harmed is found and asked by the police, victim liaison or the Hub
    before anything reaches them from what the person responsible sent (domain 2.16.7)."""
    asked = (CheckOf.HARMED,) if Mechanism.OFFENDER_SELF == referral.mechanism else ()
    return (CheckOf.IDENTITY, CheckOf.INCIDENT, *asked)


def accept_block(referral: Referral) -> str:
    """Why no case may be opened of it now; empty when one may. The person responsible is assessed in the case, and whoever
    was harmed is asked after that (domain 2.16.7)."""
    if Mechanism.OFFENDER_SELF != referral.mechanism:
        return ""
    last = last_checks(referral)
    if not (last.get(CheckOf.IDENTITY) and last.get(CheckOf.INCIDENT)):
        return "Who wrote and what happened have not been confirmed. No case opens before."
    if referral.person_harmed_id is None:
        return "Whoever was harmed is not found yet. No case opens before they are named."
    if last.get(CheckOf.HARMED) is False:
        return "Whoever was harmed was asked, and it was not confirmed. No case opens."
    return ""


def last_checks(referral: Referral) -> dict[str, bool]:
    """Of each kind of `CheckOf` that was made: whether the last one confirmed it."""
    made = sorted(referral.verification_checks.all(), key=lambda check: (check.recorded_at, check.pk))
    return {check.kind: check.is_confirmed for check in made}


def can_name_harmed(user: User, referral: Referral) -> bool:
    """Whoever referred themselves as responsible names nobody: the service finds out."""
    undecided = (ReferralStatus.RECEIVED, ReferralStatus.INTERESTED, ReferralStatus.ON_HOLD)
    return can_manage(user, referral) and referral.person_harmed_id is None and referral.status in undecided


def can_offer(user: User, referral: Referral) -> bool:
    """A Hub worker or referrer records what they offered in their own referral."""
    return can_manage(user, referral) or is_its_referrer(user, referral)


def offer_block(person: Person | None, *, closed: bool, is_somebody_never: bool) -> str:
    """Why restorative justice may not be offered now; empty when it may. `is_somebody_never`: the same person, found twice,
    asked so elsewhere."""
    if person is None:
        return "Nobody harmed is named in this referral."
    if person.died_on:
        return "The person has died. Nobody offers anything."
    if person.approach == Approach.NEVER:
        return "They asked never to be asked again. Nobody offers anything, here or elsewhere."
    if person.paused_at:
        return PAUSED
    if is_somebody_never:
        return "The same person asked, in another referral, never to be asked again."
    return UNVERIFIED if closed else ""


def has_withdrawn(given: Collection[Consent], purpose: str) -> bool:
    """Taken back, and not given again since."""
    said = [one.withdrawn_at for one in given if one.purpose == purpose]
    return bool(said) and None not in said


def age_group(person: Person, today: date) -> AgeGroup:
    """A known date of birth counts before any answer; without one, 18 or over is what a worker has signed for."""
    if person.is_organisation:
        return AgeGroup.ADULT
    if person.date_of_birth is not None:
        return AgeGroup.CHILD if today < eighteen_on(person.date_of_birth) else AgeGroup.ADULT
    if person.under_18:
        return AgeGroup.CHILD
    return AgeGroup.ADULT if person.adult_because else AgeGroup.NOT_KNOWN


def age_to_establish(person: Person) -> str:
    """Of somebody whose age is not known: that they say they are 18 or over opens nothing by itself."""
    if person.under_18 is None:
        return f"Nobody has asked whether {person.name} is under 18."
    return f"{person.name} says that they are 18 or over. Nobody has said how that is known."


def given_as_a_child(consent: Consent, person: Person, today: date) -> bool:
    """By somebody who is 18 now and was not then: they are asked again (domain 2.16.6)."""
    if person.date_of_birth is None:
        return False
    given_on = consent.given_on or timezone.localdate(consent.recorded_at)
    return given_on < eighteen_on(person.date_of_birth) <= today


def marked(given: list[Consent], person: Person, today: date) -> list[Consent]:
    """For a page: on each `was_a_child`, which counts no more, and `until_18`, the day on which it will not."""
    born = person.date_of_birth
    birthday = eighteen_on(born) if born and not person.is_organisation else None
    for consent in given:
        consent.was_a_child = given_as_a_child(consent, person, today)  # type: ignore[attr-defined]
        consent.until_18 = birthday if birthday and today < birthday else None  # type: ignore[attr-defined]
    return given


def may_agree_for(childhood: Childhood | None, parental: ParentalResponsibility) -> str:
    """Why not, as a sentence; empty when they may."""
    if parental.ended_at is not None:
        return "They have no parental responsibility any more."
    if parental.involved != YesNoNotKnown.NO:
        return "Only somebody who had no part in the harm can agree for a child."
    in_care = childhood is not None and childhood.in_care == YesNoNotKnown.YES
    if in_care and parental.kind != ParentalKind.LOCAL_AUTHORITY:
        return "For a child in care the local authority agrees."
    return ""


def parental_block(
    person: Person,
    *,
    childhood: Childhood | None,
    said: Collection[ParentalAgreement],
    purpose: str,
    today: date,
    in_writing: bool = False,
) -> str:
    """Which agreement beside a child's own is missing; empty when none is, and from their 18th birthday on. `said`: in this
    referral, withdrawn ones too. Whoever of several takes it back, stops it."""
    if age_group(person, today) != AgeGroup.CHILD:
        return ""
    if childhood is None or childhood.in_care == YesNoNotKnown.NOT_KNOWN:
        return f"{person.name} is under 18. Nobody has asked whether they are in care."
    by_parent: dict = {}
    for one in said:
        if one.purpose == purpose and not may_agree_for(childhood, one.parental):
            by_parent.setdefault(one.parental_id, []).append(one)
    standing = [one for each in by_parent.values() for one in each if one.withdrawn_at is None]
    if any(all(one.withdrawn_at for one in each) for each in by_parent.values()):
        return f"{person.name} is under 18. Somebody with parental responsibility took back their agreement."
    if not standing:
        in_care = childhood.in_care == YesNoNotKnown.YES
        who = "the local authority" if in_care else "nobody with parental responsibility"
        return f"{person.name} is under 18, and {who} has {'not ' if in_care else ''}agreed."
    if in_writing and all(one.method != ConsentMethod.WRITTEN for one in standing):
        return f"{person.name} is under 18. The agreement of somebody with parental responsibility is not in writing."
    return ""


def missing_agreement(given: Collection[Consent], purpose: str, channel: str) -> str:
    """Which agreement stands in the way; empty when none does. `given`: of one person in one referral, withdrawn ones too.

    Whoever took back the agreement to be contacted is not written to for anything else they once agreed to.
    """
    if purpose != ConsentPurpose.CONTACT and has_withdrawn(given, ConsentPurpose.CONTACT):
        return STOPPED_CONTACT
    agreed = [one for one in given if one.purpose == purpose and one.withdrawn_at is None]
    if not agreed:
        return NO_AGREEMENT[ConsentPurpose(purpose)]
    if all(one.channels and channel not in one.channels.split() for one in agreed):
        return "They agreed to it, but not in this way."
    return ""


def bar_in_words(bar: LegalBar) -> str:
    """Two sentences, right for every kind and for whatever the authority is called."""
    until = f" until {day(bar.ends_on)}" if bar.ends_on else ""
    return f"No contact{until}: {bar.get_kind_display().lower()}. Only they can permit it: {bar.authority}."


def contact_blocks(
    person: Person,
    channel: str,
    *,
    safe: SafeContact | None,
    missing: str,
    bars: list[LegalBar],
    closed: bool = False,
) -> list[str]:
    """Why the person may not be reached by the channel now; empty when they may. Ask under lock, when acting. `missing`: the
    sentence of `missing_agreement`. Whoever sits opposite has been reached: nothing need be safe for that."""
    found = [UNVERIFIED] if closed else []
    if person.died_on:
        found.append("The person has died. Nothing is sent and nobody calls.")
    if person.approach == Approach.NEVER:
        found.append("They asked never to be asked again.")
    if person.paused_at:
        found.append(PAUSED)
    if missing:
        found.append(missing)
    found += [bar_in_words(bar) for bar in bars]
    if channel in CHANNELS and (safe is None or not getattr(safe, CHANNELS[channel])):
        found.append(NOT_SAFE)
    return found


def standing_bars(bars: list[LegalBar], today: date) -> list[LegalBar]:
    return [
        bar
        for bar in bars
        if bar.starts_on <= today and (bar.ends_on is None or bar.ends_on >= today) and bar.permitted_on is None
    ]


def request_block(
    referral: Referral, person: Person, *, responsible: Collection[Person], withdrawn: Collection[tuple]
) -> str:
    """Why no agency may be asked about the person now; empty when one may. `responsible`: everybody who is; `withdrawn`: pairs
    of a person's id and a purpose that they withdrew and did not give again.

    Whichever of the two sides stops, stops it (domain 2.16.1, 2.16.15): of several responsible, only when all of them have."""
    alone = [*responsible] if len(responsible) == 1 else []
    people = {one.pk: one for one in (referral.person_harmed, person, *alone) if one}.values()
    gone = [bool(one.died_on) for one in responsible]
    if any(one.died_on for one in people) or (gone and all(gone)):
        return "Somebody of this referral has died. Nobody is asked about them."
    stopped = [bool(one.died_on) or (one.pk, ConsentPurpose.CONTACT) in withdrawn for one in responsible]
    if any((one.pk, ConsentPurpose.CONTACT) in withdrawn for one in people) or (stopped and all(stopped)):
        return "An agreement to be contacted was withdrawn. Nobody is asked for more."
    if (person.pk, ConsentPurpose.SHARE_INFORMATION) in withdrawn:
        return "The person withdrew their agreement that we ask agencies."
    if person.approach == Approach.NEVER:
        return "The person is never to be asked."
    if referral.status in DECIDED_AGAINST:
        return "This referral goes no further."
    return ""


def can_keep_directory(user: User, area_id) -> bool:
    return user.may("referrals.manage", area_id)


def transfer_block(*, has_died: bool, agrees: bool, has_changes: bool) -> str:
    """Why a referral cannot go to another area now; empty when it can."""
    if has_died:
        return "Somebody of this referral has died. It goes nowhere."
    if not agrees:
        return "Whoever was referred does not agree to be contacted now. It goes nowhere."
    if has_changes:
        return "The referrer sent changes. Decide on them first, so that the other area gets what is right."
    return ""


def can_raise_concern(user: User, area_id) -> bool:
    return user.may("referrals.raise_concern", area_id)


def can_safeguard(user: User, area_id) -> bool:
    """Decide on concerns, and see to complaints. A manager's."""
    return user.may("referrals.safeguard", area_id)


def can_record_complaint(user: User, area_id) -> bool:
    return user.may("referrals.handle_complaint", area_id)


def can_answer_complaint(user: User, complaint: Complaint) -> bool:
    """Its handler alone: whoever else reads it may not decide it."""
    return complaint.handler_id == user.pk and can_record_complaint(user, complaint.service_area_id)


def can_see_to_complaint(user: User, complaint: Complaint) -> bool:
    """Acknowledge it, give it more time, tell what came of it."""
    return can_safeguard(user, complaint.service_area_id) or can_answer_complaint(user, complaint)


def own_link_block(referral: Referral, person: Person, *, withdrawn: Collection[tuple], case_closed: bool) -> str:
    """Why somebody of the referral has no page of their own now; empty when they may. `withdrawn` as in `request_block`."""
    if person.died_on:
        return "The person has died."
    if person.approach == Approach.NEVER:
        return "They asked never to be asked again."
    if (person.pk, ConsentPurpose.CONTACT) in withdrawn:
        return "The person withdrew their agreement to be contacted."
    if case_closed or referral.status in DECIDED_AGAINST:
        return "This has ended: there is nothing to pause or to stop."
    return ""
