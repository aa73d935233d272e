"""Looking for volunteers: what is advertised, and who approved its papers before."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from volunteers import querysets
from volunteers.choices import ApprovalOf, CampaignStatus, PractitionerKind


class Campaign(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=PractitionerKind, default=PractitionerKind.COMMUNITY)
    status = models.CharField(max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT)
    target = models.PositiveSmallIntegerField()
    local_areas = models.ManyToManyField(LocalArea, blank=True, related_name="+")
    partners = models.ManyToManyField(Organisation, blank=True, related_name="+")  # who recruits with us
    person_specification = models.TextField(blank=True)
    job_description = models.TextField(blank=True)
    closes_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    advertised_at = models.DateTimeField(null=True, blank=True)
    advertised_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.CampaignQuerySet)
    )
    classified = Classified(
        "practitioner",
        neither="id service_area title kind status target person_specification job_description closes_on created_at"
        " created_by advertised_at advertised_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "status", "-created_at", "id"], name="campaign_newest")]

    def __str__(self) -> str:
        return self.title


@tracked
class CampaignApproval(models.Model):
    """Of the person specification and the job description as they stood; changed papers are approved anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="approvals")
    of = models.CharField(max_length=5, choices=ApprovalOf)
    approver_name = models.CharField(max_length=100)
    given_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="campaign__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="approver_name",
        neither="id campaign of given_on ended_at recorded_at recorded_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "of"], condition=Q(ended_at__isnull=True), name="campaign_approved_once"
            )
        ]
