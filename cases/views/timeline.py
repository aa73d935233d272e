"""What happened in a case, in the sentences of `events.py` and the log of contacts, newest first."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from cases.events import CONTACT_LOGGED, SENTENCES
from cases.models import Case, Contact
from referrals.events import SENTENCES as REFERRAL_SENTENCES
from referrals.events import words_of
from rj_service.accounts.models import User
from rj_service.audit.models import DomainEvent

WORDS = {**REFERRAL_SENTENCES, **SENTENCES}
# A look is no event, and the log of contacts tells these in more words.
NOT_SHOWN = [CONTACT_LOGGED]


def events_of(case: Case):
    """The case's own events and those of its referral."""
    return DomainEvent.objects.filter(object_id__in=[case.pk, case.referral_id]).exclude(verb__in=NOT_SHOWN)


def entries_of(events: Iterable[DomainEvent]) -> list[dict[str, Any]]:
    """As `ui/_timeline.html` takes them; two statements for any number of events."""
    events = list(events)
    names = {user.pk: user for user in User.objects.filter(pk__in={event.actor_id for event in events})}
    return [
        {
            "title": WORDS.get(event.verb, event.verb),
            "by": _by(names.get(event.actor_id)),
            "at": event.occurred_at or event.at,
            "side": event.detail.get("side", "") if isinstance(event.detail, dict) else "",
            "words": words_of(event.detail),
        }
        for event in events
    ]


def _by(user: User | None) -> str:
    return user.get_full_name() if user and not user.is_system else "the service"


def contact_entries(contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{one.get_method_display()}{', they contacted us' if one.they_began else ''}:"
            f" {one.get_result_display().lower()}",
            "by": one.recorded_by.get_full_name(),
            "at": one.occurred_at,
            "side": one.side,
            "words": f"From the earlier system. {one.note}" if one.is_from_earlier_system else one.note,
        }
        for one in contacts
    ]


def newest(entries: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: _moment(entry["at"]), reverse=True)[:number]


def _moment(at: dt.date | dt.datetime) -> dt.datetime:
    return at if isinstance(at, dt.datetime) else timezone.make_aware(dt.datetime.combine(at, dt.time.min))
