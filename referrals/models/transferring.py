"""A referral goes to another area, and may come back. Nothing of it is read there before they accept (ADR 9)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from referrals import querysets
from referrals.choices import TransferBecause, TransferStatus
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.scoping import shared_manager
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class Transfer(models.Model):
    """`words` and `answer_words` are read by both areas. `arrived`: what the other area made of it when it accepted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="transfers")
    from_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    to_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    because = models.CharField(max_length=20, choices=TransferBecause)
    words = EncryptedText(max_length=1000)
    status = models.CharField(max_length=12, choices=TransferStatus, default=TransferStatus.OFFERED)
    offered_on = models.DateField()
    offered_at = models.DateTimeField(db_default=Now())
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer_words = EncryptedText(null=True, blank=True, max_length=1000)
    arrived = models.OneToOneField(Referral, models.PROTECT, null=True, blank=True, related_name="came_by")
    sent_home_at = models.DateTimeField(null=True, blank=True)
    sent_home_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_home_words = EncryptedText(null=True, blank=True, max_length=1000)

    objects = shared_manager("from_area", "to_area", manager=models.Manager.from_queryset(querysets.TransferQuerySet))
    classified = Classified(
        "case",
        personal="words answer_words sent_home_words",
        neither="id referral from_area to_area because status offered_on offered_at offered_by answered_at answered_by"
        " arrived sent_home_at sent_home_by",
    )

    class Meta:
        indexes = [models.Index(fields=["offered_at", "id"], condition=Q(status="offered"), name="transfer_to_answer")]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(status__in=["offered", "accepted"]), name="transfer_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(from_area=F("to_area")), name="transfer_is_between_two"),
            models.CheckConstraint(
                condition=Q(status="offered", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(status="offered") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="transfer_answered_pair",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["accepted", "sent_home"], arrived__isnull=False)
                | Q(status__in=["offered", "refused", "taken_back"], arrived__isnull=True),
                name="transfer_accepted_arrives",
            ),
            models.CheckConstraint(
                condition=Q(status="sent_home", sent_home_at__isnull=False, sent_home_by__isnull=False)
                | (~Q(status="sent_home") & Q(sent_home_at__isnull=True, sent_home_by__isnull=True)),
                name="transfer_sent_home_pair",
            ),
        ]


@tracked
class Counterpart(models.Model):
    """The record of a person in the area that passed them on, and the one in the area that took over: one person. What
    protects them holds in both, whichever learns of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="counterparts")
    here = models.ForeignKey(Person, models.CASCADE, related_name="counterparts_there")
    there = models.ForeignKey(Person, models.CASCADE, related_name="counterparts_here")

    objects = shared_manager("transfer__from_area", "transfer__to_area", manager=models.Manager)
    classified = Classified("case", neither="id transfer here there")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["here", "there"], name="counterpart_once")]
