"""Somebody of a case in prison: one row for each prison, and the visits that were asked of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import BOOKING_TRANSITIONS, BookingStatus, CustodyEnded, Side
from cases.models.case import Case, Participant
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class Custody(models.Model):
    """One stay in one prison. A transfer ends it and begins the next."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="custodies")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="custodies")
    side = models.CharField(max_length=12, choices=Side)
    prison = models.CharField(max_length=100)
    prisoner_number = EncryptedText(max_length=20)
    since = models.DateField()
    release_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=8, choices=CustodyEnded, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.CustodyQuerySet)
    )
    classified = Classified(
        "case",
        personal="prison prisoner_number since release_on ended_on ended_because",
        neither="id case participant side recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["participant", "-since", "-id"], name="custody_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(ended_on__isnull=True), name="in_one_prison_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_because="")
                | (Q(ended_on__isnull=False) & ~Q(ended_because="")),
                name="custody_ended_pair",
            ),
        ]


@tracked
class PrisonBooking(models.Model):
    """A visit asked of the prison. `asked_for`: the time asked for, then the one that the prison gave."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    custody = models.ForeignKey(Custody, models.CASCADE, related_name="bookings")
    asked_for = models.DateTimeField()
    status = models.CharField(max_length=9, choices=BookingStatus, default=BookingStatus.ASKED)
    reference = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="custody__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.PrisonBookingQuerySet),
    )
    classified = Classified(
        "case",
        personal="reference",
        neither="id custody asked_for status asked_at asked_by answered_at answered_by",
    )

    class Meta:
        indexes = [models.Index(fields=["custody", "-asked_for", "-id"], name="prison_booking_newest")]

    @property
    def is_open(self) -> bool:
        return bool(BOOKING_TRANSITIONS[self.status])
