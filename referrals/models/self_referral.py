"""Somebody refers themselves in public: what is checked of it, and who came before."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import CheckedThrough, CheckOf
from referrals.models.referral import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


@tracked
class VerificationCheck(models.Model):
    """One thing that was checked of a self-referral (domain 2.16.8). The last of a kind counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="verification_checks")
    kind = models.CharField(max_length=12, choices=CheckOf)
    through = models.CharField(max_length=16, choices=CheckedThrough)
    is_confirmed = models.BooleanField()
    words = models.CharField(max_length=500, blank=True)
    checked_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="referral__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        sensitive="words",
        neither="id referral kind through is_confirmed checked_on recorded_at recorded_by",
        not_in_subject_access="words",
    )

    class Meta:
        indexes = [models.Index(fields=["referral", "kind", "-recorded_at"], name="verification_newest")]


class RepeatedApproach(models.Model):
    """A self-referral that is like an earlier referral: a form can be a stalker's tool (domain 2.16.8)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="repeated_approaches")
    earlier = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    reasons = models.CharField(max_length=120)  # values of RepeatedBecause, space separated
    found_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(
        area="referral__service_area", _manager_class=models.Manager.from_queryset(querysets.RepeatedApproachQuerySet)
    )
    classified = Classified("case", neither="id referral earlier reasons found_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "earlier"], name="approach_repeated_once"),
            models.CheckConstraint(condition=~Q(referral=models.F("earlier")), name="approach_is_not_its_own"),
        ]


class ApproachElsewhere(models.Model):
    """The same between two areas, told in each as one row of its own: neither reads anything of the other's (ADR 11).

    `wrote_to`: the service that whoever is known in this referral has written to since; empty on what they wrote there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="approaches_elsewhere")
    wrote_to = models.ForeignKey(ServiceArea, models.PROTECT, null=True, blank=True, related_name="+")
    reasons = models.CharField(max_length=120, blank=True)  # values of RepeatedBecause, of the own referral alone
    found_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(
        area="referral__service_area", _manager_class=models.Manager.from_queryset(querysets.ApproachElsewhereQuerySet)
    )
    classified = Classified("case", neither="id referral wrote_to reasons found_at")


class Acknowledgement(LeasedRow):
    """The one email that somebody asked for when they referred themselves. It says nothing of what it is about."""

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.OneToOneField(Referral, models.CASCADE, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(LeasedRowQuerySet))
    classified = Classified("queue", neither=f"{LEASED_FIELDS} service_area referral")

    class Meta(LeasedRow.Meta):
        pass
