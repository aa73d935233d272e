"""What passes between us and whoever referred, and what they begin."""

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch

from referrals.querysets.by_name import model
from rj_service.accounts.scoping import row_by_row


class ReferralMessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=model("Referral").objects.all().visible_to(user))

    def unread_by(self, user):
        """Written by the other side and not opened by the user."""
        opened = row_by_row(model("MessageReading")).filter(message=OuterRef("pk"), user=user)
        return self.filter(~Exists(opened), from_referrer=not user.may("referrals.view_own"))

    def for_list(self, user):
        return self.for_reading(user).select_related("referral__sent", "referral__import_row", "referral__organisation")

    def for_reading(self, user):
        """Marked with what the user has not opened, and with who has."""
        return (
            self.annotate(is_new=Exists(row_by_row(model("ReferralMessage")).filter(pk=OuterRef("pk")).unread_by(user)))
            .select_related("written_by")
            .prefetch_related(
                Prefetch("readings", model("MessageReading").objects.select_related("user").order_by("read_at"))
            )
        )


class ProposedChangeQuerySet(models.QuerySet):
    def of_its_referrer(self):
        """What the organisation asked for itself, not by a file."""
        return self.filter(proposed_by__isnull=False)

    def visible_to(self, user):
        return self.filter(referral__in=model("Referral").objects.casework_for(user))

    def open(self):
        return self.filter(decided_at__isnull=True)


class ReferralDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, in the organisation that one works for now."""
        acting = user.acting
        if acting is None:
            return self.none()
        return self.filter(user=user, organisation=acting.organisation_id, service_area=acting.service_area_id)

    def unsent(self):
        return self.filter(sent_as__isnull=True)
