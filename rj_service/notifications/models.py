"""'You have an update', in the service and by email. A body never holds personal data: a label, a UUID and a sentence."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.audit.classification import Classified
from rj_service.jobs.models import LEASED_FIELDS, LeasedRow, LeasedRowQuerySet


class NotificationQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        """One's own; of what they came to have a conflict of interest with there is nothing any more."""
        # Looked up by name: `referrals` stands above.
        known = row_by_row(apps.get_model("referrals", "Referral")).with_conflict(user)
        about = (known.filter(pk=OuterRef("object_id")), known.filter(case=OuterRef("object_id")))
        return self.filter(*(~Exists(rows) for rows in about), user=user)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notification(LeasedRow):
    """A leased row: its email is sent once. `kind` is a key of `notifications.kinds.SENTENCES`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    object_label = models.CharField(max_length=80, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    reference = models.CharField(max_length=6, blank=True)
    url = models.CharField(max_length=200, blank=True)
    stands_in_for = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()
    classified = Classified(
        "queue", neither=f"{LEASED_FIELDS} user kind object_label object_id reference url stands_in_for read_at"
    )

    class Meta(LeasedRow.Meta):
        indexes = [
            *LeasedRow.Meta.indexes,
            models.Index(fields=["user", "-created_at", "-id"], name="notification_newest"),
        ]
