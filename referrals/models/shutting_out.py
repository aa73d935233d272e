"""Who is shut out of what. Known where the person first appears, so that lists, search and duplicates obey it."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals.models.people import Person
from referrals.models.referral import Referral
from referrals.querysets import GrantQuerySet
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class Restriction(models.Model):
    """A separate act of a manager, or of the coordinator at triage: only those granted see the referral."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(Referral, models.CASCADE, related_name="restriction")
    reason = models.CharField(max_length=300)
    restricted_at = models.DateTimeField(db_default=Now())
    restricted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="referral__service_area", _manager_class=models.Manager)
    classified = Classified("case", sensitive="reason", neither="id referral restricted_at restricted_by")


@tracked
class Grant(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    granted_at = models.DateTimeField(db_default=Now())
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)
    is_emergency = models.BooleanField(default=False)  # taken by themselves, with a reason, until it ends

    objects = ScopedManager(area="referral__service_area", _manager_class=models.Manager.from_queryset(GrantQuerySet))
    classified = Classified("case", neither="id referral user reason granted_at granted_by ends_at is_emergency")

    class Meta:
        indexes = [models.Index(fields=["-granted_at", "-id"], name="grant_emergency", condition=Q(is_emergency=True))]
        constraints = [
            models.UniqueConstraint(fields=["referral", "user"], name="grant_once"),
            models.CheckConstraint(condition=Q(is_emergency=False) | Q(ends_at__isnull=False), name="emergency_ends"),
        ]


@tracked
class ConflictOfInterest(models.Model):
    """A user knows somebody: shut out of the referral, or of everything about the person. The reason is never shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="conflicts")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, blank=True, related_name="conflicts")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="conflicts")
    reason = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField(db_default=Now())
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        sensitive="reason",
        neither="id service_area user referral person declared_at declared_by lifted_at lifted_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(referral__isnull=False, person__isnull=True)
                | Q(referral__isnull=True, person__isnull=False),
                name="conflict_with_one_thing",
            )
        ]
