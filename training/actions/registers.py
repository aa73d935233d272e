"""The register of each session, who completed, and packs."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.templatetags.ui import day
from training import events, policy
from training.actions.cohorts import require_held
from training.actions.locking import locked, move, require_management, require_open
from training.choices import EnrolmentStatus
from training.models import Attendance, Cohort, Enrolment, Session


def register_of(session: Session):
    """Who is asked for at a session: everybody with a place; where it makes up for another, whoever missed that one."""
    placed = Enrolment.objects.filter(cohort=session.cohort_id).on_the_register()
    if session.makes_up_for_id is None:
        return placed
    there = Q(session=session.makes_up_for_id) | Q(session__makes_up_for=session.makes_up_for_id)
    elsewhere = Attendance.objects.filter(there, enrolment=OuterRef("pk"), attended=True).exclude(session=session.pk)
    return placed.filter(~Exists(elsewhere))


@transaction.atomic
def record_attendance(*, session: Session, present: Iterable, today: date, by: User) -> None:
    """Takes the register of a session: `present` holds enrolment ids, everybody else on the register was not there."""
    cohort = locked(session.cohort)
    require_management(by, cohort.service_area_id)
    require_open(cohort)
    session = Session.objects.get(pk=session.pk)
    require_held(session, today)
    register = list(register_of(session))
    here = set(present)
    if here - {enrolment.pk for enrolment in register}:
        raise StaleState("Somebody on this register has left the cohort meanwhile. Look at the register again")
    Attendance.objects.bulk_create(
        [Attendance(session=session, enrolment=one, attended=one.pk in here, recorded_by=by) for one in register],
        update_conflicts=True,
        unique_fields=["session", "enrolment"],
        update_fields=["attended", "recorded_at", "recorded_by"],
    )
    done = Enrolment.objects.filter(cohort=cohort, status=EnrolmentStatus.COMPLETED).with_full_attendance()
    if undone := done.filter(attended_all=False).select_related("learner").first():
        raise DomainError(f"{undone.learner.name} has completed the course: they were at every session, or made it up")
    detail = {"session": str(session.pk), "present": len(here), "of": len(register)}
    record(events.ATTENDANCE_RECORDED, by=by, on=cohort, detail=detail)


@transaction.atomic
def complete_cohort(*, cohort: Cohort, today: date, by: User) -> Cohort:
    """Closes the register. Who attended in full has completed; who did not, and who still waits, leaves the cohort."""
    cohort = locked(cohort)
    require_management(by, cohort.service_area_id)
    require_open(cohort)
    sessions = list(cohort.sessions.all())
    was_held = any(session.cancelled_on is None for session in sessions)
    if was_held:
        _require_full_registers(sessions, today)
    full = set(Enrolment.objects.filter(cohort=cohort).attended_in_full().values_list("pk", flat=True))
    current = [EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING]
    for enrolment in cohort.enrolments.filter(status__in=current).select_related("learner"):
        waited = enrolment.status == EnrolmentStatus.WAITING
        move(enrolment, EnrolmentStatus.COMPLETED if enrolment.pk in full else EnrolmentStatus.DROPPED_OUT)
        if enrolment.pk not in full:
            enrolment.ended_reason = _why(was_held, waited)
        enrolment.save(update_fields=["status", "ended_reason"])
    Cohort.objects.filter(pk=cohort.pk).update(completed_at=Now(), completed_by=by)
    record(events.COHORT_COMPLETED, by=by, on=cohort, detail={"completed": len(full)})
    cohort.refresh_from_db()
    return cohort


def might_return(cohort: Cohort):
    """Of a cohort that is completed: whoever had a place when a register was taken and left without all of it."""
    left = Enrolment.objects.filter(cohort=cohort, status=EnrolmentStatus.DROPPED_OUT, attendances__isnull=False)
    return left.distinct().select_related("learner").order_by("learner__last_name", "learner__first_name", "pk")


@transaction.atomic
def reopen_cohort(*, cohort: Cohort, enrolments: Iterable, today: date, by: User) -> Cohort:
    """For a session that makes up for one that was missed: whoever is to come to it has their place again. Who has completed
    the course stays so."""
    cohort = locked(cohort)
    require_management(by, cohort.service_area_id)
    if cohort.completed_at is None:
        raise StaleState("This cohort is open already. Nothing was done twice")
    chosen = set(enrolments)
    returning = list(might_return(cohort).filter(pk__in=chosen))
    if not returning or len(returning) < len(chosen):
        raise DomainError("Choose at least one learner who missed a session of this cohort", field="enrolments")
    if len(returning) > policy.places_left(cohort):
        raise DomainError(f"Of its {cohort.maximum} places {policy.places_left(cohort)} are free", field="enrolments")
    for enrolment in returning:
        if again := policy.same_again(enrolment.learner, cohort, today, for_sure=True):
            raise DomainError(f"{again}: they need no other session here", field="enrolments", code="again")
        move(enrolment, EnrolmentStatus.ENROLLED)
        enrolment.ended_reason = ""
        enrolment.save(update_fields=["status", "ended_reason"])
    Cohort.objects.filter(pk=cohort.pk).update(completed_at=None, completed_by=None)
    record(events.COHORT_REOPENED, by=by, on=cohort, detail={"returning": len(returning)})
    cohort.refresh_from_db()
    return cohort


def _why(was_held: bool, waited: bool) -> str:
    if not was_held:
        return "Every session was cancelled"
    return "The course ended before there was a place" if waited else "Did not attend in full"


def _require_full_registers(sessions: list[Session], today: date) -> None:
    made_up = {one.makes_up_for_id for one in sessions if one.cancelled_on is None}
    for session in sessions:
        if session.cancelled_on is not None:
            if session.makes_up_for_id is None and session.pk not in made_up:
                words = "was cancelled and nothing stands in its place. Add a session for it"
                raise DomainError(f"The session of {day(session.held_on)} {words}")
            continue
        if session.held_on > today:
            raise DomainError(f"The session of {day(session.held_on)} has not been held yet")
        if register_of(session).exclude(attendances__session=session).exists():
            raise DomainError(f"The register of {day(session.held_on)} is not complete")


@transaction.atomic
def issue_packs(*, cohort: Cohort, enrolments: Iterable, issued_on: date, today: date, by: User) -> int:
    """The Facilitators pack, to learners with a place; returns how many had none before."""
    cohort = locked(cohort)
    require_management(by, cohort.service_area_id)
    if issued_on > today:
        raise DomainError("The day must be today or in the past", field="issued_on")
    given = Enrolment.objects.filter(cohort=cohort, pk__in=list(enrolments)).on_the_register()
    number = given.filter(pack_issued_on__isnull=True).update(pack_issued_on=issued_on, pack_issued_by=by)
    if not number:
        raise DomainError("Choose at least one learner without a pack", field="enrolments")
    record(events.PACKS_ISSUED, by=by, on=cohort, detail={"packs": number})
    return number
