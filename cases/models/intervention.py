"""What is carried between the sides: planned, arranged and held."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import InterventionStatus, Model, NotFaceToFaceReason
from cases.models.case import Case, Participant
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class Intervention(models.Model):
    """A case holds several over time; each one held is counted, by `held_on` (seed 004 paragraph 3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="interventions")
    model = models.CharField(max_length=24, choices=Model)  # as planned
    model_delivered = models.CharField(max_length=24, choices=Model, blank=True)
    status = models.CharField(max_length=16, choices=InterventionStatus, default=InterventionStatus.PLANNED)
    not_face_to_face_reason = models.CharField(max_length=8, choices=NotFaceToFaceReason, blank=True)
    not_face_to_face_note = models.CharField(max_length=500, blank=True)
    moved_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="moved_to")
    planned_for = models.DateTimeField(null=True, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    venue_checked_on = models.DateField(null=True, blank=True)
    safety_plan = models.TextField(max_length=4000, blank=True)
    uses_script = models.BooleanField(default=False)
    planned_at = models.DateTimeField(db_default=Now())
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    scheduled_at = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reconfirmed_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    held_recorded_at = models.DateTimeField(null=True, blank=True)
    held_recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome_note = models.TextField(max_length=4000, blank=True)
    agreement_reached = models.BooleanField(null=True, blank=True)  # null: not recorded yet
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.CaseDateQuerySet)
    )
    classified = Classified(
        "case",
        personal="not_face_to_face_note venue safety_plan outcome_note ended_reason",
        neither="id case model model_delivered status not_face_to_face_reason moved_from planned_for venue_checked_on"
        " uses_script planned_at planned_by scheduled_at scheduled_by reconfirmed_on held_on held_recorded_at"
        " held_recorded_by agreement_reached",
    )

    class Meta:
        indexes = [
            models.Index(fields=["held_on", "case"], name="intervention_held", condition=Q(status="held")),
            models.Index(fields=["planned_for", "case"], name="intervention_arranged", condition=Q(status="scheduled")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="held")
                | (Q(held_on__isnull=False, held_recorded_by__isnull=False) & ~Q(model_delivered="")),
                name="held_says_when_and_what",
            )
        ]


@tracked
class Attendance(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="attendances")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="attendances")
    attended = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)

    objects = ScopedManager(
        area="intervention__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.AttendanceQuerySet),
    )
    classified = Classified("case", personal="attended note", neither="id intervention participant")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intervention", "participant"], name="attended_once")]
