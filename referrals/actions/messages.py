"""Asking and answering: the organisation that sent a referral, and the coordinators of the area."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse

from referrals import events, policy
from referrals.actions.carrying import carry_message, carry_reply, sent_first
from referrals.actions.locking import locked, require
from referrals.actions.telling import coordinators_of, given_away, own_address, referrers_of, to_be_told
from referrals.models import MessageReading, Referral, ReferralMessage
from referrals.sent import sent_now
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import across
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of
from rj_service.ui.templatetags.ui import clock

WRITERS = "Only the organisation that sent this referral and the coordinators of the area write to each other here."


@transaction.atomic
def write_message(
    *, referral: Referral, words: str, by: User, today: date, is_question: bool = False, seen: str | None = None
) -> ReferralMessage:
    """To the other side. `seen`: the newest message that the writer had before them ("" for none); StaleState when
    somebody else has written since. Words to a referrer hold nothing about anybody that was not sent by them.
    """
    fresh = locked(referral)
    from_referrer, home = policy.is_its_referrer(by, fresh), sent_first(fresh)
    require(from_referrer or (home is not None and policy.can_manage(by, fresh)), WRITERS)
    if not words.strip():
        raise DomainError("Enter a message", field="words")
    _require_newest(fresh, seen, by)
    if home is not None and not from_referrer:
        if not readers_of(fresh):
            raise DomainError("Nobody of the organisation can read it here. Ring them, or write to them")
        _require_nothing_new_to_them(fresh, home, words)
    message = ReferralMessage.objects.create(
        service_area_id=fresh.service_area_id,
        referral=fresh,
        from_referrer=from_referrer,
        is_question=is_question,
        words=words.strip(),
        written_at=moment_of(today),
        written_by=by,
    )
    record(events.MESSAGE_WRITTEN, by=by, on=fresh, detail={"from_referrer": from_referrer, "question": is_question})
    if from_referrer:
        for one in (fresh, *carry_message(message)):
            with across(one.service_area_id):
                readers = coordinators_of(one)
            notify(readers, "referral_message", on=one, url=reverse("referrals:detail", args=[one.pk]))
    elif home is not None:
        _tell_whoever_sent(message, home, by)
    return message


def readers_of(referral: Referral) -> list[User]:
    """Who of the organisation reads what is written from here, whichever area it was sent to."""
    home = sent_first(referral)
    if home is None:
        return []
    with across(home.service_area_id):
        return referrers_of(home)


def _tell_whoever_sent(message: ReferralMessage, home: Referral, by: User) -> None:
    with across(home.service_area_id, message.service_area_id):
        if home.pk != message.referral_id:
            carry_reply(message, home)
            detail = {"from_referrer": False, "question": message.is_question}
            record(events.MESSAGE_WRITTEN, by=by, on=home, detail=detail)
        notify(to_be_told(home), "referral_message", on=home, url=own_address(home))


@transaction.atomic
def read_messages(*, messages: Iterable[ReferralMessage], by: User) -> None:
    """`by` was shown these and had not opened them before. Nobody else's reading counts as theirs."""
    MessageReading.objects.bulk_create(
        [MessageReading(message=message, user=by) for message in messages], ignore_conflicts=True
    )


def _require_newest(referral: Referral, seen: str | None, by: User) -> None:
    newest = (
        ReferralMessage.objects.filter(referral=referral)
        .select_related("written_by")
        .order_by("-written_at", "-id")
        .first()
    )
    if seen is None or newest is None or newest.written_by_id == by.pk or str(newest.pk) == seen:
        return
    raise StaleState(
        f"{newest.written_by.get_short_name()} wrote at {clock(newest.written_at)}, while you were writing."
        " Read it first. Yours is not sent."
    )


def _require_nothing_new_to_them(referral: Referral, home: Referral, words: str) -> None:
    with across(home.service_area_id, referral.service_area_id):
        found = given_away(words, referral, sent=sent_now(home))
    if found:
        raise DomainError(f"They did not send you {' or '.join(found)}. Write it without", field="words")
