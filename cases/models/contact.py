"""What was tried to reach somebody, and what came of it."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import ContactMethod, ContactResult, Side
from cases.models.case import Case, Participant
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class Contact(models.Model):
    """One contact or attempt, always on a side. `reached_key` tells one number or address from another and opens neither."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="contacts")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="contacts")
    side = models.CharField(max_length=12, choices=Side)
    method = models.CharField(max_length=18, choices=ContactMethod)
    result = models.CharField(max_length=14, choices=ContactResult)
    reached_key = models.BinaryField(null=True, blank=True)
    they_began = models.BooleanField(default=False)  # they contacted us
    number_hidden = models.BooleanField(null=True, blank=True)  # null: nobody asked for it
    against_rules = models.BooleanField(default=False)  # in a way that is not safe for them; it had happened already
    is_preparation = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    try_again_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_from_earlier_system = models.BooleanField(default=False)  # of its day alone: nobody knows the time

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.ContactQuerySet)
    )
    classified = Classified(
        "case",
        personal="note reached_key",
        neither="id case participant side method result they_began number_hidden against_rules is_preparation occurred_at minutes"
        " try_again_on recorded_at recorded_by is_from_earlier_system",
        not_in_subject_access="reached_key",
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-occurred_at", "-id"], name="contact_newest")]
