"""What every act on a practitioner begins with, and who is told at its end."""

from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.errors import NotAllowed
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.notifications.actions import notify, notify_role
from volunteers import policy
from volunteers.choices import MAY_OPEN_CASES
from volunteers.models import CoverChange, Practitioner


def locked(practitioner: Practitioner, by: User) -> Practitioner:
    if not policy.can_manage(by, practitioner):
        raise NotAllowed("Another coordinator or a service manager can do this.")
    return _lock(practitioner)


def locked_for_time(practitioner: Practitioner, by: User) -> Practitioner:
    if not policy.can_set_availability(by, practitioner):
        raise NotAllowed("The practitioner, a coordinator or a service manager can do this.")
    return _lock(practitioner)


def _lock(practitioner: Practitioner) -> Practitioner:
    return Practitioner.objects.select_for_update(of=("self",)).select_related("learner__user").get(pk=practitioner.pk)


def tell(practitioner: Practitioner) -> None:
    if practitioner.learner.user is not None:
        notify(practitioner.learner.user, "training", on=practitioner, url=reverse("volunteers:me"))


def look_for_cover(practitioner: Practitioner) -> None:
    """Whether they can come to what they have on cases has changed: the tasks to find somebody else follow, at once."""
    area = practitioner.service_area_id
    CoverChange.objects.enqueue(service_area_id=area, practitioner=practitioner)


def ask_for_cover(practitioner: Practitioner) -> None:
    """Coordinators hear of it where cases are left open without a facilitator who may read them."""
    row = Practitioner.objects.with_readiness(timezone.localdate()).get(pk=practitioner.pk)
    may_read = row.is_vetted and row.status in MAY_OPEN_CASES
    if row.open_cases and not may_read:
        _say(practitioner)


def say_they_are_young(practitioner: Practitioner) -> None:
    """Coordinators hear of it where somebody under 18 stands on cases as an adult."""
    if Practitioner.objects.with_readiness(timezone.localdate()).get(pk=practitioner.pk).open_cases:
        _say(practitioner)


def _say(practitioner: Practitioner) -> None:
    url = reverse("volunteers:detail", args=[practitioner.pk])
    notify_role(Role.COORDINATOR, practitioner.service_area_id, "safety_change", on=practitioner, url=url)
