"""A contract with a provider: what it contains, what it asks of us, and what it may cost if we do not keep to it."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from training import querysets
from training.choices import Condition, Funding, Limb, PackageStatus


@tracked
class TrainingPackage(models.Model):
    """The provider is data. `ceiling` is the contract's, whatever happens how often; `counts_held`: conferences held in the
    area's cases count towards `agreed`, beside what is recorded here; `counts_indirect`: letters and the like too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    provider = models.CharField(max_length=150)
    contact = models.CharField(max_length=200, blank=True)
    contains = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=PackageStatus, default=PackageStatus.INTEREST)
    funding = models.CharField(max_length=8, choices=Funding, default=Funding.FREE)
    value = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal(0))
    cost = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal(0))
    ceiling = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal(3000))
    notice_days = models.PositiveSmallIntegerField(default=28)
    agreed = models.PositiveSmallIntegerField(default=0)
    counts_held = models.BooleanField(default=True)
    counts_indirect = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    year_ends_on = models.DateField(null=True, blank=True)  # the last day of its first twelve months
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.PackageQuerySet))
    classified = Classified(
        "training",
        personal="contact",
        neither="id service_area name provider contains status funding value cost ceiling notice_days agreed counts_held"
        " counts_indirect starts_on year_ends_on signed_on signed_by created_at created_by",
    )

    @property
    def counted_in_words(self) -> str:
        what = "Conferences and indirect interventions" if self.counts_indirect else "Conferences and panels"
        return f"{what} held in our cases count by themselves, each in the contract that began first."

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["interest", "applied", "agreed", "closed"]) | Q(signed_on__isnull=False),
                name="package_signed_before_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(
                    signed_on__isnull=True, signed_by__isnull=True, starts_on__isnull=True, year_ends_on__isnull=True
                )
                | Q(
                    signed_on__isnull=False,
                    signed_by__isnull=False,
                    starts_on__isnull=False,
                    year_ends_on__isnull=False,
                ),
                name="package_signed_pair",
            ),
        ]
        indexes = [models.Index(fields=["service_area", "-created_at", "-id"], name="package_newest")]

    def __str__(self) -> str:
        return self.name


class PackageCondition(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    package = models.ForeignKey(TrainingPackage, models.CASCADE, related_name="conditions")
    kind = models.CharField(max_length=10, choices=Condition)
    is_met = models.BooleanField()
    evidence = models.CharField(max_length=500)
    shown_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="package__service_area", _manager_class=models.Manager)
    classified = Classified("training", neither="id package kind is_met evidence shown_on recorded_at recorded_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "kind"], name="condition_once")]


class PackageStep(models.Model):
    """Something to do with the provider, by a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    package = models.ForeignKey(TrainingPackage, models.CASCADE, related_name="steps")
    words = models.CharField(max_length=300)
    who = models.CharField(max_length=100, blank=True)
    due_on = models.DateField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="package__service_area", _manager_class=models.Manager.from_queryset(querysets.OfPackageQuerySet)
    )
    classified = Classified("training", personal="who", neither="id package words due_on created_by done_at done_by")

    class Meta:
        ordering = ["due_on", "id"]


class Activity(models.Model):
    """Conferences or activities that count towards what was agreed and are not cases here (seed 001 paragraph 1.7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    package = models.ForeignKey(TrainingPackage, models.CASCADE, related_name="activities")
    held_on = models.DateField()
    number = models.PositiveSmallIntegerField(default=1)
    words = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="package__service_area", _manager_class=models.Manager)
    classified = Classified("training", neither="id package held_on number words recorded_at recorded_by")

    class Meta:
        ordering = ["-held_on", "id"]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="activity_counts_something")]


class Exposure(models.Model):
    """What the provider may ask for; all of them together stay under the contract's ceiling."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    package = models.ForeignKey(TrainingPackage, models.PROTECT, related_name="exposures")
    limb = models.CharField(max_length=10, choices=Limb)
    session = models.OneToOneField("training.Session", models.PROTECT, null=True, blank=True, related_name="exposure")
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    arose_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="package__service_area", _manager_class=models.Manager)
    classified = Classified("training", neither="id package limb session amount arose_on recorded_at recorded_by")

    class Meta:
        ordering = ["arose_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(limb="cancelled", session__isnull=False) | Q(limb="shortfall", session__isnull=True),
                name="exposure_of_a_session_or_the_year",
            ),
            models.UniqueConstraint(fields=["package"], condition=Q(limb="shortfall"), name="one_shortfall"),
        ]
