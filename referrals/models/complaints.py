"""A complaint: acknowledged, looked into by somebody who had no part in it, answered by a day, learnt from (domain 2.16.5)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import ComplainantKind, ComplaintAbout, ComplaintOutcome, ComplaintStatus
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from rj_service.ui.references import new_reference


@tracked
class Complaint(models.Model):
    """Its events are on itself, never on the referral. `person`: who complains, where they are one of the two sides'."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=6, unique=True, default=new_reference, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, blank=True, related_name="complaints")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="complaints")
    made_by = models.CharField(max_length=12, choices=ComplainantKind)
    name = EncryptedText(null=True, blank=True, max_length=150)
    reach = EncryptedText(null=True, blank=True, max_length=300)
    about = models.CharField(max_length=12, choices=ComplaintAbout)
    words = EncryptedText(max_length=10_000)
    received_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=ComplaintStatus, default=ComplaintStatus.RECEIVED)
    acknowledge_by = models.DateField()
    acknowledged_on = models.DateField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    extended_on = models.DateField(null=True, blank=True)
    extended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    extension_words = EncryptedText(null=True, blank=True, max_length=1000)
    outcome = models.CharField(max_length=12, choices=ComplaintOutcome, blank=True)
    answer = EncryptedText(null=True, blank=True, max_length=4000)
    learning = EncryptedText(null=True, blank=True, max_length=4000)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    told_on = models.DateField(null=True, blank=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ComplaintQuerySet)
    )
    classified = Classified(
        "case",
        personal="name reach words answer extension_words",
        sensitive="learning",
        neither="id reference service_area referral person made_by about received_on recorded_at recorded_by status"
        " acknowledge_by acknowledged_on acknowledged_by handler due_on extended_on extended_by outcome decided_on"
        " decided_by told_on told_by",
        not_in_subject_access="learning",
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "due_on", "id"], name="complaint_due"),
            models.Index(fields=["handler"], condition=~Q(status="closed"), name="complaint_handled"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("received_on")), name="complaint_due_after_received"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{verb}_on__isnull": True, f"{verb}_by__isnull": True})
                    | Q(**{f"{verb}_on__isnull": False, f"{verb}_by__isnull": False}),
                    name=f"complaint_{verb}_pair",
                )
                for verb in ("acknowledged", "extended", "decided", "told")
            ),
        ]


@tracked
class ComplainedAbout(models.Model):
    """A worker whom a complaint is about: they never see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="complained_about")
    worker = models.ForeignKey(User, models.CASCADE, related_name="+")
    named_at = models.DateTimeField(db_default=Now())
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="complaint__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case", sensitive="worker", neither="id complaint named_at named_by", not_in_subject_access="worker"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "worker"], name="complained_about_once")]
