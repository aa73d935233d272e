import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.audit.classification import Classified
from volunteers import querysets
from volunteers.choices import HoursKind
from volunteers.models.practitioner import Practitioner


class HoursEntry(models.Model):
    """Time that a volunteer gave on a day. `case_reference`: of a case that was theirs on that day, and all that stands here
    of it; it is a word, not a key, so that whoever reads hours is led nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="hours")
    worked_on = models.DateField()
    kind = models.CharField(max_length=12, choices=HoursKind)
    minutes = models.PositiveSmallIntegerField()
    case_reference = models.CharField(max_length=6, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(
        area="practitioner__service_area", _manager_class=models.Manager.from_queryset(querysets.OwnQuerySet)
    )
    classified = Classified(
        "practitioner", personal="worked_on kind minutes", neither="id practitioner case_reference recorded_at"
    )

    class Meta:
        indexes = [models.Index(fields=["practitioner", "-worked_on", "-id"], name="hours_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0, minutes__lte=24 * 60), name="hours_of_one_day")
        ]
