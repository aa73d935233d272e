"""Asking practitioners: whether they are free, naming nobody; then whether they know somebody; then the coordinator assigns."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from cases import events, policy
from cases.actions.locking import again, locked_open, record_on, require
from cases.actions.opening import COORDINATORS
from cases.actions.staffing import require_free, require_role, users_of
from cases.choices import INVITATION_TRANSITIONS, AssignmentRole
from cases.models import Assignment, Case, Invitation, Participant
from cases.querysets import InvitationQuerySet
from referrals.actions import declare_conflict
from referrals.models import Grant, Restriction
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.notifications.actions import forget, notify
from rj_service.ui.dates import moment_of
from rj_service.ui.templatetags.ui import day
from volunteers.models import Practitioner

Answer = Invitation.Answer
ONLY_THEY = "Only the person who was asked can answer."
NAMES_NOBODY = "Name a town or district only: no street, number, postcode, or name of anybody in the case"

LONGEST_WAIT = timedelta(days=60)


@transaction.atomic
def invite_practitioner(
    *,
    case: Case,
    practitioner: Practitioner,
    role: str,
    sides: str,
    answer_by: date,
    by: User,
    today: date,
    near: str = "",
    hours: int | None = None,
) -> Invitation:
    """Asks whether they are free; names nobody (domain 2.16.12). Refused with the first block."""
    case = locked_open(case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    require_role(role, sides)
    if answer_by < today:
        raise DomainError("The day to answer by must be today or later", field="answer_by")
    if answer_by > today + LONGEST_WAIT:
        raise DomainError(f"The day to answer by must be within {LONGEST_WAIT.days} days", field="answer_by")
    _require_nobody_named(case, near)
    require_free(case, practitioner, role, today, "invited")
    if practitioner.learner.user is None or not practitioner.learner.user.is_active:
        words = (
            f"{practitioner.name} has no account, so that nobody would read it. Ring them, or invite them to one first"
        )
        raise DomainError(words, field="practitioner")
    open_ones = Invitation.objects.filter(case=case, practitioner=practitioner).open()
    if open_ones.exists():
        raise DomainError(f"{practitioner.name} has been asked already", field="practitioner")
    invitation = Invitation.objects.create(
        case=case,
        practitioner=practitioner,
        role=role,
        sides=sides,
        near=near.strip(),
        hours=hours,
        answer_by=answer_by,
        invited_by=by,
    )
    record_on(events.INVITED, case, by, today, invitation=str(invitation.pk), practitioner=str(practitioner.pk))
    notify(users_of([practitioner]), "invitation", on=invitation)
    return invitation


def _require_nobody_named(case: Case, near: str) -> None:
    """What is typed is all that somebody reads who is not cleared yet."""
    words = set(re.findall(r"[^\W\d_]+", near.casefold()))
    people = Participant.objects.filter(case=case).select_related("person")
    names = {
        part.casefold()
        for one in people
        for name in (one.person.first_name, one.person.last_name, one.person.organisation_name)
        for part in re.findall(r"[^\W\d_]+", name)
    }
    if words & names or any(sign.isdigit() for sign in near):
        raise DomainError(NAMES_NOBODY, field="near")


@transaction.atomic
def answer_invitation(*, invitation: Invitation, accepted: bool, by: User, today: date) -> Invitation:
    """Only by the practitioner asked. A yes assigns nobody, and one yes takes a place: whoever says yes after it is in
    reserve, and is shown nothing unless the place is free again."""
    fresh = _own(invitation, by)
    if fresh.answer != Answer.WAITING:
        raise StaleState("This invitation has been answered or withdrawn.")
    if fresh.answer_by < today:
        raise DomainError(f"The time to answer ended on {day(fresh.answer_by)}. Ask the coordinator.")
    yes = Answer.RESERVE if is_place_taken(fresh.case, fresh.role) else Answer.ACCEPTED
    fresh.answered_at = moment_of(today)
    _move(fresh, yes if accepted else Answer.REFUSED, "answered_at")
    record_on(events.INVITATION_ANSWERED, fresh.case, by, today, invitation=str(fresh.pk), answer=fresh.answer)
    notify(fresh.case.coordinator, "invitation_answered", on=fresh.case)
    return fresh


def is_place_taken(case: Case, role: str) -> bool:
    """Of a held case: somebody said yes to it and waits to be assigned, or leads it."""
    said_yes = Invitation.objects.filter(case=case, role=role, answer=Answer.ACCEPTED)
    leads = Assignment.objects.in_force().filter(case=case, role=AssignmentRole.LEAD)
    return said_yes.exists() or (role == AssignmentRole.LEAD and leads.exists())


@transaction.atomic
def show_names(*, invitation: Invitation, by: User, today: date) -> Invitation:
    """To whoever said yes, of their own sides alone and for this one question: do you know anybody here? First the conflicts
    that are known are looked at again. Somebody in reserve moves up, once the place is free."""
    case = locked_open(invitation.case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    fresh = again(invitation)
    if fresh.answer == Answer.RESERVE and not is_place_taken(case, fresh.role):
        _move(fresh, Answer.ACCEPTED)
    if fresh.answer != Answer.ACCEPTED:
        raise StaleState("Names are shown to whoever said yes and has the place.")
    if fresh.names_shown_at is not None:
        raise StaleState("They have been asked whether they know anybody. Nothing was done twice.")
    require_free(case, fresh.practitioner, fresh.role, today, "shown the names")
    _require_not_restricted(case, fresh)
    fresh.names_shown_at, fresh.names_shown_by = moment_of(today), by
    fresh.save(update_fields=["names_shown_at", "names_shown_by"])
    record_on(events.NAMES_SHOWN, case, by, today, invitation=str(fresh.pk), practitioner=str(fresh.practitioner_id))
    notify(users_of([fresh.practitioner]), "invitation_names", on=fresh)
    return fresh


def _require_not_restricted(case: Case, invitation: Invitation) -> None:
    granted = Grant.objects.in_force().filter(referral=case.referral_id, user=invitation.practitioner.learner.user_id)
    if Restriction.objects.filter(referral=case.referral_id).exists() and not granted.exists():
        raise DomainError(
            "The case is restricted, and not open to them. A service manager gives access by name first",
            field="practitioner",
        )


@transaction.atomic
def know_nobody(*, invitation: Invitation, by: User, today: date) -> Invitation:
    """They have read the names. The coordinator may assign them now."""
    fresh = _with_names(invitation, by, today)
    fresh.cleared_at = moment_of(today)
    fresh.save(update_fields=["cleared_at"])
    record_on(events.KNOWS_NOBODY, fresh.case, by, today, invitation=str(fresh.pk))
    notify(fresh.case.coordinator, "invitation_answered", on=fresh.case)
    return fresh


@transaction.atomic
def know_somebody(*, invitation: Invitation, by: User, today: date) -> None:
    """Shuts the whole case to them at once; whom they know and why is nobody's business."""
    fresh = _with_names(invitation, by, today)
    end_invitation(fresh, fresh.case, by, today)
    declare_conflict(user=by, referral=fresh.case.referral, by=by)
    forget([by], on=fresh)
    notify(fresh.case.coordinator, "invitation_answered", on=fresh.case)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, today: date) -> Invitation:
    """The practitioner no longer sees it."""
    case = locked_open(invitation.case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    fresh = again(invitation)
    if Answer.WITHDRAWN not in INVITATION_TRANSITIONS[fresh.answer]:
        raise StaleState("This invitation has ended already.")
    end_invitation(fresh, case, by, today)
    return fresh


def settle_invitations(case: Case, practitioner: Practitioner, role: str, by: User, today: date) -> None:
    """Of a held case, once the place is given: theirs has done its work. A case has one lead: nobody waits for that any more."""
    for one in Invitation.objects.filter(case=case, practitioner=practitioner).open():
        if one.answer == Answer.WAITING:
            end_invitation(one, case, by, today)
        else:
            _move(one, Answer.ASSIGNED)
    if role == AssignmentRole.LEAD:
        end_invitations(Invitation.objects.filter(case=case, role=role), case, by, today)


def end_invitations(invitations: InvitationQuerySet, case: Case, by: User, today: date) -> None:
    """Whoever was asked is told that they are not needed."""
    ended = list(invitations.open().select_related("practitioner__learner__user"))
    for one in ended:
        end_invitation(one, case, by, today)
    _tell_not_needed(ended)


def end_invitation(invitation: Invitation, case: Case, by: User, today: date) -> None:
    invitation.answered_at = invitation.answered_at or moment_of(today)
    _move(invitation, Answer.WITHDRAWN, "answered_at")
    record_on(events.INVITATION_WITHDRAWN, case, by, today, invitation=str(invitation.pk))


def _tell_not_needed(invitations: Iterable[Invitation]) -> None:
    for one in invitations:
        notify(users_of([one.practitioner]), "invitation_over", on=one)


def _move(invitation: Invitation, answer: str, *fields: str) -> None:
    if answer not in INVITATION_TRANSITIONS[invitation.answer]:
        raise StaleState("This invitation has been answered or withdrawn.")
    invitation.answer = answer
    invitation.save(update_fields=["answer", *fields])


def _own(invitation: Invitation, by: User) -> Invitation:
    """As it stands now, its case held: two who say yes at once see each other. They may not see the case itself."""
    _hold(invitation)
    fresh = again(invitation)
    require(fresh.practitioner.learner.user_id == by.pk, ONLY_THEY)
    return fresh


def _hold(invitation: Invitation) -> None:
    row_by_row(Case).select_for_update().only("pk").get(pk=invitation.case_id)


def _with_names(invitation: Invitation, by: User, today: date) -> Invitation:
    fresh = _own(invitation, by)
    if not Invitation.objects.filter(pk=fresh.pk).with_names_open(by, today).exists():
        raise StaleState("This question has been answered, or the invitation has ended.")
    return fresh
