"""A concern for somebody's safety: raised by anybody of the service, decided by a manager the same day (domain 2.16.5)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import ConcernDecision, ConcernKind, ConcernStatus, PassedOnTo
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from rj_service.ui.references import new_reference


@tracked
class Concern(models.Model):
    """Its own events are on itself, never on the referral: whoever reads that one's trail learns of no concern."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=6, unique=True, default=new_reference, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, blank=True, related_name="concerns")
    kind = models.CharField(max_length=12, choices=ConcernKind)
    words = EncryptedText(max_length=4000)
    is_danger_now = models.BooleanField(default=False)
    raised_on = models.DateField()
    raised_at = models.DateTimeField(db_default=Now())
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    reminded_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=ConcernStatus, default=ConcernStatus.WAITING)
    decision = models.CharField(max_length=12, choices=ConcernDecision, blank=True)
    decision_words = EncryptedText(null=True, blank=True, max_length=4000)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = EncryptedText(null=True, blank=True, max_length=4000)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.ConcernQuerySet))
    classified = Classified(
        "case",
        sensitive="words decision_words outcome",
        neither="id reference service_area referral kind is_danger_now raised_on raised_at raised_by due_on reminded_on"
        " status decision decided_at decided_by closed_at closed_by",
        not_in_subject_access="words decision_words outcome",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "due_on", "id"], condition=Q(status="waiting"), name="concern_waiting"
            ),
            models.Index(fields=["service_area", "-raised_at", "-id"], name="concern_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="waiting", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="waiting") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="concern_decided_pair",
            ),
            models.CheckConstraint(
                condition=(Q(status="closed") & Q(closed_at__isnull=False, closed_by__isnull=False))
                | (~Q(status="closed") & Q(closed_at__isnull=True, closed_by__isnull=True)),
                name="concern_closed_pair",
            ),
        ]


@tracked
class PassedOn(models.Model):
    """Another agency was told of a concern."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.CASCADE, related_name="passed_on")
    to = models.CharField(max_length=12, choices=PassedOnTo)
    words = EncryptedText(null=True, blank=True, max_length=500)
    passed_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="concern__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        sensitive="words",
        neither="id concern to passed_on recorded_at recorded_by",
        not_in_subject_access="words",
    )
