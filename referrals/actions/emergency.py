"""At night nobody is there to ask: somebody opens what was not given to them, says why, and others hear of it at once."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils import timezone

from referrals import events
from referrals.actions.locking import locked, require
from referrals.actions.telling import at_work, who_may_open
from referrals.models import Grant, Referral
from referrals.querysets import known_in_case, known_to
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import Membership, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify

NOT_THERE = "No referral or case of this reference can be opened in this way. Check the reference."
OPEN_ALREADY = "This is open to you already. Look for it in the list of referrals or cases."


@transaction.atomic
def open_in_emergency(*, reference: str, reason: str, by: User) -> Referral:
    """For RJ_EMERGENCY_HOURS (4), of the user's own area. What they have a conflict of interest with is not there, as if the
    reference were wrong. The service managers, the data protection officers and whoever may open it are told at once."""
    require(by.may("referrals.emergency"), "Only coordination and case supervisors can do this.")
    if not reason.strip():
        raise DomainError("Say why it cannot wait", field="reason")
    found = _called(reference, by)
    if found is None:
        raise DomainError(NOT_THERE, field="reference")
    referral = locked(found)
    if known_to(by).filter(pk=referral.pk).exists():
        raise DomainError(OPEN_ALREADY, field="reference")
    told = [user for user in who_may_open(referral) if user != by]
    ends_at = timezone.now() + timedelta(hours=settings.RJ_EMERGENCY_HOURS)
    taken = {"reason": reason.strip(), "granted_by": by, "granted_at": timezone.now(), "ends_at": ends_at}
    Grant.objects.update_or_create(referral=referral, user=by, defaults=taken | {"is_emergency": True})
    record(events.OPENED_IN_EMERGENCY, by=by, on=referral, detail={"until": ends_at.isoformat()})
    _tell(referral, by, told)
    return referral


def _called(reference: str, by: User) -> Referral | None:
    """By its own reference or its case's. A conflict with anybody in the case shuts out as one with the referral does."""
    area = by.acting.service_area_id if by.acting else None
    called = Referral.objects.filter(Q(reference=reference) | Q(case__reference=reference), service_area=area)
    return called.without_conflict(by).filter(~Exists(known_in_case(by, referral="pk"))).first()


def _tell(referral: Referral, by: User, may_open: list[User]) -> None:
    """Managers who know somebody in it hear nothing. To the others it names nothing: where they look, they read what they may."""
    managers = referral.less_conflicting(at_work(referral.service_area_id, role=Role.SERVICE_MANAGER))
    officers = Membership.objects.current(timezone.localdate()).filter(
        Q(service_area=referral.service_area_id) | Q(service_area__isnull=True),
        role=Role.DATA_PROTECTION_OFFICER,
        user__is_active=True,
    )
    told = {user.pk: user for user in (*managers, *may_open, *(one.user for one in officers.select_related("user")))}
    told.pop(by.pk, None)
    notify(told.values(), "emergency", url=reverse("referrals:emergencies"))
