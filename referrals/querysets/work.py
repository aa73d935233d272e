"""Imports, searches and tasks."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from referrals.querysets.by_name import model
from referrals.querysets.shut_out import CASEWORK, known_in_case
from rj_service.accounts.roles import Role
from rj_service.jobs.models import LeasedRowQuerySet


class ImportBatchQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        """Coordination sees every import of the area, a Hub worker their own."""
        acting = user.acting
        if acting is None:
            return self.none()
        own_area = self.filter(service_area=acting.service_area_id)
        if acting.role in CASEWORK:
            return own_area
        return own_area.filter(imported_by=user)


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of referrals that the user may read whole; a practitioner's own, of the sides that they work with."""
        if user.acting is not None and user.acting.role == Role.PRACTITIONER:
            return self._of_practitioner(user)
        seen = self.filter(referral__in=model("Referral").objects.casework_for(user))
        return seen if user.is_system else seen.filter(~Exists(known_in_case(user, referral="referral")))

    def _of_practitioner(self, user):
        # Looked up by name: `cases` stands above.
        cases = apps.get_model("cases", "Case").objects.visible_to(user).filter(referral=OuterRef("referral"))
        works = (
            apps.get_model("cases", "Assignment")
            .objects.in_force()
            .filter(case__referral=OuterRef("referral"), practitioner__learner__user=user)
        )
        on_it = Exists(works.filter(Q(sides="both") | Q(sides=OuterRef("side"))))
        return self.filter(Exists(cases), on_it | Q(side__in=["", "neither"]), assigned_to=user)

    def open(self):
        return self.filter(done_at__isnull=True)


class ImportRowQuerySet(models.QuerySet):
    def seen_before(self, reference: str, row_hash: bytes):
        return self.filter(hub_reference=reference, row_hash=row_hash)
