"""Who is trained, what they learnt elsewhere, and who knows how to refer without having been on a course."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from training import querysets
from training.choices import Reach
from training.models.courses import Course


@tracked
class Learner(models.Model):
    """Somebody who is trained; comes from anywhere. `user` only where they have an account; `home_area` where they are of
    another service and only learn here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="learner")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.CharField(max_length=100, blank=True)
    rank = models.CharField(max_length=60, blank=True)
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+")
    home_area = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.LearnerQuerySet))
    classified = Classified(
        "training",
        personal="first_name last_name email rank",
        neither="id service_area user organisation unit local_area home_area created_at",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "last_name", "first_name", "id"], name="learner_name")]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@tracked
class OtherTraining(models.Model):
    """Learnt elsewhere. It counts for the course of ours that it stands for once its certificate was seen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, models.CASCADE, related_name="other_training")
    name = models.CharField(max_length=150)
    provider = models.CharField(max_length=150)
    stands_for = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField()
    passed = models.BooleanField(default=False)
    certificate_seen = models.BooleanField(default=False)
    cpd_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    cpd_approved = models.BooleanField(default=False)  # by the RJC
    reminded_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="learner__service_area", _manager_class=models.Manager.from_queryset(querysets.OtherTrainingQuerySet)
    )
    classified = Classified(
        "training",
        personal="name provider passed ended_on",
        neither="id learner stands_for certificate_seen cpd_hours cpd_approved reminded_at recorded_at recorded_by",
    )

    class Meta:
        ordering = ["-ended_on", "id"]


class Briefed(models.Model):
    """People of an organisation who were told how to refer, by head. `session`: they were counted there, and may be of a local
    area alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    session = models.ForeignKey("training.Session", models.CASCADE, null=True, blank=True, related_name="came_from")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="briefings")
    unit = models.CharField(max_length=100, blank=True)
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=10, choices=Reach)
    heads = models.PositiveIntegerField()
    happened_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.AreaQuerySet))
    classified = Classified(
        "training",
        neither="id service_area session organisation unit local_area way heads happened_on recorded_at recorded_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(heads__gte=1), name="briefed_somebody"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(local_area__isnull=False), name="briefed_of_somewhere"
            ),
        ]
        indexes = [models.Index(fields=["service_area", "organisation"], name="briefed_organisation")]
