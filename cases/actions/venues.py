"""The register of venues: kept, checked for safety, ended."""

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.locking import require
from cases.models import Venue
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import ServiceArea, User
from rj_service.audit.actions import record

KEEPERS = "Only a coordinator or manager of this area can keep the venues."


@dataclass(frozen=True)
class NewVenue:
    """`entrances` and `rooms`: one a line. `contact_*`: whoever opens the doors."""

    name: str
    address: str
    postcode: str = ""
    is_prison: bool = False
    step_free: bool = False
    hearing_loop: bool = False
    parking: bool = False
    access_note: str = ""
    entrances: str = ""
    rooms: str = ""
    contact_name: str = ""
    contact_phone: str = ""


@transaction.atomic
def keep_venue(*, area: ServiceArea, new: NewVenue, by: User, venue: Venue | None = None) -> Venue:
    """One more, or `venue` as it is from now on; its safety check stands."""
    require(policy.can_keep_venues(by, area.pk), KEEPERS)
    for name in ("name", "address"):
        if not getattr(new, name).strip():
            raise DomainError(f"Enter the {name} of the venue", field=name)
    row = _held(venue) if venue else Venue(service_area=area, added_by=by)
    for field in fields(new):
        value = getattr(new, field.name)
        setattr(row, field.name, _tidy(value) if isinstance(value, str) else value)
    row.save()
    record(events.VENUE_KEPT, by=by, on=row)
    return row


@transaction.atomic
def check_venue(*, venue: Venue, is_safe: bool, checked_on: date, by: User, today: date, found: str = "") -> Venue:
    """Somebody went there: ways in and out, rooms apart, who else is about. Counts for RJ_VENUE_CHECK_DAYS."""
    require(policy.can_keep_venues(by, venue.service_area_id), KEEPERS)
    row = _held(venue)
    if checked_on > today:
        raise DomainError("The day of the check must be today or in the past", field="checked_on")
    if row.checked_on and checked_on < row.checked_on:
        raise DomainError("There is a later check already", field="checked_on")
    if not is_safe and not found.strip():
        raise DomainError("Say what is not safe", field="found")
    row.checked_on, row.checked_by, row.is_safe, row.check_found = checked_on, by, is_safe, found.strip()
    row.save(update_fields=["checked_on", "checked_by", "is_safe", "check_found"])
    record(events.VENUE_CHECKED, by=by, on=row, detail={"is_safe": is_safe})
    return row


@transaction.atomic
def end_venue(*, venue: Venue, by: User) -> None:
    """It is chosen no more. Nothing that is arranged there passes the gate."""
    require(policy.can_keep_venues(by, venue.service_area_id), KEEPERS)
    row = _held(venue)
    row.ended_at, row.ended_by = Now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    record(events.VENUE_ENDED, by=by, on=row)


def _held(venue: Venue) -> Venue:
    row = Venue.objects.select_for_update().get(pk=venue.pk)
    if row.ended_at is not None:
        raise StaleState("This venue is used no more.")
    return row


def _tidy(words: str) -> str:
    return "\n".join(line for line in map(str.strip, words.splitlines()) if line)
