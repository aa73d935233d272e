"""What happened (domain events), who looked (access log), and the seals that show nobody changed either."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from rj_service.audit.classification import Classified


class TransactionId(models.Field):
    """`xid8` of the writing transaction: tells the sealer which rows can no longer change."""

    def db_type(self, connection) -> str:
        return "xid8"


class CurrentTransactionId(models.Func):
    function = "pg_current_xact_id"
    output_field = TransactionId()


class EventQuerySet(models.QuerySet):
    def about(self, obj: models.Model):
        return self.filter(object_label=obj._meta.label_lower, object_id=obj.pk)


# What a data protection officer looks through without a question about somebody: few among the reads.
NOTABLE = ("denied", "reveal", "export", "emergency")


class AccessQuerySet(models.QuerySet):
    def notable(self):
        return self.filter(kind__in=NOTABLE)

    def about_person(self, person_id, start, end):
        """Who was shown this person in [start, end), newest first."""
        return self.filter(people__contains=[person_id], at__gte=start, at__lt=end).order_by("-id")


class TrailRow(models.Model):
    at = models.DateTimeField(db_default=Now())
    actor_id = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=40, blank=True)
    service_area_id = models.UUIDField(null=True)
    object_label = models.CharField(max_length=80, blank=True)
    object_id = models.UUIDField(null=True)
    people = ArrayField(models.UUIDField(), default=list)
    xid = TransactionId(db_default=CurrentTransactionId(), editable=False)
    block = models.BigIntegerField(null=True, editable=False)

    rj_grants = "SELECT, INSERT"

    class Meta:
        abstract = True


class DomainEvent(TrailRow):
    """One verb of an app's `events.py`. `detail` holds codes, ids and numbers, never a personal value."""

    verb = models.CharField(max_length=80)
    occurred_at = models.DateTimeField(null=True)
    detail = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()
    classified = Classified(
        "audit",
        neither="id at actor_id actor_role service_area_id object_label object_id people xid block verb occurred_at detail",
    )

    class Meta:
        indexes = [
            models.Index(fields=["object_label", "object_id", "-id"], name="event_object"),
            models.Index(fields=["service_area_id", "-id"], name="event_area"),
            models.Index(fields=["service_area_id", "verb", "-id"], name="event_area_verb"),
            GinIndex(fields=["people"], name="event_people"),
            models.Index(fields=["block"], name="event_block"),
        ]


class AccessLog(TrailRow):
    """One read of personal data, export, print or download, written in the transaction that read it."""

    class Kind(models.TextChoices):
        VIEW = "view", "Opened"
        LIST = "list", "Shown in a list"
        SEARCH = "search", "Found by a search"
        REVEAL = "reveal", "Contact details shown"
        EXPORT = "export", "Exported"
        PRINT = "print", "Printed"
        DOWNLOAD = "download", "Downloaded"
        DENIED = "denied", "Refused"
        EMERGENCY = "emergency", "Opened in an emergency"

    kind = models.CharField(max_length=10, choices=Kind)
    page = models.CharField(max_length=120, blank=True)
    ids = ArrayField(models.UUIDField(), default=list)

    objects = AccessQuerySet.as_manager()
    classified = Classified(
        "audit",
        neither="id at actor_id actor_role service_area_id object_label object_id people xid block kind page ids",
    )

    class Meta:
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="access_actor"),
            models.Index(fields=["kind", "-id"], condition=Q(kind__in=NOTABLE), name="access_notable"),
            models.Index(fields=["object_label", "object_id", "-id"], name="access_object"),
            GinIndex(fields=["people"], name="access_people"),
            models.Index(fields=["block"], name="access_block"),
        ]


class Seal(models.Model):
    """One block of sealed rows: SHA-256 over the previous seal and the block's rows in order of id."""

    class Trail(models.TextChoices):
        EVENT = "event"
        ACCESS = "access"

    trail = models.CharField(max_length=10, choices=Trail)
    block = models.BigIntegerField()
    row_count = models.IntegerField()
    last_row_id = models.BigIntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=Now())

    rj_grants = "SELECT"
    classified = Classified("audit", neither="id trail block row_count last_row_id digest sealed_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trail", "block"], name="one_seal_a_block")]
