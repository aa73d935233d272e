"""Where people meet: kept by the area, checked for safety once a year."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class Venue(models.Model):
    """A place that can be chosen for a meeting. `entrances` and `rooms`: one a line."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    address = models.CharField(max_length=300)
    postcode = models.CharField(max_length=10, blank=True)
    is_prison = models.BooleanField(default=False)
    step_free = models.BooleanField(default=False)
    hearing_loop = models.BooleanField(default=False)
    parking = models.BooleanField(default=False)
    access_note = models.CharField(max_length=300, blank=True)
    entrances = models.CharField(max_length=500, blank=True)
    rooms = models.CharField(max_length=500, blank=True)
    contact_name = EncryptedText(null=True, blank=True, max_length=150)
    contact_phone = EncryptedText(null=True, blank=True, max_length=40)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_safe = models.BooleanField(null=True, blank=True)
    check_found = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.VenueQuerySet))
    classified = Classified(
        "reference",
        personal="contact_name contact_phone",
        neither="id service_area name address postcode is_prison step_free hearing_loop parking access_note entrances"
        " rooms checked_on checked_by is_safe check_found added_at added_by ended_at ended_by",
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "name", "id"], condition=Q(ended_at=None), name="venue_by_name")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True, checked_by__isnull=True, is_safe__isnull=True)
                | Q(checked_on__isnull=False, checked_by__isnull=False, is_safe__isnull=False),
                name="venue_check_whole",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def check_due_on(self) -> date | None:
        """None where nobody has checked it yet. RJ_VENUE_CHECK_DAYS (365) after the last check."""
        return good_until(self.checked_on)

    @property
    def entrance_list(self) -> list[str]:
        return self.entrances.splitlines()

    @property
    def access_words(self) -> list[str]:
        found = {"Step-free": self.step_free, "Hearing loop": self.hearing_loop, "Parking": self.parking}
        return [*(words for words, there in found.items() if there), *([self.access_note] if self.access_note else [])]


def good_until(checked_on: date | None) -> date | None:
    """How long a check of a place counts."""
    return checked_on + timedelta(days=settings.RJ_VENUE_CHECK_DAYS) if checked_on else None
