"""Files of a case, each on the side whose people and workers may know of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import DocumentKind, Side
from cases.models.case import Case
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked
from rj_service.documents.models import StoredFile


@tracked
class CaseDocument(models.Model):
    """A file that somebody brought. Removed, its bytes are gone; the row says by whom and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="documents")
    side = models.CharField(max_length=12, choices=Side)
    kind = models.CharField(max_length=20, choices=DocumentKind)
    words = models.CharField(max_length=200)
    dated = models.DateField(null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_reason = models.CharField(max_length=200, blank=True)

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.DocumentQuerySet)
    )
    classified = Classified(
        "case",
        personal="words removed_reason",
        neither="id case side kind dated file added_at added_by removed_at removed_by",
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-added_at", "-id"], name="document_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | (Q(removed_by__isnull=False) & ~Q(removed_reason="")),
                name="removed_says_who_and_why",
            )
        ]
