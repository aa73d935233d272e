"""Somebody goes to see a person of a case: planned, checked in, checked out; and the alarm when they do not come out."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import AlarmKind, Side, VisitPlace, VisitStatus
from cases.models.case import Case, Participant
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from volunteers.models import Practitioner


@tracked
class Visit(models.Model):
    """Where is a code: the address stays with the person. Out by: from check-in on, moved by every extension."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="visits")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="visits")
    side = models.CharField(max_length=12, choices=Side)
    place = models.CharField(max_length=8, choices=VisitPlace)
    planned_for = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    visitor = models.ForeignKey(Practitioner, models.PROTECT, related_name="visits")
    companion = models.ForeignKey(Practitioner, models.PROTECT, null=True, blank=True, related_name="+")
    alone_because = EncryptedText(null=True, blank=True, max_length=300)
    status = models.CharField(max_length=10, choices=VisitStatus, default=VisitStatus.PLANNED)
    planned_at = models.DateTimeField(db_default=Now())
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    out_by = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_in_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_out_at = models.DateTimeField(null=True, blank=True)
    checked_out_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.VisitQuerySet)
    )
    classified = Classified(
        "case",
        personal="alone_because",
        neither="id case participant side place planned_for minutes visitor companion status planned_at planned_by out_by"
        " checked_in_at checked_in_by checked_out_at checked_out_by cancelled_at cancelled_by",
    )

    class Meta:
        indexes = [
            models.Index(fields=["case", "-planned_for", "-id"], name="visit_newest"),
            models.Index(fields=["out_by"], condition=Q(status="under_way"), name="visit_under_way"),
            models.Index(fields=["visitor", "planned_for"], condition=Q(status="planned"), name="visit_to_come"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visitor"], condition=Q(status="under_way"), name="one_visit_at_a_time_of_a_visitor"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["under_way", "over"])
                | Q(checked_in_at__isnull=False, checked_in_by__isnull=False, out_by__isnull=False),
                name="visit_checked_in",
            ),
            models.CheckConstraint(
                condition=Q(checked_out_at__isnull=True, checked_out_by__isnull=True)
                | Q(status="over", checked_out_at__isnull=False, checked_out_by__isnull=False),
                name="visit_checked_out_pair",
            ),
            models.CheckConstraint(
                condition=Q(companion__isnull=False) | Q(alone_because__isnull=False), name="visit_alone_has_a_reason"
            ),
        ]

    def is_of(self, user: User) -> bool:
        """Whether the user is one of those who go."""
        return user.pk in {one.learner.user_id for one in (self.visitor, self.companion) if one}


@tracked
class VisitAlarm(models.Model):
    """One at a time of a visit: raised, answered by somebody who sees to it, ended with what was found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=8, choices=AlarmKind)
    raised_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    found = EncryptedText(null=True, blank=True, max_length=1000)

    objects = ScopedManager(
        area="visit__case__service_area", _manager_class=models.Manager.from_queryset(querysets.VisitAlarmQuerySet)
    )
    classified = Classified(
        "case",
        sensitive="found",
        neither="id visit kind raised_at escalated_at answered_at answered_by ended_at ended_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(ended_at__isnull=True), name="one_alarm_at_a_time_of_a_visit"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="visit_alarm_ended_pair",
            ),
        ]
