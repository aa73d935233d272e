"""A service moves in: its files, what would become of every row, a second person's agreement, and what became of it.

Rows are kept encrypted: those that moved in because the page about the earlier system shows their words, the others only
until the move has ended.
"""

import json

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from cases import querysets
from referrals.models import Referral
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.documents.models import StoredFile
from rj_service.documents.moves import MOVE_FIELDS, Move, Step
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow


class MoveIn(Move, LeasedRow):
    """The worker comes twice: to try it out, which makes nothing, and to move in."""

    Step = Step

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    moved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    from_system = models.CharField(max_length=150)  # what the earlier system is called
    fates = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.MoveInQuerySet))
    classified = Classified(
        "case",
        personal="undone_because",
        neither=f"{LEASED_FIELDS} {MOVE_FIELDS} service_area moved_by from_system fates",
    )

    class Meta(LeasedRow.Meta):
        verbose_name = "move from an earlier system"


class MoveInFile(models.Model):
    """One file of a template. Its upload goes when it was tried out: the rows are kept."""

    id = models.BigAutoField(primary_key=True)
    move_in = models.ForeignKey(MoveIn, models.CASCADE, related_name="files")
    template = models.CharField(max_length=10)
    file_name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    upload = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    refused_whole = models.CharField(max_length=300, blank=True)
    unknown_columns = models.JSONField(default=list)

    objects = ScopedManager(area="move_in__service_area", _manager_class=models.Manager)
    classified = Classified("case", neither="id move_in template file_name sha256 upload refused_whole unknown_columns")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["move_in", "template"], name="one_file_a_template")]


class MoveInRow(models.Model):
    class Fate(models.TextChoices):
        """What would become of it, and after the move what became of it."""

        MAKE = "make", "Will be made"
        ALIKE = "alike", "Will be made: possible duplicate"
        HERE = "here", "Already here"
        REFUSED = "refused", "Refused"
        LEFT_OUT = "left_out", "Left out: the template’s example"
        TAKEN_BACK = "taken_back", "Taken back"

    id = models.BigAutoField(primary_key=True)
    move_in = models.ForeignKey(MoveIn, models.CASCADE, related_name="rows")
    template = models.CharField(max_length=10)
    line = models.PositiveIntegerField()
    reference = models.CharField(max_length=60, blank=True)
    fate = models.CharField(max_length=10, choices=Fate)
    reasons = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    alike = models.ForeignKey(Referral, models.SET_NULL, null=True, blank=True, related_name="+")
    raw = EncryptedText(null=True, blank=True)
    row_hash = models.BinaryField(null=True)  # keyed: the same row again is already here
    became = models.CharField(max_length=10, choices=Fate, blank=True)
    referral = models.ForeignKey(Referral, models.SET_NULL, null=True, blank=True, related_name="moved_in_rows")
    moved_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(
        area="move_in__service_area", _manager_class=models.Manager.from_queryset(querysets.MoveInRowQuerySet)
    )
    classified = Classified(
        "case",
        personal="raw",
        neither="id move_in template line reference fate reasons warnings alike row_hash became referral moved_at",
    )

    class Meta:
        indexes = [
            models.Index(fields=["move_in", "template", "line"], name="move_in_row_order"),
            models.Index(fields=["move_in", "reference"], name="move_in_row_reference"),
            models.Index(fields=["move_in", "id"], condition=Q(became=""), name="move_in_row_to_do"),
            models.Index(fields=["row_hash"], condition=Q(became="make"), name="move_in_row_here"),
        ]

    @property
    def outcome(self) -> str:
        """In words: before the move what would become of it, then what became of it."""
        if self.became == self.Fate.MAKE:
            return "Made"
        return self.Fate(self.became or self.fate).label

    @property
    def words(self) -> dict[str, str]:
        """As the file gave them, by column."""
        return json.loads(self.raw) if self.raw else {}
