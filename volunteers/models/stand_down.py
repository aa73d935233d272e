"""Somebody who works on cases is on leave or suspended: why, since when, and when it is looked at again."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from volunteers import querysets
from volunteers.choices import STOOD_DOWN, PractitionerStatus
from volunteers.models.practitioner import Practitioner


@tracked
class StandDown(models.Model):
    """One stands at a time. Looked at again and still so, it ends and a new one stands in its place with the same first day.
    Why is read by whoever manages practitioners alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="stand_downs")
    kind = models.CharField(max_length=12, choices=[(one.value, one.label) for one in STOOD_DOWN])
    because = EncryptedText(max_length=500)
    first_day = models.DateField()
    review_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="practitioner__service_area", _manager_class=models.Manager.from_queryset(querysets.StandDownQuerySet)
    )
    classified = Classified(
        "practitioner",
        sensitive="because kind",
        personal="first_day review_on ended_on",
        neither="id practitioner recorded_at recorded_by ended_by",
    )

    class Meta:
        indexes = [models.Index(fields=["review_on"], name="stand_down_review", condition=Q(ended_on__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner"], condition=Q(ended_on__isnull=True), name="stood_down_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("first_day")), name="stand_down_reviewed_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by__isnull=True)
                | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="stand_down_ended_pair",
            ),
        ]

    @property
    def is_leave(self) -> bool:
        return self.kind == PractitionerStatus.ON_LEAVE
