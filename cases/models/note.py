"""What somebody who works on a case writes down about a person in it: a draft until they sign it."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import Side
from cases.models.case import Case, Participant
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked

LONGEST_NOTE = 8000


@tracked(exclude=("draft", "version", "saved_at"))
class Note(models.Model):
    """Of one case, one person and one author. A draft is the author's alone; signed it stands, and an addition puts it right."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="notes")
    side = models.CharField(max_length=12, choices=Side)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    adds_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="additions")
    draft = EncryptedText(null=True, blank=True, max_length=LONGEST_NOTE)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(db_default=Now())
    words = models.TextField(max_length=LONGEST_NOTE, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.NoteQuerySet)
    )
    classified = Classified(
        "case",
        personal="draft words",
        neither="id case participant side author adds_to version saved_at signed_at",
        not_in_subject_access="draft",
    )

    class Meta:
        indexes = [
            models.Index(fields=["case", "-signed_at", "-id"], name="note_newest", condition=Q(adds_to__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "author", "adds_to"],
                condition=Q(signed_at__isnull=True),
                nulls_distinct=False,
                name="one_draft_of_an_author",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, words="", draft__isnull=False)
                | (Q(signed_at__isnull=False, draft__isnull=True) & ~Q(words="")),
                name="note_is_draft_or_signed",
            ),
        ]
