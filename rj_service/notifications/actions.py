"""Tell people that there is an update. What it is, they read inside."""

from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from rj_service.accounts.models import Membership, User
from rj_service.notifications.kinds import SENTENCES
from rj_service.notifications.models import Notification


def notify(users: User | Iterable[User], kind: str, *, on: models.Model | None = None, url: str = "") -> None:
    """One notification each, in the caller's transaction; the email goes out from a worker. Unknown kinds are KeyErrors."""
    SENTENCES[kind]
    for user in [users] if isinstance(users, User) else users:
        if user.is_system or not user.is_active:
            continue
        Notification.objects.enqueue(
            user=user,
            kind=kind,
            object_label=on._meta.label_lower if on is not None else "",
            object_id=on.pk if on is not None else None,
            reference=getattr(on, "reference", "") or "",
            url=url,
        )


def notify_role(role: str, area, kind: str, *, on: models.Model | None = None, url: str = "") -> None:
    """Everybody who holds the role in the area today."""
    area_id = getattr(area, "pk", area)
    members = Membership.objects.current(timezone.localdate()).filter(role=role, service_area_id=area_id)
    notify([m.user for m in members.select_related("user")], kind, on=on, url=url)


def mark_read(notification: Notification, *, by: User) -> None:
    Notification.objects.visible_to(by).filter(pk=notification.pk, read_at__isnull=True).update(read_at=Now())
