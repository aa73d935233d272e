"""Stored files. A file is joined by its owner's foreign key and downloaded only through the owner's view."""

import uuid

from django.db import models
from django.db.models.functions import Now

from rj_service.accounts.models import User
from rj_service.audit.classification import Classified


class StoredFile(models.Model):
    """One file below FILES_DIR under a UUID name, encrypted where it holds personal data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    is_encrypted = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    delete_after = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    classified = Classified(
        "case",
        neither="id kind content_type size sha256 is_encrypted created_at created_by delete_after deleted_at",
    )
