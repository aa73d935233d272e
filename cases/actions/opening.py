"""A referral becomes a case; who is in it, on which side."""

from datetime import date

from django.db import transaction

from cases import events, policy
from cases.actions.locking import enter_stage, locked_open, record_on, require, restage
from cases.actions.reaching import stop_reaching
from cases.actions.stopping import stop_interventions, stop_what_the_gate_forbids
from cases.choices import ParticipantRole, Side
from cases.models import Case, Participant
from cases.stages import MAIN_ROLES
from referrals import actions as referrals
from referrals.choices import NeutralOutcome
from referrals.models import Person, Referral
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.ui.dates import moment_of

COORDINATORS = "Only a coordinator or manager of this area can do this."
SIDE_OF_ROLE = {
    ParticipantRole.PERSON_HARMED: Side.HARMED,
    ParticipantRole.PERSON_RESPONSIBLE: Side.RESPONSIBLE,
}


SOMEBODY_ELSE = "Somebody came into the case who has not been assessed"


@transaction.atomic
def accept_referral(*, referral: Referral, by: User, today: date, seen: str | None = None) -> Case:
    """Open the case of a referral: its people become participants; consents, bars and flags stay with them.

    Two coordinators at once make one case: the second gets StaleState, 'R Santos accepted this referral at 10:42am.
    Nothing was done twice.' `seen` is the status that the decision was taken on.
    """
    require(policy.can_accept(by, referral), COORDINATORS)
    accepted = referrals.mark_accepted(referral=referral, by=by, today=today, seen=seen)
    case = open_for(accepted, coordinator=accepted.taken_by or by, by=by, opened_on=today)
    referrals.record_outcome_told(referral=accepted, outcome=NeutralOutcome.TAKEN_FORWARD, by=by, today=today)
    restage(case, by, today)
    return case


def open_for(
    accepted: Referral, *, coordinator: User, by: User, opened_on: date, stage_since: date | None = None, **detail
) -> Case:
    """The case of an accepted referral, with its people on their sides. The caller restages it."""
    case = Case.objects.create(
        service_area_id=accepted.service_area_id,
        referral=accepted,
        crime_type=accepted.incident.crime_type,
        local_area_id=accepted.incident.local_area_id,
        stage_since=moment_of(stage_since or opened_on),
        opened_on=opened_on,
        opened_by=by,
        coordinator=coordinator,
    )
    record_on(events.OPENED, case, by, opened_on, referral=str(accepted.pk), **detail)
    enter_stage(case, by)
    for person, role in (
        (accepted.person_harmed, ParticipantRole.PERSON_HARMED),
        (accepted.person_responsible, ParticipantRole.PERSON_RESPONSIBLE),
    ):
        if person is not None:
            _add(case, person, role, SIDE_OF_ROLE[role], by, opened_on)
    for also in accepted.also_responsible.select_related("person").order_by("added_at", "id"):
        _add(case, also.person, ParticipantRole.PERSON_RESPONSIBLE, Side.RESPONSIBLE, by, opened_on)
    return case


@transaction.atomic
def add_participant(*, case: Case, person: Person, role: str, side: str, by: User, today: date) -> Participant:
    """`role` of ParticipantRole, `side` of Side. A person is in a case once; somebody who had left comes back."""
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    _require_side(role, side)
    if role in MAIN_ROLES and person.pk not in referrals.people_of(case.referral):
        raise DomainError("Only the people of the referral are the person harmed and the person responsible.")
    participant = _add(case, person, role, side, by, today)
    stop_what_the_gate_forbids(case, SOMEBODY_ELSE, by, today)
    restage(case, by, today)
    return participant


@transaction.atomic
def add_new_participant(
    *,
    case: Case,
    role: str,
    side: str,
    by: User,
    today: date,
    first_name: str = "",
    last_name: str = "",
    organisation_name: str = "",
) -> Participant:
    """Somebody not known yet, such as a supporter or an interpreter."""
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    if role == ParticipantRole.PERSON_RESPONSIBLE:
        return identify_person_responsible(
            case=case, by=by, today=today, first_name=first_name, last_name=last_name, beside=True
        )
    if role == ParticipantRole.PERSON_HARMED:
        raise DomainError("Another person harmed has a referral of their own", field="role")
    _require_side(role, side)
    new = referrals.NewPerson(first_name=first_name, last_name=last_name, organisation_name=organisation_name)
    person = referrals.add_person(referral=case.referral, new=new, by=by)
    return _add(case, person, role, side, by, today)


@transaction.atomic
def identify_person_responsible(
    *,
    case: Case,
    by: User,
    today: date,
    person: Person | None = None,
    first_name: str = "",
    last_name: str = "",
    under_18: bool | None = None,
    beside: bool = False,
) -> Participant:
    """Somebody responsible who was not known when the case was opened: a person already here, or a new one by name.
    `beside`: there may be others already."""
    case = locked_open(case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    if person is None:
        new = referrals.NewPerson(first_name=first_name, last_name=last_name, under_18=under_18)
        person = referrals.add_person(referral=case.referral, new=new, by=by)
    referrals.name_person_responsible(referral=case.referral, person=person, by=by, beside=beside)
    record_on(events.RESPONSIBLE_IDENTIFIED, case, by, today, people=[person.pk])
    participant = _add(case, person, ParticipantRole.PERSON_RESPONSIBLE, Side.RESPONSIBLE, by, today)
    stop_what_the_gate_forbids(case, SOMEBODY_ELSE, by, today)
    restage(case, by, today)
    return participant


@transaction.atomic
def participant_leaves(*, participant: Participant, by: User, today: date) -> Participant:
    """They no longer take part; what was recorded stays. A main participant's leaving stops what is arranged."""
    case = locked_open(participant.case, by, today)
    require(policy.can_manage(by, case), COORDINATORS)
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if participant.left_at is not None:
        return participant
    participant.left_at, participant.left_by = moment_of(today), by
    participant.save(update_fields=["left_at", "left_by"])
    record_on(events.PARTICIPANT_LEFT, case, by, today, about=participant)
    if participant.role in MAIN_ROLES:
        stop_interventions(case, "A participant left", by, today)
    stop_reaching(case, by, today)
    restage(case, by, today)
    return participant


def _require_side(role: str, side: str) -> None:
    if role not in ParticipantRole.values:
        raise DomainError("Choose the role of this person", field="role")
    if side not in Side.values:
        raise DomainError("Choose a side", field="side")
    if SIDE_OF_ROLE.get(ParticipantRole(role), side) != side:
        raise DomainError("This role belongs to the other side", field="side")


def _add(case: Case, person: Person, role: str, side: str, by: User, today: date) -> Participant:
    before = Participant.objects.filter(case=case, person=person).first()
    if before is not None and before.left_at is None:
        raise DomainError("This person is in the case already")
    if before is not None and before.side != side:
        raise DomainError("This person was in the case on another side", field="side")
    if before is not None:
        before.role, before.left_at, before.left_by = role, None, None
        before.save(update_fields=["role", "left_at", "left_by"])
        participant = before
    else:
        participant = Participant.objects.create(case=case, person=person, role=role, side=side, added_by=by)
    record_on(events.PARTICIPANT_ADDED, case, by, today, about=participant, role=role)
    return participant
