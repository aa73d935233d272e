"""Who works on a case: asked without a name, then assigned, one lead at a time."""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.inviting import end_invitations, settle_invitations
from cases.actions.locking import again, locked, locked_open, may_approach, record_on, require, restage
from cases.actions.opening import COORDINATORS
from cases.actions.staffing import require_free, require_role, users_of
from cases.choices import NOT_ASKED_OFFERED, AssignmentRole, AssignmentSides, LoanStatus, Side
from cases.matching import TOO_YOUNG
from cases.models import Assessment, Assignment, Case, Invitation, Loan, Participant
from cases.stages import MAIN_ROLES
from referrals.models import SensitiveFlag
from rj_service.accounts.actions import end_lent_membership
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import forget, notify
from rj_service.ui.dates import moment_of
from volunteers.models import Practitioner

LEADS_NOTHING = "Under 18: works beside an adult, and leads nothing"


@transaction.atomic
def assign(
    *,
    case: Case,
    practitioner: Practitioner,
    role: str,
    sides: str,
    by: User,
    today: date,
    not_asked: str = "",
    assess_by: date | None = None,
) -> Assignment:
    """`role` of AssignmentRole, `sides` of AssignmentSides. Raises 'Tom Adeyemi cannot be assigned: police vetting ended
    on 22 November 2026' and the like. It waits for their answer, by the names of these sides, that they know nobody;
    `not_asked` of NotAskedBecause says why it does not. Their invitation has done its work; those of others to the one
    lead's place end. `assess_by`: the day by which a lead assesses the people of these sides; nobody's is planned whose
    side may not be approached yet."""
    case = locked_open(case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    require_role(role, sides)
    Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    _require_no_other(case, practitioner, role)
    require_free(case, practitioner, role, today, "assigned")
    not_asked = _require_asked(case, practitioner, sides, not_asked)
    settle_invitations(case, practitioner, role, by, today)
    assignment = _assign(case, practitioner, role, sides, by, today, not_asked)
    if assess_by is not None and role == AssignmentRole.LEAD:
        _plan_assessments(case, sides, assess_by, by, today)
    return assignment


def knows_nobody_of(case: Case, practitioner: Practitioner) -> frozenset[str]:
    """The sides whose names they have read, and answered that they know nobody. Somebody who came to a side since then has
    not been read."""
    cleared = Invitation.objects.filter(case=case, practitioner=practitioner, cleared_at__isnull=False).open()
    known: set[str] = set()
    for one in cleared:
        for side in _sides_of(one.sides):
            since = Participant.objects.filter(case=case, side=side, left_at__isnull=True, added_at__gt=one.cleared_at)
            known |= set() if since.exists() else {side}
    return frozenset(known)


def _require_asked(case: Case, practitioner: Practitioner, sides: str, not_asked: str) -> str:
    if set(_sides_of(sides)) <= knows_nobody_of(case, practitioner):
        return ""
    if not_asked not in NOT_ASKED_OFFERED:
        raise DomainError(
            f"{practitioner.name} has not answered whether they know anybody of these sides. Ask them, or say why not",
            field="not_asked",
        )
    return not_asked


def _sides_of(sides: str) -> list[str]:
    return [Side.HARMED, Side.RESPONSIBLE] if sides == AssignmentSides.BOTH else [sides]


def _plan_assessments(case: Case, sides: str, assess_by: date, by: User, today: date) -> None:
    if assess_by < today:
        raise DomainError("The day must be today or later", field="assess_by")
    people = Participant.objects.filter(case=case, role__in=MAIN_ROLES, left_at__isnull=True, side__in=_sides_of(sides))
    signed = Assessment.objects.filter(case=case, signed_at__isnull=False, superseded_at__isnull=True)
    for one in people.exclude(pk__in=signed.values("participant")).order_by("side", "pk"):
        if may_approach(case, one.side):
            record_on(events.ASSESSMENT_PLANNED, case, by, today, about=one, by_day=assess_by.isoformat())


def assign_borrowed(
    *, case: Case, practitioner: Practitioner, role: str, sides: str, not_asked: str, by: User, today: date
) -> Assignment:
    """Of a locked case: somebody whom another area lends, as ready there as anybody here must be, and asked as they are."""
    _require_no_other(case, practitioner, role)
    require_free(case, practitioner, role, today, "assigned", home=practitioner.service_area_id)
    not_asked = _require_asked(case, practitioner, sides, not_asked)
    return _assign(case, practitioner, role, sides, by, today, not_asked)


def end_borrowed(loan: Loan, reason: str, by: User, today: date) -> None:
    """Of a locked case, with both areas in reach."""
    assignment = Assignment.objects.select_related("practitioner__learner__user").get(loan=loan)
    end_locked(loan.case, assignment, reason, by, today)
    _tell_that_it_ended(loan.case, [assignment.practitioner])


@transaction.atomic
def change_assignment(
    *, assignment: Assignment, role: str, sides: str, by: User, today: date, not_asked: str = ""
) -> Assignment:
    """Ends the assignment and starts another: what was seen under the first stays on record. `not_asked`: of a side that is
    new to them."""
    case = locked_open(assignment.case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    require_role(role, sides)
    fresh = _in_force(assignment)
    if Loan.objects.filter(assignment=fresh).exists():
        raise DomainError("They are lent by another area for this. End it and ask anew")
    if not set(_sides_of(sides)) <= set(_sides_of(fresh.sides)):
        not_asked = _require_asked(case, fresh.practitioner, sides, not_asked)
    end_locked(case, fresh, "Changed", by, today, seeks_lead=fresh.role != role)
    _require_no_other(case, fresh.practitioner, role)
    require_free(case, fresh.practitioner, role, today, "assigned")
    changed = _assign(case, fresh.practitioner, role, sides, by, today, not_asked or fresh.not_asked_because)
    restage(case, by, today)
    return changed


@transaction.atomic
def end_assignment(
    *, assignment: Assignment, reason: str, by: User, today: date, seeks_lead: bool = True
) -> Assignment:
    """Access ends at once."""
    case = locked_open(assignment.case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    if not reason.strip():
        raise DomainError("Say why the assignment ends", field="reason")
    fresh = _in_force(assignment)
    end_locked(case, fresh, reason.strip(), by, today, seeks_lead=seeks_lead)
    _tell_that_it_ended(case, [fresh.practitioner])
    return fresh


def end_all(case: Case, reason: str, by: User, today: date) -> None:
    """Every assignment and open invitation of a locked case; who worked on it hears."""
    assignments = list(Assignment.objects.in_force().filter(case=case).select_related("practitioner__learner__user"))
    for assignment in assignments:
        end_locked(case, assignment, reason, by, today, seeks_lead=False)
    end_invitations(Invitation.objects.filter(case=case), case, by, today)
    _tell_that_it_ended(case, [assignment.practitioner for assignment in assignments])


def end_what_the_young_have(case: Case, by: User, today: date) -> None:
    """A locked case that turned sensitive is nobody's who is under 18 (domain 2.16.6): what they have on it, or are asked for."""
    standing = Assignment.objects.in_force().filter(case=case).select_related("practitioner__learner__user")
    young = [one for one in standing if not one.practitioner.is_adult_on(today)]
    for assignment in young:
        end_locked(case, assignment, TOO_YOUNG, by, today)
    _tell_that_it_ended(case, [assignment.practitioner for assignment in young])
    asked = Invitation.objects.open().filter(case=case).select_related("practitioner")
    unfit = [one.pk for one in asked if not one.practitioner.is_adult_on(today)]
    end_invitations(Invitation.objects.filter(pk__in=unfit), case, by, today)


@transaction.atomic
def end_what_is_not_for_the_young(*, practitioner: Practitioner, by: User, today: date) -> None:
    """Of somebody who turns out to be under 18: they lead no case, and have none that is sensitive (domain 2.16.6)."""
    if practitioner.is_adult_on(today):
        return
    own = Assignment.objects.in_force().filter(practitioner=practitioner)
    for found in Case.objects.open().filter(pk__in=own.values("case")).order_by("pk"):
        case = locked(found, by, today)
        if SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True).exists():
            end_what_the_young_have(case, by, today)
            continue
        for assignment in own.filter(case=case, role=AssignmentRole.LEAD).select_related("practitioner__learner__user"):
            end_locked(case, assignment, LEADS_NOTHING, by, today)
            _tell_that_it_ended(case, [assignment.practitioner])


def _tell_that_it_ended(case: Case, practitioners: list[Practitioner]) -> None:
    """And nothing of what they were told of it before."""
    users = users_of(practitioners)
    forget([user for user in users if user.pk not in (case.coordinator_id, case.supervisor_id)], on=case)
    notify(users, "unassigned", on=case)


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


def _assign(
    case: Case, practitioner: Practitioner, role: str, sides: str, by: User, today: date, not_asked: str = ""
) -> Assignment:
    assignment = place(case, practitioner, role, sides, by, today, not_asked)
    notify(users_of([practitioner]), "assigned", on=case)
    return assignment


def place(
    case: Case, practitioner: Practitioner, role: str, sides: str, by: User, today: date, not_asked: str = ""
) -> Assignment:
    """Of a locked case, once nothing stands against it. Nobody is told."""
    assignment = Assignment.objects.create(
        case=case,
        practitioner=practitioner,
        role=role,
        sides=sides,
        not_asked_because=not_asked,
        started_at=moment_of(today),
        started_by=by,
    )
    whose = str(practitioner.pk)
    record_on(events.ASSIGNED, case, by, today, practitioner=whose, role=role, sides=sides, not_asked=not_asked)
    return assignment


def end_locked(
    case: Case, assignment: Assignment, reason: str, by: User, today: date, *, seeks_lead: bool = True
) -> None:
    """Of a case that is held. Access ends at once; nobody is told. Whoever coordinates it is to find another lead, unless
    `seeks_lead` is not: it is closed, or the next one begins in the same act."""
    assignment.ended_at, assignment.ended_by = max(moment_of(today), assignment.started_at), by
    assignment.ended_reason = reason[:100]
    assignment.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    was_lead = seeks_lead and assignment.role == AssignmentRole.LEAD
    record_on(events.UNASSIGNED, case, by, today, practitioner=str(assignment.practitioner_id), seeks_lead=was_lead)
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
