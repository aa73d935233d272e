"""Packs with frozen figures, and the published tables that the commissioner's office reads. No person is stored here."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reporting import querysets
from reporting.choices import Audience, PackState
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.documents.models import StoredFile
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow

# The columns that the database itself keeps of an issued pack, whoever asks.
_FROZEN = (
    "id service_area_id month audience version pack_state as_at figures definitions commentary commentary_at"
    " commentary_by_id pdf_id pdf_sha256 issued_at issued_by_id"
).split()


def _row(which: str) -> str:
    return ", ".join(f'{which}."{column}"' for column in _FROZEN)


@tracked
class ReportRun(LeasedRow):
    """One pack: an area's month for an audience. Issued: figures, definitions, as-at time and PDF never change."""

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    month = models.DateField()  # the first of the month
    audience = models.CharField(max_length=14, choices=Audience)
    version = models.PositiveSmallIntegerField(default=1)  # a restatement is the next version
    pack_state = models.CharField(max_length=10, choices=PackState, default=PackState.DRAFT)
    as_at = models.DateTimeField(null=True, blank=True)
    figures = models.JSONField(null=True, blank=True)
    definitions = models.JSONField(null=True, blank=True)
    commentary = models.TextField(max_length=20_000, blank=True)
    commentary_at = models.DateTimeField(null=True, blank=True)
    commentary_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = models.Manager.from_queryset(querysets.ReportRunQuerySet)()
    classified = Classified(
        "figures",
        neither=f"{LEASED_FIELDS} service_area month audience version pack_state as_at figures definitions commentary"
        " commentary_at commentary_by pdf pdf_sha256 issued_at issued_by",
    )

    class Meta(LeasedRow.Meta):
        triggers = [
            pgtrigger.Protect(
                name="issued_pack_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.pack_state = 'issued' AND ({_row('OLD')}) IS DISTINCT FROM ({_row('NEW')})"
                ),
            ),
            pgtrigger.Protect(
                name="issued_pack_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__pack_state="issued"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["service_area", "month", "audience", "version"], name="one_pack_a_version"),
            models.CheckConstraint(
                condition=~Q(pack_state="issued")
                | (Q(issued_at__isnull=False, issued_by__isnull=False, figures__isnull=False) & ~Q(pdf_sha256="")),
                name="issued_is_complete",
            ),
        ]


class PublishedFigure(models.Model):
    """One cell of a published table, copied from an issued commissioner pack: what the national table reads."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ReportRun, models.CASCADE, related_name="published")
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    month = models.DateField()
    measure = models.CharField(max_length=40)
    cell = models.CharField(max_length=100, blank=True)
    value = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    numerator = models.IntegerField(null=True)
    denominator = models.IntegerField(null=True)
    published_at = models.DateTimeField(db_default=Now())

    objects = models.Manager.from_queryset(querysets.PublishedFigureQuerySet)()
    classified = Classified(
        "figures",
        neither="id run service_area month measure cell value numerator denominator published_at",
    )

    class Meta:
        indexes = [models.Index(fields=["service_area", "month", "measure"], name="published_month")]
        constraints = [models.UniqueConstraint(fields=["run", "measure", "cell"], name="published_once")]
