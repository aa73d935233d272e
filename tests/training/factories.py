"""Courses, cohorts and learners for tests."""

from datetime import date, time
from decimal import Decimal

import factory
from django.utils import timezone

from tests.factories import RowFactory, ServiceAreaFactory, UserFactory
from training import models
from training.choices import CourseKind, EnrolmentStatus


class LearnerFactory(RowFactory):
    class Meta:
        model = models.Learner

    service_area = factory.SubFactory(ServiceAreaFactory)
    first_name = "Ana"
    last_name = factory.Sequence(lambda n: f"Learner{n}")


class CourseFactory(RowFactory):
    class Meta:
        model = models.Course

    service_area = factory.SubFactory(ServiceAreaFactory)
    name = factory.Sequence(lambda n: f"Conference facilitator {n}")
    kind = CourseKind.FACILITATOR
    days = Decimal("2")
    maximum = 10
    award_valid_months = 36
    makes_facilitators = True


class AwardFactory(RowFactory):
    class Meta:
        model = models.Award

    learner = factory.SubFactory(LearnerFactory)
    course = factory.SubFactory(CourseFactory, service_area=factory.SelfAttribute("..learner.service_area"))
    awarded_on = date(2025, 1, 15)
    expires_on = date(2028, 1, 15)
    recorded_by = factory.SubFactory(UserFactory)


class PackageFactory(RowFactory):
    class Meta:
        model = models.TrainingPackage

    service_area = factory.SubFactory(ServiceAreaFactory)
    name = factory.Sequence(lambda n: f"Panel package {n}")
    provider = "Common Ground Training"
    created_by = factory.SubFactory(UserFactory)


class CohortFactory(RowFactory):
    class Meta:
        model = models.Cohort

    service_area = factory.SubFactory(ServiceAreaFactory)
    course = factory.SubFactory(CourseFactory, service_area=factory.SelfAttribute("..service_area"))
    name = "Autumn"
    place = "Sawtry village hall"
    maximum = 10
    created_by = factory.SubFactory(UserFactory)


class SessionFactory(RowFactory):
    class Meta:
        model = models.Session

    cohort = factory.SubFactory(CohortFactory)
    held_on = date(2026, 11, 14)
    starts_at = time(9, 30)
    ends_at = time(16, 30)
    confirmed_at = factory.LazyFunction(timezone.now)
    confirmed_by = factory.SelfAttribute("cohort.created_by")


class EnrolmentFactory(RowFactory):
    class Meta:
        model = models.Enrolment

    cohort = factory.SubFactory(CohortFactory)
    learner = factory.SubFactory(LearnerFactory, service_area=factory.SelfAttribute("..cohort.service_area"))
    status = EnrolmentStatus.ENROLLED
    enrolled_by = factory.SelfAttribute("cohort.created_by")


class AttendanceFactory(RowFactory):
    class Meta:
        model = models.Attendance

    session = factory.SubFactory(SessionFactory)
    enrolment = factory.SubFactory(EnrolmentFactory)
    attended = True
    recorded_by = factory.SelfAttribute("enrolment.enrolled_by")


class OtherTrainingFactory(RowFactory):
    class Meta:
        model = models.OtherTraining

    learner = factory.SubFactory(LearnerFactory)
    name = "Mediation"
    provider = "A college"
    ended_on = date(2026, 5, 1)
    recorded_by = factory.SubFactory(UserFactory)
