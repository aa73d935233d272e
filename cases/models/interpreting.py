"""Interpreters, booked for one occasion: never anybody of the family (domain 2.16.14)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from cases import querysets
from cases.choices import LANGUAGES, OTHER_LANGUAGE, InterpreterGender, InterpreterKnows, InterpreterStatus, Side
from cases.models.case import Case, Participant
from cases.models.intervention import Intervention
from cases.models.visit import Visit
from rj_service.accounts.models import User
from rj_service.audit.classification import Classified
from rj_service.audit.tracking import tracked


@tracked
class InterpreterBooking(models.Model):
    """`interpreter`: a name, or the number that the agency gives. `knows` is asked before it is confirmed. `intervention` or
    `visit`: what they are booked for, where it is one of these."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="interpreters")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="interpreters")
    side = models.CharField(max_length=12, choices=Side)
    language = models.CharField(max_length=60, choices=LANGUAGES)
    language_words = models.CharField(max_length=60, blank=True)  # the dialect, or which other language
    gender_wish = models.CharField(max_length=6, choices=InterpreterGender, default=InterpreterGender.NONE)
    needed_for = models.DateTimeField()
    intervention = models.ForeignKey(Intervention, models.CASCADE, null=True, blank=True, related_name="interpreters")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, blank=True, related_name="interpreters")
    agency = models.CharField(max_length=100, blank=True)
    interpreter = models.CharField(max_length=100, blank=True)
    knows = models.CharField(max_length=8, choices=InterpreterKnows, blank=True)
    status = models.CharField(max_length=12, choices=InterpreterStatus, default=InterpreterStatus.ASKED)
    booked_at = models.DateTimeField(db_default=Now())
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedManager(
        area="case__service_area", _manager_class=models.Manager.from_queryset(querysets.InterpreterQuerySet)
    )
    classified = Classified(
        "case",
        personal="language language_words agency interpreter knows gender_wish",
        neither="id case participant side needed_for intervention visit status booked_at booked_by",
    )

    class Meta:
        indexes = [models.Index(fields=["participant", "-needed_for", "-id"], name="interpreter_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["confirmed", "came"]) | (~Q(interpreter="") & Q(knows="nobody")),
                name="interpreter_confirmed_knows_nobody",
            ),
            models.CheckConstraint(
                condition=Q(intervention__isnull=True) | Q(visit__isnull=True), name="interpreter_for_one_occasion"
            ),
        ]

    @property
    def language_in_words(self) -> str:
        if self.language == OTHER_LANGUAGE:
            return self.language_words
        return (
            f"{self.get_language_display()} ({self.language_words})"
            if self.language_words
            else self.get_language_display()
        )
