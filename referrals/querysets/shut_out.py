"""Whom a user is shut out of, and what opens all the same."""

from functools import lru_cache

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from referrals.querysets.by_name import model
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row

CASEWORK = (Role.COORDINATOR, Role.SERVICE_MANAGER)


def known_in_case(user, *, referral: str):
    """Whom the user knows of everybody in the case of a referral. Looked up by name: `cases` stands above."""
    known = {"person__conflicts__user": user, "person__conflicts__lifted_at__isnull": True}
    return row_by_row(apps.get_model("cases", "Participant")).filter(case__referral=OuterRef(referral), **known)


class GrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Emergency access: of the area's managers whoever knows nobody in it; the data protection officer's, who reads when,
        who and why."""
        taken = self.filter(is_emergency=True)
        if user.is_system:
            return taken
        area = user.acting.service_area_id if user.acting else None
        if user.may("operations.view_audit"):
            return taken.filter(referral__service_area=area) if area else taken
        if not user.may("referrals.grant"):
            return self.none()
        return taken.filter(referral__in=model("Referral").objects.filter(service_area=area).without_conflict(user))

    def of_emergency(self, user):
        return self.in_force().filter(is_emergency=True, user=user)

    def in_force(self):
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))

    def of_casework_in(self, area_id):
        """Those of people who could open the referral today."""
        memberships = apps.get_model("accounts", "Membership").objects.current(timezone.localdate())
        working = memberships.filter(service_area=area_id, role__in=CASEWORK)
        return self.filter(user__is_active=True, user__in=working.values("user"))


def open_to(user, *, referral: str, people: tuple[str, ...]) -> tuple:
    """Conditions that nothing shuts the user out, for a query that names its referral and people by these paths.

    Asked row by row through indexes. As lists (`NOT IN`) it reads better and took twenty times as long for a
    practitioner's thirty cases in tables that nobody had analysed yet.
    """
    return _open_to(user.pk, referral, people)


def opened_in_emergency(user, *, referral: str) -> Exists:
    """That the user opened it so, and it has not ended."""
    return Exists(row_by_row(model("Grant")).of_emergency(user).filter(referral=OuterRef(referral)))


@lru_cache(maxsize=1000)  # every action asks, and building the conditions takes longer than answering them
def _open_to(user_id, referral: str, people: tuple[str, ...]) -> tuple:
    restricted = row_by_row(model("Restriction")).filter(referral=OuterRef(referral))
    granted = row_by_row(model("Grant")).in_force().filter(referral=OuterRef(referral), user=user_id)
    known = Q(referral=OuterRef(referral))
    for path in people:
        known |= Q(person=OuterRef(path))
    conflicts = row_by_row(model("ConflictOfInterest")).filter(known, user=user_id, lifted_at__isnull=True)
    return Exists(granted) | ~Exists(restricted), ~Exists(conflicts)


def known_beside(user, referral: str):
    """Of somebody responsible beside the first, whom the user knows."""
    known = {"person__conflicts__user": user, "person__conflicts__lifted_at__isnull": True}
    return row_by_row(model("AlsoResponsible")).filter(referral=OuterRef(referral), **known)


def users_in_conflict(referral) -> set:
    """Ids of those with a declared conflict with the referral or anybody in it or in its case."""
    people = Q(person=referral.person_harmed_id) | Q(person=referral.person_responsible_id)
    people |= Q(person__in=row_by_row(model("AlsoResponsible")).filter(referral=referral).values("person"))
    # Looked up by name: `cases` stands above.
    in_case = row_by_row(apps.get_model("cases", "Participant")).filter(case__referral=referral)
    about = Q(referral=referral) | (Q(person__isnull=False) & (people | Q(person__in=in_case.values("person"))))
    conflicts = row_by_row(model("ConflictOfInterest")).filter(about, lifted_at__isnull=True)
    return set(conflicts.values_list("user", flat=True))
