"""Children: whether they are in care, who has parental responsibility, and what those have agreed to.

The child's own agreement is a `Consent` like everybody's; what stands here comes beside it and never in its place (domain
2.16.6).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import ConsentMethod, ConsentPurpose, ParentalKind, YesNoNotKnown
from referrals.models.people import Person
from referrals.models.referral import Referral
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class Childhood(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="childhood")
    in_care = models.CharField(max_length=10, choices=YesNoNotKnown, default=YesNoNotKnown.NOT_KNOWN)
    youth_justice = models.CharField(max_length=500, blank=True)
    childrens_services = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="person__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case", sensitive="in_care youth_justice childrens_services", neither="id person recorded_at recorded_by"
    )


@tracked
class ParentalResponsibility(models.Model):
    """Somebody who may agree for a child, unless they had a part in the harm."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="parental_responsibilities")
    kind = models.CharField(max_length=16, choices=ParentalKind)
    name = EncryptedText(max_length=150)
    reach = EncryptedText(null=True, blank=True, max_length=254)
    involved = models.CharField(max_length=10, choices=YesNoNotKnown, default=YesNoNotKnown.NOT_KNOWN)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="person__service_area", _manager_class=models.Manager)
    classified = Classified(
        "case",
        personal="name reach",
        sensitive="involved",
        neither="id person kind recorded_at recorded_by ended_at ended_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="parental_ended_pair",
            ),
        ]


@tracked
class ParentalAgreement(models.Model):
    """Counts only until the child is 18, and beside the child's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parental = models.ForeignKey(ParentalResponsibility, models.CASCADE, related_name="agreements")
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="parental_agreements")
    purpose = models.CharField(max_length=24, choices=ConsentPurpose)
    method = models.CharField(max_length=12, choices=ConsentMethod)
    given_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="parental__person__service_area",
        _manager_class=models.Manager.from_queryset(querysets.ParentalAgreementQuerySet),
    )
    classified = Classified(
        "case",
        neither="id parental referral purpose method given_on recorded_at recorded_by withdrawn_at withdrawn_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parental", "referral", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_parental_agreement_in_force",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="parental_withdrawn_pair",
            ),
        ]
