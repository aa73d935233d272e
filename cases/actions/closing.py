"""How a case ends, and how it is opened again."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Now, TruncDate

from cases import events, policy
from cases.actions.assigning import end_all
from cases.actions.ending_visits import cancel_visits
from cases.actions.locking import again, already, locked, record_on, require, restage
from cases.actions.opening import COORDINATORS
from cases.actions.reaching import ask_again_to_tell
from cases.actions.releasing import cancel_interpreters
from cases.choices import (
    COMPLETED_REASONS,
    DIRECT_MODELS,
    NOT_REACHED_REASONS,
    UNCOUNTED_REASONS,
    CaseStatus,
    ClosureReason,
    InterventionStatus,
    Side,
)
from cases.models import Case, Closure, Contact, Intervention
from cases.stages import MAIN_ROLES
from referrals import actions as referrals
from referrals.choices import LinkEnded, NeutralOutcome
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.ui.templatetags.ui import day, plural

_S = InterventionStatus


@transaction.atomic
def close_case(
    *,
    case: Case,
    reason: str,
    closed_on: date,
    by: User,
    today: date,
    note: str = "",
    duplicate_of: Case | None = None,
) -> Closure:
    """`reason` of ClosureReason stays inside; the referrer reads one neutral sentence (domain 2.16.10).

    Refused while something is arranged, for a completed reason without a held intervention, and for 'could not be
    contacted' before enough attempts by enough methods on enough days (settings). Cancels plans and visits, ends assignments
    and invitations. A duplicate names the case that stays; its referral, like one opened in error, is counted no more.
    """
    case = locked(case, by, today)
    require(policy.can_close(by, case), COORDINATORS)
    _require_open(case)
    _require_reason(case, reason, closed_on, today)
    if reason == ClosureReason.DUPLICATE and duplicate_of is None:
        raise DomainError("Enter the reference of the case that stays", field="duplicate_of")
    closure = Closure.objects.create(case=case, reason=reason, note=note.strip(), closed_on=closed_on, closed_by=by)
    case.status = CaseStatus.CLOSED
    case.save(update_fields=["status"])
    # codes are in the audit trail; why a person stopped is not
    record_on(events.CLOSED, case, by, today, closure=str(closure.pk))
    _cancel_plans(case, by, today)
    cancel_visits(case, by, today)
    end_all(case, "Case closed", by, today)
    referrals.end_requests_of(referral=case.referral, by=by, today=today)
    referrals.end_links_of(because=LinkEnded.OVER, by=by, referral=case.referral)
    told = NeutralOutcome.COMPLETED if reason in COMPLETED_REASONS else NeutralOutcome.NOT_AT_PRESENT
    referrals.record_outcome_told(referral=case.referral, outcome=told, by=by, today=today)
    if reason in UNCOUNTED_REASONS:
        stays = duplicate_of.referral if duplicate_of and reason == ClosureReason.DUPLICATE else None
        referrals.stop_counting(referral=case.referral, by=by, today=today, duplicate_of=stays)
    restage(case, by, today)
    return closure


@transaction.atomic
def reopen_case(*, case: Case, by: User, today: date) -> Case:
    """The closure row stays. Facilitators have to be assigned again."""
    case = locked(case, by, today)
    require(policy.can_close(by, case), COORDINATORS)
    if case.status != CaseStatus.CLOSED:
        raise StaleState("This case is open already.")
    closure = again(Closure.objects.get(case=case, reopened_at__isnull=True))
    closure.reopened_at, closure.reopened_by = Now(), by
    closure.save(update_fields=["reopened_at", "reopened_by"])
    case.status = CaseStatus.OPEN
    case.save(update_fields=["status"])
    record_on(events.REOPENED, case, by, today, closure=str(closure.pk))
    ask_again_to_tell(case, by)
    referrals.count_again(referral=case.referral, by=by, today=today)
    referrals.record_outcome_told(referral=case.referral, outcome=NeutralOutcome.TAKEN_FORWARD, by=by, today=today)
    restage(case, by, today)
    return case


def possible_reasons(case: Case) -> dict[str, str]:
    """ClosureReason -> '' where the case allows it, else the sentence that says what is missing."""
    held = Intervention.objects.filter(case=case).held()
    return {reason: _missing_for(case, reason, held) for reason in ClosureReason.values}


def _require_open(case: Case) -> None:
    if case.status == CaseStatus.CLOSED:
        closure = Closure.objects.select_related("closed_by").get(case=case, reopened_at__isnull=True)
        raise already(closure.closed_by, "closed this case", closure.closed_at)


def _require_reason(case: Case, reason: str, closed_on: date, today: date) -> None:
    if reason not in ClosureReason.values:
        raise DomainError("Choose how the case ended", field="reason")
    if not case.opened_on <= closed_on <= today:
        words = f"The day it ended must be between {day(case.opened_on)}, when it was opened, and today"
        raise DomainError(words, field="closed_on")
    arranged = Intervention.objects.filter(case=case).scheduled().order_by("planned_for").first()
    if arranged is not None:
        raise DomainError(
            f"{arranged.get_model_display()} is arranged for {day(arranged.planned_for)}. Cancel it first"
        )
    held = Intervention.objects.filter(case=case).held()
    last = held.aggregate(day=Max("held_on"))["day"]
    if last is not None and closed_on < last:
        raise DomainError(f"An intervention was held on {day(last)}. Enter that day or a later one", field="closed_on")
    missing = _missing_for(case, reason, held)
    if missing:
        raise DomainError(missing, field="reason")


def _missing_for(case: Case, reason: str, held: QuerySet[Intervention]) -> str:
    if reason in COMPLETED_REASONS:
        return _missing_for_completed(reason, held)
    if reason in NOT_REACHED_REASONS:
        side = Side.HARMED if reason == ClosureReason.HARMED_NOT_REACHED else Side.RESPONSIBLE
        return _missing_attempts(case, side)
    return ""


def _missing_for_completed(reason: str, held: QuerySet[Intervention]) -> str:
    if not held.exists():
        return "No intervention has been held. Record it first, or choose another reason"
    agreed = held.filter(agreements__isnull=False).exists()
    if reason == ClosureReason.WITH_AGREEMENT and not agreed:
        return "No outcome agreement is recorded"
    if reason == ClosureReason.WITHOUT_AGREEMENT and agreed:
        return "An outcome agreement is recorded"
    if reason == ClosureReason.INDIRECT_COMPLETED and held.filter(model_delivered__in=DIRECT_MODELS).exists():
        return "A direct intervention was held"
    return ""


def _missing_attempts(case: Case, side: str) -> str:
    """Counted by number, method and day before a case may close as 'could not be contacted' (domain 2.16.14)."""
    """Ours, to the person themselves: a supporter who is rung, or a call of theirs that nobody took, is none."""
    whom = {"side": side, "participant__role__in": MAIN_ROLES, "they_began": False}
    tried = Contact.objects.filter(case=case, **whom).attempts()
    attempts = tried.count()
    methods = tried.values("method").distinct().count()
    days = tried.annotate(day=TruncDate("occurred_at")).values("day").distinct().count()
    needed = (settings.RJ_CONTACT_ATTEMPTS, settings.RJ_CONTACT_METHODS, settings.RJ_CONTACT_DAYS)
    if all(done >= wanted for done, wanted in zip((attempts, methods, days), needed, strict=True)):
        return ""
    done = f"{plural(attempts, 'attempt is,attempts are')} recorded"
    if attempts >= needed[0]:
        done += f" by {plural(methods, 'method,methods')} on {plural(days, 'day,days')}"
    words = "{} attempts by {} methods on {} different days are needed before this reason"
    return f"{done}. {words.format(*needed)}"


def _cancel_plans(case: Case, by: User, today: date) -> None:
    plans = Intervention.objects.filter(case=case, status__in=[_S.PLANNED, _S.POSTPONED])
    for plan in plans.select_for_update():
        plan.status, plan.ended_reason = _S.CANCELLED, plan.ended_reason or "Case closed"
        plan.save(update_fields=["status", "ended_reason"])
        record_on(events.CANCELLED, case, by, today, intervention=str(plan.pk))
        cancel_interpreters(case, by, today, intervention=plan)
