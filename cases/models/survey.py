"""How it went, asked of both sides: entered by staff or through a one-use link whose secret is never stored."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import Satisfaction, Side
from cases.models.case import Case, Participant
from referrals.choices import Channel
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class SurveyInvitation(models.Model):
    class Interval(models.TextChoices):
        AFTER = "after", "Straight after"
        SIX_WEEKS = "six_weeks", "After 6 weeks"
        SIX_MONTHS = "six_months", "After 6 months"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="survey_invitations")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="survey_invitations")
    side = models.CharField(max_length=12, choices=Side)
    interval = models.CharField(max_length=12, choices=Interval, default=Interval.AFTER)
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.IN_PERSON)
    token_digest = models.BinaryField(null=True, blank=True, unique=True)
    asked_on = models.DateField()
    expires_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.SidedQuerySet)
    )
    classified = Classified(
        "case",
        neither="id case participant side interval channel token_digest asked_on expires_at asked_at asked_by",
        not_in_subject_access="token_digest",
    )


@tracked
class SurveyResponse(models.Model):
    """Answers to one invitation; counted in the month they were received (`received_on`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.OneToOneField(SurveyInvitation, models.PROTECT, related_name="response")
    case = models.ForeignKey(Case, models.CASCADE, related_name="survey_responses")
    side = models.CharField(max_length=12, choices=Side)
    overall = models.CharField(max_length=18, choices=Satisfaction)
    answers = models.JSONField(default=dict)  # item code -> Satisfaction-like code, see cases.forms
    words = models.TextField(max_length=4000, blank=True)
    received_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.SidedQuerySet)
    )
    classified = Classified(
        "case",
        personal="overall answers words",
        neither="id invitation case side received_on recorded_at entered_by",
    )

    class Meta:
        indexes = [models.Index(fields=["received_on", "side"], name="survey_received")]
