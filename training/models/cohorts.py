"""One run of a course: its sessions, its places, and how many of them an organisation may take."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from training import querysets
from training.choices import Attendee
from training.models.courses import Course
from training.models.packages import TrainingPackage


class Cohort(models.Model):
    """At most `maximum` places. `package`: the contract that it is part of, if any."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    package = models.ForeignKey(TrainingPackage, models.PROTECT, null=True, blank=True, related_name="cohorts")
    name = models.CharField(max_length=150)
    place = models.CharField(max_length=200, blank=True)
    trainers = models.CharField(max_length=300, blank=True)
    maximum = models.PositiveSmallIntegerField()
    dates_sent_at = models.DateTimeField(null=True, blank=True)
    dates_sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.CohortQuerySet))
    classified = Classified(
        "training",
        personal="trainers",
        neither="id service_area course package name place maximum dates_sent_at dates_sent_by created_at created_by"
        " completed_at completed_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "-created_at", "-id"], name="cohort_newest")]

    @property
    def title(self) -> str:
        return f"{self.course.name}, {self.name}"


class Session(models.Model):
    """Planned until it is confirmed. A cancelled one stays, and something has to stand in its place: `makes_up_for`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions")
    makes_up_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="make_ups")
    held_on = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    place = models.CharField(max_length=200, blank=True)
    venue_cost = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    refreshments_cost = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True)
    revision = models.PositiveSmallIntegerField(default=0)  # for calendars: the newest wins

    objects = ScopedManager(
        area="cohort__service_area", _manager_class=models.Manager.from_queryset(querysets.SessionQuerySet)
    )
    classified = Classified(
        "training",
        neither="id cohort makes_up_for held_on starts_at ends_at place venue_cost refreshments_cost confirmed_at"
        " confirmed_by cancelled_on cancelled_by cancelled_because revision",
    )

    class Meta:
        ordering = ["held_on", "starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_on__isnull=False, cancelled_by__isnull=False),
                name="session_cancelled_pair",
            ),
        ]
        indexes = [models.Index(fields=["held_on"], name="session_day")]


class Quota(models.Model):
    """At most this many places of a cohort for learners of one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="quotas")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField()

    objects = ScopedManager(area="cohort__service_area", _manager_class=models.Manager)
    classified = Classified("training", neither="id cohort organisation places")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "organisation"], name="quota_once")]


class HeadCount(models.Model):
    """How many of a kind of people came to a briefing: 150 names may not be taken."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="head_counts")
    category = models.CharField(max_length=14, choices=Attendee)
    heads = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="session__cohort__service_area", _manager_class=models.Manager)
    classified = Classified("training", neither="id session category heads recorded_at recorded_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "category"], name="heads_once")]
