"""Who has a place and who waits: capacity, quotas, prerequisites, the same course twice, and eight at once."""

from contextlib import suppress
from datetime import date, timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.models import Notification
from tests.factories import OrganisationFactory
from tests.training.factories import (
    AttendanceFactory,
    AwardFactory,
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    OtherTrainingFactory,
    SessionFactory,
)
from training import actions, policy
from training.actions import places
from training.models import Award, Cohort, Course, Enrolment, TrainingMail

TODAY = date(2026, 11, 23)
EIGHT = 8


@pytest.fixture
def lead(cast):
    with acting_as(cast["training_lead"]) as user:
        yield user


def enrol(cohort, lead, learner=None, **given):
    learner = learner or LearnerFactory(service_area=cohort.service_area)
    return actions.enrol(cohort=cohort, learner=learner, today=TODAY, by=lead, **given)


@pytest.fixture
def usual(area, lead) -> dict[str, Course]:
    return {course.name: course for course in actions.add_usual_courses(area=area, by=lead)}


def test_the_usual_courses_are_added_once(area, usual, lead):
    sizes = {name: (course.length, course.maximum) for name, course in usual.items()}
    assert sizes["Community briefing"] == ("2 hours", 150)
    assert sizes["One-day restorative approaches"] == ("1 day", 20)
    assert sizes["Two-day conference facilitator"] == ("2 days", 10)
    after = {
        name: (course.prerequisite.name, course.prerequisite_needs)
        for name, course in usual.items()
        if course.prerequisite
    }
    assert after["Two-day conference facilitator"] == ("One-day restorative approaches", "attended")
    assert after["Two-day trainer"] == ("Two-day conference facilitator", "awarded")
    assert actions.add_usual_courses(area=area, by=lead) == []
    assert Course.objects.count() == 11


@pytest.mark.parametrize(
    ("name", "maximum"), [("Two-day conference facilitator", 10), ("One-day restorative approaches", 20)]
)
def test_the_last_place_is_given_and_the_next_learner_waits(area, usual, lead, name, maximum):
    course = usual[name]
    with pytest.raises(DomainError, match=f"at most {maximum} learners"):
        sessions = [(TODAY, SessionFactory.starts_at, SessionFactory.ends_at)]
        actions.create_cohort(course=course, name="A", place="", maximum=maximum + 1, sessions=sessions, by=lead)
    Course.objects.filter(pk=course.pk).update(prerequisite=None)
    cohort = CohortFactory(service_area=area, course=course, maximum=maximum)
    for _ in range(maximum - 1):
        EnrolmentFactory(cohort=cohort)
    assert [enrol(cohort, lead).status for _ in range(2)] == ["enrolled", "waiting"]


def test_more_places_go_to_whoever_waits_in_order(cast, area, lead):
    cohort = CohortFactory(service_area=area, maximum=1)
    asked = [enrol(cohort, lead) for _ in range(3)]
    told = LearnerFactory(service_area=area, user=cast["practitioner"])
    asked.append(enrol(cohort, lead, told))
    moved = actions.change_places(cohort=cohort, maximum=3, today=TODAY, by=lead)
    assert [one.pk for one in moved] == [asked[1].pk, asked[2].pk]
    assert [one.pk for one in actions.change_places(cohort=cohort, maximum=4, today=TODAY, by=lead)] == [asked[3].pk]
    assert Notification.objects.filter(user=cast["practitioner"], kind="training").count() == 2
    with pytest.raises(DomainError, match="4 places are taken"):
        actions.change_places(cohort=cohort, maximum=3, today=TODAY, by=lead)


def test_whoever_dropped_out_asks_again_and_comes_last(area, lead):
    cohort = CohortFactory(service_area=area, maximum=1)
    first, second, third = (enrol(cohort, lead) for _ in range(3))
    actions.drop_out(enrolment=first, reason="Moved away", today=TODAY, by=lead)
    again = enrol(cohort, lead, first.learner)
    assert (again.pk, again.status, actions.waiting_number(again)) == (first.pk, "waiting", 2)
    assert actions.drop_out(enrolment=second, reason="Ill", today=TODAY, by=lead).pk == third.pk


@pytest.mark.parametrize(("quota", "second"), [(2, "enrolled"), (1, "waiting")])
def test_a_quota_is_a_border_of_its_own(area, lead, quota, second):
    cohort = CohortFactory(service_area=area, maximum=10)
    homes = OrganisationFactory(service_area=area, name="Tees Homes")
    actions.set_quota(cohort=cohort, organisation=homes, places=quota, today=TODAY, by=lead)
    of_it = [LearnerFactory(service_area=area, organisation=homes) for _ in range(2)]
    assert [enrol(cohort, lead, one).status for one in of_it] == ["enrolled", second]
    assert enrol(cohort, lead).status == "enrolled"


def test_whose_organisation_has_its_places_is_passed_over_until_one_is_free(area, lead):
    cohort = CohortFactory(service_area=area, maximum=2)
    homes = OrganisationFactory(service_area=area, name="Tees Homes")
    actions.set_quota(cohort=cohort, organisation=homes, places=1, today=TODAY, by=lead)
    of_it = [LearnerFactory(service_area=area, organisation=homes) for _ in range(2)]
    placed, other = enrol(cohort, lead, of_it[0]), enrol(cohort, lead)
    passed_over, next_one = enrol(cohort, lead, of_it[1]), enrol(cohort, lead)
    assert actions.drop_out(enrolment=other, reason="Ill", today=TODAY, by=lead).pk == next_one.pk
    assert actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead).pk == passed_over.pk


HELD = "cannot attend in full any more: the session of 22 November 2026 was held"


def _planned(cohort):
    SessionFactory(cohort=cohort, held_on=TODAY + timedelta(days=1))


def _today(cohort):
    SessionFactory(cohort=cohort, held_on=TODAY)


def _taken_today(cohort):
    session = SessionFactory(cohort=cohort, held_on=TODAY)
    AttendanceFactory(session=session, enrolment=EnrolmentFactory(cohort=cohort, status="completed"))
    Cohort.objects.filter(pk=cohort.pk).update(maximum=3)


def _yesterday(cohort):
    _planned(cohort)
    return SessionFactory(cohort=cohort, held_on=TODAY - timedelta(days=1))


def _made_up_tomorrow(cohort):
    SessionFactory(cohort=cohort, makes_up_for=_yesterday(cohort), held_on=TODAY + timedelta(days=1))


def _made_up_yesterday(cohort):
    yesterday = TODAY - timedelta(days=1)
    root = SessionFactory(cohort=cohort, held_on=yesterday, cancelled_on=yesterday, cancelled_by=cohort.created_by)
    SessionFactory(cohort=cohort, makes_up_for=root, held_on=yesterday)


def _cancelled(cohort):
    yesterday = TODAY - timedelta(days=1)
    SessionFactory(cohort=cohort, held_on=yesterday, cancelled_on=yesterday, cancelled_by=cohort.created_by)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (_planned, ""),
        (_today, ""),
        (_taken_today, "the session of 23 November 2026 was held"),
        (_yesterday, HELD),
        (_made_up_tomorrow, ""),
        (_made_up_yesterday, HELD),
        (_cancelled, ""),
    ],
)
def test_nobody_moves_up_who_cannot_attend_in_full_any_more(cast, area, lead, plan, why):
    cohort = CohortFactory(service_area=area, maximum=2)
    placed, _beside, waiting = (enrol(cohort, lead) for _ in range(3))
    plan(cohort)
    moved = actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead)
    waiting.refresh_from_db()
    told = Notification.objects.filter(user=cast["training_lead"], kind="training_due").count()
    if why:
        assert (moved, waiting.status, told) == (None, "waiting", 1)
        assert why in waiting.passed_over_because
        actions.change_places(cohort=cohort, maximum=4, today=TODAY, by=lead)
        assert Notification.objects.filter(user=cast["training_lead"], kind="training_due").count() == 1
    else:
        assert (moved, waiting.status, told, waiting.passed_over_because) == (waiting, "enrolled", 0, "")


@pytest.mark.parametrize(("ends_in", "second"), [(0, False), (-1, True)])
def test_whose_award_ended_while_they_waited_is_passed_over_for_the_next(area, usual, lead, ends_in, second):
    trainer, facilitator = usual["Two-day trainer"], usual["Two-day conference facilitator"]
    learners = [LearnerFactory(service_area=area) for _ in range(3)]
    for one in learners:
        AwardFactory(learner=one, course=facilitator, expires_on=TODAY + timedelta(days=30))
    cohort = CohortFactory(service_area=area, course=trainer, maximum=1)
    placed, first, then = (enrol(cohort, lead, one) for one in learners)
    Award.objects.filter(learner=first.learner).update(expires_on=TODAY + timedelta(days=ends_in))
    assert actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead) == (then if second else first)
    first.refresh_from_db()
    assert ("does not hold the award" in first.passed_over_because) is second


@pytest.mark.parametrize(("again_because", "moves"), [("", False), ("To keep her hand in", True)])
def test_who_learnt_it_elsewhere_while_they_waited_is_passed_over_unless_they_said_why(
    area, lead, again_because, moves
):
    cohort = CohortFactory(service_area=area, maximum=1)
    placed, waiting = enrol(cohort, lead), enrol(cohort, lead)
    Enrolment.objects.filter(pk=waiting.pk).update(again_because=again_because)
    seen = {"ended_on": TODAY, "passed": True, "certificate_seen": True}
    OtherTrainingFactory(learner=waiting.learner, stands_for=cohort.course, **seen)
    assert actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead) == (waiting if moves else None)


@pytest.mark.parametrize(
    ("ended", "seen", "passes"),
    [
        (TODAY - timedelta(days=30), True, False),
        (TODAY - timedelta(days=30), False, True),  # nobody saw it: it counts for nothing
        (date(2023, 11, 22), True, True),  # it lasted until yesterday: renewed, not repeated
        (date(2024, 2, 23), True, True),  # inside the 92 days before its end
        (date(2024, 2, 24), True, False),
    ],
)
def test_only_what_counts_keeps_somebody_who_waits_from_moving_up(area, lead, ended, seen, passes):
    course = CourseFactory(service_area=area, award_valid_months=36, renewal_days=92)
    cohort = CohortFactory(service_area=area, course=course, maximum=1)
    placed, waiting = enrol(cohort, lead), enrol(cohort, lead)
    OtherTrainingFactory(learner=waiting.learner, stands_for=course, ended_on=ended, passed=True, certificate_seen=seen)
    moved = actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead)
    assert (moved == waiting) is passes


def _sees_the_certificate(learner, course, lead):
    given = {"name": "Theirs", "provider": "A college", "ended_on": TODAY, "passed": True, "stands_for": course}
    training = actions.record_other_training(learner=learner, **given, today=TODAY, by=lead)
    assert Enrolment.objects.filter(learner=learner, status="waiting").exists()
    actions.see_certificate(training=training, today=TODAY, by=lead)


def _records_what_was_seen(learner, course, lead):
    given = {"name": "Theirs", "provider": "A college", "ended_on": TODAY, "passed": True, "stands_for": course}
    actions.record_other_training(learner=learner, certificate_seen=True, **given, today=TODAY, by=lead)


def _gives_the_award(learner, course, lead):
    cohort = CohortFactory(service_area=course.service_area, course=course)
    enrolment = EnrolmentFactory(cohort=cohort, learner=learner)
    AttendanceFactory(session=SessionFactory(cohort=cohort, held_on=TODAY), enrolment=enrolment)
    actions.record_result(enrolment=enrolment, passed=True, decided_on=TODAY, today=TODAY, by=lead)


@pytest.mark.parametrize("happens", [_sees_the_certificate, _records_what_was_seen, _gives_the_award])
def test_who_was_passed_over_has_the_place_once_they_can_begin(area, usual, lead, happens):
    trainer, facilitator = usual["Two-day trainer"], usual["Two-day conference facilitator"]
    learners = [LearnerFactory(service_area=area) for _ in range(3)]
    for one in learners:
        AwardFactory(learner=one, course=facilitator, expires_on=TODAY + timedelta(days=30))
    cohort = CohortFactory(service_area=area, course=trainer, maximum=1)
    placed, first, then = (enrol(cohort, lead, one) for one in learners)
    Award.objects.filter(learner__in=[first.learner, then.learner]).update(expires_on=TODAY - timedelta(days=1))
    assert actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead) is None
    happens(first.learner, facilitator, lead)
    first.refresh_from_db()
    then.refresh_from_db()
    assert (first.status, first.passed_over_because, then.status) == ("enrolled", "", "waiting")


def test_a_session_that_makes_up_opens_the_course_to_who_waits(area, lead):
    cohort = CohortFactory(service_area=area, maximum=1)
    placed, waiting = enrol(cohort, lead), enrol(cohort, lead)
    missed = _yesterday(cohort)
    assert actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead) is None
    times = (TODAY + timedelta(days=3), missed.starts_at, missed.ends_at)
    actions.add_session(cohort=cohort, times=times, makes_up_for=missed, today=TODAY, by=lead)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.passed_over_because) == ("enrolled", "")


@pytest.mark.parametrize(
    ("holds", "may_begin"),
    [("nothing", False), ("attended", False), ("ended", False), ("awarded", True), ("elsewhere", True)],
)
def test_the_trainer_course_is_for_successful_facilitators(area, usual, lead, holds, may_begin):
    """Attended is not passed; an award that ended yesterday is none."""
    facilitator, trainer = usual["Two-day conference facilitator"], usual["Two-day trainer"]
    learner = LearnerFactory(service_area=area, home_area="" if holds != "elsewhere" else "Middlesbrough")
    if holds == "attended":
        before = CohortFactory(service_area=area, course=facilitator)
        AttendanceFactory(
            session=SessionFactory(cohort=before), enrolment=EnrolmentFactory(cohort=before, learner=learner)
        )
    elif holds in ("awarded", "ended"):
        until = TODAY if holds == "awarded" else TODAY - timedelta(days=1)
        AwardFactory(learner=learner, course=facilitator, expires_on=until)
    elif holds == "elsewhere":
        given = {"name": "Facilitation", "provider": "Their service", "ended_on": TODAY, "passed": True}
        given |= {"stands_for": facilitator, "certificate_seen": True}
        actions.record_other_training(learner=learner, **given, today=TODAY, by=lead)
    cohort = CohortFactory(service_area=area, course=trainer)
    if may_begin:
        assert enrol(cohort, lead, learner).status == "enrolled"
    else:
        with pytest.raises(DomainError, match="does not hold the award"):
            enrol(cohort, lead, learner)


def test_learners_of_other_areas_come_to_what_is_shared(area, usual, lead):
    visitor = LearnerFactory(service_area=area, home_area="Middlesbrough")
    with pytest.raises(DomainError, match="of this area only"):
        enrol(CohortFactory(service_area=area, course=usual["Awareness foundation"]), lead, visitor)


def test_training_from_elsewhere_stands_for_ours_once_its_certificate_was_seen(area, usual, lead):
    learner, given = LearnerFactory(service_area=area), {"name": "RJ", "provider": "A college", "ended_on": TODAY}
    one_day, facilitator = usual["One-day restorative approaches"], usual["Two-day conference facilitator"]
    training = actions.record_other_training(learner=learner, stands_for=one_day, **given, today=TODAY, by=lead)
    cohort = CohortFactory(service_area=area, course=facilitator)
    with pytest.raises(DomainError, match="has not attended One-day"):
        enrol(cohort, lead, learner)
    actions.see_certificate(training=training, today=TODAY, by=lead)
    assert enrol(cohort, lead, learner).status == "enrolled"
    with pytest.raises(StaleState):
        actions.see_certificate(training=training, today=TODAY, by=lead)


def _booked(learner, course):
    EnrolmentFactory(cohort=CohortFactory(service_area=course.service_area, course=course), learner=learner)


def _attended(learner, course):
    cohort = CohortFactory(service_area=course.service_area, course=course)
    enrolment = EnrolmentFactory(cohort=cohort, learner=learner, status="completed")
    AttendanceFactory(session=SessionFactory(cohort=cohort), enrolment=enrolment)


def _award_ends(days):
    return lambda learner, course: AwardFactory(
        learner=learner, course=course, expires_on=TODAY + timedelta(days=days), awarded_on=date(2025, 1, 1)
    )


def _elsewhere(learner, course):
    OtherTrainingFactory(learner=learner, name=course.name.upper())


@pytest.mark.parametrize(
    ("before", "warned"),
    [
        (lambda learner, course: None, ""),
        (_booked, "is booked on another"),
        (_attended, "has attended"),
        (_award_ends(91), "holds the award"),
        (_award_ends(90), ""),  # the renewal window begins
        (_award_ends(-1), ""),
        (_elsewhere, "elsewhere"),
    ],
)
def test_the_same_course_twice_asks_why(area, lead, before, warned):
    course, learner = CourseFactory(service_area=area), LearnerFactory(service_area=area)
    cohort = CohortFactory(service_area=area, course=course)
    before(learner, course)
    if warned:
        with pytest.raises(DomainError, match=warned) as refused:
            enrol(cohort, lead, learner)
        assert refused.value.field == "again_because"
    assert enrol(cohort, lead, learner, again_because="A refresher" if warned else "").status == "enrolled"


@pytest.mark.parametrize(("heads", "fits"), [(150, True), (151, False)])
def test_a_briefing_is_counted_by_head_up_to_its_places(area, usual, lead, heads, fits):
    cohort = CohortFactory(service_area=area, course=usual["Community briefing"], maximum=150)
    session = SessionFactory(cohort=cohort, held_on=TODAY)
    counted = {"police": 50, "residents": heads - 50}
    if fits:
        assert actions.count_heads(session=session, heads=counted, today=TODAY, by=lead) == heads
        assert actions.count_heads(session=session, heads={"police": 1}, today=TODAY, by=lead) == 1
    else:
        with pytest.raises(DomainError, match="there are 150 places"):
            actions.count_heads(session=session, heads=counted, today=TODAY, by=lead)


def test_whoever_missed_a_session_makes_it_up(area, lead):
    cohort = CohortFactory(service_area=area)
    first = SessionFactory(cohort=cohort, held_on=TODAY - timedelta(days=2))
    second = SessionFactory(cohort=cohort, held_on=TODAY - timedelta(days=1))
    full, part = (enrol(cohort, lead) for _ in range(2))
    actions.record_attendance(session=first, present=[full.pk, part.pk], today=TODAY, by=lead)
    actions.record_attendance(session=second, present=[full.pk], today=TODAY, by=lead)
    times = (TODAY, second.starts_at, second.ends_at)
    extra = actions.add_session(cohort=cohort, times=times, makes_up_for=second, today=TODAY, by=lead)
    actions.confirm_sessions(cohort=cohort, by=lead)
    assert [one.pk for one in actions.register_of(extra)] == [part.pk]
    assert set(Enrolment.objects.attended_in_full()) == {full}
    actions.record_attendance(session=extra, present=[part.pk], today=TODAY, by=lead)
    assert [one.pk for one in actions.register_of(extra)] == [part.pk]  # it can be taken again
    assert set(Enrolment.objects.attended_in_full()) == {full, part}


def test_a_cancelled_session_was_attended_by_nobody_until_something_stands_in_its_place(area, lead):
    cohort = CohortFactory(service_area=area)
    first = SessionFactory(cohort=cohort, held_on=TODAY)
    second = SessionFactory(cohort=cohort, held_on=TODAY)
    one = enrol(cohort, lead)
    actions.cancel_session(session=second, cancelled_on=TODAY, because="Snow", today=TODAY, by=lead)
    actions.record_attendance(session=first, present=[one.pk], today=TODAY, by=lead)
    assert not Enrolment.objects.attended_in_full().exists()
    with pytest.raises(DomainError, match="nothing stands in its place"):
        actions.complete_cohort(cohort=cohort, today=TODAY, by=lead)
    times = (TODAY, second.starts_at, second.ends_at)
    instead = actions.add_session(cohort=cohort, times=times, makes_up_for=second, today=TODAY, by=lead)
    actions.confirm_sessions(cohort=cohort, by=lead)
    actions.record_attendance(session=instead, present=[one.pk], today=TODAY, by=lead)
    actions.complete_cohort(cohort=cohort, today=TODAY, by=lead)
    assert Enrolment.objects.get().status == "completed"


def test_who_has_no_account_gets_the_dates_by_mail_once_they_are_confirmed(area, lead):
    cohort = CohortFactory(service_area=area, maximum=1)
    SessionFactory(cohort=cohort, held_on=TODAY, confirmed_at=None, confirmed_by=None)
    learners = [LearnerFactory(service_area=area, email=f"{name}@example.org") for name in ("ana", "bea")]
    placed, waiting = (enrol(cohort, lead, one) for one in learners)
    assert not TrainingMail.objects.exists()
    actions.confirm_sessions(cohort=cohort, by=lead)
    assert [one.enrolment for one in TrainingMail.objects.all()] == [placed]
    actions.drop_out(enrolment=placed, reason="Ill", today=TODAY, by=lead)
    assert TrainingMail.objects.filter(enrolment=waiting, kind="dates").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_held", [True, False])
def test_eight_at_once_for_the_last_place(area, cast, monkeypatch, is_held):
    """One gets it and seven wait, in the order in which they asked. The control, without the lock, gives it to all eight."""
    cohort = CohortFactory(service_area=area, maximum=1)
    learners = [LearnerFactory(service_area=area) for _ in range(EIGHT)]
    everybody, counted, order, failures = Barrier(EIGHT), policy.has_places, [], []

    def count_together(of):
        found = counted(of)
        with suppress(BrokenBarrierError):
            everybody.wait(0.2 if is_held else 20)
        return found

    monkeypatch.setattr(policy, "has_places", count_together)
    if not is_held:
        monkeypatch.setattr(places, "locked", lambda cohort: Cohort.objects.select_related("course").get(pk=cohort.pk))

    def ask(learner):
        try:
            with acting_as(User.objects.get(pk=cast["training_lead"].pk)) as lead:
                enrolment = actions.enrol(cohort=cohort, learner=learner, today=TODAY, by=lead)
                order.append(enrolment.number)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=[learner]) for learner in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with acting_as(cast["training_lead"]):
        found = Cohort.objects.with_places().get()
        waiting = Enrolment.objects.filter(cohort=cohort).waiting()
        if not is_held:
            assert (found.enrolled, found.waiting) == (EIGHT, 0)
            return
        assert (found.enrolled, found.waiting) == (1, EIGHT - 1)
        assert [actions.waiting_number(one) for one in waiting] == list(range(1, EIGHT))
        assert [one.number for one in waiting] == list(range(2, EIGHT + 1))
