"""What training does: courses and cohorts, places and waiting lists, registers, results and awards.

Every act on a cohort locks the cohort first, so that places are counted once and given once.
"""

from collections.abc import Iterable, Sequence
from datetime import date, time

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day
from training import events, policy
from training.choices import ENROLMENT_TRANSITIONS, EnrolmentStatus
from training.models import Attendance, Award, Cohort, Course, Enrolment, Learner, Session

Times = tuple[date, time, time]


@transaction.atomic
def create_course(
    *,
    area: ServiceArea,
    name: str,
    kind: str,
    days,
    maximum: int,
    prerequisite: Course | None = None,
    award_valid_months: int | None = None,
    makes_facilitators: bool = False,
    by: User,
) -> Course:
    _require_management(by, area.pk)
    if Course.objects.filter(service_area=area, name__iexact=name).exists():
        raise DomainError(f"There is a course with the name {name} already", field="name")
    if prerequisite and prerequisite.service_area_id != area.pk:
        raise DomainError("Choose a course of this area", field="prerequisite")
    course = Course.objects.create(
        service_area=area,
        name=name,
        kind=kind,
        days=days,
        maximum=maximum,
        prerequisite=prerequisite,
        award_valid_months=award_valid_months,
        makes_facilitators=makes_facilitators,
    )
    record(events.COURSE_CREATED, by=by, on=course, detail={"kind": kind, "maximum": maximum})
    return course


@transaction.atomic
def create_cohort(
    *, course: Course, name: str, place: str, maximum: int, sessions: Sequence[Times], by: User
) -> Cohort:
    _require_management(by, course.service_area_id)
    if maximum > course.maximum:
        raise DomainError(f"{course.name} takes at most {course.maximum} learners", field="maximum")
    if not sessions:
        raise DomainError("Enter at least one session")
    if any(ends_at <= starts_at for _, starts_at, ends_at in sessions):
        raise DomainError("A session must end after it starts")
    cohort = Cohort.objects.create(
        service_area_id=course.service_area_id, course=course, name=name, place=place, maximum=maximum, created_by=by
    )
    Session.objects.bulk_create(
        Session(cohort=cohort, held_on=held_on, starts_at=starts_at, ends_at=ends_at)
        for held_on, starts_at, ends_at in sessions
    )
    record(events.COHORT_CREATED, by=by, on=cohort, detail={"course": str(course.pk), "sessions": len(sessions)})
    return cohort


@transaction.atomic
def register_learner(
    *,
    area: ServiceArea,
    first_name: str,
    last_name: str,
    email: str = "",
    organisation: Organisation | None = None,
    user: User | None = None,
    by: User,
) -> Learner:
    """Learners come from anywhere; `user` only where they have an account, each account once."""
    if not (policy.can_manage(by, area.pk) or by.may("volunteers.manage", area.pk)):
        raise NotAllowed("A coordinator, a service manager or a training lead registers learners.")
    if user is not None and Learner.objects.filter(user=user).exists():
        raise DomainError("This account belongs to a learner already", field="user")
    learner = Learner.objects.create(
        service_area=area,
        first_name=first_name,
        last_name=last_name,
        email=email,
        organisation=organisation,
        user=user,
    )
    record(events.LEARNER_REGISTERED, by=by, on=learner)
    return learner


@transaction.atomic
def enrol(*, cohort: Cohort, learner: Learner, by: User) -> Enrolment:
    """Gives a place, or where there is none a place on the waiting list: `waiting_number` says which."""
    _require_management(by, cohort.service_area_id)
    cohort = _locked(cohort)
    _require_open(cohort)
    if Enrolment.objects.filter(cohort=cohort, learner=learner).exists():
        raise StaleState(f"{learner.name} is in this cohort already. Nothing was done twice", field="learner")
    if missing := policy.missing_prerequisite(learner, cohort.course):
        raise DomainError(missing, code="prerequisite", field="learner")
    status = EnrolmentStatus.ENROLLED if policy.has_places(cohort) else EnrolmentStatus.WAITING
    enrolment = Enrolment.objects.create(cohort=cohort, learner=learner, status=status, enrolled_by=by)
    verb = events.ENROLLED if status == EnrolmentStatus.ENROLLED else events.WAITING
    record(verb, by=by, on=enrolment, area=cohort.service_area_id, detail={"cohort": str(cohort.pk)})
    _tell(enrolment)
    return enrolment


def waiting_number(enrolment: Enrolment) -> int | None:
    """1 is next. None for who is not waiting."""
    order = list(Enrolment.objects.filter(cohort=enrolment.cohort_id).waiting().values_list("pk", flat=True))
    return order.index(enrolment.pk) + 1 if enrolment.pk in order else None


@transaction.atomic
def drop_out(*, enrolment: Enrolment, reason: str, by: User) -> Enrolment | None:
    """Ends a place and gives it to the first who waits; returns the enrolment that moved up, if any."""
    cohort = _locked(enrolment.cohort)
    _require_management(by, cohort.service_area_id)
    enrolment = Enrolment.objects.select_related("learner").get(pk=enrolment.pk)
    had_place = enrolment.status == EnrolmentStatus.ENROLLED
    _move(enrolment, EnrolmentStatus.DROPPED_OUT)
    enrolment.ended_reason = reason
    enrolment.save(update_fields=["status", "ended_reason"])
    record(events.DROPPED_OUT, by=by, on=enrolment, area=cohort.service_area_id)
    return _promote_first(cohort, by) if had_place and cohort.completed_at is None else None


def _promote_first(cohort: Cohort, by: User) -> Enrolment | None:
    first = Enrolment.objects.filter(cohort=cohort).waiting().select_related("learner").first()
    if first is None or not policy.has_places(cohort):
        return None
    _move(first, EnrolmentStatus.ENROLLED)
    first.save(update_fields=["status"])
    record(events.PROMOTED, by=by, on=first, area=cohort.service_area_id, detail={"cohort": str(cohort.pk)})
    _tell(first)
    return first


@transaction.atomic
def record_attendance(*, session: Session, present: Iterable, today: date, by: User) -> None:
    """Takes the register of a session: `present` holds enrolment ids, everybody else on the register was not there."""
    cohort = _locked(session.cohort)
    _require_management(by, cohort.service_area_id)
    _require_open(cohort)
    if session.held_on > today:
        raise DomainError(f"The register of {day(session.held_on)} can be taken on the day or after it")
    register = list(Enrolment.objects.filter(cohort=cohort).on_the_register())
    here = set(present)
    if here - {enrolment.pk for enrolment in register}:
        raise StaleState("Somebody on this register has left the cohort meanwhile. Look at the register again")
    Attendance.objects.bulk_create(
        [Attendance(session=session, enrolment=one, attended=one.pk in here, recorded_by=by) for one in register],
        update_conflicts=True,
        unique_fields=["session", "enrolment"],
        update_fields=["attended", "recorded_at", "recorded_by"],
    )
    detail = {"session": str(session.pk), "present": len(here), "of": len(register)}
    record(events.ATTENDANCE_RECORDED, by=by, on=cohort, detail=detail)


@transaction.atomic
def complete_cohort(*, cohort: Cohort, today: date, by: User) -> Cohort:
    """Closes the register. Who attended in full has completed; who did not, and who still waits, leaves the cohort."""
    cohort = _locked(cohort)
    _require_management(by, cohort.service_area_id)
    _require_open(cohort)
    _require_full_registers(cohort, today)
    full = set(Enrolment.objects.filter(cohort=cohort).attended_in_full().values_list("pk", flat=True))
    current = [EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING]
    for enrolment in cohort.enrolments.filter(status__in=current).select_related("learner"):
        waited = enrolment.status == EnrolmentStatus.WAITING
        _move(enrolment, EnrolmentStatus.COMPLETED if enrolment.pk in full else EnrolmentStatus.DROPPED_OUT)
        if enrolment.pk not in full:
            enrolment.ended_reason = "The course ended before there was a place" if waited else "Did not attend in full"
        enrolment.save(update_fields=["status", "ended_reason"])
    Cohort.objects.filter(pk=cohort.pk).update(completed_at=Now(), completed_by=by)
    record(events.COHORT_COMPLETED, by=by, on=cohort, detail={"completed": len(full)})
    cohort.refresh_from_db()
    return cohort


def _require_full_registers(cohort: Cohort, today: date) -> None:
    for session in cohort.sessions.all():
        if session.held_on > today:
            raise DomainError(f"The session of {day(session.held_on)} has not been held yet")
        if Enrolment.objects.filter(cohort=cohort).on_the_register().exclude(attendances__session=session).exists():
            raise DomainError(f"The register of {day(session.held_on)} is not complete")


@transaction.atomic
def record_result(*, enrolment: Enrolment, passed: bool, decided_on: date, by: User) -> Award | None:
    """Passed gives the award at once; not passed may be put right by a later result. An award given stays given."""
    cohort = _locked(enrolment.cohort)
    _require_management(by, cohort.service_area_id)
    enrolment = Enrolment.objects.select_related("learner", "cohort__course").get(pk=enrolment.pk)
    if Award.objects.filter(enrolment=enrolment).exists():
        raise StaleState(f"{enrolment.learner.name} has this award already. Nothing was done twice")
    enrolment.passed = passed
    enrolment.save(update_fields=["passed"])
    record(events.RESULT_RECORDED, by=by, on=enrolment, area=cohort.service_area_id, detail={"passed": passed})
    return award(enrolment=enrolment, awarded_on=decided_on, by=by) if passed else None


@transaction.atomic
def award(*, enrolment: Enrolment, awarded_on: date, by: User) -> Award:
    cohort = _locked(enrolment.cohort)
    _require_management(by, cohort.service_area_id)
    enrolment = Enrolment.objects.select_related("learner").get(pk=enrolment.pk)
    if blocks := policy.blocks_to_award(enrolment):
        raise DomainError(f"There is no award yet: {blocks[0]}", code="not_earned")
    last = max(cohort.sessions.values_list("held_on", flat=True))
    if awarded_on < last:
        raise DomainError(f"The day of the award must be on or after the last session, {day(last)}", field="decided_on")
    given = Award.objects.create(
        learner=enrolment.learner,
        course=cohort.course,
        enrolment=enrolment,
        awarded_on=awarded_on,
        expires_on=policy.award_ends_on(awarded_on, cohort.course.award_valid_months),
        recorded_by=by,
    )
    record(events.AWARDED, by=by, on=given, area=cohort.service_area_id, detail={"course": str(cohort.course_id)})
    _tell(enrolment)
    return given


def _locked(cohort: Cohort) -> Cohort:
    return Cohort.objects.select_related("course__prerequisite").select_for_update(of=("self",)).get(pk=cohort.pk)


def _require_management(by: User, area_id) -> None:
    if not policy.can_manage(by, area_id):
        raise NotAllowed("A training lead, a coordinator or a service manager can do this.")


def _require_open(cohort: Cohort) -> None:
    if cohort.completed_at is not None:
        raise DomainError("This cohort is completed. Its register is closed")


def _move(enrolment: Enrolment, status: str) -> None:
    if status not in ENROLMENT_TRANSITIONS[enrolment.status]:
        words = EnrolmentStatus(enrolment.status).label.lower()
        raise StaleState(f"{enrolment.learner.name} is {words} already. Nothing was done twice")
    enrolment.status = status


def _tell(enrolment: Enrolment) -> None:
    user = enrolment.learner.user
    if user is not None:
        notify(user, "training", on=enrolment, url=reverse("volunteers:me"))
