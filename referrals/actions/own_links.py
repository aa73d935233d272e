"""A page of a person's own, opened by a link and an answer: what they ask for there, and what a worker makes of it.

What is stricter counts at once, whoever typed it. What is looser, or leads elsewhere, waits until a worker has asked the
person by a way that was known before: somebody else may hold the phone (domain 2.16.1).
"""

import hmac
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from referrals import events, policy
from referrals.actions.complaining import receive_complaint
from referrals.actions.ending_links import end_link, end_links_of
from referrals.actions.locking import locked, require
from referrals.actions.offering import ask_never_again
from referrals.actions.one_person import held_together
from referrals.actions.protecting import carry
from referrals.actions.reaching import why_not_reached
from referrals.actions.receive import contact_keys
from referrals.actions.safety import (
    MANAGERS,
    SAFE_FIELDS,
    alert,
    apply_stricter_contact,
    as_named_in,
    change_safe_contact,
)
from referrals.actions.telling import coordinators_of
from referrals.choices import (
    Channel,
    ComplainantKind,
    ConsentPurpose,
    KnownWay,
    LinkChannel,
    LinkEnded,
    LinkQuestion,
    Side,
    WishDecision,
)
from referrals.models import (
    Complaint,
    Consent,
    ContactDetails,
    ContactWish,
    OwnLink,
    Person,
    Referral,
    SafeContact,
    SafetyChange,
    Task,
)
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.tokens import digest, new_token
from rj_service.audit.actions import record
from rj_service.audit.fields import lookup_key
from rj_service.notifications.actions import notify

LINK_ENDED = "This link has ended. Ask for a new one."
SHORTEST_WORD, MOST_A_DAY = 4, 10
DETAILS = ("phone", "email", "address", "postcode")
_WAY_NEEDS = {KnownWay.PHONE: "may_phone", KnownWay.LETTER: "may_write", KnownWay.EMAIL: "may_email"}
_SENT_BY = {
    LinkChannel.TEXT: Channel.TEXT,
    LinkChannel.EMAIL: Channel.EMAIL,
    LinkChannel.LETTER: Channel.LETTER,
    LinkChannel.BY_HAND: Channel.IN_PERSON,
}


# -- the service gives and ends it --------------------------------------------------------------------------------------
@transaction.atomic
def give_own_link(
    *,
    referral: Referral,
    person: Person,
    channel: str,
    question: str,
    by: User,
    today: date,
    word: str = "",
    works_with_them: bool = False,
) -> tuple[OwnLink, str]:
    """The link and its secret, given once: only its SHA-256 is stored. An earlier link of the person ends.

    `word`: what the person answers before anything is shown; without use where they give the year of their birth.
    `works_with_them`: an action of their case has seen that `by` works on this side.
    """
    fresh = locked(referral)
    require(works_with_them or policy.can_manage(by, fresh), MANAGERS)
    person = as_named_in(fresh, person)
    side = fresh.side_of(person.pk)
    if channel not in LinkChannel.values:
        raise DomainError("Choose how they get it", field="channel")
    if block := _blocks_by_channel(fresh, person, side, today, [channel])[channel]:
        raise DomainError(block, field="channel")
    answer = _answer_for(question, word, person)
    end_links_of(because=LinkEnded.REPLACED, by=by, person=person, referral=fresh)
    secret = new_token()
    link = OwnLink(
        service_area_id=fresh.service_area_id,
        referral=fresh,
        person=person,
        side=side,
        channel=channel,
        question=question,
        token_digest=digest(secret),
        expires_at=timezone.now() + timedelta(days=settings.RJ_OWN_LINK_DAYS),
        given_by=by,
    )
    link.answer_key = _key(link, answer)
    link.save(force_insert=True)
    detail = {"side": side, "channel": channel, "question": question}
    record(events.OWN_LINK_GIVEN, by=by, on=fresh, detail=detail, people=[person.pk])
    return link, secret


@transaction.atomic
def revoke_own_link(*, link: OwnLink, by: User, works_with_them: bool = False) -> None:
    fresh = locked(link.referral)
    require(works_with_them or policy.can_manage(by, fresh), MANAGERS)
    end_link(link, because=LinkEnded.REVOKED, by=by)


def why_no_own_page(referral: Referral, person: Person) -> str:
    """The sentence that forbids it now, read from the database at the moment of acting; empty when there is none."""
    withdrawn = Consent.objects.withdrawn().filter(referral=referral).values_list("person", "purpose")
    case: Any = getattr(referral, "case", None)  # of the app above
    closed = case is not None and case.is_closed
    return policy.own_link_block(referral, person, withdrawn=set(withdrawn), case_closed=closed)


def blocks_by_channel(referral: Referral, person: Person, side: str, today: date) -> dict[str, str]:
    """LinkChannel -> why they cannot be given a link that way now, or ''."""
    return _blocks_by_channel(referral, person, side, today, LinkChannel.values)


def _blocks_by_channel(
    referral: Referral, person: Person, side: str, today: date, channels: Sequence[str]
) -> dict[str, str]:
    general = why_no_own_page(referral, person)
    found = why_not_reached(person=person, referral=referral, side=side, purpose=ConsentPurpose.CONTACT, today=today)
    return {channel: general or next(iter(found[_SENT_BY[LinkChannel(channel)]]), "") for channel in channels}


def _answer_for(question: str, word: str, person: Person) -> str:
    if question == LinkQuestion.YEAR:
        if person.date_of_birth is None:
            raise DomainError("We do not know when they were born. Agree on a word", field="question")
        return str(person.date_of_birth.year)
    if question != LinkQuestion.WORD:
        raise DomainError("Choose what the page asks first", field="question")
    if len(_plain(word)) < SHORTEST_WORD:
        raise DomainError(f"Agree on a word of {SHORTEST_WORD} letters or more", field="word")
    if _plain(word) in {_plain(part) for part in (person.first_name, person.last_name, person.name)}:
        raise DomainError("Their name is known to others. Agree on another word", field="word")
    return word


# -- the person opens it ------------------------------------------------------------------------------------------------
def own_link_by_secret(secret: str) -> str:
    """The id of a link that still works. Raises StaleState for any other. Needs no scope."""
    return str(_working(token_digest=digest(secret)).pk)


@contextmanager
def through_own_link(link_id: str | None) -> Iterator[OwnLink]:
    """Acts as the public user in the link's area. Raises StaleState when the link has ended, or should have."""
    found = _working(pk=link_id)
    with acting_as(system_user("public"), areas=[found.service_area_id]):
        link = OwnLink.objects.select_related("referral", "person", "service_area").get(pk=found.pk)
        if why_no_own_page(link.referral, link.person):
            raise StaleState(LINK_ENDED, code="ended")
        yield link


@transaction.atomic
def answer_own_link(*, link: OwnLink, answer: str, by: User) -> bool:
    """Whether it was the answer. After so many wrong ones the link ends and the workers hear of it: a race of guesses
    counts each of them."""
    OwnLink.objects.select_for_update().values_list("pk").get(pk=link.pk)
    fresh = _still(link)
    if hmac.compare_digest(bytes(fresh.answer_key), _key(fresh, answer)):
        fresh.wrong_tries, fresh.opened_at = 0, timezone.now()
        fresh.save(update_fields=["wrong_tries", "opened_at"])
        return True
    fresh.wrong_tries += 1
    fresh.save(update_fields=["wrong_tries"])
    if fresh.wrong_tries >= settings.RJ_OWN_LINK_TRIES:
        end_link(fresh, because=LinkEnded.GUESSED, by=by)
        _tell_worker(fresh, "Wrong answers at their own link: it ended. Ask them by a way you know", by)
    return False


@transaction.atomic
def pause_by_link(*, link: OwnLink, by: User) -> None:
    """Nobody contacts them from now on: every channel is barred, and what is arranged stops."""
    person = _held(link)
    if person.paused_at is None:
        person.paused_at, person.paused_by = Now(), by
        person.save(update_fields=["paused_at", "paused_by"])
        record(events.PAUSED, by=by, on=link.referral, detail={"side": link.side}, people=[person.pk])
        alert(link.referral, SafetyChange.Kind.PAUSED, person, by)
        person.refresh_from_db()
        for other in held_together(person):
            paused = ["person.paused_at", "person.paused_by"]
            carry(person, other, by=by, today=timezone.localdate(), only=paused)


@transaction.atomic
def end_pause(*, link: OwnLink, by: User) -> None:
    """They may be contacted again, by the ways that were safe before and by no other. A worker is told to make sure first
    that it is them."""
    person = _held(link)
    if person.paused_at is not None:
        _end_pause(person, link.referral, link.side, by)
        _tell_worker(link, "They may be contacted again. Make sure that it is them", by)


@transaction.atomic
def end_pause_as_told(*, referral: Referral, person: Person, side: str, by: User) -> None:
    """The person said so to a coordinator."""
    fresh = locked(referral)
    require(policy.can_manage(by, fresh), MANAGERS)
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.paused_at is None:
        raise StaleState("Contact is not paused any more.")
    _end_pause(held, fresh, side, by)


def _end_pause(person: Person, referral: Referral, side: str, by: User) -> None:
    person.paused_at = person.paused_by = None
    person.save(update_fields=["paused_at", "paused_by"])
    record(events.PAUSE_ENDED, by=by, on=referral, detail={"side": side}, people=[person.pk])


@transaction.atomic
def stop_without_agreement(*, link: OwnLink, by: User) -> None:
    """They ask to stop, and there is no agreement that could be withdrawn: they are never asked again."""
    person = _held(link)
    ask_never_again(person=person, referral=link.referral, by=by, today=timezone.localdate())
    end_links_of(because=LinkEnded.STOPPED, by=by, person=person)
    alert(link.referral, SafetyChange.Kind.CONSENT_WITHDRAWN, person, by)


@transaction.atomic
def ask_to_be_reached(
    *, link: OwnLink, allowed: Mapping[str, bool], details: Mapping[str, str], words: str, by: User
) -> bool:
    """`allowed`: field of SafeContact -> whether it is safe. True when something waits for a worker's confirmation."""
    person = _held(link)
    _require_not_too_many(ContactWish.objects.filter(person=person, asked_at__date=timezone.localdate()))
    safe = SafeContact.objects.select_for_update().get(person=person)
    asked = {name: bool(allowed.get(name)) for name in SAFE_FIELDS}
    if asked["may_leave_voicemail"] and not asked["may_phone"]:
        raise DomainError("Voicemail needs the telephone as well", field="may_leave_voicemail")
    looser = [name for name in SAFE_FIELDS if asked[name] and not getattr(safe, name)]
    new = {name: details.get(name, "").strip() or None for name in DETAILS}
    stricter = apply_stricter_contact(person=person, referral=link.referral, allowed=asked, by=by)
    waits = bool(looser or any(new.values()) or words.strip())
    if not (stricter or waits):
        raise DomainError("Change something first")
    if waits:
        _replace_wish(link, by)
        ContactWish.objects.create(
            service_area_id=link.service_area_id,
            referral=link.referral,
            person=person,
            side=link.side,
            looser=" ".join(looser),
            words=words.strip() or None,
            **new,
        )
        codes = {"side": link.side, "looser": looser, "new": [name for name in DETAILS if new[name]]}
        record(events.CONTACT_WISHED, by=by, on=link.referral, detail=codes, people=[person.pk])
        _tell_worker(link, "They changed how they may be reached. Confirm it with them", by)
    return waits


@transaction.atomic
def complain_by_link(
    *, link: OwnLink, about: str, words: str, names_worker: str, workers: Sequence[User], by: User, today: date
) -> Complaint:
    """To the managers alone: whoever works with them learns of it only if it is theirs to know."""
    person = _held(link)
    _require_not_too_many(Complaint.objects.filter(person=person, received_on=today))
    return receive_complaint(
        area=link.service_area,
        made_by=ComplainantKind.HARMED if link.side == Side.HARMED else ComplainantKind.RESPONSIBLE,
        about=about,
        words=words,
        referral=link.referral,
        person=person,
        names_worker=names_worker,
        workers=workers,
        by=by,
        today=today,
    )


def _require_not_too_many(today: QuerySet) -> None:
    if today.count() >= MOST_A_DAY:
        raise DomainError("We have what you sent today. Ring us if there is more")


def _replace_wish(link: OwnLink, by: User) -> None:
    open_ = ContactWish.objects.open().filter(person=link.person, referral=link.referral)
    open_.update(decision=WishDecision.REPLACED, decided_at=Now(), decided_by=by)


# -- a worker has asked them --------------------------------------------------------------------------------------------
@transaction.atomic
def decide_contact_wish(*, wish: ContactWish, decision: str, way: str, by: User) -> ContactWish:
    """`way` of KnownWay: how the person was asked, which is one that was safe before. What was not them ends their link."""
    referral = locked(wish.referral)
    require(policy.can_manage(by, referral), MANAGERS)
    fresh = ContactWish.objects.select_for_update().get(pk=wish.pk)
    if fresh.decided_at is not None:
        raise StaleState("This was decided already, or they asked for something else since.")
    if decision not in (WishDecision.CONFIRMED, WishDecision.NOT_WANTED, WishDecision.NOT_THEM):
        raise DomainError("Choose what they said", field="decision")
    person = Person.objects.get(pk=fresh.person_id)
    _require_known_way(way, person)
    if decision == WishDecision.CONFIRMED:
        _put_in_place(fresh, person, referral, by)
    elif decision == WishDecision.NOT_THEM:
        end_links_of(because=LinkEnded.NOT_THEM, by=by, person=person, referral=referral)
    fresh.decision, fresh.asked_by_way, fresh.decided_at, fresh.decided_by = decision, way, Now(), by
    fresh.save(update_fields=["decision", "asked_by_way", "decided_at", "decided_by"])
    detail = {"side": fresh.side, "decision": decision, "way": way}
    record(events.CONTACT_WISH_DECIDED, by=by, on=referral, detail=detail, people=[person.pk])
    tasks = Task.objects.open().filter(referral=referral, kind=Task.Kind.OWN_PAGE, person=fresh.person_id)
    tasks.update(done_at=timezone.now(), done_by=by)
    return fresh


def _require_known_way(way: str, person: Person) -> None:
    if way not in KnownWay.values:
        raise DomainError("Choose how you asked them", field="way")
    needed = _WAY_NEEDS.get(KnownWay(way))
    safe = SafeContact.objects.filter(person=person).first()
    if needed and not (safe and getattr(safe, needed)):
        raise DomainError("That way is not safe, or was not before. Ask them by another", field="way")


def _put_in_place(wish: ContactWish, person: Person, referral: Referral, by: User) -> None:
    details = ContactDetails.objects.select_for_update().get(person=person)
    new = {name: getattr(wish, name) for name in DETAILS if getattr(wish, name)}
    if new:
        for name, value in new.items():
            setattr(details, name, value)
        known = {name: str(getattr(details, name) or "") for name in ("phone", "email", "postcode")}
        for name, key in contact_keys(**known).items():
            setattr(details, name, key)
        details.save()
        record(events.CONTACT_CHANGED, by=by, on=referral, detail={"fields": sorted(new)}, people=[person.pk])
    safe = SafeContact.objects.get(person=person)
    looser = wish.looser.split()
    allowed = {name: getattr(safe, name) or name in looser for name in SAFE_FIELDS}
    if not allowed["may_phone"]:  # became stricter since
        allowed["may_leave_voicemail"] = False
    change_safe_contact(person=person, referral=referral, allowed=allowed, by=by)


def is_link_open(link: OwnLink) -> bool:
    return OwnLink.objects.not_ended().filter(pk=link.pk).exists()


# -- shared -------------------------------------------------------------------------------------------------------------
def _working(**which) -> OwnLink:
    working = OwnLink._base_manager.filter(ended_at=None, expires_at__gt=timezone.now())
    found = working.filter(**which).first()
    if found is None:
        raise StaleState(LINK_ENDED, code="ended")
    return found


def _still(link: OwnLink) -> OwnLink:
    fresh = OwnLink.objects.working().select_related("referral").filter(pk=link.pk).first()
    if fresh is None:
        raise StaleState(LINK_ENDED, code="ended")
    return fresh


def _held(link: OwnLink) -> Person:
    """The person, held after the referral, as everybody holds them. Whoever waited may find the link ended."""
    locked(link.referral)
    _still(link)
    held_together(link.person)
    return Person.objects.select_for_update().get(pk=link.person_id)


def _key(link: OwnLink, answer: str) -> bytes:
    return lookup_key("own link", f"{link.pk} {_plain(answer)}")


def _plain(words: str) -> str:
    """Without capitals, accents, spaces and marks: what somebody types on a phone."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if letter.isalnum())


def _tell_worker(link: OwnLink, words: str, by: User) -> None:
    referral = link.referral
    Task.objects.create(
        service_area_id=link.service_area_id,
        referral=referral,
        kind=Task.Kind.OWN_PAGE,
        side=link.side,
        person_id=link.person_id,
        words=words,
        due_on=timezone.localdate(),
        assigned_to=referral.taken_by,
        created_by=by,
    )
    url = reverse("referrals:own-link", args=[referral.pk, referral.called_in_addresses(link.person_id)])
    notify(coordinators_of(referral), "person_asked", on=referral, url=url)
