"""Consent, safe contact, bars and flags. Withdrawal wins at once, from whatever source; loosening waits for a person."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from referrals import events, policy
from referrals.actions.alerting import alert
from referrals.actions.ending_links import end_links_of
from referrals.actions.ending_offers import stop_offers
from referrals.actions.ending_requests import stop_requests
from referrals.actions.ending_waits import stop_waits
from referrals.actions.locking import locked, require
from referrals.actions.one_person import held_together
from referrals.actions.protecting import carry, own_now
from referrals.actions.telling import people_of
from referrals.choices import (
    Approach,
    Channel,
    ConsentMethod,
    ConsentPurpose,
    LegalBarKind,
    LinkEnded,
    NotAcceptedReason,
    SensitiveKind,
)
from referrals.models import (
    Carried,
    Consent,
    LegalBar,
    Person,
    Referral,
    SafeContact,
    SafetyChange,
    SensitiveFlag,
    Task,
)
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.templatetags.ui import day

MANAGERS = "Only a coordinator or manager of this area can record this."
SAFE_FIELDS = ("may_phone", "may_leave_voicemail", "may_text", "may_email", "may_write")


@transaction.atomic
def record_consent(
    *,
    person: Person,
    referral: Referral,
    purpose: str,
    method: str,
    by: User,
    given_on: date,
    today: date,
    informed: bool = True,
    channels: Collection[str] = (),
) -> Consent:
    """One agreement for one purpose. What is in force already stays, but for a spoken one that is now in writing, and for
    the ways it is given for.

    `channels` of Channel: to be asked how it went by these alone; none: by every way that is safe.
    """
    if purpose not in ConsentPurpose.values or method not in ConsentMethod.values:
        raise DomainError("Choose how the person agreed", field="method")
    if given_on > today:
        raise DomainError("The day of the agreement must be today or in the past", field="given_on")
    if channels and (purpose != ConsentPurpose.SURVEY or not set(channels) <= set(Channel.values)):
        raise DomainError("Ways are chosen for being asked how it went. Safe contact says the rest", field="channels")
    if purpose == ConsentPurpose.TAKE_PART and not informed:
        raise DomainError(
            'You cannot record "takes part" before the person has been told what it involves', field="informed"
        )
    fresh = locked(referral)
    require(by.may("referrals.manage", fresh.service_area_id) or by.may("cases.record_consent"), MANAGERS)
    require_person_of(person, fresh)
    _require_verified(fresh, person, purpose)
    _require_its_day(person, fresh, purpose, given_on, today)
    standing = Consent.objects.in_force().filter(person=person, referral=fresh, purpose=purpose).first()
    ways = " ".join(code for code in Channel.values if code in channels)
    if standing is not None and policy.given_as_a_child(standing, person, today):
        standing.method, standing.given_on, standing.informed = method, given_on, informed
        standing.channels, standing.recorded_by, standing.recorded_at = ways, by, timezone.now()
        standing.save()
        _asked_again_at_18(standing, fresh, by)
        record(events.CONSENT_RECORDED, by=by, on=fresh, detail={"purpose": purpose}, people=[person.pk])
        return standing
    if standing is not None:
        _change_ways(standing, ways, fresh, by)
        return _put_in_writing(standing, fresh, given_on, by) if method == ConsentMethod.WRITTEN else standing
    consent = Consent.objects.create(
        person=person,
        referral=fresh,
        purpose=purpose,
        channels=ways,
        method=method,
        informed=informed,
        given_on=given_on,
        recorded_by=by,
    )
    if purpose == ConsentPurpose.CONTACT:
        Person.objects.filter(pk=person.pk).update(approach=Approach.AGREED)
    _asked_again_at_18(consent, fresh, by)
    record(events.CONSENT_RECORDED, by=by, on=fresh, detail={"purpose": purpose}, people=[person.pk])
    return consent


def _require_its_day(person: Person, referral: Referral, purpose: str, given_on: date, today: date) -> None:
    """A paper older than their withdrawal brings nothing back (domain 2.16.1)."""
    first = referral.incident.first_day
    if first is not None and given_on < first:
        raise DomainError("Nobody agreed before it happened. Enter the day they agreed", field="given_on")
    if person.date_of_birth is not None and given_on < person.date_of_birth:
        raise DomainError("The day they agreed is before they were born", field="given_on")
    ended = Consent.objects.filter(person=person, referral=referral, purpose__in=[purpose, ConsentPurpose.CONTACT])
    require_after_withdrawal(ended.aggregate(last=Max("withdrawn_at"))["last"], given_on, today)


def require_after_withdrawal(withdrawn_at: datetime | None, given_on: date, today: date) -> None:
    withdrawn_on = min(timezone.localdate(withdrawn_at), today) if withdrawn_at else None
    if withdrawn_on is not None and given_on < withdrawn_on:
        words = f"This was withdrawn on {day(withdrawn_on)}. Ask again, and enter the day they agreed after that"
        raise DomainError(words, field="given_on")


def _asked_again_at_18(consent: Consent, referral: Referral, by: User) -> None:
    """The task of the birthday is done once they have said themselves whether they take part."""
    if consent.purpose == ConsentPurpose.TAKE_PART:
        open_ = Task.objects.open().filter(referral=referral, kind=Task.Kind.TURNED_18, person=consent.person_id)
        open_.update(done_at=timezone.now(), done_by=by)


def _change_ways(consent: Consent, ways: str, referral: Referral, by: User) -> None:
    if consent.channels != ways:
        consent.channels = ways
        consent.save(update_fields=["channels"])
        detail = {"purpose": consent.purpose, "channels": ways.split()}
        record(events.CONSENT_RECORDED, by=by, on=referral, detail=detail, people=[consent.person_id])


def _put_in_writing(consent: Consent, referral: Referral, given_on: date, by: User) -> Consent:
    if consent.method == ConsentMethod.WRITTEN and consent.informed:
        return consent
    consent.method, consent.given_on, consent.informed, consent.recorded_by = ConsentMethod.WRITTEN, given_on, True, by
    consent.save(update_fields=["method", "given_on", "informed", "recorded_by"])
    detail = {"purpose": consent.purpose, "in_writing": True}
    record(events.CONSENT_RECORDED, by=by, on=referral, detail=detail, people=[consent.person_id])
    return consent


@transaction.atomic
def withdraw_consent(*, person: Person, referral: Referral, by: User, purpose: str | None = None) -> int:
    """Stops at once and alerts. Without `purpose`, or for contact, everything the person agreed to here ends.

    Anybody who hears of a withdrawal may record it: no permission is asked. Returns how many agreements ended.
    """
    fresh = locked(referral)
    same_person = held_together(person)
    if same_person:
        own_now(person, rows=Consent.objects.filter(person=person, referral=fresh).values_list("pk", flat=True))
    standing = Consent.objects.in_force().filter(person=person, referral=fresh)
    if purpose not in (None, ConsentPurpose.CONTACT):
        standing = standing.filter(purpose=purpose)
    purposes = list(standing.values_list("purpose", flat=True))
    if not purposes:
        return 0
    standing.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    if ConsentPurpose.CONTACT in purposes:
        Person.objects.filter(pk=person.pk).update(approach=Approach.NOT_APPROACHED)
        end_links_of(because=LinkEnded.STOPPED, by=by, person=person, referral=fresh)
    record(events.CONSENT_WITHDRAWN, by=by, on=fresh, detail={"purposes": sorted(purposes)}, people=[person.pk])
    today = timezone.localdate()
    stop_requests(about=person, by=by, today=today)
    if ConsentPurpose.CONTACT in purposes:
        stop_offers(about=person, referral=fresh, by=by, today=today)
        stop_waits(about=person, referral=fresh, reason=NotAcceptedReason.CHANGED_MIND, by=by, today=today)
    alert(fresh, SafetyChange.Kind.CONSENT_WITHDRAWN, person, by)
    for other in same_person:
        carry(person, other, by=by, today=timezone.localdate(), only=[Carried.What.WITHDRAWAL])
    return len(purposes)


@transaction.atomic
def apply_stricter_contact(*, person: Person, referral: Referral, allowed: dict[str, bool], by: User) -> list[str]:
    """Takes away what `allowed` no longer allows, at once. Returns the fields that became stricter; never loosens."""
    same_person = held_together(person)
    if same_person:
        own_now(person, [f"safe.{name}" for name in SAFE_FIELDS if not allowed.get(name, True)])
    safe = SafeContact.objects.select_for_update().get(person=person)
    stricter = [name for name in SAFE_FIELDS if getattr(safe, name) and not allowed.get(name, True)]
    if "may_phone" in stricter and safe.may_leave_voicemail and "may_leave_voicemail" not in stricter:
        stricter.append("may_leave_voicemail")
    if "may_phone" in stricter and safe.may_text and "may_text" not in allowed:
        stricter.append("may_text")  # whoever says so knows of no text messages, and the number is the same
    if not stricter:
        return []
    for name in stricter:
        setattr(safe, name, False)
    safe.save(update_fields=[*stricter, "updated_at"])
    record(events.CONTACT_STRICTER, by=by, on=referral, detail={"fields": stricter}, people=[person.pk])
    alert(referral, SafetyChange.Kind.CONTACT_STRICTER, person, by)
    for other in same_person:
        carry(person, other, by=by, today=timezone.localdate(), only=[f"safe.{name}" for name in stricter])
    return stricter


@transaction.atomic
def change_safe_contact(*, person: Person, referral: Referral, allowed: dict[str, bool], by: User) -> None:
    """A coordinator, who has spoken to the person, may also loosen."""
    require(policy.can_manage(by, referral), MANAGERS)
    if allowed.get("may_leave_voicemail") and not allowed.get("may_phone"):
        raise DomainError("Voicemail needs the telephone as well", field="may_leave_voicemail")
    apply_stricter_contact(person=person, referral=referral, allowed=allowed, by=by)
    safe = SafeContact.objects.select_for_update().get(person=person)
    looser = [name for name in SAFE_FIELDS if allowed.get(name) and not getattr(safe, name)]
    for name in looser:
        setattr(safe, name, True)
    if looser:
        safe.save(update_fields=[*looser, "updated_at"])
        record(events.CONTACT_CHANGED, by=by, on=referral, detail={"fields": looser}, people=[person.pk])


@transaction.atomic
def record_legal_bar(
    *,
    person: Person,
    referral: Referral,
    kind: str,
    authority: str,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
    words: str = "",
) -> LegalBar:
    """A hard stop: nobody harmed can waive it (domain 2.16.3). Who may is for the caller to ask: whoever hears of it."""
    if kind not in LegalBarKind.values:
        raise DomainError("Choose what forbids contact", field="kind")
    if not authority.strip():
        raise DomainError("Enter who set it: a court, the police, the Probation Service", field="authority")
    if ends_on and ends_on < starts_on:
        raise DomainError("The end must be on or after the start", field="ends_on")
    fresh = locked(referral)
    require_person_of(person, fresh)
    same_person = held_together(person)
    bar = LegalBar.objects.create(
        person=person,
        kind=kind,
        authority=authority.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        words=words,
        recorded_by=by,
    )
    record(events.BAR_RECORDED, by=by, on=fresh, detail={"kind": kind}, people=[person.pk])
    alert(fresh, SafetyChange.Kind.BAR_RECORDED, person, by)
    for other in same_person:
        carry(person, other, by=by, today=timezone.localdate(), only=[Carried.What.BAR])
    return bar


@transaction.atomic
def permit_despite_bar(*, bar: LegalBar, referral: Referral, authority: str, permitted_on: date, by: User) -> LegalBar:
    """Only the written permission of the authority that set the bar."""
    if not authority.strip():
        raise DomainError("Enter who gave the permission in writing", field="authority")
    same_person = held_together(bar.person)
    fresh = LegalBar.objects.select_for_update().get(pk=bar.pk)
    require(policy.can_manage(by, referral), MANAGERS)
    fresh.permitted_on, fresh.permitted_by_authority = permitted_on, authority.strip()
    fresh.permission_recorded_by = by
    fresh.save(update_fields=["permitted_on", "permitted_by_authority", "permission_recorded_by"])
    record(events.BAR_PERMITTED, by=by, on=referral, detail={"kind": fresh.kind}, people=[fresh.person_id])
    for other in same_person:
        carry(fresh.person, other, by=by, today=timezone.localdate(), only=[Carried.What.BAR])
    return fresh


@transaction.atomic
def raise_flag(*, referral: Referral, kind: str, by: User, words: str = "") -> SensitiveFlag:
    """Raises what is required; restricts nobody. A flag that stands already is given back."""
    if kind not in SensitiveKind.values:
        raise DomainError("Choose what is sensitive", field="kind")
    fresh = locked(referral)
    standing = SensitiveFlag.objects.filter(referral=fresh, kind=kind, words=words, cleared_at__isnull=True).first()
    if standing is not None:
        return standing
    flag = SensitiveFlag.objects.create(referral=fresh, kind=kind, words=words, raised_by=by)
    record(events.FLAG_RAISED, by=by, on=fresh, detail={"kind": kind})
    alert(fresh, SafetyChange.Kind.FLAG_RAISED, None, by)
    return flag


@transaction.atomic
def clear_flag(*, flag: SensitiveFlag, because: str, by: User) -> SensitiveFlag:
    """Put on by mistake, or found not to be so: the row stays, with why. Who may is for the caller to ask."""
    fresh = locked(flag.referral)
    flag = SensitiveFlag.objects.get(pk=flag.pk)
    if flag.cleared_at is not None:
        raise StaleState("This was taken off already. Nothing was done twice.")
    if not because.strip():
        raise DomainError("Say why it is taken off", field="because")
    flag.cleared_at, flag.cleared_by, flag.cleared_because = timezone.now(), by, because.strip()
    flag.save(update_fields=["cleared_at", "cleared_by", "cleared_because"])
    record(events.FLAG_CLEARED, by=by, on=fresh, detail={"kind": flag.kind})
    return flag


def _require_verified(referral: Referral, person: Person, purpose: str) -> None:
    """Before that nobody of the other side can have agreed to anything, and nobody is to approach them."""
    if policy.is_closed_side(referral, referral.side_of(person.pk)) or (
        referral.is_unverified and purpose == ConsentPurpose.APPROACH_OTHER_SIDE
    ):
        raise DomainError(policy.UNVERIFIED, code="unverified", field="purpose")


def require_person_of(person: Person, referral: Referral) -> None:
    if person.pk not in people_of(referral):
        raise DomainError("This person is not part of the referral.")


def as_named_in(referral: Referral, person: Person) -> Person:
    """Somebody of a locked referral, as they stand now: read again, for they may have died or withdrawn meanwhile."""
    require_person_of(person, referral)
    return Person.objects.get(pk=person.pk)
