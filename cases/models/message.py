"""What one side says to the other through us: a letter, or words that a facilitator carries."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import MessageAnswer, MessageKind, MessageStatus, MessageWish, PermissionMethod
from cases.models.case import Participant
from cases.models.intervention import Intervention
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from rj_service.documents.models import StoredFile


@tracked
class Message(models.Model):
    """A draft until its author permitted exactly these words; then read for safety; then, if the other side wishes to have
    it, carried. Until it was carried there is nothing of it on the other side."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="messages")
    author = models.ForeignKey(Participant, models.PROTECT, related_name="messages_written")
    recipient = models.ForeignKey(Participant, models.PROTECT, related_name="messages_received")
    replies_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    kind = models.CharField(max_length=8, choices=MessageKind)
    words = EncryptedText(max_length=8000, blank=True)  # empty where a scan says it
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.DRAFT)
    written_at = models.DateTimeField(db_default=Now())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    permitted_on = models.DateField(null=True, blank=True)
    permitted_how = models.CharField(max_length=10, choices=PermissionMethod, blank=True)
    permitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    found = models.CharField(max_length=100, blank=True)
    wish = models.CharField(max_length=8, choices=MessageWish, blank=True)
    wished_on = models.DateField(null=True, blank=True)
    carried_on = models.DateField(null=True, blank=True)
    carried_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=8, choices=MessageAnswer, blank=True)

    objects = ScopedManager(
        area="intervention__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.MessageQuerySet),
    )
    classified = Classified(
        "case",
        personal="words found wish answer",
        neither="id intervention author recipient replies_to kind scan status written_at written_by permitted_on permitted_how"
        " permitted_by read_at read_by wished_on carried_on carried_by",
    )

    class Meta:
        indexes = [models.Index(fields=["intervention", "written_at"], name="message_in_order")]
        constraints = [
            models.CheckConstraint(condition=~Q(author=F("recipient")), name="message_to_somebody_else"),
            models.CheckConstraint(
                condition=~Q(status__in=["carried", "answered"])
                | Q(
                    permitted_on__isnull=False,
                    read_at__isnull=False,
                    wish="yes",
                    carried_on__isnull=False,
                    carried_by__isnull=False,
                ),
                name="carried_past_every_step",
            ),
        ]
