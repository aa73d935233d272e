"""What somebody harmed hears of what was agreed, and of how the person responsible gets on (seed 004 paragraph 2)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import CommitmentStatus, HowOften, PromiseKind
from cases.models.agreement import Commitment
from cases.models.case import Case, Participant
from referrals.choices import Channel, ConsentMethod
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class HearingChoice(models.Model):
    """Whether somebody harmed wants to hear how what was agreed is kept. The newest counts; who said nothing hears it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="hearing_choices")
    wants_to_hear = models.BooleanField()
    said_on = models.DateField()
    method = models.CharField(max_length=12, choices=ConsentMethod)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="participant__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.OfParticipantQuerySet),
    )
    classified = Classified(
        "case", personal="wants_to_hear", neither="id participant said_on method recorded_at recorded_by"
    )


@tracked
class ProgressPromise(models.Model):
    """`hears` is told of `about`, one thing, by one way, from `next_on` on: only while `about` agrees to exactly this."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="promises")
    hears = models.ForeignKey(Participant, models.PROTECT, related_name="promises_heard")
    about = models.ForeignKey(Participant, models.PROTECT, related_name="promises_about")
    kind = models.CharField(max_length=12, choices=PromiseKind)
    words = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=12, choices=Channel)
    often = models.CharField(max_length=12, choices=HowOften)
    next_on = models.DateField()
    until = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.PromiseQuerySet)
    )
    classified = Classified(
        "case",
        personal="words",
        neither="id case hears about kind channel often next_on until recorded_at recorded_by ended_at ended_by",
    )

    class Meta:
        indexes = [models.Index(fields=["next_on", "id"], name="promise_due", condition=Q(ended_at__isnull=True))]


@tracked
class PromiseConsent(models.Model):
    """Of the person responsible, to one promise. Taken back, it ends at once; given again, it is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    promise = models.ForeignKey(ProgressPromise, models.CASCADE, related_name="consents")
    given_on = models.DateField()
    method = models.CharField(max_length=12, choices=ConsentMethod)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="promise__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.PromiseConsentQuerySet),
    )
    classified = Classified(
        "case", neither="id promise given_on method recorded_at recorded_by withdrawn_at withdrawn_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["promise"], condition=Q(withdrawn_at__isnull=True), name="promise_agreed_to_once"
            )
        ]


@tracked
class Telling(models.Model):
    """Somebody harmed is told how a commitment was kept, or how a promise stands. `told_on` is empty while it is to be done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="tellings")
    commitment = models.ForeignKey(Commitment, models.CASCADE, null=True, blank=True, related_name="tellings")
    promise = models.ForeignKey(ProgressPromise, models.CASCADE, null=True, blank=True, related_name="tellings")
    status = models.CharField(max_length=16, choices=CommitmentStatus, blank=True)  # of the commitment, as it is told
    due_on = models.DateField()
    told_on = models.DateField(null=True, blank=True)
    channel = models.CharField(max_length=12, choices=Channel, blank=True)
    words = models.CharField(max_length=500, blank=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)  # they do not want to hear, or it stands differently by now

    objects = ScopedManager(
        area="participant__case__service_area",
        _manager_class=models.Manager.from_queryset(querysets.TellingQuerySet),
    )
    classified = Classified(
        "case",
        personal="words status",
        neither="id participant commitment promise due_on told_on channel told_by made_at ended_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commitment__isnull=False, promise__isnull=True)
                | Q(commitment__isnull=True, promise__isnull=False),
                name="telling_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["participant", "commitment"],
                condition=Q(told_on__isnull=True, ended_at__isnull=True),
                name="told_once_at_a_time",
            ),
        ]
