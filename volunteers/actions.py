"""What is done with practitioners: registration, checks, supervision, availability, status and level."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Organisation, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify, notify_role
from rj_service.ui.templatetags.ui import day
from training.models import Learner
from volunteers import events, policy
from volunteers.choices import (
    CHECK_FAMILIES,
    FROM_AN_ORGANISATION,
    MAY_OPEN_CASES,
    CheckStatus,
    Level,
    PractitionerKind,
    PractitionerStatus,
)
from volunteers.models import Availability, Check, Practitioner, Supervision

WeeklyTime = tuple[int, time, time]  # 0 is Monday


@transaction.atomic
def register_practitioner(
    *,
    learner: Learner,
    kind: str,
    is_adult: bool = True,
    organisation: Organisation | None = None,
    local_areas: Iterable[LocalArea] = (),
    case_limit: int = 4,
    by: User,
) -> Practitioner:
    """One practitioner a learner. It begins as an enquiry: neither vetted nor able to see a case."""
    if not by.may("volunteers.manage", learner.service_area_id):
        raise NotAllowed("A coordinator or a service manager can do this.")
    learner = Learner.objects.select_for_update().get(pk=learner.pk)
    if Practitioner.objects.filter(learner=learner).exists():
        raise StaleState(f"{learner.name} is registered already. Nothing was done twice", field="learner")
    if kind in FROM_AN_ORGANISATION and organisation is None:
        raise DomainError("Choose the organisation that this person comes from", field="organisation")
    if not is_adult and kind != PractitionerKind.YOUNG:
        raise DomainError("Somebody under 18 is registered as a young volunteer", field="kind")
    practitioner = Practitioner.objects.create(
        service_area_id=learner.service_area_id,
        learner=learner,
        kind=kind,
        is_adult=is_adult,
        organisation=organisation,
        case_limit=case_limit,
        created_by=by,
    )
    practitioner.local_areas.set(local_areas)
    record(events.PRACTITIONER_REGISTERED, by=by, on=practitioner, detail={"kind": kind})
    return practitioner


@transaction.atomic
def change_details(
    *, practitioner: Practitioner, case_limit: int, local_areas: Iterable[LocalArea], is_adult: bool, by: User
) -> None:
    practitioner = _locked(practitioner, by)
    practitioner.case_limit, practitioner.is_adult = case_limit, is_adult
    practitioner.save(update_fields=["case_limit", "is_adult"])
    practitioner.local_areas.set(local_areas)
    record(events.DETAILS_CHANGED, by=by, on=practitioner, detail={"case_limit": case_limit})


@transaction.atomic
def change_status(*, practitioner: Practitioner, status: str, by: User) -> None:
    """Suspending, or recording that somebody left, closes their cases at once; coordinators are told of open ones."""
    practitioner = _locked(practitioner, by)
    if not policy.can_move_to(practitioner, status):
        was, asked = PractitionerStatus(practitioner.status).label, PractitionerStatus(status).label
        raise DomainError(f"A practitioner cannot go from {was.lower()} to {asked.lower()}", field="status")
    before, practitioner.status = practitioner.status, status
    practitioner.save(update_fields=["status"])
    record(events.STATUS_CHANGED, by=by, on=practitioner, detail={"from": before, "to": status})
    if before in MAY_OPEN_CASES and status not in MAY_OPEN_CASES:
        _ask_for_cover(practitioner)


@transaction.atomic
def set_level(*, practitioner: Practitioner, level: str, by: User) -> None:
    practitioner = _locked(practitioner, by)
    before, practitioner.level = practitioner.level, Level(level)
    practitioner.save(update_fields=["level"])
    record(events.LEVEL_SET, by=by, on=practitioner, detail={"from": before, "to": level})


@transaction.atomic
def record_check(
    *,
    practitioner: Practitioner,
    kind: str,
    status: str,
    today: date,
    reference: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    by: User,
) -> Check:
    """Result, reference and dates only. A refusal ends what was cleared before it in the same family of checks."""
    practitioner = _locked(practitioner, by)
    if status == CheckStatus.CLEARED and issued_on is None:
        raise DomainError("Enter the date the check was issued", field="issued_on")
    if issued_on and issued_on > today:
        raise DomainError("Date issued must be today or in the past", field="issued_on")
    if expires_on and issued_on and expires_on < issued_on:
        raise DomainError(f"The last day must be on or after the date issued, {day(issued_on)}", field="expires_on")
    check = Check.objects.create(
        practitioner=practitioner,
        kind=kind,
        status=status,
        reference=reference,
        issued_on=issued_on,
        expires_on=expires_on,
        recorded_by=by,
    )
    record(events.CHECK_RECORDED, by=by, on=check, area=practitioner.service_area_id, detail=_of(check))
    if status in (CheckStatus.REFUSED, CheckStatus.WITHDRAWN):
        _end_cleared(practitioner, kind, by)
    _tell(practitioner)
    return check


@transaction.atomic
def withdraw_check(*, check: Check, by: User) -> None:
    """Withdrawn by the police or the service: access to cases closes at once."""
    practitioner = _locked(check.practitioner, by)
    check = Check.objects.select_for_update().get(pk=check.pk)
    if check.status not in (CheckStatus.CLEARED, CheckStatus.APPLIED):
        raise StaleState("This check is not in force. Nothing was done twice")
    _withdraw(check, by)
    _ask_for_cover(practitioner)
    _tell(practitioner)


def _end_cleared(practitioner: Practitioner, kind: str, by: User) -> None:
    family = next(kinds for kinds in CHECK_FAMILIES if kind in kinds)
    cleared = practitioner.checks.filter(kind__in=family, status=CheckStatus.CLEARED)
    for check in cleared.select_for_update():
        _withdraw(check, by)
    _ask_for_cover(practitioner)


def _withdraw(check: Check, by: User) -> None:
    check.status = CheckStatus.WITHDRAWN
    check.save(update_fields=["status"])
    record(events.CHECK_WITHDRAWN, by=by, on=check, area=by.acting and by.acting.service_area_id, detail=_of(check))


@transaction.atomic
def record_supervision(*, practitioner: Practitioner, held_on: date, today: date, by: User) -> Supervision:
    """By who manages practitioners, or a case supervisor of the area."""
    practitioner = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    if not policy.can_record_supervision(by, practitioner):
        raise NotAllowed("A case supervisor, a coordinator or a service manager can do this.")
    if held_on > today:
        raise DomainError("Date of the supervision must be today or in the past", field="held_on")
    supervision = Supervision.objects.create(practitioner=practitioner, held_on=held_on, recorded_by=by)
    record(events.SUPERVISION_RECORDED, by=by, on=supervision, area=practitioner.service_area_id)
    _tell(practitioner)
    return supervision


@transaction.atomic
def set_availability(*, practitioner: Practitioner, times: Sequence[WeeklyTime], by: User) -> None:
    """Replaces the weekly times by these."""
    practitioner = _locked_for_time(practitioner, by)
    if any(ends_at <= starts_at for _, starts_at, ends_at in times):
        raise DomainError("A time must end after it starts")
    practitioner.availability.filter(weekday__isnull=False).delete()
    Availability.objects.bulk_create(
        Availability(practitioner=practitioner, weekday=weekday, starts_at=starts_at, ends_at=ends_at)
        for weekday, starts_at, ends_at in times
    )
    record(events.AVAILABILITY_SET, by=by, on=practitioner, detail={"times": len(times)})


@transaction.atomic
def add_absence(*, practitioner: Practitioner, away_from: date, away_until: date, by: User) -> Availability:
    practitioner = _locked_for_time(practitioner, by)
    if away_until < away_from:
        raise DomainError("The last day away must be on or after the first day", field="away_until")
    absence = Availability.objects.create(practitioner=practitioner, away_from=away_from, away_until=away_until)
    record(events.ABSENCE_SET, by=by, on=practitioner)
    return absence


@transaction.atomic
def remove_absence(*, absence: Availability, by: User) -> None:
    practitioner = _locked_for_time(absence.practitioner, by)
    practitioner.availability.filter(pk=absence.pk, weekday__isnull=True).delete()
    record(events.AVAILABILITY_REMOVED, by=by, on=practitioner)


def _locked(practitioner: Practitioner, by: User) -> Practitioner:
    if not policy.can_manage(by, practitioner):
        raise NotAllowed("Another coordinator or a service manager can do this.")
    return _lock(practitioner)


def _locked_for_time(practitioner: Practitioner, by: User) -> Practitioner:
    if not policy.can_set_availability(by, practitioner):
        raise NotAllowed("The practitioner, a coordinator or a service manager can do this.")
    return _lock(practitioner)


def _lock(practitioner: Practitioner) -> Practitioner:
    return Practitioner.objects.select_for_update(of=("self",)).select_related("learner__user").get(pk=practitioner.pk)


def _of(check: Check) -> dict:
    return {"practitioner": str(check.practitioner_id), "kind": check.kind, "status": check.status}


def _tell(practitioner: Practitioner) -> None:
    if practitioner.learner.user is not None:
        notify(practitioner.learner.user, "training", on=practitioner, url=reverse("volunteers:me"))


def _ask_for_cover(practitioner: Practitioner) -> None:
    """Coordinators hear of it where cases are left open without a facilitator who may read them."""
    row = Practitioner.objects.with_readiness(timezone.localdate()).get(pk=practitioner.pk)
    may_read = row.is_vetted and row.status in MAY_OPEN_CASES
    if row.open_cases and not may_read:
        url = reverse("volunteers:detail", args=[practitioner.pk])
        notify_role(Role.COORDINATOR, practitioner.service_area_id, "safety_change", on=practitioner, url=url)
