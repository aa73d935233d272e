"""Tell people that there is an update. What it is, they read inside."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from rj_service.accounts.acting import in_any_role
from rj_service.accounts.models import Absence, Membership, User
from rj_service.accounts.roles import Role
from rj_service.notifications.kinds import SENTENCES
from rj_service.notifications.models import Notification

CANNOT_WAIT = frozenset(["safety_change", "cannot_go_ahead", "person_asked", "ask_again", "repeated_approach"])


def notify(users: User | Iterable[User], kind: str, *, on: models.Model | None = None, url: str = "") -> None:
    """One notification each, in the caller's transaction; the email goes out from a worker. Unknown kinds are KeyErrors.
    Whoever stands in for somebody who is away is told of what they may see themselves."""
    SENTENCES[kind]
    given: dict[str, Any] = {"kind": kind, "url": url}
    if on is not None:
        given |= {
            "object_label": on._meta.label_lower,
            "object_id": on.pk,
            "reference": getattr(on, "reference", "") or "",
        }
    told = [user for user in ([users] if isinstance(users, User) else users) if not user.is_system and user.is_active]
    told = _who_may_hear(told, kind, on)
    for user in told:
        Notification.objects.enqueue(user=user, **given)
    for absence in _absences_of(told, on) if on is not None else ():
        Notification.objects.enqueue(user=absence.covered_by, stands_in_for=absence.user, **given)


def _who_may_hear(told: list[User], kind: str, on: Any) -> list[User]:
    """Whoever has a conflict of interest with it hears nothing of it. What cannot wait goes to the managers of its area where
    nobody is left."""
    if not told or not hasattr(on, "less_conflicting"):
        return told
    found = on.less_conflicting(told)
    if found or kind not in CANNOT_WAIT:
        return found
    managers = Membership.objects.current(timezone.localdate()).filter(
        role=Role.SERVICE_MANAGER, service_area=on.service_area_id, user__is_active=True
    )
    return on.less_conflicting(one.user for one in managers.select_related("user"))


def _absences_of(told: list[User], on: models.Model) -> Iterator[Absence]:
    """Those whose cover is told too: what the alert is about is open to them as well."""
    rows = type(on)._default_manager.all()
    if not told or not hasattr(rows, "visible_to"):
        return
    away = Absence.objects.on(timezone.localdate()).filter(user__in=told).exclude(covered_by__in=told)
    seen = away.select_related("user", "covered_by")
    yield from (absence for absence in seen if _cover_sees(absence, rows.filter(pk=on.pk)))


def _cover_sees(absence: Absence, row: Any) -> bool:
    def sees(they: User) -> bool:
        return they.acting_role == absence.role and row.visible_to(they).exists()

    return in_any_role(absence.covered_by, absence.service_area_id, sees)


def notify_role(role: str, area, kind: str, *, on: models.Model | None = None, url: str = "") -> None:
    """Everybody who holds the role in the area today."""
    area_id = getattr(area, "pk", area)
    members = Membership.objects.current(timezone.localdate()).filter(role=role, service_area_id=area_id)
    notify([m.user for m in members.select_related("user")], kind, on=on, url=url)


def forget(users: Iterable[User], *, on: models.Model) -> None:
    """What they were told of it, read or not, sent or not: it is open to them no more."""
    Notification.objects.filter(user__in=list(users), object_label=on._meta.label_lower, object_id=on.pk).delete()


def mark_read(notification: Notification, *, by: User) -> None:
    Notification.objects.visible_to(by).filter(pk=notification.pk, read_at__isnull=True).update(read_at=Now())
