"""What people keep of a list: filters by a name of their own, words that they searched for, and files."""

import uuid
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse

from rj_service.accounts.models import Membership, ServiceArea, User
from rj_service.audit.classification import Classified
from rj_service.audit.fields import EncryptedText
from rj_service.documents.models import StoredFile
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


class Format(models.TextChoices):
    CSV = "csv", "CSV, for any program"
    XLSX = "xlsx", "XLSX, for a spreadsheet"


class SavedFiltersQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, in the role that one works in now."""
        return self.filter(membership=user.acting.membership_id if user.acting else None)


class SavedFilters(models.Model):
    """`list`: the name of its address, as "referrals:list"; `query`: coded filters only, as its address carries them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    list = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    saved_at = models.DateTimeField(db_default=Now())

    objects = SavedFiltersQuerySet.as_manager()
    classified = Classified("account", neither="id membership list name query saved_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "list", "name"], name="one_name_a_list")]


class SearchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, in the role that one works in now."""
        return self.filter(membership=user.acting.membership_id if user.acting else None)


class Search(models.Model):
    """Words that somebody searched for: they stand in no address. Encrypted, their writer's alone in the role they searched in,
    gone after a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    words = EncryptedText(max_length=200)
    searched_at = models.DateTimeField(db_default=Now())

    objects = SearchQuerySet.as_manager()
    classified = Classified(
        "queue", sensitive="words", neither="id membership searched_at", not_in_subject_access="words"
    )

    class Meta:
        indexes = [models.Index(fields=["searched_at"], name="lists_search_searched_at")]


class AgreedByAnother(LeasedRow):
    """Work for a worker that waits until a second person has agreed (`lists.agreeing`)."""

    needs_agreement: Any = True
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")  # whoever asked, in that role
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True)

    class Meta(LeasedRow.Meta):
        abstract = True

    @property
    def waits_for_agreement(self) -> bool:
        return self.needs_agreement and self.answered_at is None and not self.is_over

    @property
    def is_working(self) -> bool:
        return super().is_working and not self.waits_for_agreement


class ExportRunQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        """One's own; and those of the area for whoever may agree to them."""
        acting = user.acting
        if acting is None:
            return self.none()
        own = models.Q(membership__user=user)
        if user.may("lists.agree"):
            own |= models.Q(service_area=acting.service_area_id, needs_agreement=True)
        return self.filter(own)

    def unfinished(self):
        """Being made, or waiting for somebody's agreement."""
        return self.filter(state__in=[LeasedRow.State.QUEUED, LeasedRow.State.RUNNING])

    def to_agree(self):
        return self.unfinished().filter(needs_agreement=True, answered_at__isnull=True)


class ExportRun(AgreedByAnother):
    """A file of a list as its asker would see it. It waits when it tells of many people, until a second person agrees."""

    service_area = models.ForeignKey(ServiceArea, models.PROTECT, null=True, blank=True, related_name="+")
    list = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)
    format = models.CharField(max_length=4, choices=Format)
    reason = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    needs_agreement = models.BooleanField(default=False)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ExportRunQuerySet.as_manager()
    classified = Classified(
        "queue",
        neither=f"{LEASED_FIELDS} service_area membership list query format reason rows needs_agreement answered_by"
        " answered_at agreed file",
    )

    class Meta(LeasedRow.Meta):
        verbose_name = "file of a list"

    @property
    def list_url(self) -> str:
        return f"{reverse(self.list)}?{self.query}" if self.query else reverse(self.list)
