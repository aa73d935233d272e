"""Somebody waits for a suspect to be identified: how they were asked meanwhile, and what changed."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import ConsentMethod, ToldBy, TriggerKind, WaitCheck
from referrals.models.referral import Referral, WatchedInterest
from referrals.models.work import Task
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class InterestCheck(models.Model):
    """One look at somebody who waits. `address_confirmed` with a wish that stands is the review that is due each year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    interest = models.ForeignKey(WatchedInterest, models.CASCADE, related_name="checks")
    result = models.CharField(max_length=12, choices=WaitCheck)
    checked_on = models.DateField()
    how = models.CharField(max_length=12, choices=ConsentMethod, blank=True)
    asked_by = models.CharField(max_length=150, blank=True)  # who spoke with them; not always one of the service
    wish = models.CharField(max_length=1000, blank=True)  # as it is from then on, where it changed
    address_confirmed = models.BooleanField(default=False)
    went_on = models.BooleanField(default=False)  # the check that led back to triage
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="interest__referral__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        personal="asked_by wish",
        neither="id interest result checked_on how address_confirmed went_on recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["interest", "-recorded_at"], name="interest_check_newest")]


@tracked
class InterestTrigger(models.Model):
    """Something changed for somebody who waits. It makes a task for a coordinator, and no message to anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    interest = models.ForeignKey(WatchedInterest, models.CASCADE, related_name="triggers")
    kind = models.CharField(max_length=12, choices=TriggerKind)
    told_by = models.CharField(max_length=16, choices=ToldBy)
    told_on = models.DateField()
    words = models.CharField(max_length=500, blank=True)
    found_in = models.ForeignKey(Referral, models.SET_NULL, null=True, blank=True, related_name="+")
    task = models.OneToOneField(Task, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="interest__referral__service_area",
        _manager_class=models.Manager.from_queryset(querysets.InterestTriggerQuerySet),
    )
    classified = Classified(
        "case",
        sensitive="words",
        neither="id interest kind told_by told_on found_in task noted_at noted_by settled_at settled_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interest", "kind"], condition=Q(settled_at__isnull=True), name="trigger_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="trigger_settled_pair",
            ),
        ]

    @property
    def sentence(self) -> str:
        """What it is and from where, naming nobody."""
        return f"{self.get_kind_display()}: told by {self.get_told_by_display()}"
