"""The waiting for a suspect to be identified ends: somebody is, or the person stopped it, or has died."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from referrals import events
from referrals.actions.locking import locked, set_status
from referrals.choices import InitiatedBy, ReferralStatus
from referrals.models import InterestTrigger, Person, Referral, Task, WatchedInterest
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import moment_of


def end_wait(referral: Referral, *, by: User, today: date) -> None:
    """Nothing is checked or looked at any more. The status is the caller's."""
    WatchedInterest.objects.filter(referral=referral, ended_at__isnull=True).update(
        ended_at=moment_of(today), ended_by=by, watched_day=None
    )
    settle(InterestTrigger.objects.filter(interest__referral=referral), by=by)


def settle(triggers, *, by: User) -> int:
    """Looked at, and so are their tasks. Returns how many were open."""
    found = list(triggers.open().values_list("pk", "task"))
    now = {"settled_at": timezone.now(), "settled_by": by}
    InterestTrigger.objects.filter(pk__in=[pk for pk, _ in found]).update(**now)
    Task.objects.open().filter(pk__in=[task for _, task in found]).update(done_at=now["settled_at"], done_by=by)
    return len(found)


def stop_wait(referral: Referral, *, reason: str, by: User, today: date) -> None:
    """Of a locked referral that waits. It ends neutrally: `reason` (NotAcceptedReason) stays inside."""
    end_wait(referral, by=by, today=today)
    set_status(referral, ReferralStatus.NOT_ACCEPTED, by, today, not_accepted_reason=reason)
    people = [referral.person_harmed_id] if referral.person_harmed_id else []
    record(events.WAIT_STOPPED, by=by, on=referral, detail={"reason": reason}, people=people)


def waits_of(person: Person) -> QuerySet[Referral]:
    """Where it is their own wish that waits."""
    theirs = Q(person_harmed=person) | Q(person_responsible=person, initiated_by=InitiatedBy.OFFENDER)
    return Referral.objects.filter(theirs, status=ReferralStatus.INTERESTED)


def stop_waits(*, about: Person, reason: str, by: User, today: date, referral: Referral | None = None) -> None:
    """After a withdrawal (of one referral) or a death: whoever's wish it was no longer waits."""
    waiting = waits_of(about)
    for one in waiting.filter(pk=referral.pk) if referral else waiting.order_by("id"):
        fresh = locked(one)
        if fresh.status == ReferralStatus.INTERESTED:
            stop_wait(fresh, reason=reason, by=by, today=today)
