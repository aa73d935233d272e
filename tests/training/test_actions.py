"""Places, waiting lists, prerequisites, registers, results and awards."""

from datetime import date, time

import pytest

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification
from tests.training.factories import (
    AttendanceFactory,
    AwardFactory,
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    SessionFactory,
)
from training import actions, events, policy
from training.choices import EnrolmentStatus
from training.models import Award, Enrolment
from training.policy import award_ends_on

TODAY = date(2026, 11, 22)
BEFORE = date(2026, 11, 13)  # the first session
DAY_ONE, DAY_TWO = date(2026, 11, 14), date(2026, 11, 15)
MORNING = (time(9, 30), time(16, 30))


@pytest.fixture
def lead(cast):
    with acting_as(cast["training_lead"]) as user:
        yield user


@pytest.fixture
def cohort(area):
    cohort = CohortFactory(service_area=area, maximum=2)
    SessionFactory(cohort=cohort, held_on=DAY_ONE)
    SessionFactory(cohort=cohort, held_on=DAY_TWO)
    return cohort


def enrolled(cohort, lead, number=1):
    learners = [LearnerFactory(service_area=cohort.service_area) for _ in range(number)]
    return [actions.enrol(cohort=cohort, learner=learner, today=TODAY, by=lead) for learner in learners]


def attend(enrolment, *sessions):
    for session in sessions:
        AttendanceFactory(session=session, enrolment=enrolment)


def verbs():
    return list(DomainEvent.objects.order_by("id").values_list("verb", flat=True))


def test_create_course_and_cohort(area, lead):
    course = actions.create_course(
        area=area, name="Two-day facilitator", kind="facilitator", days=2, maximum=10, makes_facilitators=True, by=lead
    )
    cohort = actions.create_cohort(
        course=course, name="Spring", place="Ely", maximum=10, sessions=[(DAY_ONE, *MORNING)], by=lead
    )
    assert cohort.sessions.get().held_on == DAY_ONE
    assert verbs() == [events.COURSE_CREATED, events.COHORT_CREATED]
    with pytest.raises(DomainError, match="a course with the name two-day"):
        actions.create_course(area=area, name="two-day facilitator", kind="facilitator", days=2, maximum=10, by=lead)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"maximum": 11}, "takes at most 10 learners"),
        ({"sessions": []}, "Enter at least one session"),
        ({"sessions": [(DAY_ONE, time(16), time(9))]}, "must end after it starts"),
    ],
)
def test_create_cohort_refuses(area, lead, changes, message):
    given = {"name": "Spring", "place": "Ely", "maximum": 10, "sessions": [(DAY_ONE, *MORNING)]} | changes
    with pytest.raises(DomainError, match=message):
        actions.create_cohort(course=CourseFactory(service_area=area), by=lead, **given)


@pytest.mark.parametrize(
    "role", ["practitioner", "supervisor", "hub_worker", "opcc", "dpo", "admin", "other_coordinator"]
)
def test_only_who_manages_training_enrols(cast, cohort, role):
    learner = LearnerFactory(service_area=cohort.service_area)
    with acting_as(cast[role]) as user, pytest.raises(NotAllowed):
        actions.enrol(cohort=cohort, learner=learner, today=TODAY, by=user)


def test_a_full_cohort_has_a_numbered_waiting_list(cohort, lead):
    placed = enrolled(cohort, lead, 5)
    assert [one.status for one in placed] == ["enrolled"] * 2 + ["waiting"] * 3
    assert [actions.waiting_number(one) for one in placed] == [None, None, 1, 2, 3]
    assert verbs() == [events.ENROLLED] * 2 + [events.WAITING] * 3


def test_nobody_is_enrolled_twice(cohort, lead):
    enrolment = enrolled(cohort, lead)[0]
    with pytest.raises(StaleState, match="in this cohort already"):
        actions.enrol(cohort=cohort, learner=enrolment.learner, today=TODAY, by=lead)


def test_drop_out_promotes_the_first_who_waits_and_tells_them(cast, cohort, lead):
    placed = enrolled(cohort, lead, 3)
    learner = LearnerFactory(service_area=cohort.service_area, user=cast["practitioner"])
    waiting = actions.enrol(cohort=cohort, learner=learner, today=TODAY, by=lead)
    assert actions.drop_out(enrolment=placed[2], reason="Found other work", today=BEFORE, by=lead) is None
    promoted = actions.drop_out(enrolment=placed[0], reason="Moved away", today=BEFORE, by=lead)
    assert promoted.pk == waiting.pk
    waiting.refresh_from_db()
    assert (waiting.status, actions.waiting_number(waiting)) == (EnrolmentStatus.ENROLLED, None)
    assert Notification.objects.filter(user=cast["practitioner"], kind="training").count() == 2
    with pytest.raises(StaleState, match="dropped out already"):
        actions.drop_out(enrolment=placed[0], reason="Again", today=TODAY, by=lead)


@pytest.fixture
def two_day(area):
    one_day = CourseFactory(service_area=area, name="One-day awareness", makes_facilitators=False)
    return CourseFactory(service_area=area, name="Two-day facilitator", prerequisite=one_day)


def booked_only(learner, sessions, enrolment):
    pass


def attended_in_part(learner, sessions, enrolment):
    attend(enrolment, sessions[0])


def marked_absent(learner, sessions, enrolment):
    attend(enrolment, sessions[0])
    AttendanceFactory(session=sessions[1], enrolment=enrolment, attended=False)


def dropped_out_after_it(learner, sessions, enrolment):
    attend(enrolment, *sessions)
    Enrolment.objects.filter(pk=enrolment.pk).update(status="dropped_out")


def attended_in_full(learner, sessions, enrolment):
    attend(enrolment, *sessions)


def awarded_elsewhere(learner, sessions, enrolment):
    AwardFactory(learner=learner, course=enrolment.cohort.course)


@pytest.mark.parametrize(
    ("before", "may_begin"),
    [
        (booked_only, False),
        (attended_in_part, False),
        (marked_absent, False),
        (dropped_out_after_it, False),
        (attended_in_full, True),
        (awarded_elsewhere, True),
    ],
)
def test_the_prerequisite_is_attendance_in_full_not_a_booking(area, lead, two_day, before, may_begin):
    first = CohortFactory(service_area=area, course=two_day.prerequisite)
    sessions = [SessionFactory(cohort=first, held_on=DAY_ONE), SessionFactory(cohort=first, held_on=DAY_TWO)]
    learner = LearnerFactory(service_area=area, first_name="Ana", last_name="Ruiz")
    before(learner, sessions, EnrolmentFactory(cohort=first, learner=learner))
    second = CohortFactory(service_area=area, course=two_day)
    if may_begin:
        assert actions.enrol(cohort=second, learner=learner, today=TODAY, by=lead).status == EnrolmentStatus.ENROLLED
        return
    with pytest.raises(DomainError, match="Ana Ruiz has not attended One-day awareness in full") as refused:
        actions.enrol(cohort=second, learner=learner, today=TODAY, by=lead)
    assert refused.value.code == "prerequisite"


def test_a_cohort_without_sessions_was_attended_by_nobody(area, lead, two_day):
    learner = LearnerFactory(service_area=area)
    EnrolmentFactory(cohort=CohortFactory(service_area=area, course=two_day.prerequisite), learner=learner)
    with pytest.raises(DomainError):
        actions.enrol(cohort=CohortFactory(service_area=area, course=two_day), learner=learner, today=TODAY, by=lead)


def test_the_register_can_be_taken_again_until_the_cohort_is_completed(cohort, lead):
    here, absent = enrolled(cohort, lead, 2)
    session = cohort.sessions.first()
    actions.record_attendance(session=session, present=[here.pk, absent.pk], today=TODAY, by=lead)
    actions.record_attendance(session=session, present=[here.pk], today=TODAY, by=lead)
    assert dict(session.attendances.values_list("enrolment", "attended")) == {here.pk: True, absent.pk: False}


def test_the_register_is_not_taken_before_the_day(cohort, lead):
    with pytest.raises(DomainError, match="The register of 14 November 2026 can be taken on the day"):
        actions.record_attendance(session=cohort.sessions.first(), present=[], today=date(2026, 11, 13), by=lead)


def test_somebody_who_is_not_on_the_register_cannot_be_marked(cohort, lead):
    *_, waiting = enrolled(cohort, lead, 3)
    with pytest.raises(StaleState, match="has left the cohort meanwhile"):
        actions.record_attendance(session=cohort.sessions.first(), present=[waiting.pk], today=TODAY, by=lead)


def test_complete_cohort_by_attendance(cohort, lead):
    full, part, waiting = enrolled(cohort, lead, 3)
    first, second = cohort.sessions.all()
    actions.record_attendance(session=first, present=[full.pk, part.pk], today=TODAY, by=lead)
    with pytest.raises(DomainError, match="The register of 15 November 2026 is not complete"):
        actions.complete_cohort(cohort=cohort, today=TODAY, by=lead)
    actions.record_attendance(session=second, present=[full.pk], today=TODAY, by=lead)
    with pytest.raises(DomainError, match="15 November 2026 has not been held yet"):
        actions.complete_cohort(cohort=cohort, today=DAY_ONE, by=lead)
    done = actions.complete_cohort(cohort=cohort, today=TODAY, by=lead)
    found = dict(Enrolment.objects.values_list("pk", "status"))
    assert found == {full.pk: "completed", part.pk: "dropped_out", waiting.pk: "dropped_out"}
    assert (done.completed_by, done.completed_at is not None) == (lead, True)
    for refused in (
        lambda: actions.complete_cohort(cohort=cohort, today=TODAY, by=lead),
        lambda: actions.record_attendance(session=first, present=[], today=TODAY, by=lead),
        lambda: actions.enrol(
            cohort=cohort, learner=LearnerFactory(service_area=cohort.service_area), today=TODAY, by=lead
        ),
    ):
        with pytest.raises(DomainError, match="completed"):
            refused()


def test_whoever_missed_a_session_makes_it_up_after_the_cohort_was_completed(cohort, lead):
    full, part, waiting = enrolled(cohort, lead, 3)
    first, second = cohort.sessions.all()
    actions.record_attendance(session=first, present=[full.pk, part.pk], today=TODAY, by=lead)
    actions.record_attendance(session=second, present=[full.pk], today=TODAY, by=lead)
    again = {"cohort": cohort, "today": TODAY, "by": lead}
    with pytest.raises(StaleState, match="open already"):
        actions.reopen_cohort(enrolments=[part.pk], **again)
    actions.complete_cohort(cohort=cohort, today=TODAY, by=lead)
    assert list(actions.might_return(cohort)) == [part]
    for nobody in ([], [full.pk], [waiting.pk], [part.pk, waiting.pk]):
        with pytest.raises(DomainError, match="Choose at least one learner who missed"):
            actions.reopen_cohort(enrolments=nobody, **again)
    opened = actions.reopen_cohort(enrolments=[part.pk], **again)
    assert (opened.completed_at, opened.completed_by, verbs()[-1]) == (None, None, events.COHORT_REOPENED)
    with pytest.raises(DomainError, match="Choose the session that it makes up for"):
        actions.add_session(cohort=cohort, times=(TODAY, *MORNING), today=TODAY, by=lead)
    with pytest.raises(DomainError, match=f"{full.learner.name} has completed the course"):
        actions.record_attendance(session=first, present=[part.pk], today=TODAY, by=lead)
    extra = actions.add_session(cohort=cohort, times=(TODAY, *MORNING), makes_up_for=second, today=TODAY, by=lead)
    actions.confirm_sessions(cohort=cohort, by=lead)
    actions.record_attendance(session=extra, present=[part.pk], today=TODAY, by=lead)
    actions.complete_cohort(cohort=cohort, today=TODAY, by=lead)
    found = dict(Enrolment.objects.values_list("pk", "status"))
    assert found == {full.pk: "completed", part.pk: "completed", waiting.pk: "dropped_out"}


def test_whoever_is_booked_on_another_cohort_by_now_needs_no_session_here(cohort, lead):
    part = enrolled(cohort, lead)[0]
    first, second = cohort.sessions.all()
    actions.record_attendance(session=first, present=[part.pk], today=TODAY, by=lead)
    actions.record_attendance(session=second, present=[], today=TODAY, by=lead)
    actions.complete_cohort(cohort=cohort, today=TODAY, by=lead)
    EnrolmentFactory(cohort=CohortFactory(course=cohort.course, service_area=cohort.service_area), learner=part.learner)
    with pytest.raises(DomainError, match="is booked on another"):
        actions.reopen_cohort(cohort=cohort, enrolments=[part.pk], today=TODAY, by=lead)


@pytest.mark.parametrize(
    ("sessions_attended", "passed", "message"),
    [(2, True, ""), (2, False, "has not passed"), (1, True, "has not attended every session"), (2, None, "not passed")],
)
def test_an_award_asks_for_full_attendance_and_a_pass(cohort, lead, sessions_attended, passed, message):
    enrolment = enrolled(cohort, lead)[0]
    attend(enrolment, *list(cohort.sessions.all())[:sessions_attended])
    Enrolment.objects.filter(pk=enrolment.pk).update(passed=passed)
    if not message:
        given = actions.award(enrolment=enrolment, awarded_on=TODAY, by=lead)
        assert (given.awarded_on, given.expires_on) == (TODAY, date(2029, 11, 22))
        return
    with pytest.raises(DomainError, match=message):
        actions.award(enrolment=enrolment, awarded_on=TODAY, by=lead)
    assert not Award.objects.exists()


def test_a_pass_gives_the_award_once_and_a_fail_can_be_put_right(cohort, lead):
    enrolment = enrolled(cohort, lead)[0]
    attend(enrolment, *cohort.sessions.all())
    assert actions.record_result(enrolment=enrolment, passed=False, decided_on=TODAY, today=TODAY, by=lead) is None
    assert (
        actions.record_result(enrolment=enrolment, passed=True, decided_on=TODAY, today=TODAY, by=lead).learner
        == enrolment.learner
    )
    with pytest.raises(StaleState, match="has this award already"):
        actions.record_result(enrolment=enrolment, passed=False, decided_on=TODAY, today=TODAY, by=lead)


def test_an_award_given_in_error_is_withdrawn_once_and_a_right_one_can_be_given(cohort, lead):
    enrolment = enrolled(cohort, lead)[0]
    attend(enrolment, *cohort.sessions.all())
    given = actions.record_result(enrolment=enrolment, passed=True, decided_on=TODAY, today=TODAY, by=lead)
    assert policy.was_successful(enrolment.learner, cohort.course, TODAY)
    assert actions.certificate_by_code(given.code, today=TODAY).is_valid

    actions.withdraw_award(award=given, reason="The result was another learner’s", by=lead)

    assert not policy.was_successful(enrolment.learner, cohort.course, TODAY)
    checked = actions.certificate_by_code(given.code, today=TODAY)
    assert (checked.is_valid, checked.is_withdrawn) == (False, True)
    with pytest.raises(StaleState, match="withdrawn already"):
        actions.withdraw_award(award=given, reason="Again", by=lead)
    again = actions.record_result(enrolment=enrolment, passed=True, decided_on=TODAY, today=TODAY, by=lead)
    assert actions.certificate_by_code(again.code, today=TODAY).is_valid


def test_no_award_is_dated_before_the_last_session(cohort, lead):
    enrolment = enrolled(cohort, lead)[0]
    attend(enrolment, *cohort.sessions.all())
    with pytest.raises(DomainError, match="on or after the last session, 15 November 2026"):
        actions.record_result(enrolment=enrolment, passed=True, decided_on=DAY_ONE, today=TODAY, by=lead)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2062, 11, 22), date.max])
@pytest.mark.parametrize("passed", [True, False])
def test_no_result_is_dated_after_today(cohort, lead, day, passed):
    """An award counts from its day: one of the future would last for years longer than it may."""
    enrolment = enrolled(cohort, lead)[0]
    attend(enrolment, *cohort.sessions.all())
    with pytest.raises(DomainError) as refused:
        actions.record_result(enrolment=enrolment, passed=passed, decided_on=day, today=TODAY, by=lead)
    assert refused.value.field == "decided_on"
    enrolment.refresh_from_db()
    assert enrolment.passed is None and not Award.objects.exists()


@pytest.mark.parametrize(
    ("awarded_on", "months", "ends_on"),
    [
        (date(2026, 11, 22), None, None),
        (date(2026, 11, 22), 36, date(2029, 11, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_the_last_day_of_an_award(awarded_on, months, ends_on):
    assert award_ends_on(awarded_on, months) == ends_on
