"""Tasks, and safety changes on their way to the cases."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import Side
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


class Task(models.Model):
    """Something somebody has to do about a referral or its case."""

    class Kind(models.TextChoices):
        CHECK_INTEREST = "check_interest", "Check whether a suspect is identified"
        REVIEW_CHANGE = "review_change", "Decide on changes the referrer sent"
        SAFETY = "safety", "Act on a withdrawal or a safety change"
        COMPARE = "compare", "Compare with another record"
        TRIGGER = "trigger", "Something changed for somebody who waits"
        OFFER = "offer", "Somebody said yes to an offer"
        LATE_REQUEST = "late_request", "Ask an agency that does not answer"
        OWN_PAGE = "own_page", "See what a person asked on their own page"
        TURNED_18 = "turned_18", "Ask them again: they are 18 now"
        OTHER = "other", "Task"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=20, choices=Kind)
    side = models.CharField(max_length=12, choices=Side, blank=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")  # of a page of theirs
    words = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.TaskQuerySet))
    classified = Classified(
        "case",
        personal="words",
        neither="id service_area referral kind side person due_on assigned_to created_at created_by done_at done_by",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "due_on", "id"], name="task_due", condition=models.Q(done_at__isnull=True)
            )
        ]


class SafetyChange(LeasedRow):
    """A withdrawal, bar, flag, death or correction, written where it was learnt; `cases` acts on it at once."""

    class Kind(models.TextChoices):
        CONSENT_WITHDRAWN = "consent_withdrawn"
        CONTACT_STRICTER = "contact_stricter"
        BAR_RECORDED = "bar_recorded"
        FLAG_RAISED = "flag_raised"
        PAUSED = "paused"
        DIED = "died"
        RESTRICTED = "restricted"
        CONFLICT_DECLARED = "conflict_declared"
        NO_LONGER_VERIFIED = "not_verified"
        CHILD = "child"
        TURNED_18 = "turned_18"
        INCIDENT_CORRECTED = "incident_corrected"

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(LeasedRowQuerySet))
    classified = Classified("queue", sensitive="kind", neither=f"{LEASED_FIELDS} service_area person referral")

    class Meta(LeasedRow.Meta):
        pass
