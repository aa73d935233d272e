"""Practitioners with their checks, level, supervision and availability. Of a check only result, reference and dates."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from training.models import Learner
from volunteers import querysets
from volunteers.choices import CheckKind, CheckStatus, Level, PractitionerKind, PractitionerStatus


@tracked
class Practitioner(models.Model):
    """Anybody who works with people on cases or signs an assessment; coordinators too. `learner` is the only link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    learner = models.OneToOneField(Learner, models.PROTECT, related_name="practitioner")
    kind = models.CharField(max_length=20, choices=PractitionerKind, default=PractitionerKind.COMMUNITY)
    status = models.CharField(max_length=12, choices=PractitionerStatus, default=PractitionerStatus.ENQUIRY)
    level = models.CharField(max_length=14, choices=Level, default=Level.FOUNDATION)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    is_adult = models.BooleanField(default=True)
    case_limit = models.PositiveSmallIntegerField(default=4)
    local_areas = models.ManyToManyField(LocalArea, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.PractitionerQuerySet)
    )
    classified = Classified(
        "practitioner",
        personal="kind status level is_adult",
        neither="id service_area learner organisation case_limit created_at created_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "status", "id"], name="practitioner_status")]

    @property
    def name(self) -> str:
        return self.learner.name


@tracked
class Check(models.Model):
    """A DBS or police vetting check: result, level, reference and dates. Never what a certificate disclosed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=20, choices=CheckKind)
    status = models.CharField(max_length=10, choices=CheckStatus)
    reference = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="practitioner__service_area", _manager_class=models.Manager.from_queryset(querysets.CheckQuerySet)
    )
    classified = Classified(
        "practitioner",
        sensitive="kind status reference issued_on expires_on",
        neither="id practitioner recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["practitioner", "kind", "-expires_on"], name="check_newest")]


@tracked
class Supervision(models.Model):
    """At least every 12 weeks (RJC Practitioner Code)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="supervisions")
    held_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified("practitioner", personal="held_on", neither="id practitioner recorded_at recorded_by")


class Availability(models.Model):
    """A weekly time (`weekday`, 0 is Monday) or a time away (`away_from` to `away_until`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="availability")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.TimeField(null=True, blank=True)
    ends_at = models.TimeField(null=True, blank=True)
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="weekday starts_at ends_at away_from away_until",
        neither="id practitioner",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    weekday__isnull=False, starts_at__isnull=False, ends_at__isnull=False, away_from__isnull=True
                )
                | Q(weekday__isnull=True, away_from__isnull=False, away_until__isnull=False),
                name="availability_is_a_time_or_an_absence",
            )
        ]
