"""Somebody is away, back, on leave, suspended or vetted anew: written where it was learnt, so that who covers is looked at."""

from django.db import models
from django_scopes import ScopedManager

from rj_service.accounts.models import ServiceArea
from rj_service.audit.classification import Classified
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet
from volunteers.models.practitioner import Practitioner


class CoverChange(LeasedRow):
    """On its way to their cases, which stand above: what became of the practitioner is read there anew."""

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(LeasedRowQuerySet))
    classified = Classified("queue", neither=f"{LEASED_FIELDS} service_area practitioner")

    class Meta(LeasedRow.Meta):
        pass
