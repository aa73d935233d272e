from django.db import models

from rj_service.audit.classification import Classified
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


class DemoRun(LeasedRow):
    """Two years of an area's casework being played: a visible job. `months_done` is where an interrupted one goes on."""

    area = models.SlugField()
    hub_files = models.CharField(max_length=500, blank=True)
    months_done = models.PositiveSmallIntegerField(default=0)
    started_on = models.DateField(auto_now_add=True)

    objects = LeasedRowQuerySet.as_manager()
    classified = Classified("queue", neither=f"{LEASED_FIELDS} area hub_files months_done started_on")

    class Meta(LeasedRow.Meta):
        pass
