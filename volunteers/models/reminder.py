import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.audit.classification import Classified
from volunteers.choices import Ending
from volunteers.models.practitioner import Practitioner


class Reminder(models.Model):
    """Somebody was told that something of a practitioner ends: once for each end and each number of days before it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="reminders")
    of = models.CharField(max_length=16, choices=Ending)
    ends_on = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified("practitioner", personal="of", neither="id practitioner ends_on days_before told_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "of", "ends_on", "days_before"], name="reminded_once_a_stage"
            )
        ]
