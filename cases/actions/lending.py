"""Facilitators across areas (seed 001 paragraph 1.9): arranged by both, asked for and lent case by case, and ended.

The lending area reads what is needed and not of whom; it names somebody who is ready by its own facts. The area of the case
looks for conflicts, lets them begin, and ends it. Whoever is lent sees that case alone, the sides named, as long as it lasts.
"""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from cases import events, policy
from cases.actions import assigning, staffing
from cases.actions.locking import in_sentence, locked_open, record_on, require
from cases.actions.opening import COORDINATORS
from cases.choices import LOAN_TRANSITIONS, AssignmentRole, AssignmentSides, LoanStatus
from cases.models import Arrangement, Assignment, Case, Loan
from referrals.actions import at_work, given_away
from rj_service.accounts.actions import lend_membership
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import Membership, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import across
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from volunteers.models import Practitioner

MANAGERS = "Only a service manager of one of the two areas can do this."
LENDERS = "Only a coordinator or manager of the area that was asked can answer."


# -- what the two areas arranged ----------------------------------------------------------------------------------------
@transaction.atomic
def propose_arrangement(
    *,
    area: ServiceArea,
    other: ServiceArea,
    words: str,
    starts_on: date,
    by: User,
    today: date,
    ends_on: date | None = None,
) -> Arrangement:
    """Nothing counts before a manager of the other area agrees."""
    require(policy.can_arrange(by, area.pk), MANAGERS)
    if other.pk == area.pk:
        raise DomainError("Choose another area", field="other")
    if not words.strip():
        raise DomainError("Enter what is arranged", field="words")
    if ends_on is not None and ends_on < max(starts_on, today):
        raise DomainError("The last day must be today or later, and after the first", field="ends_on")
    if Arrangement.objects.between(area.pk, other.pk).not_ended().exists():
        raise DomainError("There is an arrangement with this area. End it first", field="other")
    arrangement = Arrangement.objects.create(
        one=area, other=other, words=words.strip(), starts_on=starts_on, ends_on=ends_on, proposed_by=by
    )
    record(events.ARRANGEMENT_PROPOSED, by=by, on=arrangement, area=area, detail={"with": str(other.pk)})
    notify(
        at_work(other.pk, role=Role.SERVICE_MANAGER), "loan_update", on=arrangement, url=reverse("cases:arrangements")
    )
    return arrangement


@transaction.atomic
def agree_arrangement(*, arrangement: Arrangement, by: User) -> Arrangement:
    """By a manager of the area that did not propose it."""
    fresh = _held(arrangement)
    require(policy.can_arrange(by, fresh.other_id), MANAGERS)
    if fresh.ended_at is not None or fresh.agreed_at is not None:
        raise StaleState("This was answered already. Nothing was done twice.")
    Arrangement.objects.filter(pk=fresh.pk).update(agreed_at=Now(), agreed_by=by)
    record(events.ARRANGEMENT_AGREED, by=by, on=fresh, area=fresh.other_id)
    return Arrangement.objects.get(pk=fresh.pk)


@transaction.atomic
def end_arrangement(*, arrangement: Arrangement, by: User, today: date) -> None:
    """By a manager of either area. What was asked and not begun ends; whoever works on a case goes on until that ends."""
    fresh = _held(arrangement)
    require(policy.can_arrange(by, fresh.one_id) or policy.can_arrange(by, fresh.other_id), MANAGERS)
    if fresh.ended_at is not None:
        raise StaleState("This arrangement has ended already.")
    Arrangement.objects.filter(pk=fresh.pk).update(ended_at=Now(), ended_by=by)
    waiting = Loan.objects.filter(arrangement=fresh, status__in=[LoanStatus.ASKED, LoanStatus.LENT])
    waiting.update(status=LoanStatus.TAKEN_BACK, ended_at=Now(), ended_by=by)
    record(events.ARRANGEMENT_ENDED, by=by, on=fresh, area=by.acting.service_area_id if by.acting else None)


def _held(arrangement: Arrangement) -> Arrangement:
    Arrangement.objects.select_for_update().values_list("pk").get(pk=arrangement.pk)
    return Arrangement.objects.get(pk=arrangement.pk)


# -- one case -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_for_facilitator(
    *, case: Case, arrangement: Arrangement, role: str, sides: str, words: str, by: User, today: date
) -> Loan:
    """`words`: the place, the hours, the kind of work; they may name nobody."""
    case = locked_open(case, by, today)
    require(policy.can_assign(by, case), COORDINATORS)
    if role not in AssignmentRole.values:
        raise DomainError("Choose lead or co-facilitator", field="role")
    if sides not in AssignmentSides.values:
        raise DomainError("Choose which side they work with", field="sides")
    if not words.strip():
        raise DomainError("Enter what is needed, and where", field="words")
    if found := given_away(words, case.referral, sent={}):
        raise DomainError(f"They may not read {' or '.join(found)}. Write it without", field="words")
    if not _held(arrangement).is_in_force(today):
        raise DomainError("The arrangement with this area is not in force", field="arrangement")
    home = arrangement.other_id if arrangement.one_id == case.service_area_id else arrangement.one_id
    loan = Loan.objects.create(
        arrangement=arrangement,
        service_area_id=case.service_area_id,
        home_id=home,
        case=case,
        role=role,
        sides=sides,
        words=words.strip(),
        asked_by=by,
    )
    record_on(events.LOAN_ASKED, case, by, today, loan=str(loan.pk), home=str(home))
    address = reverse("cases:loan", args=[loan.pk])
    notify(at_work(home, role=Role.COORDINATOR), "loan_update", on=loan, url=address)
    return loan


def blocks_to_lend(practitioner: Practitioner, role: str, today: date) -> list[str]:
    """Why their own area cannot lend them; empty when it can."""
    return staffing.readiness_blocks(practitioner, role, today)


@transaction.atomic
def name_facilitator(*, loan: Loan, practitioner: Practitioner, by: User, today: date) -> Loan:
    """The lending area names somebody of its own who is ready. They see nothing before the area of the case lets them."""
    fresh = _moving(loan, LoanStatus.LENT)
    require(by.may("cases.assign", fresh.home_id), LENDERS)
    if practitioner.service_area_id != fresh.home_id:
        raise DomainError("Choose somebody of your own area", field="practitioner")
    blocks = blocks_to_lend(practitioner, fresh.role, today)
    if blocks:
        raise DomainError(f"{practitioner.name} cannot be lent: {in_sentence(blocks[0])}", field="practitioner")
    _move(fresh, LoanStatus.LENT, practitioner=practitioner, answered_at=Now(), answered_by=by)
    _tell_the_case(fresh, events.LOAN_NAMED, by)
    return fresh


@transaction.atomic
def refuse_loan(*, loan: Loan, by: User) -> Loan:
    fresh = _moving(loan, LoanStatus.REFUSED)
    require(by.may("cases.assign", fresh.home_id), LENDERS)
    _move(fresh, LoanStatus.REFUSED, answered_at=Now(), answered_by=by)
    _tell_the_case(fresh, events.LOAN_REFUSED, by)
    return fresh


@transaction.atomic
def take_back_loan(*, loan: Loan, by: User, today: date) -> None:
    """By either area, before the person begins."""
    fresh = _moving(loan, LoanStatus.TAKEN_BACK)
    _require_either(fresh, by)
    _move(fresh, LoanStatus.TAKEN_BACK, ended_at=Now(), ended_by=by)
    record(events.LOAN_TAKEN_BACK, by=by, on=fresh)


@transaction.atomic
def begin_loan(*, loan: Loan, by: User, today: date, not_asked: str = "") -> Assignment:
    """The area of the case lets them begin: ready still, no conflict, one lead, and asked whether they know anybody; or
    `not_asked` of NotAskedBecause. From now they see this case."""
    require(by.may("cases.assign", loan.service_area_id), COORDINATORS)
    case = locked_open(loan.case, by, today)
    fresh = _moving(loan, LoanStatus.WORKING)
    with across(fresh.service_area_id, fresh.home_id):
        practitioner = (
            Practitioner.objects.select_for_update(of=("self",))
            .select_related("learner__user")
            .get(pk__in=[fresh.practitioner_id])
        )
        if practitioner.learner.user is None:
            raise DomainError("Whoever is lent needs an account")
        assignment = assigning.assign_borrowed(
            case=case,
            practitioner=practitioner,
            role=fresh.role,
            sides=fresh.sides,
            not_asked=not_asked,
            by=by,
            today=today,
        )
        lent = lend_membership(user=practitioner.learner.user, service_area=case.service_area, by=by)
        membership = lent or _lent_before(fresh)
        _move(fresh, LoanStatus.WORKING, assignment=assignment, membership=membership)
    record_on(events.LOAN_BEGUN, case, by, today, loan=str(fresh.pk))
    return assignment


def _lent_before(loan: Loan) -> Membership | None:
    """For another case of the same area; None where the membership there is their own."""
    same = {"practitioner": loan.practitioner_id, "service_area": loan.service_area_id, "status": LoanStatus.WORKING}
    before = Loan.objects.filter(membership__isnull=False, **same).select_related("membership").first()
    return before.membership if before else None


@transaction.atomic
def end_loan(*, loan: Loan, by: User, today: date) -> None:
    """By either area; access ends at once. It ends by itself with the assignment and with the case."""
    with across(loan.service_area_id, loan.home_id):
        fresh = _moving(loan, LoanStatus.ENDED)
        _require_either(fresh, by)
        Case.objects.select_for_update().values_list("pk").get(pk=fresh.case_id)
        assigning.end_borrowed(fresh, "Lent by another area until now", by, today)


def loans_of(practitioner: Practitioner) -> QuerySet[Loan]:
    """For which another area has them, or is about to."""
    lent = [LoanStatus.LENT, LoanStatus.WORKING]
    return Loan.objects.filter(practitioner=practitioner, home=practitioner.service_area_id, status__in=lent)


def end_loans_of(practitioner: Practitioner, by: User, today: date) -> int:
    """Whoever leaves their home is lent no more: the areas of the cases hear of it. Returns on how many cases they worked."""
    worked = 0
    for loan in loans_of(practitioner):
        with across(loan.service_area_id, loan.home_id):
            if loan.status == LoanStatus.WORKING:
                Case.objects.select_for_update().values_list("pk").get(pk=loan.case_id)
                assigning.end_borrowed(_moving(loan, LoanStatus.ENDED), "They left their own area", by, today)
                worked += 1
            else:
                fresh = _moving(loan, LoanStatus.TAKEN_BACK)
                _move(fresh, LoanStatus.TAKEN_BACK, ended_at=Now(), ended_by=by)
                record(events.LOAN_TAKEN_BACK, by=by, on=fresh)
            users = {loan.asked_by, loan.case.coordinator}
            notify(
                [one for one in users if one != by], "loan_update", on=loan, url=reverse("cases:loan", args=[loan.pk])
            )
    return worked


def _require_either(loan: Loan, by: User) -> None:
    may = by.may("cases.assign", loan.home_id) or by.may("cases.assign", loan.service_area_id)
    require(may, "Only a coordinator or manager of one of the two areas can do this.")


def _moving(loan: Loan, status: str) -> Loan:
    Loan.objects.select_for_update().values_list("pk").get(pk=loan.pk)
    fresh = Loan.objects.get(pk=loan.pk)
    if status not in LOAN_TRANSITIONS[fresh.status]:
        raise StaleState(f"{fresh.get_status_display()} already. Nothing was done twice.")
    return fresh


def _move(loan: Loan, status: str, **fields) -> None:
    for name, value in {**fields, "status": status}.items():
        setattr(loan, name, value)
    loan.save(update_fields=["status", *fields])


def _tell_the_case(loan: Loan, verb: str, by: User) -> None:
    record(verb, by=by, on=loan)
    notify(loan.asked_by, "loan_update", on=loan, url=reverse("cases:loan", args=[loan.pk]))
