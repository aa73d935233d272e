"""Approaches that look like others."""

from django.db import models
from django.db.models import Exists, OuterRef

from referrals.querysets.by_name import model


class RepeatedApproachQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both referrals must be the user's to see."""
        seen = model("Referral").objects.casework_for(user)
        return self.filter(Exists(seen.filter(pk=OuterRef("referral"))), Exists(seen.filter(pk=OuterRef("earlier"))))


class ApproachElsewhereQuerySet(models.QuerySet):
    def visible_to(self, user):
        seen = model("Referral").objects.casework_for(user)
        return self.filter(Exists(seen.filter(pk=OuterRef("referral"))))
