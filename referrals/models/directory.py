"""Who else works with people of the area, which way a referral goes, and what was agreed about sharing information."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.choices import (
    AgreementKind,
    CrimeType,
    JusticeStage,
    PartnerDelivered,
    Route,
    SensitiveKind,
    WorksWith,
)
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class Provision(models.Model):
    """What an organisation offers in the area (seed 002 paragraph 7), and whom to ask for there: its single point of contact
    for restorative justice. Lists are codes, space separated; no local area, stage or kind named means all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="provisions")
    offers = models.CharField(max_length=300)
    local_areas = models.ManyToManyField(LocalArea, blank=True, related_name="+")
    stages = models.CharField(max_length=250, blank=True)
    works_with = models.CharField(max_length=20, blank=True)
    specialist_in = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    contact_name = EncryptedText(null=True, blank=True, max_length=150)
    contact_phone = EncryptedText(null=True, blank=True, max_length=40)
    contact_email = EncryptedText(null=True, blank=True, max_length=254)
    checked_on = models.DateField()
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ProvisionQuerySet)
    )
    classified = Classified(
        "reference",
        personal="contact_name contact_phone contact_email",
        neither="id service_area organisation offers stages works_with specialist_in phone email checked_on checked_by"
        " ended_at ended_by",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "checked_on", "id"], condition=Q(ended_at=None), name="provision_checked"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="provision_ended_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation.name}: {self.offers}"

    @property
    def stage_words(self) -> list[str]:
        return [JusticeStage(code).label for code in self.stages.split()]

    @property
    def works_with_words(self) -> list[str]:
        return [WorksWith(code).label for code in self.works_with.split()]

    @property
    def specialist_words(self) -> list[str]:
        return [SensitiveKind(code).label for code in self.specialist_in.split()]


@tracked
class Pathway(models.Model):
    """Which way a referral goes: from an agency, at a stage, in a local area; what is left open stands for all. Where several
    fit, `routing.pathway_for` says which counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    agency = models.CharField(max_length=30, choices=Organisation.Kind, blank=True)
    stage = models.CharField(max_length=24, choices=JusticeStage, blank=True)
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+")
    route = models.CharField(max_length=12, choices=Route)
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.DirectoryQuerySet)
    )
    classified = Classified(
        "reference",
        neither="id service_area agency stage local_area route provision words made_at made_by ended_at ended_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service_area", "agency", "stage", "local_area"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="pathway_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="pathway_ended_pair",
            ),
        ]

    @property
    def fits(self) -> str:
        """From whom, at which stage, where."""
        return "; ".join(
            [
                self.get_agency_display() if self.agency else "Any agency",
                self.get_stage_display() if self.stage else "any stage",
                self.local_area.name if self.local_area else "the whole area",
            ]
        )


@tracked
class SharingAgreement(models.Model):
    """With an organisation. One that is missing, ended or past its review warns, and blocks nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=12, choices=AgreementKind)
    signed_on = models.DateField()
    review_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    document_reference = models.CharField(max_length=100)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.SharingAgreementQuerySet)
    )
    classified = Classified(
        "reference",
        neither="id service_area organisation kind signed_on review_on ends_on document_reference recorded_at recorded_by"
        " ended_at ended_by",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "review_on", "id"], condition=Q(ended_at=None), name="agreement_review"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="agreement_ended_pair",
            ),
        ]

    def is_over(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on < today


@tracked
class PartnerWork(models.Model):
    """One matter that a partner works on itself and tells us of: counted apart, in no figure of ours (seed 004 paragraph 23).
    It holds no person, and no word in which one could stand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    told_on = models.DateField()
    crime_type = models.CharField(max_length=24, choices=CrimeType, default=CrimeType.NOT_KNOWN)
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+")
    delivered = models.CharField(max_length=12, choices=PartnerDelivered)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # recorded in error
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.DirectoryQuerySet)
    )
    classified = Classified(
        "figures",
        neither="id service_area organisation told_on crime_type local_area delivered recorded_at recorded_by ended_at"
        " ended_by",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area", "-told_on", "-id"], condition=Q(ended_at=None), name="partner_work_told"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="partner_work_ended_pair",
            ),
        ]
