"""What is carried between the sides: planned, arranged and held."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import (
    CARRYING_MODELS,
    DIRECT_MODELS,
    AskedBy,
    InterventionStatus,
    Model,
    NotFaceToFaceReason,
    Overridable,
    OverriddenBecause,
    Presence,
    Way,
)
from cases.models.case import Case, Participant
from cases.models.venue import Venue
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from volunteers.models import Practitioner


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
    minutes = models.PositiveSmallIntegerField(default=120)
    place = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="interventions")
    booking_reference = models.CharField(max_length=60, blank=True)  # a prison's, of this visit
    venue = models.CharField(max_length=200, blank=True)  # where it is not in the register
    venue_checked_on = models.DateField(null=True, blank=True)
    platform = models.CharField(max_length=60, blank=True)
    join_link = EncryptedText(null=True, blank=True, max_length=500)
    line_tester = models.CharField(max_length=100, blank=True)
    line_tested_on = models.DateField(null=True, blank=True)
    waits_apart = models.BooleanField(default=False)  # each side in a waiting room of its own
    room_plan = models.TextField(max_length=2000, blank=True)
    safety_plan = models.TextField(max_length=4000, blank=True)
    uses_script = models.BooleanField(default=False)
    planned_at = models.DateTimeField(db_default=Now())
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    scheduled_at = models.DateTimeField(null=True, blank=True)
    scheduled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reconfirmed_on = models.DateField(
        null=True, blank=True
    )  # with everybody; outlives a stop that came once it had begun
    held_on = models.DateField(null=True, blank=True)
    held_recorded_at = models.DateTimeField(null=True, blank=True)
    held_recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome_note = models.TextField(max_length=4000, blank=True)
    agreement_reached = models.BooleanField(null=True, blank=True)  # null: not recorded yet
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.InterventionQuerySet)
    )
    classified = Classified(
        "case",
        personal="not_face_to_face_note booking_reference venue join_link line_tester room_plan safety_plan outcome_note"
        " ended_reason",
        neither="id case model model_delivered status not_face_to_face_reason moved_from planned_for minutes place"
        " venue_checked_on platform line_tested_on waits_apart uses_script planned_at planned_by scheduled_at scheduled_by"
        " reconfirmed_on held_on held_recorded_at held_recorded_by agreement_reached",
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

    @property
    def ends_at(self) -> datetime | None:
        return self.planned_for + timedelta(minutes=self.minutes) if self.planned_for else None

    @property
    def is_indirect(self) -> bool:
        return self.model not in DIRECT_MODELS

    @property
    def carries(self) -> bool:
        return self.model in CARRYING_MODELS

    @property
    def has_begun(self) -> bool:
        """Everybody said yes that morning, and its time has come; messages go on for weeks and never count as begun."""
        if self.carries or self.planned_for is None or self.planned_for > timezone.now():
            return False
        return self.reconfirmed_on == timezone.localdate(self.planned_for)

    @property
    def was_stopped_late(self) -> bool:
        return self.status == InterventionStatus.POSTPONED and (self.carries or self.reconfirmed_on is not None)

    @property
    def where(self) -> str:
        return self.place.name if self.place else self.venue


@tracked
class Attendance(models.Model):
    """One person of the case at one intervention: how, when and by which door they are to come, and whether they did."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="attendances")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="attendances")
    way = models.CharField(max_length=8, choices=Way, blank=True)  # empty: was not expected
    arrives_at = models.TimeField(null=True, blank=True)
    entrance = models.CharField(max_length=60, blank=True)
    reconfirmed_on = models.DateField(null=True, blank=True)  # the last day on which they were asked again and said yes
    presence = models.CharField(max_length=16, choices=Presence, blank=True)  # empty: not recorded yet
    note = models.CharField(max_length=300, blank=True)

    objects = ScopedManager(
        area="intervention__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.AttendanceQuerySet),
    )
    classified = Classified(
        "case", personal="arrives_at entrance reconfirmed_on presence note", neither="id intervention participant way"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intervention", "participant"], name="attended_once")]


@tracked
class PanelMember(models.Model):
    """A volunteer who sits on a neighbourhood justice panel. It opens nothing of the case to them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="panel_members")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(db_default=Now())
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="intervention__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.OfBothSidesQuerySet),
    )
    classified = Classified("case", neither="id intervention practitioner named_at named_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intervention", "practitioner"], name="on_the_panel_once")]


@tracked
class Rescheduling(models.Model):
    """Once an intervention moved: postponed, cancelled, did not happen, or arranged again; who asked, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="reschedulings")
    became = models.CharField(max_length=16, choices=InterventionStatus)
    asked_by = models.CharField(max_length=12, choices=AskedBy)
    why = models.CharField(max_length=300, blank=True)
    from_at = models.DateTimeField(null=True, blank=True)
    to_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="intervention__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.OfBothSidesQuerySet),
    )
    classified = Classified(
        "case", personal="asked_by why", neither="id intervention became from_at to_at recorded_at recorded_by"
    )


@tracked
class Override(models.Model):
    """One check of one intervention counts as in place, at the one time for which it was planned then (ADR 13)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="overrides")
    key = models.CharField(max_length=8, choices=Overridable)
    planned_for = models.DateTimeField()
    because = models.CharField(max_length=12, choices=OverriddenBecause)
    words = EncryptedText(max_length=1000)
    overridden_on = models.DateField()
    overridden_at = models.DateTimeField(db_default=Now())
    overridden_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="intervention__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.OverrideQuerySet),
    )
    classified = Classified(
        "case",
        personal="because words",
        neither="id intervention key planned_for overridden_on overridden_at overridden_by ended_at ended_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["intervention", "key"], condition=Q(ended_at__isnull=True), name="overridden_once"
            ),
            models.CheckConstraint(condition=Q(key__in=Overridable.values), name="override_of_the_closed_list"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="override_ended_pair",
            ),
        ]
