"""Which packs a user may see."""

from django.db import models

from reporting.choices import Audience, PackState
from rj_service.accounts.roles import Role
from rj_service.jobs.models import LeasedRowQuerySet


class ReportRunQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        acting = user.acting
        if user.is_system:
            return self
        if acting is None:
            return self.none()
        if acting.role in (Role.COORDINATOR, Role.SERVICE_MANAGER):
            return self.filter(service_area=acting.service_area_id)
        published = self.filter(pack_state=PackState.ISSUED, audience=Audience.COMMISSIONER)
        if acting.role in (Role.OPCC_REVIEWER, Role.STEERING_GROUP):
            return published.filter(service_area=acting.service_area_id)
        if acting.role == Role.NATIONAL_ANALYST:
            return published
        return self.none()


class PublishedFigureQuerySet(models.QuerySet):
    def visible_to(self, user):
        acting = user.acting
        if user.is_system:
            return self
        if acting is None:
            return self.none()
        if acting.role == Role.NATIONAL_ANALYST:
            return self
        if acting.role in (Role.OPCC_REVIEWER, Role.STEERING_GROUP, Role.COORDINATOR, Role.SERVICE_MANAGER):
            return self.filter(service_area=acting.service_area_id)
        return self.none()
