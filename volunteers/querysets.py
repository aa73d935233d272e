"""Who sees practitioners, and what decides whether one is ready: columns here, words in `readiness`."""

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from volunteers.choices import (
    DBS_ENOUGH,
    MAY_OPEN_CASES,
    POLICE_VETTING_ENOUGH,
    SUPERVISION_EVERY,
    CheckStatus,
    PractitionerStatus,
)

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
        current = _checks().current(today)
        return self.filter(
            Exists(current.filter(kind__in=DBS_ENOUGH)), Exists(current.filter(kind__in=POLICE_VETTING_ENOUGH))
        )

    def may_open_cases(self, today):
        """Vetted, and neither suspended nor gone. Everything a practitioner reads of a case hangs on this."""
        return self.vetted(today).filter(status__in=MAY_OPEN_CASES)

    def with_readiness(self, today):
        """One statement for all that readiness needs, a row a practitioner; `readiness.readiness_of` puts it into words.

        `dbs_until` and `police_vetting_until` are the end of the check that lasts longest, in force or not; None with
        `has_dbs` is a check without an end. `open_cases` counts assignments in force, in whatever area.
        """
        return (
            self.select_related("learner", "organisation")
            .annotate(readiness_on=Value(today, output_field=DateField()))
            .annotate(**_vetting(today), **_training(today), **_supervision(today), **_time())
            .annotate(
                active=_is(Q(status=PractitionerStatus.ACTIVE)),
                is_vetted=_is(Q(has_dbs=True, has_police_vetting=True)),
                supervision_current=_is(
                    Q(last_supervision_on__isnull=False, last_supervision_on__gte=today - SUPERVISION_EVERY)
                ),
                has_room=_is(Q(open_cases__lt=F("case_limit"))),
                away_until=Subquery(_away(today).values("away_until")[:1]),
            )
            .annotate(ready=_is(Q(active=True, is_vetted=True, trained=True, supervision_current=True, has_room=True)))
        )

    def ending_before(self, day):
        """Of `with_readiness`: a check of either family ends before the day."""
        return self.filter(Q(dbs_until__lt=day) | Q(police_vetting_until__lt=day))


class CheckQuerySet(models.QuerySet):
    def current(self, today):
        """Cleared and not ended on the day. The last day of a check still counts."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=today), status="cleared", issued_on__lte=today
        )


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _checks():
    return row_by_row(apps.get_model("volunteers", "Check")).filter(practitioner=OuterRef("pk"))


def _vetting(today) -> dict:
    """Of each family whether it is in force, and the check that lasts longest."""
    current = _checks().current(today)
    longest = (
        _checks()
        .filter(status=CheckStatus.CLEARED, issued_on__lte=today)
        .order_by(F("expires_on").desc(nulls_first=True), "-issued_on")
    )
    police = longest.filter(kind__in=POLICE_VETTING_ENOUGH)
    dbs = longest.filter(kind__in=DBS_ENOUGH)
    return {
        "has_dbs": Exists(current.filter(kind__in=DBS_ENOUGH)),
        "dbs_until": Subquery(dbs.values("expires_on")[:1]),
        "dbs_kind": Subquery(dbs.values("kind")[:1]),
        "has_police_vetting": Exists(current.filter(kind__in=POLICE_VETTING_ENOUGH)),
        "police_vetting_until": Subquery(police.values("expires_on")[:1]),
        "police_vetting_kind": Subquery(police.values("kind")[:1]),
    }


def _training(today) -> dict:
    awards = row_by_row(apps.get_model("training", "Award")).filter(
        learner=OuterRef("learner"), course__makes_facilitators=True, awarded_on__lte=today
    )
    longest = awards.order_by(F("expires_on").desc(nulls_first=True))
    return {
        "trained": Exists(awards.current(today)),
        "has_been_trained": Exists(awards),
        "trained_until": Subquery(longest.values("expires_on")[:1]),
    }


def _supervision(today) -> dict:
    held = row_by_row(apps.get_model("volunteers", "Supervision")).filter(
        practitioner=OuterRef("pk"), held_on__lte=today
    )
    return {"last_supervision_on": Subquery(held.order_by("-held_on").values("held_on")[:1])}


def _time() -> dict:
    """Looked up by name: `cases` stands above, and its model's own queryset says what is in force."""
    counted = (
        row_by_row(apps.get_model("cases", "Assignment"))
        .in_force()
        .filter(practitioner=OuterRef("pk"))
        .order_by()
        .values("practitioner")
        .annotate(number=Count("pk"))
    )
    return {"open_cases": Coalesce(Subquery(counted.values("number")), 0)}


def _away(today):
    away = row_by_row(apps.get_model("volunteers", "Availability")).filter(practitioner=OuterRef("pk"))
    return away.filter(away_from__lte=today, away_until__gte=today).order_by("-away_until")
