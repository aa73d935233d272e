"""DBS and police vetting: result, reference and dates only."""

from datetime import date

from django.db import transaction

from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import months_after
from rj_service.ui.templatetags.ui import day
from volunteers import events
from volunteers.actions.locking import ask_for_cover, locked, look_for_cover, tell
from volunteers.choices import CHECK_FAMILIES, CheckStatus
from volunteers.models import Check, Practitioner

LONGEST_YEARS = 10  # no check is in force for longer: a later last day is a slip


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
    """Result, reference and dates only. What is cleared has a last day, so that nobody's check goes on unseen: a DBS
    certificate prints none, and the service says by when it is looked at again. A refusal ends what was cleared before it
    in the same family of checks."""
    practitioner = locked(practitioner, by)
    if status == CheckStatus.CLEARED and issued_on is None:
        raise DomainError("Enter the date the check was issued", field="issued_on")
    if status == CheckStatus.CLEARED and expires_on is None:
        raise DomainError("Enter its last day, or the day by which it is looked at again", field="expires_on")
    if issued_on and issued_on > today:
        raise DomainError("Date issued must be today or in the past", field="issued_on")
    if expires_on and issued_on and expires_on < issued_on:
        raise DomainError(f"The last day must be on or after the date issued, {day(issued_on)}", field="expires_on")
    if expires_on and issued_on and expires_on > months_after(issued_on, 12 * LONGEST_YEARS):
        raise DomainError(f"The last day must be within {LONGEST_YEARS} years of the date issued", field="expires_on")
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
    look_for_cover(practitioner)
    tell(practitioner)
    return check


@transaction.atomic
def withdraw_check(*, check: Check, by: User) -> None:
    """Withdrawn by the police or the service: access to cases closes at once."""
    practitioner = locked(check.practitioner, by)
    check = Check.objects.select_for_update().get(pk=check.pk)
    if check.status not in (CheckStatus.CLEARED, CheckStatus.APPLIED):
        raise StaleState("This check is not in force. Nothing was done twice")
    _withdraw(check, by)
    ask_for_cover(practitioner)
    look_for_cover(practitioner)
    tell(practitioner)


def _end_cleared(practitioner: Practitioner, kind: str, by: User) -> None:
    family = next(kinds for kinds in CHECK_FAMILIES if kind in kinds)
    cleared = practitioner.checks.filter(kind__in=family, status=CheckStatus.CLEARED)
    for check in cleared.select_for_update():
        _withdraw(check, by)
    ask_for_cover(practitioner)


def _withdraw(check: Check, by: User) -> None:
    check.status = CheckStatus.WITHDRAWN
    check.save(update_fields=["status"])
    record(events.CHECK_WITHDRAWN, by=by, on=check, area=by.acting and by.acting.service_area_id, detail=_of(check))


def _of(check: Check) -> dict:
    return {"practitioner": str(check.practitioner_id), "kind": check.kind, "status": check.status}
