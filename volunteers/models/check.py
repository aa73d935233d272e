"""Of a check only result, reference and dates."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from volunteers import querysets
from volunteers.choices import CheckKind, CheckStatus
from volunteers.models.practitioner import Practitioner


@tracked
class Check(models.Model):
    """A DBS or police vetting check: result, level, reference and dates. Never what a certificate disclosed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=20, choices=CheckKind)
    status = models.CharField(max_length=10, choices=CheckStatus)
    reference = models.CharField(max_length=40, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="practitioner__service_area", _manager_class=models.Manager.from_queryset(querysets.CheckQuerySet)
    )
    classified = Classified(
        "practitioner",
        sensitive="kind status reference issued_on expires_on",
        neither="id practitioner recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["practitioner", "kind", "-expires_on"], name="check_newest")]
