"""Who sees practitioners. `ready` grows in `volunteers`' own work: one annotated queryset, put into words by a policy."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from rj_service.accounts.roles import Role
from volunteers.choices import DBS_ENOUGH, POLICE_VETTING_ENOUGH

AREA_ROLES = (Role.COORDINATOR, Role.SERVICE_MANAGER, Role.TRAINING_LEAD, Role.CASE_SUPERVISOR)


class PractitionerQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_system:
            return self
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.role == Role.PRACTITIONER:
            return self.filter(learner__user=user)
        if acting.role not in AREA_ROLES:
            return self.none()
        return self.filter(service_area=acting.service_area_id)

    def vetted(self, today):
        """With a current DBS and a current police vetting of the level required: lapsed vetting closes access that day."""
        checks = apps.get_model("volunteers", "Check").objects.current(today).filter(practitioner=OuterRef("pk"))
        return self.filter(
            Exists(checks.filter(kind__in=DBS_ENOUGH)), Exists(checks.filter(kind__in=POLICE_VETTING_ENOUGH))
        )


class CheckQuerySet(models.QuerySet):
    def current(self, today):
        """Cleared and not ended on the day. The last day of a check still counts."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=today), status="cleared", issued_on__lte=today
        )
