"""The organisation changes what it sent. What is stricter counts at once; everything else waits for a coordinator."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from referrals import events, policy
from referrals.actions.amend import ask_to_decide, consenting_person, end_review, equal, held, whole_referrals
from referrals.actions.locking import locked, require
from referrals.actions.safety import SAFE_FIELDS, apply_stricter_contact, withdraw_consent
from referrals.hub_file.values import date_of, yes_no
from referrals.models import Consent, ProposedChange, Referral, SafeContact
from referrals.sent import COLUMN_OF, sent_now
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import moment_of

FIELD_OF = {column: field for field, column in COLUMN_OF.items()}
ANSWERS = ("contact_consent", "offender_identified", *FIELD_OF)
DAYS = ("victim_date_of_birth", "offender_date_of_birth")
OF_THE_REFERRAL = (
    *"contact_consent offender_identified offender_first_name offender_last_name offender_date_of_birth".split(),
    *"crime_reference location notes".split(),
    *FIELD_OF,
)
OF_THE_PERSON_HARMED = (
    *"victim_first_name victim_last_name victim_organisation victim_date_of_birth communication_needs".split(),
    *"victim_phone victim_email victim_address victim_postcode".split(),
)


def may_change(referral: Referral) -> tuple[str, ...]:
    """The columns of the Hub's file that the organisation may change."""
    return (*OF_THE_REFERRAL, *(OF_THE_PERSON_HARMED if referral.person_harmed_id else ()))


def changes_of(sent: Mapping[str, str], words: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """By column what differs: as sent and as it should be. An answer left open, yes or no, says nothing."""
    return {
        column: (sent.get(column, ""), new)
        for column, new in words.items()
        if (new or column not in ANSWERS) and not _same(column, sent.get(column, ""), new)
    }


def _same(column: str, one: str, other: str) -> bool:
    if column in ANSWERS:
        return yes_no(one) == yes_no(other)
    if column in DAYS and date_of(one):
        return date_of(one) == date_of(other)
    return equal(column, one, other)


def counts_at_once(column: str, new: str) -> bool:
    """The stricter value wins, from whatever source (domain 2.16.1)."""
    return new == "N" and column in ("contact_consent", *FIELD_OF)


@transaction.atomic
def change_sent(
    *, referral: Referral, words: Mapping[str, str], by: User, today: date, seen: int | None = None
) -> None:
    """`words`: by column of the Hub's file as it should stand, days in ISO form. `seen`: the newest change that the
    writer had before them (0 for none); StaleState when a colleague has asked for one since.

    What equals what we hold waits all the same: nobody finds out an address by guessing it.
    """
    [fresh] = whole_referrals([locked(referral).pk])
    require(policy.is_its_referrer(by, fresh), "Only the organisation that sent this referral can change what it sent.")
    _require_newest(fresh, seen)
    columns = may_change(fresh)
    changed = changes_of(sent_now(fresh), {column: new for column, new in words.items() if column in columns})
    if not changed:
        raise DomainError("Nothing is changed")
    at_once = {column for column, (_, new) in changed.items() if counts_at_once(column, new)}
    here = _held(fresh)
    _apply(fresh, at_once, by)
    waiting = ProposedChange.objects.filter(referral=fresh).of_its_referrer().open()
    for column, (before, new) in changed.items():
        field = FIELD_OF.get(column, column)
        made = ProposedChange.objects.create(
            service_area_id=fresh.service_area_id,
            referral=fresh,
            field=field,
            old=here.get(field, ""),
            new=new,
            as_sent=before,
            proposed_at=moment_of(today),
            proposed_by=by,
            **(_decided(by) | {"taken_over": True} if column in at_once else {}),
        )
        waiting.filter(field=field).exclude(pk=made.pk).update(**_decided(by), taken_over=False, replaced_by=made)
    record(events.SENT_CHANGED, by=by, on=fresh, detail={"fields": sorted(changed), "at_once": sorted(at_once)})
    if len(changed) > len(at_once):
        ask_to_decide(fresh, fields=changed.keys() - at_once, by=by)
    else:
        end_review(fresh, by=by)


def _decided(by: User) -> dict:
    return {"decided_at": timezone.now(), "decided_by": by}


def _require_newest(referral: Referral, seen: int | None) -> None:
    newest = (
        ProposedChange.objects.filter(referral=referral)
        .of_its_referrer()
        .select_related("proposed_by")
        .order_by("-id")
        .first()
    )
    if seen is None or newest is None or newest.pk <= seen:
        return
    raise StaleState(
        f"{newest.proposed_by.get_short_name()} has changed this referral meanwhile. Look at what would change now."
    )


def _held(referral: Referral) -> dict[str, str]:
    """With what the person allows and agreed to, which a row of the Hub's file is compared with by itself."""
    found = held(referral)
    person = consenting_person(referral)
    safe = SafeContact.objects.filter(person=person).first()
    found |= {name: "Y" if safe and getattr(safe, name) else "N" for name in SAFE_FIELDS}
    agreed = Consent.objects.in_force().filter(person=person, referral=referral, purpose="contact").exists()
    return found | {"contact_consent": "Y" if agreed else "N"}


def _apply(referral: Referral, columns: set[str], by: User) -> None:
    """To whoever was referred: the answers are about them."""
    person = consenting_person(referral)
    if person is None:
        return
    if "contact_consent" in columns:
        withdraw_consent(person=person, referral=referral, by=by)
    stricter = {FIELD_OF[column]: False for column in columns if column in FIELD_OF}
    if stricter:
        apply_stricter_contact(person=person, referral=referral, allowed=stricter, by=by)
