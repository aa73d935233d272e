"""Able, willing and suitable: one assessment a participant, dated, signed by a trained practitioner, with items on a scale."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import (
    AbuseCheckKind,
    AskedHow,
    AssessmentItemKind,
    AssessmentOutcome,
    Concern,
    ReopenedBecause,
    ResponsibilityTaken,
    Side,
)
from cases.models.case import Case, Participant
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from volunteers.models import Practitioner


@tracked
class Assessment(models.Model):
    """The newest signed, not superseded assessment counts, until `good_until`, while no re-opening of it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="assessments")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="assessments")
    side = models.CharField(max_length=12, choices=Side)
    able = models.BooleanField(null=True)
    willing = models.BooleanField(null=True)
    suitable = models.BooleanField(null=True)
    outcome = models.CharField(max_length=16, choices=AssessmentOutcome, blank=True)
    conditions = models.TextField(max_length=2000, blank=True)
    conditions_met_on = models.DateField(null=True, blank=True)
    conditions_met_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    summary = models.TextField(max_length=4000, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, blank=True, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    signed_level = models.CharField(max_length=14, blank=True)
    good_until = models.DateField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.AssessmentQuerySet)
    )
    classified = Classified(
        "case",
        sensitive="able willing suitable outcome conditions summary",
        neither="id case participant side conditions_met_on conditions_met_by started_at started_by signed_at signed_by"
        " signed_on signed_level good_until superseded_at superseded_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(signed_at__isnull=False, superseded_at__isnull=True),
                name="one_signed_assessment",
            ),
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(signed_at__isnull=True, superseded_at__isnull=True),
                name="one_draft_assessment",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False, signed_on__isnull=False),
                name="assessment_signed_pair",
            ),
        ]


@tracked
class Reopening(models.Model):
    """Something changed: what was signed does not count until somebody trained found that it still holds, or signed anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="reopenings")
    because = models.CharField(max_length=8, choices=ReopenedBecause)
    words = EncryptedText(null=True, blank=True, max_length=1000)  # a manager's
    reopened_on = models.DateField()
    reopened_at = models.DateTimeField(db_default=Now())
    reopened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    still_holds = EncryptedText(null=True, blank=True, max_length=2000)
    ended_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="assessment__case__service_area", _manager_class=models.Manager.from_queryset(querysets.ReopeningQuerySet)
    )
    classified = Classified(
        "case",
        sensitive="because words still_holds",
        neither="id assessment reopened_on reopened_at reopened_by ended_on ended_at ended_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "because"],
                condition=Q(ended_at__isnull=True),
                name="reopened_once_for_each_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_on__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_on__isnull=False),
                name="reopening_ended_whole",
            ),
        ]


@tracked
class AssessmentItem(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=20, choices=AssessmentItemKind)
    concern = models.CharField(max_length=14, choices=Concern)
    words = models.TextField(max_length=2000, blank=True)
    asked_alone_on = models.DateField(null=True, blank=True)  # of what is asked alone
    asked_alone_how = models.CharField(max_length=10, choices=AskedHow, blank=True)
    responsibility = models.CharField(max_length=4, choices=ResponsibilityTaken, blank=True)  # of whether they take it

    objects = ScopedManager(
        area="assessment__case__service_area", _manager_class=models.Manager.from_queryset(querysets.ItemQuerySet)
    )
    classified = Classified(
        "case", sensitive="concern words responsibility", neither="id assessment kind asked_alone_on asked_alone_how"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "kind"], name="item_once")]


@tracked
class AssessmentCondition(models.Model):
    """Of "suitable with conditions". The assessment permits what it says once every one of its conditions is met."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="condition_rows")
    place = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500)
    met_on = models.DateField(null=True, blank=True)
    met_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="assessment__case__service_area", _manager_class=models.Manager.from_queryset(querysets.ItemQuerySet)
    )
    classified = Classified("case", sensitive="words", neither="id assessment place met_on met_by")


@tracked
class AbuseCheck(models.Model):
    """With domestic abuse: who was consulted, and whether the wish is the person's own. The newest counts (domain 2.16.4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="abuse_checks")
    kind = models.CharField(max_length=6, choices=AbuseCheckKind)
    done_on = models.DateField()
    done_by = models.CharField(max_length=150)
    words = models.TextField(max_length=2000, blank=True)
    wish_is_their_own = models.BooleanField()
    pressure_words = models.TextField(max_length=2000)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="participant__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.OfParticipantQuerySet),
    )
    classified = Classified(
        "case",
        personal="done_by",
        sensitive="words wish_is_their_own pressure_words",
        neither="id participant kind done_on recorded_at recorded_by",
    )
