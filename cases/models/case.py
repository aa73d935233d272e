"""The case, who is in it on which side, who works on it, and how it ended."""

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import (
    AssignmentRole,
    AssignmentSides,
    CaseStatus,
    ClosureReason,
    NotAskedBecause,
    ParticipantRole,
    Side,
    Stage,
)
from referrals.choices import CrimeType
from referrals.models import Person, Referral
from rj_service.accounts.models import LocalArea, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.ui.references import new_reference
from volunteers.models import Practitioner


def _listed_by(field: str, name: str) -> list[models.Index]:
    """For the open cases and for the closed: work in hand is found as quickly beside a large archive."""
    fields = ["service_area", field, "-opened_on", "-id"]
    return [
        models.Index(fields=fields, name=f"case_open_{name}", condition=~Q(status="closed")),
        models.Index(fields=fields, name=f"case_closed_{name}", condition=Q(status="closed")),
    ]


@tracked
class Case(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=6, unique=True, default=new_reference, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.OneToOneField(Referral, models.PROTECT, related_name="case")
    status = models.CharField(max_length=10, choices=CaseStatus, default=CaseStatus.OPEN)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.INITIAL_CONTACT)
    stage_since = models.DateTimeField()
    crime_type = models.CharField(
        max_length=24, choices=CrimeType, default=CrimeType.NOT_KNOWN
    )  # the incident's, for lists
    local_area = models.ForeignKey(
        LocalArea, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # likewise
    opened_on = models.DateField()
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    coordinator = models.ForeignKey(User, models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_off_at = models.DateTimeField(null=True, blank=True)
    signed_off_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sign_off_refused_at = models.DateTimeField(null=True, blank=True)
    sign_off_refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sign_off_refused_because = models.TextField(max_length=2000, blank=True)
    specialist_consulted_on = models.DateField(null=True, blank=True)
    specialist_consulted = models.CharField(max_length=150, blank=True)

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.CaseQuerySet))
    classified = Classified(
        "case",
        personal="sign_off_refused_because",
        neither="id reference service_area referral status stage stage_since crime_type local_area opened_on opened_at"
        " opened_by coordinator supervisor signed_off_at signed_off_by sign_off_refused_at"
        " sign_off_refused_by specialist_consulted_on specialist_consulted",
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "status", "-opened_on", "-id"], name="case_list"),
            models.Index(
                fields=["service_area", "-opened_on", "-id"], condition=~Q(status="closed"), name="case_open_list"
            ),
            models.Index(fields=["service_area", "stage", "-opened_on", "-id"], name="case_stage"),
            *_listed_by("crime_type", "crime"),
            *_listed_by("local_area", "place"),
            models.Index(fields=["service_area", "coordinator", "-opened_on", "-id"], name="case_coordinator"),
        ]

    @property
    def is_closed(self) -> bool:
        return self.status == CaseStatus.CLOSED

    def less_conflicting(self, users: Iterable[User]) -> list[User]:
        return self.referral.less_conflicting(users)


class StageEntry(models.Model):
    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="stage_entries")
    stage = models.CharField(max_length=16, choices=Stage)
    entered_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.OfVisibleCaseQuerySet)
    )
    classified = Classified("case", neither="id case stage entered_at recorded_at entered_by")


@tracked
class Participant(models.Model):
    """A person in a role on a side. Practitioners reach people only through this."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=ParticipantRole)
    side = models.CharField(max_length=12, choices=Side)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    shown_as = models.CharField(max_length=100, blank=True)  # to the other side, as they agreed

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.SidedQuerySet)
    )
    classified = Classified(
        "case", personal="role side shown_as", neither="id case person added_at added_by left_at left_by"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="person_once_a_case")]


@tracked
class Assignment(models.Model):
    """A practitioner on a case, only for the sides it names, only while in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=16, choices=AssignmentRole)
    sides = models.CharField(max_length=12, choices=AssignmentSides)
    not_asked_because = models.CharField(max_length=12, choices=NotAskedBecause, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=100, blank=True)

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.AssignmentQuerySet)
    )
    classified = Classified(
        "case",
        neither="id case practitioner role sides not_asked_because started_at started_by ended_at ended_by ended_reason",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "practitioner"], condition=Q(ended_at__isnull=True), name="assigned_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True, role="lead"), name="one_lead_at_a_time"
            ),
        ]


@tracked
class Invitation(models.Model):
    """Asks a practitioner whether they are free. It names nobody: place, time and hours only (domain 2.16.12). After a yes
    the names of their sides are shown once, for the question whether they know somebody (`cleared_at`: nobody)."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "No answer yet"
        ACCEPTED = "accepted", "Said yes"
        RESERVE = "reserve", "Said yes, in reserve"
        ASSIGNED = "assigned", "Assigned"
        REFUSED = "refused", "Said no"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="invitations")
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=16, choices=AssignmentRole)
    sides = models.CharField(max_length=12, choices=AssignmentSides)
    near = models.CharField(max_length=100, blank=True)
    hours = models.PositiveSmallIntegerField(null=True, blank=True)
    answer_by = models.DateField()
    invited_at = models.DateTimeField(db_default=Now())
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    names_shown_at = models.DateTimeField(null=True, blank=True)
    names_shown_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.InvitationQuerySet)
    )
    classified = Classified(
        "case",
        neither="id case practitioner role sides near hours answer_by invited_at invited_by answer answered_at"
        " names_shown_at names_shown_by cleared_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "practitioner"], condition=Q(answer="waiting"), name="invited_once"
            ),
            models.CheckConstraint(
                condition=Q(names_shown_at__isnull=True, names_shown_by__isnull=True, cleared_at__isnull=True)
                | Q(names_shown_at__isnull=False, names_shown_by__isnull=False),
                name="names_shown_pair",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.answer in (self.Answer.WAITING, self.Answer.ACCEPTED, self.Answer.RESERVE)

    @property
    def where_it_stands(self) -> str:
        """For whoever assigns: the answer, and after a yes what is asked next."""
        if self.answer != self.Answer.ACCEPTED:
            return self.get_answer_display()
        if self.cleared_at is not None:
            return "Said yes, and knows nobody in the case"
        return "Said yes, and is asked whether they know anybody" if self.names_shown_at else self.get_answer_display()


@tracked
class Closure(models.Model):
    """How a case ended. Reopening ends the closure; the row stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="closures")
    reason = models.CharField(max_length=30, choices=ClosureReason)
    note = models.TextField(max_length=4000, blank=True)
    closed_on = models.DateField()
    closed_at = models.DateTimeField(db_default=Now())
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.StaffOnlyQuerySet)
    )
    classified = Classified(
        "case",
        personal="note",
        sensitive="reason",
        neither="id case closed_on closed_at closed_by reopened_at reopened_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened_at__isnull=True), name="closed_once_at_a_time"
            )
        ]
