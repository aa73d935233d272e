"""Somebody who would like to volunteer, from the first word to being taken on, with each step and its day."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked
from rj_service.ui.references import new_reference
from volunteers import querysets
from volunteers.choices import ApplicationStatus, PractitionerKind, SafeguardKind
from volunteers.models.campaign import Campaign
from volunteers.models.practitioner import Practitioner


@tracked
class Application(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=10, default=new_reference, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="applications")
    status = models.CharField(max_length=12, choices=ApplicationStatus)
    since = models.DateField()  # in this stage
    kind = models.CharField(max_length=20, choices=PractitionerKind, default=PractitionerKind.COMMUNITY)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    date_of_birth = models.DateField(null=True, blank=True)
    email = EncryptedText(blank=True, default="")
    phone = EncryptedText(blank=True, default="")
    postcode = EncryptedText(blank=True, default="")
    local_area = models.ForeignKey(LocalArea, models.PROTECT, null=True, blank=True, related_name="+")
    why = EncryptedText(blank=True, default="")
    brings = EncryptedText(blank=True, default="")
    adjustments = EncryptedText(blank=True, default="")
    heard_from = models.CharField(max_length=100, blank=True)
    received_on = models.DateField()
    agreed_on = models.DateField(null=True, blank=True)  # to what is done with what they wrote
    practitioner = models.OneToOneField(Practitioner, models.PROTECT, null=True, blank=True, related_name="application")
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ApplicationQuerySet)
    )
    classified = Classified(
        "practitioner",
        personal="kind first_name last_name date_of_birth email phone postcode why brings heard_from",
        sensitive="adjustments",
        neither="id service_area reference campaign status since organisation local_area received_on agreed_on"
        " practitioner recorded_at recorded_by",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "status", "since", "id"], name="application_longest")]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@tracked
class ApplicationStep(models.Model):
    """A stage that was reached: when, recorded by whom, and a word on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    status = models.CharField(max_length=12, choices=ApplicationStatus)
    happened_on = models.DateField()
    words = EncryptedText(blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="application__service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner", personal="words", neither="id application status happened_on recorded_at recorded_by"
    )

    class Meta:
        indexes = [models.Index(fields=["application", "recorded_at"], name="application_step")]


@tracked
class Reference(models.Model):
    """Somebody who is asked about an applicant. Whether it is satisfactory; what they wrote is not kept here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="references")
    name = models.CharField(max_length=120)
    contact = EncryptedText()
    known_as = models.CharField(max_length=150)
    received_on = models.DateField(null=True, blank=True)
    is_satisfactory = models.BooleanField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="application__service_area", _manager_class=models.Manager.from_queryset(querysets.OfApplicationQuerySet)
    )
    classified = Classified(
        "practitioner",
        personal="name contact known_as is_satisfactory",
        neither="id application received_on recorded_at recorded_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, is_satisfactory__isnull=True)
                | Q(received_on__isnull=False, is_satisfactory__isnull=False),
                name="reference_received_pair",
            )
        ]


@tracked
class Safeguard(models.Model):
    """For a volunteer of 16 or 17: a parent's agreement, a manager's sign-off. Goes with whoever is taken on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, null=True, blank=True, related_name="safeguards")
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, null=True, blank=True, related_name="safeguards")
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=SafeguardKind)
    name = models.CharField(max_length=120, blank=True)  # of the parent, and who they are to the volunteer
    given_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager)
    classified = Classified(
        "practitioner",
        personal="name",
        neither="id application practitioner service_area kind given_on recorded_at recorded_by",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="application_safeguarded_once"),
            models.UniqueConstraint(fields=["practitioner", "kind"], name="practitioner_safeguarded_once"),
            models.CheckConstraint(
                condition=Q(application__isnull=False) | Q(practitioner__isnull=False), name="safeguard_of_somebody"
            ),
        ]
