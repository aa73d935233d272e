import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from volunteers.models.practitioner import Practitioner


@tracked
class Supervision(models.Model):
    """At least every 12 weeks (RJC Practitioner Code). What was agreed is between the two and whoever records supervisions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="supervisions")
    held_on = models.DateField()
    supervisor_name = models.CharField(max_length=120, blank=True)
    agreed = EncryptedText(blank=True, default="")
    next_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="held_on supervisor_name next_on",
        sensitive="agreed",
        neither="id practitioner recorded_at recorded_by",
    )
