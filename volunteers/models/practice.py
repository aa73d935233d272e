"""What keeps a practitioner's practice up: registration with the Restorative Justice Council, learning, being observed."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from volunteers.choices import Level
from volunteers.models.practitioner import Practitioner


@tracked
class Registration(models.Model):
    """As the Restorative Justice Council registers somebody. The newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="registrations")
    level = models.CharField(max_length=14, choices=Level)
    number = models.CharField(max_length=40, blank=True)
    registered_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="level number registered_on expires_on",
        neither="id practitioner recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["practitioner", "-registered_on"], name="registration_newest")]


@tracked
class Development(models.Model):
    """Hours of continuing professional development; at least half of a year's are approved by the RJC."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="developments")
    title = models.CharField(max_length=150)
    done_on = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    is_approved = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="title done_on hours is_approved",
        neither="id practitioner recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["practitioner", "-done_on"], name="development_newest")]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="development_takes_time")]


@tracked
class Observation(models.Model):
    """Somebody experienced watched them at work; one a year. Nothing of the case it was in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="observations")
    observed_on = models.DateField()
    observer_name = models.CharField(max_length=120)
    words = models.CharField(max_length=1000, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="observed_on observer_name words",
        neither="id practitioner recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["practitioner", "-observed_on"], name="observation_newest")]
