"""Consent, bars, flags and death of people in a case. What forbids something stops what is arranged in the same moment."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q

from cases import events, policy
from cases.actions.assigning import end_what_the_young_have
from cases.actions.locking import NOT_YOUR_SIDE, locked, locked_open, record_on, require, restage
from cases.actions.opening import COORDINATORS
from cases.actions.reaching import ask_again_to_tell, stop_reaching
from cases.actions.reopening import reopen_assessments
from cases.actions.stopping import facilitators_of, stop_interventions, stop_what_the_gate_forbids
from cases.choices import ReopenedBecause
from cases.models import Case, Participant
from cases.stages import STOPPING
from referrals import actions as referrals
from referrals.choices import ConsentPurpose
from referrals.models import Consent, LegalBar, Referral, SafetyChange, SensitiveFlag
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify

_K = SafetyChange.Kind
TOLD_TO_FACILITATORS = frozenset(
    [
        _K.CONSENT_WITHDRAWN,
        _K.CONTACT_STRICTER,
        _K.PAUSED,
        _K.BAR_RECORDED,
        _K.FLAG_RAISED,
        _K.DIED,
        _K.NO_LONGER_VERIFIED,
        _K.CHILD,
        _K.TURNED_18,
    ]
)
# What has to be looked at again by whoever assessed.
REOPENING: dict[str, str] = {
    _K.FLAG_RAISED: ReopenedBecause.FLAG,
    _K.BAR_RECORDED: ReopenedBecause.BAR,
    _K.CONCERN: ReopenedBecause.NEWS,
}


@transaction.atomic
def record_consent(
    *,
    participant: Participant,
    purpose: str,
    method: str,
    given_on: date,
    by: User,
    today: date,
    informed: bool = True,
    channels: Collection[str] = (),
) -> Consent:
    """One agreement for one purpose (`ConsentPurpose`). To take part counts at the gate in writing only (RJC code C).

    An agreement in writing takes the place of a spoken one for the same purpose.
    """
    case = locked(participant.case, by, today)
    require(policy.can_record_consent(by, case, participant.side, today), NOT_YOUR_SIDE)
    consent = referrals.record_consent(
        person=participant.person,
        referral=case.referral,
        purpose=purpose,
        method=method,
        by=by,
        given_on=given_on,
        today=today,
        informed=informed,
        channels=channels,
    )
    if purpose == ConsentPurpose.CONTACT and not case.is_closed:
        ask_again_to_tell(case, by)
    restage(case, by, today)
    return consent


@transaction.atomic
def withdraw_consent(*, participant: Participant, by: User, today: date, purpose: str | None = None) -> int:
    """Without `purpose`, or for contact, everything the person agreed to here ends. Arranged interventions are postponed
    and their facilitators told in the same transaction. Returns how many agreements ended."""
    case = locked(participant.case, by, today)
    require(policy.can_record_consent(by, case, participant.side, today), NOT_YOUR_SIDE)
    ended = referrals.withdraw_consent(person=participant.person, referral=case.referral, by=by, purpose=purpose)
    if ended and purpose in (None, *STOPPING, ConsentPurpose.APPROACH_OTHER_SIDE):
        stop_interventions(case, "Consent withdrawn", by, today)
        stop_reaching(case, by, today)
    restage(case, by, today)
    return ended


@transaction.atomic
def record_legal_bar(
    *,
    participant: Participant,
    kind: str,
    authority: str,
    starts_on: date,
    by: User,
    today: date,
    ends_on: date | None = None,
    words: str = "",
) -> LegalBar:
    """A hard stop that the person harmed cannot waive (domain 2.16.3). Postpones what is arranged."""
    case = locked(participant.case, by, today)
    require(policy.can_forbid(by, case, participant.side, today), NOT_YOUR_SIDE)
    bar = referrals.record_legal_bar(
        person=participant.person,
        referral=case.referral,
        kind=kind,
        authority=authority,
        starts_on=starts_on,
        ends_on=ends_on,
        words=words,
        by=by,
    )
    reopen_assessments(case, ReopenedBecause.BAR, by, today, of=participant.person)
    if ends_on is None or ends_on >= today:
        stop_interventions(case, "An order or condition forbids it", by, today)
    restage(case, by, today)
    _tell_coordinator(case, by)
    return bar


@transaction.atomic
def record_permission(
    *, case: Case, bar: LegalBar, authority: str, permitted_on: date, by: User, today: date
) -> LegalBar:
    """The written permission of the authority that set the bar: the only thing that lifts it before its end."""
    case = locked(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    if not Participant.objects.filter(case=case, person=bar.person_id).exists():
        raise DomainError("This bar is not about anybody in this case.")
    if permitted_on > today:
        raise DomainError("The day of the permission must be today or in the past", field="permitted_on")
    return referrals.permit_despite_bar(
        bar=bar, referral=case.referral, authority=authority, permitted_on=permitted_on, by=by
    )


@transaction.atomic
def raise_flag(*, case: Case, kind: str, by: User, today: date, words: str = "") -> SensitiveFlag:
    """A late flag suspends everything at once (domain 2.16.4) and asks for a new sign-off; whoever is under 18 has the case no
    more (2.16.6)."""
    case = locked(case, by, today)
    require(policy.can_forbid(by, case, today=today), NOT_YOUR_SIDE)
    standing = SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True)
    is_new = not standing.filter(kind=kind, words=words).exists()
    flag = referrals.raise_flag(referral=case.referral, kind=kind, by=by, words=words)
    if is_new:
        reopen_assessments(case, ReopenedBecause.FLAG, by, today)
        stop_interventions(case, "Something sensitive was added", by, today)
        end_what_the_young_have(case, by, today)
        _tell_coordinator(case, by)
    restage(case, by, today)
    return flag


def _tell_coordinator(case: Case, by: User) -> None:
    if case.coordinator_id != by.pk:
        notify(case.coordinator, "safety_change", on=case)


@transaction.atomic
def clear_flag(*, case: Case, flag: SensitiveFlag, because: str, by: User, today: date) -> SensitiveFlag:
    """A second pair of eyes takes it off, as it signs off: one slip would ask for two facilitators for ever."""
    case = locked_open(case, by, today)
    require(policy.can_sign_off(by, case), "Only the case's supervisor or a service manager can take it off.")
    if flag.referral_id != case.referral_id:
        raise ValueError("a flag of another referral")
    flag = referrals.clear_flag(flag=flag, because=because, by=by)
    restage(case, by, today)
    notify(case.coordinator, "case_update", on=case)
    return flag


@transaction.atomic
def apply_safety_change(*, change: SafetyChange, by: User, today: date) -> int:
    """What was learnt about a referral or a person, in every open case it touches: postpones what the gate no longer
    permits, rewrites the stage, alerts. Doing it twice changes nothing. Returns how many interventions were stopped."""
    stopped = 0
    if change.referral is not None and change.kind == _K.INCIDENT_CORRECTED:
        _follow_incident(change.referral)
    for case in _touched_by(change):
        case = locked(case, by, today)
        if change.kind in REOPENING:
            because, known = REOPENING[change.kind], change.created_at
            reopen_assessments(case, because, by, today, of=change.person, since=known)
        if change.kind == _K.FLAG_RAISED:
            end_what_the_young_have(case, by, today)
        stopped += stop_what_the_gate_forbids(case, "Something changed that the gate looks at", by, today)
        stop_reaching(case, by, today)
        restage(case, by, today)
        if change.kind in TOLD_TO_FACILITATORS:
            notify(facilitators_of(case), "safety_change", on=case)
    if change.referral_id is None and change.person is not None:
        referrals.act_elsewhere(person=change.person, kind=change.kind, by=by, today=today)
    return stopped


def _follow_incident(referral: Referral) -> None:
    """What a list of cases is narrowed by stands with the case, open or closed."""
    incident = referral.incident
    Case.objects.filter(referral=referral).update(crime_type=incident.crime_type, local_area=incident.local_area)


def _touched_by(change: SafetyChange):
    """What is about the person, wherever they are (a bar, a pause, a death, what names no referral); the rest is about one."""
    about = Q(referral=change.referral_id) if change.referral_id else Q()
    of_the_person = change.referral_id is None or change.kind in (_K.BAR_RECORDED, _K.PAUSED, _K.DIED)
    if change.person_id and of_the_person:
        about |= Q(pk__in=Participant.objects.filter(person=change.person_id, left_at__isnull=True).values("case"))
    return Case.objects.open().filter(about).order_by("pk") if about else Case.objects.none()


@transaction.atomic
def record_death(*, participant: Participant, died_on: date, by: User, today: date) -> None:
    """Stops every meeting, letter, survey and call about the person (domain 2.16.15)."""
    case = locked(participant.case, by, today)
    require(policy.can_record_consent(by, case, participant.side, today), NOT_YOUR_SIDE)
    referrals.record_death(person=participant.person, referral=case.referral, died_on=died_on, by=by, today=today)
    record_on(events.DEATH_RECORDED, case, by, today, about=participant)
    stop_interventions(case, "A participant died", by, today)
    stop_reaching(case, by, today)
    restage(case, by, today)
