"""A learner in a cohort: the place, the register, the result, the award, and what they thought of it."""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.ui.references import ALPHABET
from training import querysets
from training.choices import EnrolmentStatus, FeedbackScale
from training.models.cohorts import Cohort, Session
from training.models.courses import Course
from training.models.learners import Learner

CODE_LENGTH = 12  # 54 bits: nobody finds one by trying


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


@tracked
class Enrolment(models.Model):
    """`number`: the order in which they asked, given under the cohort's lock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    learner = models.ForeignKey(Learner, models.PROTECT, related_name="enrolments")
    status = models.CharField(max_length=12, choices=EnrolmentStatus, default=EnrolmentStatus.ENROLLED)
    number = models.PositiveIntegerField(default=0)
    enrolled_at = models.DateTimeField(db_default=Now())
    enrolled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    again_because = models.CharField(max_length=200, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    passed_over_on = models.DateField(null=True, blank=True)  # a place was free, and they could not begin any more
    passed_over_because = models.CharField(max_length=400, blank=True)
    passed = models.BooleanField(null=True, blank=True)  # None until assessed
    pack_issued_on = models.DateField(null=True, blank=True)
    pack_issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="cohort__service_area", _manager_class=models.Manager.from_queryset(querysets.EnrolmentQuerySet)
    )
    classified = Classified(
        "training",
        personal="again_because ended_reason passed_over_on passed_over_because passed",
        neither="id cohort learner status number enrolled_at enrolled_by pack_issued_on pack_issued_by",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "learner"], name="enrolled_once")]


@tracked
class Attendance(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendances")
    attended = models.BooleanField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="session__cohort__service_area", _manager_class=models.Manager)
    classified = Classified("training", personal="attended", neither="id session enrolment recorded_at recorded_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once")]


@tracked
class Award(models.Model):
    """Given to one who attended in full and passed. Attendance alone is not enough (seed 000 paragraph 2.4). One given in error
    is withdrawn and kept: its code has to be answered. It lets go of its enrolment, so that a right one can be given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, models.PROTECT, related_name="awards")
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, null=True, blank=True, related_name="award")
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    awarded_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects = ScopedManager(
        area="learner__service_area", _manager_class=models.Manager.from_queryset(querysets.AwardQuerySet)
    )
    classified = Classified(
        "training",
        personal="awarded_on expires_on withdrawn_because",
        neither="id learner course enrolment code reminded_at recorded_at recorded_by withdrawn_at withdrawn_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "course", "awarded_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="award_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because=""),
                name="award_withdrawn_when_by_whom_and_why",
            ),
        ]
        indexes = [models.Index(fields=["expires_on"], condition=Q(expires_on__isnull=False), name="award_ends")]


class Feedback(models.Model):
    """Asked of one learner; their link works once, and only the SHA-256 of its secret is stored. Read without a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="feedback")
    token_digest = models.BinaryField(unique=True, null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    course_was = models.CharField(max_length=10, choices=FeedbackScale, blank=True)
    trainers_were = models.CharField(max_length=10, choices=FeedbackScale, blank=True)
    venue_was = models.CharField(max_length=10, choices=FeedbackScale, blank=True)
    feels_ready = models.BooleanField(null=True, blank=True)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="enrolment__cohort__service_area", _manager_class=models.Manager)
    classified = Classified(
        "training",
        personal="words feels_ready course_was trainers_were venue_was",
        neither="id enrolment token_digest expires_at asked_at asked_by answered_at answered_by",
    )
