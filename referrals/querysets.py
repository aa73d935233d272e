"""Which rows a user may see, and the conditions that lists and rules share. Grows with `referrals`' own work."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from rj_service.accounts.roles import Role


def _model(name: str):
    return apps.get_model("referrals", name)


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People of referrals that the user may see in full."""
        seen = _model("Referral").objects.casework_for(user)
        return self.filter(Exists(seen.filter(Q(person_harmed=OuterRef("pk")) | Q(person_responsible=OuterRef("pk")))))


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)


class LegalBarQuerySet(models.QuerySet):
    def standing(self, today):
        """Bars that forbid contact on the day: started, not ended, not permitted by the authority that set them."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, permitted_on__isnull=True
        )


class ReferralQuerySet(models.QuerySet):
    def not_shut_out(self, user):
        """Less those restricted and not granted to the user, and those where the user has a conflict."""
        now = timezone.now()
        granted = _model("Grant").objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now), referral=OuterRef("pk"), user=user
        )
        conflicts = (
            _model("ConflictOfInterest")
            .objects.filter(user=user, lifted_at__isnull=True)
            .filter(
                Q(referral=OuterRef("pk"))
                | Q(person=OuterRef("person_harmed"))
                | Q(person=OuterRef("person_responsible"))
            )
        )
        return self.filter(
            Exists(granted) | ~Exists(_model("Restriction").objects.filter(referral=OuterRef("pk"))), ~Exists(conflicts)
        )

    def casework_for(self, user):
        """Referrals the user may read whole: coordinators and managers of the area."""
        acting = user.acting
        if user.is_system:
            return self
        if acting is None or acting.role not in (Role.COORDINATOR, Role.SERVICE_MANAGER):
            return self.none()
        return self.filter(service_area=acting.service_area_id).not_shut_out(user)

    def visible_to(self, user):
        """Casework, or for a Hub worker and a partner's referrer what their own organisation sent."""
        acting = user.acting
        if acting is not None and acting.role in (Role.HUB_WORKER, Role.PARTNER_REFERRER):
            return self.filter(organisation=acting.organisation_id, service_area=acting.service_area_id).not_shut_out(
                user
            )
        return self.casework_for(user)


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(referral__in=_model("Referral").objects.casework_for(user))

    def open(self):
        return self.filter(done_at__isnull=True)


class ImportRowQuerySet(models.QuerySet):
    def seen_before(self, reference: str, row_hash: bytes):
        return self.filter(hub_reference=reference, row_hash=row_hash)
