"""A search that somebody made: its words stand in no address."""

import uuid

from django.db import models
from django.db.models.functions import Now

from referrals import querysets
from rj_service.accounts.models import Membership
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText


class Search(models.Model):
    """Encrypted, its writer's alone in the role they searched in, gone after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    words = EncryptedText(max_length=200)
    searched_at = models.DateTimeField(db_default=Now())

    objects = querysets.SearchQuerySet.as_manager()
    classified = Classified(
        "queue", sensitive="words", neither="id membership searched_at", not_in_subject_access="words"
    )

    class Meta:
        indexes = [models.Index(fields=["searched_at"], name="search_searched_at")]
