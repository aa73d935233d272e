"""Who sees which case, and which side of it. Grows with `cases`' own work."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from rj_service.accounts.roles import Role


def _model(name: str):
    return apps.get_model("cases", name)


class CaseQuerySet(models.QuerySet):
    def not_shut_out(self, user):
        """Less cases of referrals that are restricted and not granted, or where the user has a conflict."""
        referrals = apps.get_model("referrals", "Referral").objects.all()
        open_to = referrals.not_shut_out(user).filter(pk=OuterRef("referral"))
        conflicts = apps.get_model("referrals", "ConflictOfInterest").objects.filter(
            user=user, lifted_at__isnull=True, person__isnull=False
        )
        with_conflict = _model("Participant").objects.filter(
            Exists(conflicts.filter(person=OuterRef("person"))), case=OuterRef("pk")
        )
        return self.filter(Exists(open_to), ~Exists(with_conflict))

    def visible_to(self, user):
        """The area's for a coordinator or manager, the supervised for a supervisor, the assigned for a practitioner."""
        if user.is_system:
            return self
        acting = user.acting
        if acting is None:
            return self.none()
        in_area = self.filter(service_area=acting.service_area_id)
        if acting.role in (Role.COORDINATOR, Role.SERVICE_MANAGER):
            return in_area.not_shut_out(user)
        if acting.role == Role.CASE_SUPERVISOR:
            return in_area.filter(supervisor=user).not_shut_out(user)
        if acting.role == Role.PRACTITIONER:
            return in_area.filter(Exists(assigned_today(user).filter(case=OuterRef("pk")))).not_shut_out(user)
        return self.none()


def assigned_today(user):
    """Assignments in force of a practitioner whose vetting is in force: it closes access the day it lapses."""
    return (
        _model("Assignment")
        .objects.in_force()
        .filter(practitioner__learner__user=user, practitioner__in=_may_open_cases(user))
    )


def _may_open_cases(user):
    today = timezone.localdate()
    return apps.get_model("volunteers", "Practitioner").objects.filter(learner__user=user).may_open_cases(today)


class AssignmentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(ended_at__isnull=True)


class OfVisibleCaseQuerySet(models.QuerySet):
    """Rows that hang on a case."""

    def visible_to(self, user):
        return self.filter(case__in=_model("Case").objects.visible_to(user))


class SidedQuerySet(OfVisibleCaseQuerySet):
    """Rows with a side: a practitioner sees only the sides their assignment names."""

    def visible_to(self, user):
        rows = super().visible_to(user)
        if user.acting is None or user.acting.role != Role.PRACTITIONER:
            return rows
        mine = assigned_today(user).filter(case=OuterRef("case"))
        return rows.filter(Exists(mine.filter(Q(sides="both") | Q(sides=OuterRef("side")))))


class CaseDateQuerySet(OfVisibleCaseQuerySet):
    def held(self):
        return self.filter(status="held")
