"""A visit: planned in pairs, checked in and out; overdue it alarms, once, until somebody sees to it (domain 2.16.14)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cases import events, policy
from cases.actions.contacting import first_way
from cases.actions.ending_visits import cancel, end_of_alarm, others_who_go, record_of_visit
from cases.actions.locking import (
    NOT_YOUR_SIDE,
    approach_is_agreed,
    hold_practitioners,
    locked_open,
    record_on,
    require,
    require_open_side,
)
from cases.choices import (
    VISIT_TRANSITIONS,
    AlarmKind,
    AssignmentSides,
    ContactMethod,
    VisitPlace,
    VisitStatus,
)
from cases.diaries import away, taken
from cases.models import Assignment, Case, Participant, Visit, VisitAlarm
from referrals import actions as referrals
from referrals.models import ConflictOfInterest, Consent, SensitiveFlag
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day, when
from volunteers.choices import PractitionerKind
from volunteers.models import Practitioner

LONGEST = 8 * 60
NOT_YOUR_VISIT = "Only those who go, and the coordination, can do this."
STAFF_ONLY = "Only a coordinator or a service manager can do this."
EXTENSIONS = (15, 30, 60)


def who_may_visit(case: Case, side: str, today) -> list[Practitioner]:
    """Those who work on this side of the case today, and the service's own staff. Nobody under 18 (domain 2.16.6)."""
    in_case = Participant.objects.filter(case=case).values("person")
    conflicts = ConflictOfInterest.objects.filter(
        Q(referral=case.referral_id) | Q(person__in=in_case), lifted_at__isnull=True
    )
    people = row_by_row(Practitioner).may_open_cases(today).adults(today).select_related("learner")
    people = people.exclude(learner__user__in=conflicts.values("user"))
    on_side = Assignment.objects.in_force().filter(case=case, sides__in=[side, AssignmentSides.BOTH])
    found = people.filter(pk__in=on_side.values("practitioner"))
    staff = people.filter(service_area=case.service_area_id, kind=PractitionerKind.SERVICE_STAFF)
    both = {one.pk: one for one in (*found, *staff)}
    return sorted(both.values(), key=lambda one: one.name)


@transaction.atomic
def plan_visit(
    *,
    participant: Participant,
    visitor: Practitioner,
    place: str,
    planned_for: datetime,
    minutes: int,
    by: User,
    now: datetime,
    companion: Practitioner | None = None,
    alone_because: str = "",
) -> Visit:
    """In pairs (domain 2.4). Alone only with a reason, and never to a home or in a sensitive case."""
    today = timezone.localdate(now)
    case = locked_open(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    _require_reachable(participant, case, today)
    if place not in VisitPlace.values:
        raise DomainError("Choose where the visit is", field="place")
    _require_safe(participant, place, today)
    if planned_for < now - timedelta(minutes=15):
        raise DomainError("The visit must be now or later", field="time")
    if not 1 <= minutes <= LONGEST:
        raise DomainError(f"A visit takes from 1 to {LONGEST} minutes", field="minutes")
    _require_visitors(case, participant.side, visitor, companion, today)
    if companion is None:
        _require_alone(case, place, alone_because)
    _require_free([visitor, companion] if companion else [visitor], planned_for, timedelta(minutes=minutes))
    visit = Visit.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        place=place,
        planned_for=planned_for,
        minutes=minutes,
        visitor=visitor,
        companion=companion,
        alone_because=None if companion else alone_because.strip(),
        planned_by=by,
    )
    record_on(events.VISIT_PLANNED, case, by, today, about=participant, visit=str(visit.pk), place=place)
    notify(others_who_go(visit, by), "case_update", on=case)
    return visit


@transaction.atomic
def check_in(*, visit: Visit, by: User, now: datetime) -> Visit:
    """From now on somebody is expected out. Refused where the person may no longer be contacted."""
    today = timezone.localdate(now)
    case = locked_open(visit.case, by, today)
    fresh = _held(visit, by)
    require(policy.can_see_to_visit(by, fresh), NOT_YOUR_VISIT)
    _require_move(fresh, VisitStatus.UNDER_WAY)
    _require_near(fresh, now)
    _require_reachable(fresh.participant, case, today)
    _require_safe(fresh.participant, fresh.place, today)
    _require_visitors(case, fresh.side, fresh.visitor, fresh.companion, today)
    if fresh.companion is None:
        _require_alone(case, fresh.place, fresh.alone_because or "")
    for one in filter(None, (fresh.visitor, fresh.companion)):
        if Visit.objects.under_way().filter(Q(visitor=one) | Q(companion=one)).exists():
            raise DomainError(f"{one.name} is still checked in to another visit. Check out of that one first")
    fresh.status, fresh.out_by = VisitStatus.UNDER_WAY, now + timedelta(minutes=fresh.minutes)
    fresh.checked_in_at, fresh.checked_in_by = now, by
    fresh.save(update_fields=["status", "out_by", "checked_in_at", "checked_in_by"])
    record_on(events.VISIT_BEGUN, case, by, today, about=fresh.participant, visit=str(fresh.pk))
    _end_overdue(fresh, by, now)
    return fresh


@transaction.atomic
def extend_visit(*, visit: Visit, minutes: int, by: User, now: datetime) -> Visit:
    """So many minutes from now. Ends an alarm that they are overdue, never one that asks for help."""
    fresh = _under_way(visit, by)
    if minutes not in EXTENSIONS:
        raise DomainError("Choose how much longer it takes", field="minutes")
    fresh.out_by = now + timedelta(minutes=minutes)
    fresh.save(update_fields=["out_by"])
    record_of_visit(events.VISIT_EXTENDED, fresh, by, now, minutes=minutes)
    _end_overdue(fresh, by, now)
    return fresh


@transaction.atomic
def check_out(*, visit: Visit, by: User, now: datetime) -> Visit:
    """They are out. An alarm that asked for help stands until the coordination has spoken with them: whoever is forced can
    be forced to check out."""
    fresh = _under_way(visit, by)
    fresh.status, fresh.checked_out_at, fresh.checked_out_by = VisitStatus.OVER, now, by
    fresh.save(update_fields=["status", "checked_out_at", "checked_out_by"])
    record_of_visit(events.VISIT_OVER, fresh, by, now)
    _end_overdue(fresh, by, now)
    return fresh


@transaction.atomic
def cancel_visit(*, visit: Visit, by: User, now: datetime) -> Visit:
    fresh = _held(visit, by)
    require(policy.can_see_to_visit(by, fresh) or fresh.planned_by_id == by.pk, NOT_YOUR_VISIT)
    _require_move(fresh, VisitStatus.CANCELLED)
    cancel(fresh, by, now)
    return fresh


@transaction.atomic
def ask_for_help(*, visit: Visit, by: User, now: datetime) -> VisitAlarm:
    """At once, before any time is over. Pressed again it changes nothing."""
    fresh = _under_way(visit, by)
    alarm = VisitAlarm.objects.standing().filter(visit=fresh).first() or VisitAlarm(visit=fresh, raised_at=now)
    if alarm.kind == AlarmKind.HELP:
        return alarm
    alarm.kind, alarm.raised_at = AlarmKind.HELP, now
    alarm.answered_at = alarm.answered_by = alarm.escalated_at = None
    alarm.save()
    record_of_visit(events.VISIT_ALARMED, fresh, by, now, alarm=str(alarm.pk), kind=alarm.kind)
    notify(_watchers(fresh), "visit_help", on=fresh.case, url=_address(fresh))
    return alarm


@transaction.atomic
def raise_not_in_alarm(*, visit: Visit, by: User, now: datetime) -> bool:
    """Once, when it was to begin some time ago and nobody checked in: forgotten, or never got there. Checking in or calling it
    off ends it."""
    late = Visit.objects.not_in(now - timedelta(minutes=settings.RJ_VISIT_NOT_IN_MINUTES))
    return _alarm(_held(visit, by), late, AlarmKind.NOT_IN, "visit_not_in", by, now)


@transaction.atomic
def raise_overdue_alarm(*, visit: Visit, by: User, now: datetime) -> bool:
    """Once, when the time that they were to be out is past by more than the minutes of grace."""
    late = Visit.objects.out_before(now - timedelta(minutes=settings.RJ_VISIT_GRACE_MINUTES)).without_alarm()
    return _alarm(_held(visit, by), late, AlarmKind.OVERDUE, "visit_overdue", by, now)


def _alarm(visit: Visit, late: QuerySet[Visit], kind: str, told: str, by: User, now: datetime) -> bool:
    if not late.filter(pk=visit.pk).exists():
        return False
    alarm = VisitAlarm.objects.create(visit=visit, kind=kind, raised_at=now)
    record_of_visit(events.VISIT_ALARMED, visit, by, now, alarm=str(alarm.pk), kind=alarm.kind)
    notify(_watchers(visit), told, on=visit.case, url=_address(visit))
    return True


@transaction.atomic
def escalate_alarm(*, alarm: VisitAlarm, by: User, now: datetime) -> bool:
    """Once, when nobody has said that they see to it: to everybody who coordinates or manages the area."""
    visit = _held(alarm.visit, by)
    waited = timedelta(minutes=settings.RJ_VISIT_ESCALATE_MINUTES)
    fresh = VisitAlarm.objects.to_escalate(now - waited).filter(pk=alarm.pk).first()
    if fresh is None:
        return False
    fresh.escalated_at = now
    fresh.save(update_fields=["escalated_at"])
    record_of_visit(events.VISIT_ALARM_ESCALATED, visit, by, now, alarm=str(fresh.pk))
    notify(_everybody(visit), "visit_unanswered", on=visit.case, url=_address(visit))
    return True


@transaction.atomic
def answer_alarm(*, visit: Visit, by: User, now: datetime) -> VisitAlarm:
    """'I see to it': the others know that somebody rings them."""
    fresh, alarm = _alarm_of(visit, by)
    if alarm.answered_by is not None:
        raise StaleState(f"{alarm.answered_by.get_full_name()} sees to it already.")
    alarm.answered_at, alarm.answered_by = now, by
    alarm.save(update_fields=["answered_at", "answered_by"])
    record_of_visit(events.VISIT_ALARM_ANSWERED, fresh, by, now, alarm=str(alarm.pk))
    return alarm


@transaction.atomic
def end_alarm(*, visit: Visit, found: str, is_out: bool, by: User, now: datetime) -> VisitAlarm:
    """What was found. `is_out`: they are out, which checks them out; else they have a quarter of an hour, and it alarms anew."""
    fresh, alarm = _alarm_of(visit, by)
    if not found.strip():
        raise DomainError("Say how you know that they are safe", field="found")
    alarm.found = found.strip()
    end_of_alarm(alarm, fresh, by, now)
    if fresh.status == VisitStatus.UNDER_WAY and is_out:
        check_out(visit=fresh, by=by, now=now)
    elif fresh.status == VisitStatus.UNDER_WAY:
        extend_visit(visit=fresh, minutes=EXTENSIONS[0], by=by, now=now)
    return alarm


def _held(visit: Visit, by: User) -> Visit:
    """As it stands now, held until the transaction ends."""
    Visit.objects.select_for_update().values_list("pk").get(pk=visit.pk)
    seen = Visit.objects.visible_to(by).select_related(
        "case__referral", "case__coordinator", "participant__person", "visitor__learner", "companion__learner"
    )
    fresh = seen.filter(pk=visit.pk).first()
    if fresh is None:
        raise NotAllowed(NOT_YOUR_VISIT)
    return fresh


def _under_way(visit: Visit, by: User) -> Visit:
    fresh = _held(visit, by)
    require(policy.can_see_to_visit(by, fresh), NOT_YOUR_VISIT)
    if fresh.status != VisitStatus.UNDER_WAY:
        raise StaleState(f"This visit stands at “{fresh.get_status_display()}”. Nothing was done twice.")
    return fresh


def _alarm_of(visit: Visit, by: User) -> tuple[Visit, VisitAlarm]:
    fresh = _held(visit, by)
    require(policy.can_manage(by, fresh.case), STAFF_ONLY)
    alarm = VisitAlarm.objects.standing().select_related("answered_by").filter(visit=fresh).first()
    if alarm is None:
        raise StaleState("The alarm has ended already.")
    return fresh, alarm


def _require_move(visit: Visit, status: str) -> None:
    if status not in VISIT_TRANSITIONS[visit.status]:
        raise StaleState(f"This visit stands at “{visit.get_status_display()}” already. Nothing was done twice.")


def _require_reachable(participant: Participant, case: Case, today: date) -> None:
    participant = Participant.objects.select_related("person").get(pk=participant.pk)
    given = Consent.objects.filter(person=participant.person_id, referral=case.referral_id)
    if stop := policy.why_not_contacted(participant, case.referral, list(given)):
        raise DomainError(stop)
    if participant.left_at is not None:
        raise DomainError("This person no longer takes part")
    require_open_side(case, participant.side)
    if not approach_is_agreed(case, participant.side, today):
        raise DomainError("Nobody visits this side before whoever began it has agreed to that. Ask the coordinator")


def _require_safe(participant: Participant, place: str, today: date) -> None:
    if place == VisitPlace.HOME and first_way(participant, today) == ContactMethod.THROUGH_REFERRER:
        raise DomainError(
            "This person is reached through whoever referred them. Nobody goes to their home: arrange another place",
            field="place",
        )


def _require_near(visit: Visit, now: datetime) -> None:
    """Checked in the evening before, nobody would be missed in the morning."""
    earliest = visit.planned_for - timedelta(minutes=settings.RJ_VISIT_EARLY_MINUTES)
    if now < earliest:
        raise DomainError(
            f"This visit is {when(visit.planned_for)}. Check in when you get there, from {when(earliest)}"
        )


def _require_visitors(case: Case, side: str, visitor: Practitioner, companion: Practitioner | None, today) -> None:
    if companion is not None and companion.pk == visitor.pk:
        raise DomainError("Choose two people", field="companion")
    may = {one.pk for one in who_may_visit(case, side, today)}
    for field, one in (("visitor", visitor), ("companion", companion)):
        if one is not None and one.pk not in may:
            young = "" if one.is_adult_on(today) else ": nobody under 18 does"
            raise DomainError(f"{one.name} cannot go on this visit today{young}", field=field)


def _require_free(people: list[Practitioner], begins: datetime, takes: timedelta) -> None:
    """Held, so that a meeting arranged or a visit planned in the same moment is seen."""
    names = {one.pk: one.name for one in people}
    hold_practitioners(names)
    clash = next((one for one in taken(names, [begins]) if one.overlaps(begins, begins + takes)), None)
    if clash is not None:
        words = f"{names[clash.practitioner]} has another meeting or visit then, {when(clash.begins)}"
        raise DomainError(words, field="time")
    gone = next((one for one in away(names, [begins]) if one.covers(begins)), None)
    if gone is not None:
        raise DomainError(f"{names[gone.practitioner]} is away then, until {day(gone.last)}", field="time")


def _require_alone(case: Case, place: str, because: str) -> None:
    if place == VisitPlace.HOME:
        raise DomainError("Nobody visits a home alone. Choose who goes with them", field="companion")
    if SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True).exists():
        raise DomainError("Nobody visits alone in a sensitive case. Choose who goes with them", field="companion")
    if not because.strip():
        raise DomainError("Say why it is safe to go alone", field="alone_because")


def _end_overdue(visit: Visit, by: User, now: datetime) -> None:
    for alarm in VisitAlarm.objects.standing().filter(visit=visit).exclude(kind=AlarmKind.HELP):
        end_of_alarm(alarm, visit, by, now)


def _watchers(visit: Visit) -> list[User]:
    """The case's coordinator and the area's service managers."""
    managers = referrals.at_work(visit.case.service_area_id, role=Role.SERVICE_MANAGER)
    return _not_shut_out(visit, [visit.case.coordinator, *managers])


def _everybody(visit: Visit) -> list[User]:
    roles = (Role.COORDINATOR, Role.SERVICE_MANAGER)
    return _not_shut_out(visit, referrals.at_work(visit.case.service_area_id, role__in=roles))


def _not_shut_out(visit: Visit, users: Iterable[User]) -> list[User]:
    """Each once. Where everybody is shut out the managers hear of it all the same: a life comes before a conflict, and the
    notice names nobody."""
    once = list({user.pk: user for user in users}.values())
    return referrals.less_shut_out(visit.case.referral, once) or once


def _address(visit: Visit) -> str:
    return reverse("cases:visit", args=[visit.pk])
