"""The referrer's own side of a referral."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class SentReferral(models.Model):
    """What an organisation typed, kept as it was sent: by column of the Hub's file (ADR 6). It is never written again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(Referral, models.CASCADE, related_name="sent")
    words = EncryptedText()
    sent_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(area="referral__service_area", _manager_class=models.Manager)
    classified = Classified("case", personal="words", neither="id referral sent_at")


@tracked
class ReferralMessage(models.Model):
    """Between the organisation that sent a referral and the coordinators of the area; nobody else reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="messages")
    from_referrer = models.BooleanField()
    is_question = models.BooleanField(default=False)
    words = EncryptedText(max_length=4000)
    written_at = models.DateTimeField(db_default=Now())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ReferralMessageQuerySet)
    )
    classified = Classified(
        "case",
        personal="words",
        neither="id service_area referral from_referrer is_question written_at written_by",
    )

    class Meta:
        indexes = [models.Index(fields=["referral", "-written_at", "-id"], name="message_newest")]


class MessageReading(models.Model):
    """Somebody of the other side opened a message."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(ReferralMessage, models.CASCADE, related_name="readings")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(area="message__service_area", _manager_class=models.Manager)
    classified = Classified("case", neither="id message user read_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="message_read_once")]
