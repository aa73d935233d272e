"""The outcome agreement and its commitments. No agreement is a valid outcome (seed 004 paragraph 3)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import CommitmentKind, CommitmentStatus, PaymentWay, SigningWay
from cases.models.case import Case, Participant
from cases.models.intervention import Intervention
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.documents.models import StoredFile


@tracked
class Agreement(models.Model):
    """One for each person responsible. The newest round with them counts; the earlier ones stay as they were."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="agreements")
    intervention = models.ForeignKey(Intervention, models.PROTECT, related_name="agreements")
    party = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="agreements")
    round = models.PositiveSmallIntegerField(default=1)
    revises = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="revised_by")
    agreed_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.OfVisibleCaseQuerySet)
    )
    classified = Classified(
        "case", neither="id case intervention party round revises agreed_on recorded_at recorded_by"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "party", "round"], name="agreement_round_once")]


@tracked
class Commitment(models.Model):
    """Each has one named responsible person and a deadline (domain 2.6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments")
    kind = models.CharField(max_length=20, choices=CommitmentKind)
    words = models.CharField(max_length=1000)
    responsible = models.ForeignKey(Participant, models.PROTECT, related_name="commitments")
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    continues = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="continued_by")
    status = models.CharField(max_length=16, choices=CommitmentStatus, default=CommitmentStatus.AGREED)
    status_words = models.CharField(max_length=1000, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)
    status_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="agreement__case__service_area", _manager_class=models.Manager.from_queryset(querysets.CommitmentQuerySet)
    )
    classified = Classified(
        "case",
        personal="words amount status_words",
        neither="id agreement kind responsible due_on continues status status_at status_by",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="commitment_due", condition=Q(status__in=["agreed", "in_progress"])
            )
        ]


@tracked
class Payment(models.Model):
    """Towards the amount of a commitment. It holds nothing of the payer's bank and no address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="payments")
    paid_on = models.DateField()
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    way = models.CharField(max_length=12, choices=PaymentWay)
    receipt = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="commitment__agreement__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.OfCommitmentQuerySet),
    )
    classified = Classified(
        "case",
        personal="amount receipt",
        neither="id commitment paid_on way recorded_at recorded_by taken_back_at taken_back_by",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_something")]


@tracked
class Evidence(models.Model):
    """What shows how a commitment is kept: in words, or a file that never leaves the service."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="evidence")
    shown_on = models.DateField()
    words = models.CharField(max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="commitment__agreement__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.OfCommitmentQuerySet),
    )
    classified = Classified("case", personal="words", neither="id commitment shown_on file recorded_at recorded_by")


@tracked
class Signature(models.Model):
    """Somebody signed what is agreed. It ends where that changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="signatures")
    signed_on = models.DateField()
    how = models.CharField(max_length=12, choices=SigningWay)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(
        area="agreement__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.SignatureQuerySet),
    )
    classified = Classified("case", neither="id agreement participant signed_on how recorded_at recorded_by ended_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "participant"], condition=Q(ended_at__isnull=True), name="signed_once"
            )
        ]
