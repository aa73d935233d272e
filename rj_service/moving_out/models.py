"""An archive of one area: asked for, agreed to by a second person, made by a worker, gone after some days."""

from django.db import models

from rj_service.accounts.models import ServiceArea
from rj_service.audit.classification import Classified
from rj_service.documents.models import StoredFile
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet
from rj_service.lists.models import AgreedByAnother


class ArchiveQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        """The area's, for whoever may ask for one or agree to it; every area's for who agrees without one."""
        acting = user.acting
        if acting is None or not (user.may("moving_out.ask") or user.may("moving_out.agree")):
            return self.none()
        return self if acting.service_area_id is None else self.filter(service_area=acting.service_area_id)

    def unfinished(self):
        return self.filter(state__in=[LeasedRow.State.QUEUED, LeasedRow.State.RUNNING])


class Archive(AgreedByAnother):
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    tables = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ArchiveQuerySet.as_manager()
    classified = Classified(
        "queue",
        neither=f"{LEASED_FIELDS} service_area membership reason answered_by answered_at agreed tables rows files file",
    )

    class Meta(LeasedRow.Meta):
        verbose_name = "archive of an area"
