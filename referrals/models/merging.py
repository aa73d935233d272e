"""Two records are one person: one says so, another confirms it. Nothing moves (ADR 7): each record keeps its referrals, its
case and its words."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django_scopes import ScopedManager

from referrals import querysets
from referrals.models.people import Person
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.audit.tracking import tracked


@tracked
class Merge(models.Model):
    """What protects the person holds in both from the proposal on; what shows more waits until somebody else has confirmed it.
    `keep`: whose value both have then, by what a coordinator calls it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    one = models.ForeignKey(Person, models.CASCADE, related_name="merges")
    other = models.ForeignKey(Person, models.CASCADE, related_name="merges_as_other")
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = EncryptedText(null=True, blank=True, max_length=500)
    keep = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.MergeQuerySet))
    classified = Classified(
        "case",
        sensitive="reason",
        neither="id service_area one other proposed_at proposed_by keep confirmed_at confirmed_by undone_at undone_by",
        not_in_subject_access="reason",
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["service_area"],
                condition=Q(undone_at__isnull=True, confirmed_at__isnull=True),
                name="merge_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], condition=Q(undone_at__isnull=True), name="merged_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="merge_is_of_two"),
            models.CheckConstraint(condition=~Q(proposed_by=F("confirmed_by")), name="merge_takes_two_people"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="merge_confirmed_pair",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_pair",
            ),
        ]


@tracked
class Carried(models.Model):
    """Something that one record brought to another of the same person: the way back when the merge is undone."""

    class What(models.TextChoices):
        VALUE = "value", "A value"
        WITHDRAWAL = "withdrawal", "A withdrawal"
        BAR = "bar", "A legal bar"
        CONFLICT = "conflict", "A conflict of interest"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey(ServiceArea, models.PROTECT, related_name="+")
    source = models.ForeignKey(Person, models.CASCADE, related_name="+")
    target = models.ForeignKey(Person, models.CASCADE, related_name="carried")
    what = models.CharField(max_length=12, choices=What)
    field = models.CharField(max_length=40, blank=True)  # of a value: its model and name
    from_row = models.UUIDField(null=True, blank=True)
    to_row = models.UUIDField(null=True, blank=True)
    before = EncryptedText(null=True, blank=True)
    after = EncryptedText(null=True, blank=True)
    carried_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)  # given back, or since then the record's own
    was_kept = models.BooleanField(default=False)

    objects = ScopedManager(area="service_area", _manager_class=models.Manager.from_queryset(querysets.CarriedQuerySet))
    classified = Classified(
        "case",
        personal="before after",
        neither="id service_area source target what field from_row to_row carried_at ended_at was_kept",
    )

    class Meta:
        indexes = [models.Index(fields=["target"], condition=Q(ended_at__isnull=True), name="carried_in_force")]
