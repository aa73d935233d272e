"""What an import made of a file. Refused rows name people who gave no consent: one encrypted file, for 7 days."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.documents.models import StoredFile
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow

CHANGE_LABELS = {
    "date_received": "Date received",
    "contact_consent": "Agrees to be contacted",
    "may_phone": "Safe to phone",
    "may_leave_voicemail": "Safe to leave a voicemail",
    "may_email": "Safe to email",
    "may_write": "Safe to write",
    "offender_identified": "Somebody is identified",
    "offender_accepts_responsibility": "Accepts responsibility, as told to us",
    "offender_first_name": "First name, person responsible",
    "offender_last_name": "Last name, person responsible",
    "offender_date_of_birth": "Date of birth, person responsible",
    "victim_first_name": "First name, person harmed",
    "victim_last_name": "Last name, person harmed",
    "victim_organisation": "Organisation harmed",
    "victim_date_of_birth": "Date of birth, person harmed",
    "victim_phone": "Phone number, person harmed",
    "victim_email": "Email address, person harmed",
    "victim_address": "Address, person harmed",
    "victim_postcode": "Postcode, person harmed",
    "lsoa_code": "Area code (LSOA)",
}


class ImportBatch(LeasedRow):
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=150)
    file_sha256 = models.CharField(max_length=64)
    dry_run = models.BooleanField(default=False)
    upload = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    refused_rows = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    refused_whole = models.CharField(max_length=300, blank=True)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    already_here = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    warnings_by_kind = models.JSONField(default=dict)
    unknown_columns = models.JSONField(default=list)
    rows_done = models.PositiveIntegerField(default=0)  # where an interrupted import goes on

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ImportBatchQuerySet)
    )
    classified = Classified(
        "reference",
        neither=f"{LEASED_FIELDS} service_area imported_by file_name file_sha256 dry_run upload refused_rows"
        " refused_whole accepted refused already_here changed warnings warnings_by_kind unknown_columns rows_done",
    )

    class Meta(LeasedRow.Meta):
        pass


class ImportRow(models.Model):
    """One row seen under its reference. `row_hash` is keyed: the same row sent again is 'already here'."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        CHANGED = "changed", "Changed"

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()
    hub_reference = models.CharField(max_length=60, blank=True)
    row_hash = models.BinaryField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = models.JSONField(default=list)
    raw = EncryptedText(null=True, blank=True)

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ImportRowQuerySet)
    )
    classified = Classified(
        "case", personal="raw", neither="id batch service_area line hub_reference row_hash outcome reasons"
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "hub_reference"], name="import_row_reference"),
            models.Index(fields=["batch", "line", "id"], condition=Q(outcome="refused"), name="import_row_refused"),
        ]


class ProposedChange(models.Model):
    """A looser or other change that a resent row or its referrer asks for: waits for a coordinator who sees both.

    `old` is what the service held: its referrer never reads it, but `as_sent`. What is stricter is taken over already.
    """

    id = models.BigAutoField(primary_key=True)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    referral = models.ForeignKey("referrals.Referral", models.CASCADE, related_name="proposed_changes")
    row = models.ForeignKey(ImportRow, models.CASCADE, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=40)
    old = EncryptedText(null=True, blank=True)
    new = EncryptedText(null=True, blank=True)
    as_sent = EncryptedText(null=True, blank=True)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_over = models.BooleanField(null=True, blank=True)

    @property
    def became(self) -> str:
        """What its referrer reads of it."""
        if self.replaced_by_id:
            return "Replaced by a later change"
        return {None: "Waiting", True: "Taken over", False: "Kept as it was"}[self.taken_over]

    @property
    def label(self) -> str:
        return CHANGE_LABELS.get(self.field, self.field.replace("_", " ").capitalize())

    objects = ScopedManager(
        area="service_area", _manager_class=models.Manager.from_queryset(querysets.ProposedChangeQuerySet)
    )
    classified = Classified(
        "case",
        personal="old new as_sent",
        neither="id service_area referral row field proposed_at proposed_by replaced_by decided_at decided_by taken_over",
    )
