"""The log of contacts and attempts, always on a side; and what is not safe for the person, refused before it is done."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import (
    NOT_YOUR_SIDE,
    approach_is_agreed,
    locked_open,
    may_approach,
    record_on,
    require,
    require_open_side,
)
from cases.choices import ContactMethod, ContactResult
from cases.models import Case, Contact, Participant
from referrals.models import Consent, ContactDetails, SafeContact
from referrals.policy import CHANNELS
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.templatetags.ui import day

UNDO_FOR = timedelta(minutes=10)
NOT_BEFORE = "Not before whoever began it has agreed that we approach this side"
# What each way reaches: the keyed hash that tells one number or address from the next.
REACHES = {
    ContactMethod.PHONE: "phone_key",
    ContactMethod.TEXT: "phone_key",
    ContactMethod.EMAIL: "email_key",
    ContactMethod.LETTER: "postcode_key",
    ContactMethod.VISIT: "postcode_key",
}


class NotSafe(DomainError):
    """The rules of safe contact forbid it. Logged all the same once somebody says that it has happened."""

    def __init__(self, words: list[str], field: str | None = None):
        super().__init__(f"{'. '.join(words)}. Do not do it", field=field, code="not_safe")


def unsafe_ways(participant: Participant, today: date) -> dict[str, str]:
    """ContactMethod -> why it is not safe for the person; a way that is safe has no entry."""
    given = Consent.objects.filter(person=participant.person_id, referral=participant.case.referral_id)
    if stop := policy.why_not_contacted(participant, participant.case.referral, list(given)):
        return dict.fromkeys(ContactMethod.values, stop.rstrip("."))
    if not approach_is_agreed(participant.case, participant.side, today):
        return dict.fromkeys(ContactMethod.values, NOT_BEFORE)
    safe = SafeContact.objects.filter(person=participant.person_id).first()
    return {
        method: f"{ContactMethod(method).label}: not safe for this person"
        for method in ContactMethod.values
        if method in CHANNELS and not (safe and getattr(safe, CHANNELS[method]))
    }


def first_way(participant: Participant, today: date) -> str:
    """Of phone, text, email and letter the first that is safe for the person; where none is, through whoever referred them.
    Empty where every way is stopped."""
    unsafe = unsafe_ways(participant, today)
    ways = [*(way for way in ContactMethod.values if way in CHANNELS), ContactMethod.THROUGH_REFERRER]
    return next((way for way in ways if way not in unsafe), "")


def against_rules(participant: Participant, today: date, *, method: str, result: str, number_hidden: bool) -> list[str]:
    """What of a contact that we make is not safe for the person; empty when it is as the rules say."""
    found = [words for way, words in unsafe_ways(participant, today).items() if way == method]
    safe = SafeContact.objects.filter(person=participant.person_id).first()
    if result == ContactResult.VOICEMAIL and not (safe and safe.may_leave_voicemail):
        found.append("Leave no voicemail")
    if method == ContactMethod.PHONE and safe and safe.withheld_number and not number_hidden:
        found.append("The number is to be hidden: dial 141 first")
    return found


@transaction.atomic
def log_contact(
    *,
    participant: Participant,
    method: str,
    result: str,
    occurred_at: datetime,
    by: User,
    today: date,
    minutes: int | None = None,
    note: str = "",
    is_preparation: bool = False,
    number_hidden: bool | None = None,
    they_began: bool = False,
    try_again_on: date | None = None,
    has_happened: bool = False,
) -> Contact:
    """One contact or attempt. A practitioner logs only on a side that their assignment names, and only while assigned.

    Raises NotSafe for what the rules of safe contact forbid, unless it `has_happened` already: then it is kept, and the
    coordinator hears of it. Whoever contacted us (`they_began`) is logged at any time, and breaks no rule by it.
    """
    case = locked_open(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    if not they_began:
        require_open_side(case, participant.side)
    _require_answers(method, result, occurred_at, try_again_on, today)
    _require_after_it_happened(case, timezone.localdate(occurred_at))
    broken = []
    if not they_began:
        broken = against_rules(participant, today, method=method, result=result, number_hidden=bool(number_hidden))
    if broken and not has_happened:
        raise NotSafe(broken, field="result" if broken == ["Leave no voicemail"] else "method")
    contact = Contact.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        method=method,
        result=result,
        reached_key=_reached(participant, method),
        number_hidden=None if they_began else number_hidden,
        they_began=they_began,
        against_rules=bool(broken),
        is_preparation=is_preparation,
        occurred_at=occurred_at,
        minutes=minutes,
        note=note.strip(),
        try_again_on=try_again_on,
        recorded_by=by,
    )
    record_on(
        events.CONTACT_LOGGED,
        case,
        by,
        today,
        about=participant,
        contact=str(contact.pk),
        method=method,
        result=result,
        against_rules=contact.against_rules,
        may_be_asked=may_approach(case, participant.side) and approach_is_agreed(case, participant.side, today),
    )
    if broken:
        notify(_others([case.coordinator], by), "contact_against_rules", on=case)
    return contact


def _require_after_it_happened(case: Case, on: date) -> None:
    """A day that was mistyped would count among the attempts on different days."""
    first = case.referral.incident.first_day
    if first is not None and on < first:
        raise DomainError(f"The contact must be on or after it happened, {day(first)}", field="day")


def _require_answers(method: str, result: str, occurred_at: datetime, try_again_on: date | None, today: date) -> None:
    if method not in ContactMethod.values:
        raise DomainError("Choose how you made contact", field="method")
    if result not in ContactResult.values:
        raise DomainError("Choose what came of it", field="result")
    if timezone.localdate(occurred_at) > today:
        raise DomainError("The contact must be today or in the past", field="occurred_at")
    if try_again_on is not None and try_again_on < today:
        raise DomainError("The next attempt must be today or later", field="try_again_on")


@transaction.atomic
def take_back_contact(*, contact: Contact, by: User, now: datetime) -> None:
    """By whoever logged it, within minutes. The history keeps the row, and the trail says so."""
    today = timezone.localdate(now)
    case = locked_open(contact.case, by, today)
    held = Contact.objects.select_for_update().filter(pk=contact.pk).first()
    if held is None:
        raise StaleState("This contact was taken back already.")
    require(held.recorded_by_id == by.pk, "Only whoever logged it can take it back.")
    if now > held.recorded_at + UNDO_FOR:
        raise DomainError("The time to take it back is over. Log another one that puts it right.")
    record_on(
        events.CONTACT_TAKEN_BACK, case, by, today, about=held.participant, contact=str(held.pk), method=held.method
    )
    held.delete()


def _reached(participant: Participant, method: str) -> bytes | None:
    field = REACHES.get(ContactMethod(method))
    details = ContactDetails.objects.filter(person=participant.person_id).first() if field else None
    key = getattr(details, field) if details and field else None
    return bytes(key) if key else None


def _others(users: Collection[User], by: User) -> list[User]:
    return [user for user in users if user.pk != by.pk]
