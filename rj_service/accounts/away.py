"""A colleague is away, and somebody of the same role has their alerts and tasks meanwhile."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from rj_service.accounts.roles import Role
from rj_service.audit.classification import Classified


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The area's, for whoever works on its cases."""
        if user.is_system:
            return self
        return self.filter(service_area=user.acting.service_area_id) if user.may("cases.view") else self.none()

    def not_over(self, today: date):
        return self.filter(ended_at__isnull=True, away_until__gte=today)

    def on(self, today: date):
        return self.not_over(today).filter(away_from__lte=today)


class Absence(models.Model):
    """`covered_by` has the role too, in the same area: what is restricted opens to them only by a grant of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_area = models.ForeignKey("accounts.ServiceArea", models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="absences")
    covered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="covers")
    away_from = models.DateField()
    away_until = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AbsenceQuerySet.as_manager()
    classified = Classified(
        "account",
        neither="id service_area role user covered_by away_from away_until recorded_at recorded_by ended_at ended_by",
    )

    class Meta:
        indexes = [
            models.Index(fields=["service_area", "-away_from", "-id"], name="absence_list"),
            models.Index(fields=["covered_by"], condition=Q(ended_at__isnull=True), name="absence_cover"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(user=F("covered_by")), name="nobody_covers_themselves"),
            models.CheckConstraint(condition=Q(away_from__lte=F("away_until")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="absence_ended_by_somebody",
            ),
        ]


def covered_by(user, today: date) -> models.QuerySet:
    """Whom the user stands in for, in the role and the area that they work under now. User ids."""
    acting = user.acting
    if acting is None:
        return Absence.objects.none().values("user")
    held = {"service_area": acting.service_area_id, "role": acting.role, "covered_by": user}
    return Absence.objects.on(today).filter(**held).values("user")
