"""After a meeting: how whoever facilitated it is, and whether they want to talk."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import Wellbeing
from cases.models.intervention import Intervention
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from volunteers.models import Practitioner


@tracked
class Debrief(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="debriefs")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="debriefs")
    wellbeing = models.CharField(max_length=10, choices=Wellbeing)
    wants_to_talk = models.BooleanField(default=False)
    words = EncryptedText(blank=True, default="")
    written_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(
        area="intervention__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.DebriefQuerySet),
    )
    classified = Classified(
        "practitioner", sensitive="wellbeing wants_to_talk words", neither="id intervention practitioner written_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intervention", "practitioner"], name="debriefed_once"),
        ]
