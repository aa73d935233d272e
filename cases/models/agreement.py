"""The outcome agreement and its commitments. No agreement is a valid outcome (seed 004 paragraph 3)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import CommitmentKind, CommitmentStatus
from cases.models.case import Case, Participant
from cases.models.intervention import Intervention
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class Agreement(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="agreements")
    intervention = models.OneToOneField(Intervention, models.PROTECT, related_name="agreement")
    agreed_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.OfVisibleCaseQuerySet)
    )
    classified = Classified("case", neither="id case intervention agreed_on recorded_at recorded_by")


@tracked
class Commitment(models.Model):
    """Each has one named responsible person and a deadline (domain 2.6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments")
    kind = models.CharField(max_length=20, choices=CommitmentKind)
    words = models.CharField(max_length=1000)
    responsible = models.ForeignKey(Participant, models.PROTECT, related_name="commitments")
    due_on = models.DateField()
    status = models.CharField(max_length=16, choices=CommitmentStatus, default=CommitmentStatus.AGREED)
    status_at = models.DateTimeField(null=True, blank=True)
    status_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)

    objects = ScopedManager(
        area="agreement__case__service_area", _manager_class=models.Manager.from_queryset(querysets.CommitmentQuerySet)
    )
    classified = Classified(
        "case", personal="words amount", neither="id agreement kind responsible due_on status status_at status_by"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="commitment_due", condition=Q(status__in=["agreed", "in_progress"])
            )
        ]
