import uuid

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from rj_service.audit.classification import Classified
from volunteers.models.practitioner import Practitioner


class Availability(models.Model):
    """A weekly time (`weekday`, 0 is Monday), one of a single day besides (`extra_on`), or a time away (`away_from` to
    `away_until`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="availability")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.TimeField(null=True, blank=True)
    ends_at = models.TimeField(null=True, blank=True)
    extra_on = models.DateField(null=True, blank=True)
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)

    objects = ScopedManager(area="practitioner__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="weekday starts_at ends_at extra_on away_from away_until",
        neither="id practitioner",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    Q(weekday__isnull=False, extra_on__isnull=True) | Q(weekday__isnull=True, extra_on__isnull=False),
                    starts_at__isnull=False,
                    ends_at__isnull=False,
                    away_from__isnull=True,
                )
                | Q(weekday__isnull=True, extra_on__isnull=True, away_from__isnull=False, away_until__isnull=False),
                name="availability_is_a_time_or_an_absence",
            )
        ]
