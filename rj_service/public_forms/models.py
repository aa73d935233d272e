"""Of whoever fills in a form without an account: what they have not sent yet, and how often a button was pressed."""

import uuid

from django.db import models
from django.db.models.functions import Now

from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText


class UnsentAnswers(models.Model):
    """What is typed on a public form and not sent: of one browser's session, encrypted, gone after half an hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = EncryptedText()
    kept_at = models.DateTimeField(db_default=Now())

    classified = Classified("queue", sensitive="content", neither="id kept_at", not_in_subject_access="content")

    class Meta:
        indexes = [models.Index(fields=["kept_at"], name="unsent_answers_kept_at")]


class PublicTry(models.Model):
    """One press of a public button, counted for an hour. `network` is a keyed hash of where it came from.

    Each form is counted apart, so that a flood of one never shuts another.
    """

    class Kind(models.TextChoices):
        BEGIN = "begin"
        SEND = "send"

    form = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=Kind)
    network = models.BinaryField()
    tried_at = models.DateTimeField(db_default=Now())

    classified = Classified("queue", neither="id form kind network tried_at")

    class Meta:
        indexes = [models.Index(fields=["form", "kind", "tried_at"], name="public_try_of_form")]
