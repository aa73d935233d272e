"""A referral goes to another area: offered, taken over or not, taken back, sent home (ADR 9).

Before the other area accepts, it reads the offer and nothing else. Both areas are named wherever an act needs both; whoever
acts belongs to one of them, and may do only what is theirs to do there.
"""

from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from referrals import events, policy
from referrals.actions.alike import note_possible_duplicates
from referrals.actions.amend import consenting_person
from referrals.actions.carrying import carry_home, carry_there, end_tasks
from referrals.actions.decide import DECIDERS
from referrals.actions.ending_transfers import take_back_offer_of
from referrals.actions.ending_waits import end_wait
from referrals.actions.locking import locked, require, require_move, set_status
from referrals.actions.repeating import note_repeated_approaches
from referrals.actions.telling import at_work, coordinators_of, given_away, people_of
from referrals.choices import (
    SELF_REFERRED,
    Approach,
    ConsentPurpose,
    ReferralStatus,
    TransferBecause,
    TransferStatus,
)
from referrals.models import Consent, Person, ProposedChange, Referral, Restriction, Transfer
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import across
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of

GONE = "This is no longer offered. Nothing was done twice."


@transaction.atomic
def offer_transfer(
    *,
    referral: Referral,
    to_area: ServiceArea,
    because: str,
    words: str,
    by: User,
    today: date,
    seen: str | None = None,
) -> Transfer:
    """Nothing moves yet: the referral stays as it is and its clock goes on. `words`: what the other area needs in order to
    decide; they may name nobody. Any decision here takes the offer back."""
    if because not in TransferBecause.values:
        raise DomainError("Choose why it belongs there", field="because")
    if not words.strip():
        raise DomainError("Enter what they need to know to decide", field="words")
    fresh = locked(referral)
    require(by.may("referrals.decide", fresh.service_area_id), DECIDERS)
    require_move(fresh, ReferralStatus.PASSED_ON, seen=seen)
    if to_area.pk == fresh.service_area_id:
        raise DomainError("Choose another area", field="to_area")
    if Transfer.objects.under_way().filter(referral=fresh).exists():
        raise StaleState("It is offered to another area already. Nothing was done twice.")
    if block := why_not_passed_on(fresh):
        raise DomainError(block)
    if found := given_away(words, fresh, sent={}):
        raise DomainError(f"They may not read {' or '.join(found)} before they accept. Write it without", field="words")
    transfer = Transfer.objects.create(
        referral=fresh,
        from_area_id=fresh.service_area_id,
        to_area=to_area,
        because=because,
        words=words.strip(),
        offered_on=today,
        offered_by=by,
    )
    record(
        events.TRANSFER_OFFERED,
        by=by,
        on=fresh,
        detail={"to": str(to_area.pk), "because": because},
        people=people_of(fresh),
        occurred_at=moment_of(today),
    )
    address = reverse("referrals:transfer", args=[transfer.pk])
    notify(_who_may_answer(transfer, fresh), "transfer_offered", on=transfer, url=address)
    return transfer


def why_not_passed_on(referral: Referral) -> str:
    """The sentence that forbids it now, read from the database at the moment of acting; empty when there is none."""
    people = list(Person.objects.filter(pk__in=people_of(referral)))
    person = consenting_person(referral)
    agreed = Consent.objects.in_force().filter(referral=referral, purpose=ConsentPurpose.CONTACT, person=person)
    return policy.transfer_block(
        has_died=any(one.died_on for one in people),
        agrees=person is not None and person.approach != Approach.NEVER and agreed.exists(),
        has_changes=ProposedChange.objects.open().filter(referral=referral).exists(),
    )


@transaction.atomic
def take_back_transfer(*, transfer: Transfer, by: User) -> None:
    """By the area that offered it. Raises StaleState when it was answered a moment ago."""
    referral = locked(transfer.referral)
    require(by.may("referrals.decide", referral.service_area_id), DECIDERS)
    if not take_back_offer_of(referral, by=by):
        raise StaleState("The other area has answered already. Nothing was taken back.")


@transaction.atomic
def refuse_transfer(*, transfer: Transfer, words: str, by: User, today: date) -> Transfer:
    """`words` are read by the area that offered it, whose the referral has been all along."""
    if not words.strip():
        raise DomainError("Say why you do not take it over. The other area reads this", field="words")
    with across(transfer.from_area_id, transfer.to_area_id):
        referral, fresh = _held(transfer, by)
        fresh.status, fresh.answered_at, fresh.answered_by = TransferStatus.REFUSED, Now(), by
        fresh.answer_words = words.strip()
        fresh.save(update_fields=["status", "answered_at", "answered_by", "answer_words"])
        record(events.TRANSFER_REFUSED, by=by, on=referral, occurred_at=moment_of(today))
        _answered(referral, "transfer_answered")
    return fresh


@transaction.atomic
def accept_transfer(*, transfer: Transfer, by: User, today: date) -> Referral:
    """It becomes a referral of the area that accepts, everything carried whole; ours ends as passed on. The clocks go on, our
    figures leave it out and theirs count it from today. Raises StaleState when it is not offered any more."""
    with across(transfer.from_area_id, transfer.to_area_id):
        source, fresh = _held(transfer, by)
        if why_not_passed_on(source):
            raise StaleState("It cannot be passed on any more. The area that offered it can say why.")
        arrived = carry_there(fresh, source, by=by, today=today)
        fresh.status, fresh.answered_at, fresh.answered_by, fresh.arrived = TransferStatus.ACCEPTED, Now(), by, arrived
        fresh.save(update_fields=["status", "answered_at", "answered_by", "arrived"])
        end_wait(source, by=by, today=today)
        end_tasks(source, by=by)
        set_status(source, ReferralStatus.PASSED_ON, by, today)
        for verb, one in ((events.PASSED_ON, source), (events.ARRIVED, arrived)):
            detail = {"from": str(fresh.from_area_id), "to": str(fresh.to_area_id)}
            record(verb, by=by, on=one, detail=detail, people=people_of(one), occurred_at=moment_of(today))
        _answered(source, "transfer_answered")
    with across(transfer.to_area_id):  # who is alike is asked of their own records alone
        note_possible_duplicates(people=list(Person.objects.filter(pk__in=people_of(arrived))))
        if arrived.mechanism in SELF_REFERRED:
            note_repeated_approaches(referral=arrived, by=by)
    return arrived


@transaction.atomic
def send_home(*, referral: Referral, words: str, by: User, today: date, seen: str | None = None) -> Referral:
    """The area that took it over gives it back, before a case is open there: to the same record, with what was learnt
    meanwhile. Gives the record that it came home to."""
    if not words.strip():
        raise DomainError("Say why it goes back. The other area reads this", field="words")
    transfer = Transfer.objects.filter(arrived=referral.pk, status=TransferStatus.ACCEPTED).first()
    if transfer is None:
        raise StaleState("It did not come from another area, or has gone back already.")
    with across(transfer.from_area_id, transfer.to_area_id):
        back = locked(referral)
        require(by.may("referrals.decide", back.service_area_id), DECIDERS)
        require_move(back, ReferralStatus.PASSED_ON, seen=seen)
        take_back_offer_of(back, by=by)
        home = locked(transfer.referral)
        carry_home(transfer, back, home, by=by, today=today)
        transfer.status, transfer.sent_home_at, transfer.sent_home_by = TransferStatus.SENT_HOME, Now(), by
        transfer.sent_home_words = words.strip()
        transfer.save(update_fields=["status", "sent_home_at", "sent_home_by", "sent_home_words"])
        waits = back.status == ReferralStatus.INTERESTED
        end_wait(back, by=by, today=today)
        end_tasks(back, by=by)
        set_status(back, ReferralStatus.PASSED_ON, by, today)
        set_status(home, ReferralStatus.INTERESTED if waits else ReferralStatus.RECEIVED, by, today)
        record(events.SENT_HOME, by=by, on=back, people=people_of(back), occurred_at=moment_of(today))
        record(events.CAME_HOME, by=by, on=home, people=people_of(home), occurred_at=moment_of(today))
        _answered(home, "transfer_home")
    return home


def _held(transfer: Transfer, by: User) -> tuple[Referral, Transfer]:
    """The referral first, as every decision holds it; then the offer as it stands now."""
    referral = locked(transfer.referral)
    Transfer.objects.select_for_update().values_list("pk").get(pk=transfer.pk)
    fresh = Transfer.objects.select_related("to_area", "offered_by").get(pk=transfer.pk)
    require(by.may("referrals.decide", fresh.to_area_id), "Only a coordinator or manager of that area can answer.")
    if fresh.status != TransferStatus.OFFERED:
        raise StaleState(GONE)
    return referral, fresh


def _who_may_answer(transfer: Transfer, referral: Referral) -> list[User]:
    role = Role.SERVICE_MANAGER if Restriction.objects.filter(referral=referral).exists() else Role.COORDINATOR
    return referral.less_conflicting(at_work(transfer.to_area_id, role=role))


def _answered(referral: Referral, kind: str) -> None:
    notify(coordinators_of(referral), kind, on=referral, url=reverse("referrals:detail", args=[referral.pk]))
