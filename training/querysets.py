"""Who sees learners and cohorts, and what counts as completed."""

from django.db import models
from django.db.models import Q

from rj_service.accounts.roles import Role

AREA_ROLES = (Role.COORDINATOR, Role.SERVICE_MANAGER, Role.TRAINING_LEAD)


class AreaQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_system:
            return self
        acting = user.acting
        if acting is None or acting.role not in AREA_ROLES:
            return self.none()
        return self.filter(service_area=acting.service_area_id)


class LearnerQuerySet(AreaQuerySet):
    def visible_to(self, user):
        """Learners of the area; a practitioner sees their own record."""
        if user.acting is not None and user.acting.role == Role.PRACTITIONER:
            return self.filter(user=user)
        return super().visible_to(user)


class AwardQuerySet(models.QuerySet):
    def current(self, today):
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), awarded_on__lte=today)
