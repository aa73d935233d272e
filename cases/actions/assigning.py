"""Who works on a case: asked without a name, then assigned, one lead at a time."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.locking import again, in_sentence, locked_open, may_approach, record_on, require, restage
from cases.actions.opening import COORDINATORS
from cases.choices import AssignmentRole, AssignmentSides, LoanStatus, Side
from cases.matching import CONFLICT, TOO_YOUNG
from cases.models import Assessment, Assignment, Case, Invitation, Loan, Participant
from cases.stages import MAIN_ROLES
from referrals.models import ConflictOfInterest, SensitiveFlag
from rj_service.accounts.actions import end_lent_membership
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.notifications.actions import forget, notify
from rj_service.ui.dates import moment_of
from rj_service.ui.templatetags.ui import day
from volunteers.models import Practitioner
from volunteers.policy import blocks_to_assign as practitioner_blocks


def blocks_to_assign(
    *, case: Case, practitioner: Practitioner, role: str, today: date, home: UUID | None = None
) -> list[str]:
    """Why the practitioner cannot be assigned; empty when they can. A conflict reads 'Declared a conflict of interest'.
    `home`: the area that lends them, whose facts say whether they are ready.

    In a sensitive case an Advanced lead is not demanded here: an Advanced co-facilitator beside the lead is as good, and
    the gate looks at both.
    """
    row = _with_readiness(practitioner, today)
    if row.service_area_id not in (case.service_area_id, home):
        raise DomainError("They work in another area", field="practitioner")
    blocks = practitioner_blocks(row, as_lead=role == AssignmentRole.LEAD)
    if not row.is_adult and SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True).exists():
        blocks.append(TOO_YOUNG)
    if has_conflict(case, row.learner.user_id):
        blocks.append(CONFLICT)
    return blocks


def readiness_blocks(practitioner: Practitioner, role: str, today: date) -> list[str]:
    """Of the practitioner alone, whatever the case."""
    return practitioner_blocks(_with_readiness(practitioner, today), as_lead=role == AssignmentRole.LEAD)


def _with_readiness(practitioner: Practitioner, today: date) -> Practitioner:
    return row_by_row(Practitioner).filter(pk=practitioner.pk).with_readiness(today).get()


def has_conflict(case: Case, user_id) -> bool:
    """With the referral or anybody in the case. Why is nobody's business."""
    declared = ConflictOfInterest.objects.filter(user=user_id, lifted_at__isnull=True)
    people = Participant.objects.filter(case=case).values("person")
    return user_id is not None and (
        declared.filter(referral=case.referral_id).exists() or declared.filter(person__in=people).exists()
    )


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
    _require_role(role, sides)
    if answer_by < today:
        raise DomainError("The day to answer by must be today or later", field="answer_by")
    _require_free(case, practitioner, role, today, "invited")
    waiting = Invitation.objects.filter(case=case, practitioner=practitioner).waiting()
    if waiting.exists():
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
    notify(_users([practitioner]), "invitation", on=invitation)
    return invitation


@transaction.atomic
def answer_invitation(*, invitation: Invitation, accepted: bool, by: User, today: date) -> Invitation:
    """Only by the practitioner asked. A yes assigns nobody: the coordinator does, after the conflict check."""
    fresh = again(invitation)
    require(fresh.practitioner.learner.user_id == by.pk, "Only the person who was asked can answer.")
    if fresh.answer != Invitation.Answer.WAITING:
        raise StaleState("This invitation has been answered or withdrawn.")
    if fresh.answer_by < today:
        raise DomainError(f"The time to answer ended on {day(fresh.answer_by)}. Ask the coordinator.")
    fresh.answer = Invitation.Answer.ACCEPTED if accepted else Invitation.Answer.REFUSED
    fresh.answered_at = moment_of(today)
    fresh.save(update_fields=["answer", "answered_at"])
    record_on(events.INVITATION_ANSWERED, fresh.case, by, today, invitation=str(fresh.pk), answer=fresh.answer)
    notify(fresh.case.coordinator, "invitation_answered", on=fresh.case)
    return fresh


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, today: date) -> Invitation:
    """The practitioner no longer sees it."""
    case = locked_open(invitation.case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    fresh = again(invitation)
    if fresh.answer not in (Invitation.Answer.WAITING, Invitation.Answer.ACCEPTED):
        raise StaleState("This invitation has ended already.")
    end_invitation(fresh, case, by, today)
    return fresh


def end_invitation(invitation: Invitation, case: Case, by: User, today: date) -> None:
    invitation.answer = Invitation.Answer.WITHDRAWN
    invitation.answered_at = invitation.answered_at or moment_of(today)
    invitation.save(update_fields=["answer", "answered_at"])
    record_on(events.INVITATION_WITHDRAWN, case, by, today, invitation=str(invitation.pk))


@transaction.atomic
def assign(
    *,
    case: Case,
    practitioner: Practitioner,
    role: str,
    sides: str,
    by: User,
    today: date,
    assess_by: date | None = None,
) -> Assignment:
    """`role` of AssignmentRole, `sides` of AssignmentSides. Raises 'Tom Adeyemi cannot be assigned: police vetting ended
    on 22 November 2026' and the like. An invitation that waits for an answer ends. `assess_by`: the day by which a lead
    assesses the people of these sides; nobody's is planned whose side may not be approached yet."""
    case = locked_open(case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    _require_role(role, sides)
    Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    _require_no_other(case, practitioner, role)
    _require_free(case, practitioner, role, today, "assigned")
    for invitation in Invitation.objects.filter(case=case, practitioner=practitioner).waiting():
        end_invitation(invitation, case, by, today)
    assignment = _assign(case, practitioner, role, sides, by, today)
    if assess_by is not None and role == AssignmentRole.LEAD:
        _plan_assessments(case, sides, assess_by, by, today)
    return assignment


def _plan_assessments(case: Case, sides: str, assess_by: date, by: User, today: date) -> None:
    if assess_by < today:
        raise DomainError("The day must be today or later", field="assess_by")
    of_sides = [Side.HARMED, Side.RESPONSIBLE] if sides == AssignmentSides.BOTH else [sides]
    people = Participant.objects.filter(case=case, role__in=MAIN_ROLES, left_at__isnull=True, side__in=of_sides)
    signed = Assessment.objects.filter(case=case, signed_at__isnull=False, superseded_at__isnull=True)
    for one in people.exclude(pk__in=signed.values("participant")).order_by("side", "pk"):
        if may_approach(case, one.side):
            record_on(events.ASSESSMENT_PLANNED, case, by, today, about=one, by_day=assess_by.isoformat())


def assign_borrowed(
    *, case: Case, practitioner: Practitioner, role: str, sides: str, by: User, today: date
) -> Assignment:
    """Of a locked case: somebody whom another area lends, as ready there as anybody here must be."""
    _require_no_other(case, practitioner, role)
    _require_free(case, practitioner, role, today, "assigned", home=practitioner.service_area_id)
    return _assign(case, practitioner, role, sides, by, today)


def end_borrowed(loan: Loan, reason: str, by: User, today: date) -> None:
    """Of a locked case, with both areas in reach."""
    assignment = Assignment.objects.select_related("practitioner__learner__user").get(loan=loan)
    _end(loan.case, assignment, reason, by, today)
    _tell_that_it_ended(loan.case, [assignment.practitioner])


@transaction.atomic
def change_assignment(*, assignment: Assignment, role: str, sides: str, by: User, today: date) -> Assignment:
    """Ends the assignment and starts another: what was seen under the first stays on record."""
    case = locked_open(assignment.case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    _require_role(role, sides)
    fresh = _in_force(assignment)
    if Loan.objects.filter(assignment=fresh).exists():
        raise DomainError("They are lent by another area for this. End it and ask anew")
    _end(case, fresh, "Changed", by, today)
    _require_no_other(case, fresh.practitioner, role)
    _require_free(case, fresh.practitioner, role, today, "assigned")
    changed = _assign(case, fresh.practitioner, role, sides, by, today)
    restage(case, by, today)
    return changed


@transaction.atomic
def end_assignment(*, assignment: Assignment, reason: str, by: User, today: date) -> Assignment:
    """Access ends at once."""
    case = locked_open(assignment.case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    if not reason.strip():
        raise DomainError("Say why the assignment ends", field="reason")
    fresh = _in_force(assignment)
    _end(case, fresh, reason.strip(), by, today)
    _tell_that_it_ended(case, [fresh.practitioner])
    return fresh


def end_all(case: Case, reason: str, by: User, today: date) -> None:
    """Every assignment and open invitation of a locked case; who worked on it hears."""
    assignments = list(Assignment.objects.in_force().filter(case=case).select_related("practitioner__learner__user"))
    for assignment in assignments:
        _end(case, assignment, reason, by, today)
    for invitation in Invitation.objects.filter(case=case).waiting():
        end_invitation(invitation, case, by, today)
    _tell_that_it_ended(case, [assignment.practitioner for assignment in assignments])


def _tell_that_it_ended(case: Case, practitioners: list[Practitioner]) -> None:
    """And nothing of what they were told of it before."""
    users = _users(practitioners)
    forget([user for user in users if user.pk not in (case.coordinator_id, case.supervisor_id)], on=case)
    notify(users, "unassigned", on=case)


def _require_role(role: str, sides: str) -> None:
    if role not in AssignmentRole.values:
        raise DomainError("Choose lead or co-facilitator", field="role")
    if sides not in AssignmentSides.values:
        raise DomainError("Choose which side they work with", field="sides")


def _require_free(
    case: Case, practitioner: Practitioner, role: str, today: date, did: str, home: UUID | None = None
) -> None:
    blocks = blocks_to_assign(case=case, practitioner=practitioner, role=role, today=today, home=home)
    if blocks:
        raise DomainError(
            f"{practitioner.name} cannot be {did}: {in_sentence(blocks[0])}", code="blocked", field="practitioner"
        )


def _require_no_other(case: Case, practitioner: Practitioner, role: str) -> None:
    assigned = list(Assignment.objects.in_force().filter(case=case).select_related("practitioner__learner"))
    if any(a.practitioner_id == practitioner.pk for a in assigned):
        raise DomainError(f"{practitioner.name} works on this case already", field="practitioner")
    lead = next((a for a in assigned if a.role == AssignmentRole.LEAD), None)
    if role == AssignmentRole.LEAD and lead is not None:
        raise DomainError(f"{lead.practitioner.name} leads this case. End that assignment first", field="role")


def _in_force(assignment: Assignment) -> Assignment:
    fresh = again(assignment)
    if fresh.ended_at is not None:
        raise StaleState("This assignment has ended already.")
    return fresh


def _assign(case: Case, practitioner: Practitioner, role: str, sides: str, by: User, today: date) -> Assignment:
    assignment = place(case, practitioner, role, sides, by, today)
    notify(_users([practitioner]), "assigned", on=case)
    return assignment


def place(case: Case, practitioner: Practitioner, role: str, sides: str, by: User, today: date) -> Assignment:
    """Of a locked case, once nothing stands against it. Nobody is told."""
    assignment = Assignment.objects.create(
        case=case, practitioner=practitioner, role=role, sides=sides, started_at=moment_of(today), started_by=by
    )
    record_on(events.ASSIGNED, case, by, today, practitioner=str(practitioner.pk), role=role, sides=sides)
    return assignment


def _end(case: Case, assignment: Assignment, reason: str, by: User, today: date) -> None:
    assignment.ended_at, assignment.ended_by = max(moment_of(today), assignment.started_at), by
    assignment.ended_reason = reason[:100]
    assignment.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    record_on(events.UNASSIGNED, case, by, today, practitioner=str(assignment.practitioner_id))
    for loan in Loan.objects.select_related("membership__user").filter(
        assignment=assignment, status=LoanStatus.WORKING
    ):
        loan.status, loan.ended_at, loan.ended_by = LoanStatus.ENDED, Now(), by
        loan.save(update_fields=["status", "ended_at", "ended_by"])
        if loan.membership is not None and not _still_lent(loan):
            end_lent_membership(membership=loan.membership, by=by)
        record_on(events.LOAN_ENDED, case, by, today, loan=str(loan.pk))


def _still_lent(ended: Loan) -> bool:
    """To the same area, for another case."""
    working = Loan.objects.filter(practitioner=ended.practitioner_id, status=LoanStatus.WORKING)
    return working.filter(service_area=ended.service_area_id).exists()


def _users(practitioners: list[Practitioner]) -> list[User]:
    return [p.learner.user for p in practitioners if p.learner.user is not None]
