"""Visits that are not made: cancelled, or planned to somebody whom nobody may contact any more."""

from datetime import date, datetime

from django.utils import timezone

from cases import events, policy
from cases.actions.locking import record_on
from cases.actions.releasing import cancel_interpreters
from cases.choices import VisitStatus
from cases.models import Case, Visit, VisitAlarm
from referrals.models import Consent
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of


def cancel_visits(case: Case, by: User, today: date, **conditions) -> int:
    """Those planned in a locked case, of one person or place where `conditions` say so. Returns how many."""
    planned = list(_planned(case).filter(**conditions))
    for visit in planned:
        cancel(visit, by, moment_of(today))
    return len(planned)


def cancel_forbidden_visits(case: Case, by: User, today: date) -> int:
    """Those planned in a locked case to somebody who left it or may not be contacted by any way. Returns how many."""
    forbidden = [visit for visit in _planned(case) if _is_forbidden(visit, case)]
    for visit in forbidden:
        cancel(visit, by, moment_of(today))
    return len(forbidden)


def cancel(visit: Visit, by: User, now: datetime) -> None:
    visit.status, visit.cancelled_at, visit.cancelled_by = VisitStatus.CANCELLED, now, by
    visit.save(update_fields=["status", "cancelled_at", "cancelled_by"])
    record_of_visit(events.VISIT_CANCELLED, visit, by, now)
    for alarm in VisitAlarm.objects.standing().filter(visit=visit):
        end_of_alarm(alarm, visit, by, now)
    cancel_interpreters(visit.case, by, timezone.localdate(now), visit=visit)
    notify(others_who_go(visit, by), "case_update", on=visit.case)


def end_of_alarm(alarm: VisitAlarm, visit: Visit, by: User, now: datetime) -> None:
    alarm.ended_at, alarm.ended_by = now, by
    alarm.save(update_fields=["ended_at", "ended_by", "found"])
    record_of_visit(events.VISIT_ALARM_ENDED, visit, by, now, alarm=str(alarm.pk))


def record_of_visit(verb: str, visit: Visit, by: User, now: datetime, **detail) -> None:
    today = timezone.localdate(now)
    record_on(verb, visit.case, by, today, about=visit.participant, visit=str(visit.pk), **detail)


def others_who_go(visit: Visit, by: User) -> list[User]:
    """Less whoever did it."""
    people = [one.learner.user for one in (visit.visitor, visit.companion) if one]
    return [user for user in people if user is not None and user.pk != by.pk]


def _planned(case: Case):
    planned = Visit.objects.select_for_update(of=("self",)).filter(case=case).to_come()
    return planned.select_related("participant__person")


def _is_forbidden(visit: Visit, case: Case) -> bool:
    given = Consent.objects.filter(person=visit.participant.person_id, referral=case.referral_id)
    stop = policy.why_not_contacted(visit.participant, case.referral, list(given))
    return bool(stop) or visit.participant.left_at is not None
