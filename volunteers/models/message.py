"""Words to many volunteers at once. Each reads them as written to themselves; nobody learns who else did."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet
from volunteers import querysets
from volunteers.choices import Reached
from volunteers.models.practitioner import Practitioner


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    heading = models.CharField(max_length=120)
    words = EncryptedText()
    sent_to = models.CharField(max_length=150)  # in words, as it was chosen
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.MessageQuerySet))
    classified = Classified("practitioner", personal="heading words", neither="id service_area sent_to sent_at sent_by")

    class Meta:
        indexes = [models.Index(fields=["service_area", "-sent_at", "id"], name="volunteer_message_newest")]


class MessageTo(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="to")
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="messages")
    reached = models.CharField(max_length=5, choices=Reached, default=Reached.HERE)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(
        area="message__service_area", _manager_class=models.Manager.from_queryset(querysets.MessageToQuerySet)
    )
    classified = Classified("practitioner", personal="read_at", neither="id message practitioner reached")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "practitioner"], name="message_once_to_each")]
        indexes = [models.Index(fields=["practitioner", "read_at"], name="message_unread")]


class RingMail(LeasedRow):
    """One mail to somebody without an account, for whom there is a message: that they ring us, and nothing else."""

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    to = models.ForeignKey(MessageTo, models.CASCADE, related_name="mails")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(LeasedRowQuerySet))
    classified = Classified("queue", neither=f"{LEASED_FIELDS} service_area to")

    class Meta(LeasedRow.Meta):
        verbose_name = "mail to a volunteer"
