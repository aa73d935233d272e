"""Who is away, and who has their alerts and tasks meanwhile."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import require
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import Absence, Membership, ServiceArea, User
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify

ONLY_THEIRS = "Only they, or a coordinator, can do this."


@transaction.atomic
def record_absence(
    *, area: ServiceArea, user: User, covered_by: User, away_from: date, away_until: date, by: User, today: date
) -> Absence:
    """From the first day to the last, both included. The cover works in the same role of the same area, is told, and is
    there themselves. Whoever facilitates has no cover: their places on cases are handed over."""
    require(policy.can_record_absence(by, user, area.pk), ONLY_THEIRS)
    if away_until < max(away_from, today):
        raise DomainError("The last day must be the first or later, and not in the past", field="away_until")
    role = _role_of(user, area, today)
    User.objects.select_for_update().get(pk=user.pk)
    away = Absence.objects.not_over(away_from).filter(away_from__lte=away_until, service_area=area)
    if away.filter(user=user).exists():
        raise DomainError("They are away on some of these days already", field="away_from")
    _require_cover(user, covered_by, role, area, today)
    if away.filter(user=covered_by).exists():
        raise DomainError(f"{covered_by.get_full_name()} is away then, too", field="covered_by")
    absence = Absence.objects.create(
        service_area=area,
        role=role,
        user=user,
        covered_by=covered_by,
        away_from=away_from,
        away_until=away_until,
        recorded_by=by,
    )
    record(events.ABSENCE_RECORDED, by=by, on=absence, detail={"user": str(user.pk), "cover": str(covered_by.pk)})
    notify([one for one in (user, covered_by) if one != by], "cover")
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: User) -> Absence:
    """They are back, or it was wrong."""
    fresh = Absence.objects.select_for_update().get(pk=absence.pk)
    require(policy.can_record_absence(by, fresh.user, fresh.service_area_id), ONLY_THEIRS)
    if fresh.ended_at is not None:
        raise StaleState("This absence has ended already.")
    fresh.ended_at, fresh.ended_by = timezone.now(), by
    fresh.save(update_fields=["ended_at", "ended_by"])
    record(events.ABSENCE_ENDED, by=by, on=fresh, detail={"user": str(fresh.user_id)})
    notify([one for one in (fresh.user, fresh.covered_by) if one != by], "cover")
    return fresh


def _role_of(user: User, area: ServiceArea, today: date) -> str:
    held = Membership.objects.current(today).filter(user=user, service_area=area, role__in=policy.COVERED_ROLES)
    role = held.values_list("role", flat=True).order_by("role").first()
    if role is None:
        raise DomainError("Only coordinators, case supervisors and service managers have a cover", field="user")
    return role


def _require_cover(user: User, cover: User, role: str, area: ServiceArea, today: date) -> None:
    if cover == user:
        raise DomainError("Choose somebody else: nobody covers for themselves", field="covered_by")
    held = Membership.objects.current(today).filter(user=cover, service_area=area, role=role)
    if not cover.is_active or not held.exists():
        raise DomainError("Choose somebody of the same role", field="covered_by")
