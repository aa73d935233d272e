"""Courses, cohorts with their sessions, learners from anywhere, attendance and awards."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from training import querysets
from training.choices import CourseKind, EnrolmentStatus


class Course(models.Model):
    """Lengths, maximum and prerequisite are data: two-day and three-day courses both exist (seeds 000 and 003)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=16, choices=CourseKind)
    days = models.DecimalField(max_digits=4, decimal_places=2)
    maximum = models.PositiveSmallIntegerField()
    prerequisite = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    award_valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    makes_facilitators = models.BooleanField(default=False)

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.AreaQuerySet))
    classified = Classified(
        "reference",
        neither="id service_area name kind days maximum prerequisite award_valid_months makes_facilitators",
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service_area", "name"], name="course_once")]

    def __str__(self) -> str:
        return self.name


class Cohort(models.Model):
    """One run of a course: its sessions, and at most `maximum` places."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=150)
    place = models.CharField(max_length=200, blank=True)
    maximum = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.CohortQuerySet))
    classified = Classified(
        "training",
        neither="id service_area course name place maximum created_at created_by completed_at completed_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "-created_at", "-id"], name="cohort_newest")]


class Session(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions")
    held_on = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    objects = ScopedManager(area="cohort__service_area", _manager_class=models.Manager)
    classified = Classified("training", neither="id cohort held_on starts_at ends_at")

    class Meta:
        ordering = ["held_on", "starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start")
        ]


@tracked
class Learner(models.Model):
    """Somebody who is trained; comes from anywhere. `user` only where they have an account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="learner")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.LearnerQuerySet))
    classified = Classified(
        "training", personal="first_name last_name email", neither="id service_area user organisation created_at"
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "last_name", "first_name", "id"], name="learner_name")]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@tracked
class Enrolment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    learner = models.ForeignKey(Learner, models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=12, choices=EnrolmentStatus, default=EnrolmentStatus.ENROLLED)
    enrolled_at = models.DateTimeField(db_default=Now())
    enrolled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_reason = models.CharField(max_length=200, blank=True)
    passed = models.BooleanField(null=True, blank=True)  # None until assessed
    pack_issued_on = models.DateField(null=True, blank=True)

    objects = ScopedManager(
        area="cohort__service_area", _manager_class=models.Manager.from_queryset(querysets.EnrolmentQuerySet)
    )
    classified = Classified(
        "training",
        personal="ended_reason passed",
        neither="id cohort learner status enrolled_at enrolled_by pack_issued_on",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "learner"], name="enrolled_once")]


@tracked
class Attendance(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendances")
    attended = models.BooleanField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="session__cohort__service_area", _manager_class=models.Manager)
    classified = Classified("training", personal="attended", neither="id session enrolment recorded_at recorded_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once")]


@tracked
class Award(models.Model):
    """Given to one who attended in full and passed. Attendance alone is not enough (seed 000 paragraph 2.4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, models.PROTECT, related_name="awards")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, null=True, blank=True, related_name="award")
    awarded_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="learner__service_area", _manager_class=models.Manager.from_queryset(querysets.AwardQuerySet)
    )
    classified = Classified(
        "training",
        personal="awarded_on expires_on",
        neither="id learner course enrolment recorded_at recorded_by",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "course", "awarded_on"], name="award_once_a_day")]
