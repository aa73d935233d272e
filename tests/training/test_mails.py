"""What is sent to learners without an account, and what is not."""

from datetime import date, timedelta

import pytest
from django.core import mail

from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.training.factories import (
    AwardFactory,
    CohortFactory,
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    OtherTrainingFactory,
    SessionFactory,
)
from training import actions
from training.models import TrainingMail

TODAY = date(2026, 11, 23)


@pytest.fixture
def lead(cast):
    with acting_as(cast["training_lead"]) as user:
        yield user


def send_all() -> None:
    for row in TrainingMail._base_manager.filter(state="queued"):
        assert work_on(TrainingMail, row.pk)


@pytest.fixture
def enrolment(area):
    cohort = CohortFactory(service_area=area, course__name="Awareness, one day", place="Hall; upstairs")
    learner = LearnerFactory(service_area=area, first_name="Ana", last_name="Ruiz", email="ana@example.org")
    return EnrolmentFactory(cohort=cohort, learner=learner)


def test_the_dates_come_as_a_calendar_that_names_nobody(cast, enrolment):
    summer = SessionFactory(cohort=enrolment.cohort, held_on=date(2027, 7, 1))
    SessionFactory(cohort=enrolment.cohort, held_on=date(2027, 1, 7))
    SessionFactory(cohort=enrolment.cohort, held_on=date(2027, 2, 7), confirmed_at=None, confirmed_by=None)
    with acting_as(cast["training_lead"]) as lead:
        actions.cancel_session(session=summer, cancelled_on=TODAY, because="Snow", today=TODAY, by=lead)
    send_all()
    [message] = mail.outbox
    [(name, calendar, kind)] = message.attachments
    assert (message.to, name, kind) == (["ana@example.org"], "course-dates.ics", "text/calendar")
    assert calendar.count("BEGIN:VEVENT") == 2
    assert "DTSTART:20270701T083000Z" in calendar  # summer time
    assert "DTSTART:20270107T093000Z" in calendar
    assert calendar.count("STATUS:CANCELLED") == 1
    assert "SEQUENCE:1" in calendar
    assert "SUMMARY:Awareness\\, one day" in calendar
    assert "LOCATION:Hall\\; upstairs" in calendar
    assert "Ana" not in message.body + message.subject + calendar


def test_a_place_that_was_given_up_meanwhile_is_not_written_to(cast, enrolment):
    SessionFactory(cohort=enrolment.cohort, held_on=TODAY + timedelta(days=40))
    with acting_as(cast["training_lead"]) as lead:
        actions.send_dates(cohort=enrolment.cohort, by=lead)
        actions.drop_out(enrolment=enrolment, reason="Moved away", today=TODAY, by=lead)
    send_all()
    assert mail.outbox == []


@pytest.mark.parametrize(("ends_in", "reminded"), [(91, 0), (90, 1), (0, 1), (-1, 1), (None, 0)])
def test_an_award_is_reminded_of_once_when_its_window_begins(cast, area, lead, ends_in, reminded):
    course = CourseFactory(service_area=area, renewal_days=90)
    learner = LearnerFactory(service_area=area, user=cast["practitioner"])
    until = None if ends_in is None else TODAY + timedelta(days=ends_in)
    AwardFactory(learner=learner, course=course, awarded_on=date(2024, 1, 1), expires_on=until)
    found = [actions.remind_of_awards(area=area, today=TODAY, by=lead) for _ in range(2)]
    assert found == [reminded, 0]
    assert Notification.objects.filter(user=cast["practitioner"], kind="training").count() == reminded
    assert Notification.objects.filter(user=cast["training_lead"], kind="training_due").count() == reminded


@pytest.mark.parametrize(
    ("ended_on", "given", "reminded"),
    [
        (date(2024, 2, 21), {}, 1),
        (date(2024, 2, 22), {}, 0),
        (date(2024, 2, 20), {"certificate_seen": False}, 0),
        (date(2024, 2, 20), {"passed": False}, 0),
    ],
)
def test_training_elsewhere_is_renewed_as_an_award_is(cast, area, lead, ended_on, given, reminded):
    """Its end is 36 months after its last day, and its window 90 days before that."""
    course = CourseFactory(service_area=area, renewal_days=90, award_valid_months=36)
    learner = LearnerFactory(service_area=area, user=cast["practitioner"])
    seen = {"stands_for": course, "passed": True, "certificate_seen": True}
    OtherTrainingFactory(learner=learner, ended_on=ended_on, **seen | given)
    found = [actions.remind_of_awards(area=area, today=TODAY, by=lead) for _ in range(2)]
    assert found == [reminded, 0]
    assert Notification.objects.filter(user=cast["practitioner"], kind="training").count() == reminded


@pytest.mark.parametrize("later", ["award", "elsewhere"])
def test_nobody_is_reminded_of_training_elsewhere_that_was_renewed(area, lead, later):
    course, learner = CourseFactory(service_area=area, award_valid_months=36), LearnerFactory(service_area=area)
    seen = {"learner": learner, "stands_for": course, "passed": True, "certificate_seen": True}
    OtherTrainingFactory(ended_on=date(2023, 1, 1), **seen)
    AwardFactory(learner=learner, course=course, awarded_on=date(2023, 1, 2), expires_on=date(2026, 1, 2))
    if later == "award":
        AwardFactory(learner=learner, course=course, awarded_on=date(2026, 1, 1), expires_on=date(2029, 1, 1))
    else:
        OtherTrainingFactory(ended_on=date(2026, 1, 1), **seen)
    assert actions.remind_of_awards(area=area, today=TODAY, by=lead) == 0


def test_two_records_of_one_day_are_reminded_of_once(area, lead):
    course, learner = CourseFactory(service_area=area, award_valid_months=36), LearnerFactory(service_area=area)
    for provider in ("A college", "A university"):
        seen = {"stands_for": course, "passed": True, "certificate_seen": True}
        OtherTrainingFactory(learner=learner, ended_on=date(2023, 1, 1), provider=provider, **seen)
    assert actions.remind_of_awards(area=area, today=TODAY, by=lead) == 1


def test_nobody_is_reminded_of_what_was_renewed(area, lead):
    course, learner = CourseFactory(service_area=area), LearnerFactory(service_area=area)
    AwardFactory(learner=learner, course=course, awarded_on=date(2024, 1, 1), expires_on=TODAY)
    AwardFactory(learner=learner, course=course, awarded_on=date(2026, 1, 1), expires_on=date(2029, 1, 1))
    assert actions.remind_of_awards(area=area, today=TODAY, by=lead) == 0
