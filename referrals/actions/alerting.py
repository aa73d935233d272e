"""What was learnt and has to be acted on at once."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from referrals.actions.ending_links import end_links_of
from referrals.actions.ending_offers import stop_offers
from referrals.actions.ending_requests import stop_requests
from referrals.actions.ending_waits import stop_waits, waits_of
from referrals.actions.one_person import about
from referrals.actions.telling import coordinators_of
from referrals.choices import Approach, ConsentPurpose, LinkEnded, NotAcceptedReason
from referrals.models import Consent, Offer, Person, Referral, SafetyChange, Task
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify


def alert(referral: Referral, kind: str, person: Person | None, by: User) -> None:
    """A leased row for the case, a task, and a notice that names nobody."""
    SafetyChange.objects.enqueue(
        service_area_id=referral.service_area_id, kind=kind, person=person, referral=referral, asked_by_id=by.pk
    )
    ask_to_act(referral, by)


def alert_elsewhere(person: Person, kinds: Collection[str], by: User) -> None:
    """Learnt of the same person in another record: the worker goes on with `act_elsewhere`. A row that named the referral
    would wait for whoever holds it, and they perhaps for us."""
    for kind in sorted(kinds):
        SafetyChange.objects.enqueue(
            service_area_id=person.service_area_id, kind=kind, person=person, referral=None, asked_by_id=by.pk
        )


def act_elsewhere(*, person: Person, kind: str, by: User, today: date) -> None:
    """In a record of its own: what is done at once where it was learnt."""
    named_in = about([person.pk]).order_by("pk")
    if kind != SafetyChange.Kind.CONFLICT_DECLARED:
        for referral in named_in:
            ask_to_act(referral, by)
    stop_requests(about=person, by=by, today=today)
    if person.died_on or person.approach == Approach.NEVER:
        reason = NotAcceptedReason.DIED if person.died_on else NotAcceptedReason.CHANGED_MIND
        stop_offers(about=person, by=by, today=today)
        stop_waits(about=person, reason=reason, by=by, today=today)
        end_links_of(because=LinkEnded.DIED if person.died_on else LinkEnded.STOPPED, by=by, person=person)
    elif kind == SafetyChange.Kind.CONSENT_WITHDRAWN:
        agreed = Consent.objects.in_force().filter(person=person, purpose=ConsentPurpose.CONTACT).values("referral")
        for referral in named_in.exclude(pk__in=agreed):
            end_links_of(because=LinkEnded.STOPPED, by=by, person=person, referral=referral)
            stop_offers(about=person, referral=referral, by=by, today=today)
            stop_waits(about=person, referral=referral, reason=NotAcceptedReason.CHANGED_MIND, by=by, today=today)


def is_awaited(person: Person) -> bool:
    """An offer is to be made to them, or their wish waits for a suspect."""
    return Offer.objects.to_make().filter(person=person).exists() or waits_of(person).exists()


def ask_to_act(referral: Referral, by: User) -> None:
    Task.objects.create(
        service_area_id=referral.service_area_id,
        referral=referral,
        kind=Task.Kind.SAFETY,
        due_on=timezone.localdate(),
        assigned_to=referral.taken_by,
        created_by=by,
    )
    notify(coordinators_of(referral), "safety_change", on=referral)
