"""Two records are one person: proposed by one, confirmed by another, and taken apart again.

Nothing moves (ADR 7). Each record keeps its own referrals, agreements, contacts and words, so nobody who works with one
reads anything of the other. What protects the person holds for both from the proposal on (`protecting`); what shows more
waits for the second person.
"""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from referrals import events, policy
from referrals.actions.alerting import ask_to_act
from referrals.actions.locking import require
from referrals.actions.one_person import (
    about,
    held_together,
    records_everywhere,
    records_of,
    sides_of,
    stand_apart,
)
from referrals.actions.protecting import carry, choose, give_back, handed_on
from referrals.actions.telling import at_work, less_shut_out
from referrals.models import Carried, Merge, Person, PossibleDuplicate
from referrals.querysets import CASEWORK
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import across
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify

MERGERS = "Only a coordinator or manager of this area can merge records."
SECOND = "Somebody else confirms this: another coordinator or a manager of this area."
ANSWERED = "Somebody has answered this already. Nothing was done twice."
TWO_SIDES = "One referral or case names them both, so they are two people."
APART = "They stand on different sides: each record keeps its own details."
# What may be chosen for both records, by what a coordinator calls it.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("person.first_name", "person.last_name", "person.organisation_name"),
    "date_of_birth": ("person.date_of_birth", "person.date_of_birth_as_given"),
    "communication_needs": ("person.communication_needs",),
    "phone": ("details.phone",),
    "email": ("details.email",),
    "address": ("details.address", "details.postcode"),
}


@transaction.atomic
def propose_merge(*, pair: PossibleDuplicate, reason: str, keep: Mapping[str, str], by: User, today: date) -> Merge:
    """`keep`: by name of CHOICES whose value both records have once somebody else has confirmed it, "one" or "other"; what
    is not named stays as each has it. Nothing can be chosen where the two stand on different sides.

    The caller holds the referrals and looked the pair up as `visible_to`. Raises StaleState when somebody answered before."""
    PossibleDuplicate.objects.select_for_update().values_list("pk").get(pk=pair.pk)
    fresh = PossibleDuplicate.objects.get(pk=pair.pk)
    require(by.may("referrals.decide", fresh.service_area_id), MERGERS)
    if fresh.answer != PossibleDuplicate.Answer.OPEN:
        raise StaleState(ANSWERED)
    if not reason.strip():
        raise DomainError("Say why you take them for one person", field="reason")
    own, theirs = records_of(fresh.person_id), records_of(fresh.other_id)
    people = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=own | theirs).order_by("pk")}
    if own & theirs:
        raise StaleState("The two records are one person already.")
    _require_one(own, theirs)
    one, other = people[fresh.person_id], people[fresh.other_id]
    chosen = {name: whose for name, whose in keep.items() if whose in ("one", "other")}
    _require_same_side(chosen, one, other)
    merge = Merge.objects.create(
        service_area_id=fresh.service_area_id,
        one=one,
        other=other,
        proposed_by=by,
        reason=reason.strip(),
        keep=dict(sorted(chosen.items())),
    )
    _bring_together(people, own, theirs, by, today)
    _answer(fresh, PossibleDuplicate.Answer.PROPOSED, by)
    record(events.MERGE_PROPOSED, by=by, on=merge, people=[one.pk, other.pk], detail={"chosen": sorted(chosen)})
    notify(who_may_confirm(merge), "merge_to_confirm", on=merge, url=_page(fresh))
    return merge


@transaction.atomic
def confirm_merge(*, merge: Merge, by: User) -> Merge:
    """The second person has looked at both: from now on they are read together, and both have what was chosen."""
    fresh = _held(merge)
    is_seen = Merge.objects.all().visible_to(by).filter(pk=fresh.pk).exists()
    require(is_seen and policy.can_confirm_merge(by, fresh), SECOND)
    if fresh.undone_at or fresh.confirmed_at:
        raise StaleState(ANSWERED)
    held_together(fresh.one)
    own, theirs = (records_of(key, without=fresh) for key in (fresh.one_id, fresh.other_id))
    _require_one(own - theirs, theirs - own)
    _require_same_side(fresh.keep, fresh.one, fresh.other)
    for name, whose in fresh.keep.items():
        choose(CHOICES[name], *((fresh.one, fresh.other) if whose == "one" else (fresh.other, fresh.one)))
    fresh.confirmed_at, fresh.confirmed_by = timezone.now(), by
    fresh.save(update_fields=["confirmed_at", "confirmed_by"])
    for pair in _pairs_of(fresh):
        _answer(pair, PossibleDuplicate.Answer.SAME, by)
        notify(fresh.proposed_by, "merge_answered", on=fresh, url=_page(pair))
    record(events.MERGED, by=by, on=fresh, people=[fresh.one_id, fresh.other_id], detail={"chosen": sorted(fresh.keep)})
    return fresh


def _held(merge: Merge) -> Merge:
    Merge.objects.select_for_update().values_list("pk").get(pk=merge.pk)
    return Merge.objects.select_related("one", "other", "proposed_by").get(pk=merge.pk)


def _require_one(own: Collection[UUID], theirs: Collection[UUID]) -> None:
    if stand_apart(own, theirs):
        raise DomainError(TWO_SIDES)


def _require_same_side(chosen: Collection[str], one: Person, other: Person) -> None:
    if chosen and len(sides_of({one.pk, other.pk})) > 1:
        raise DomainError(APART)


def _pairs_of(merge: Merge) -> models.QuerySet[PossibleDuplicate]:
    both = [merge.one_id, merge.other_id]
    return PossibleDuplicate.objects.filter(person__in=both, other__in=both)


def who_may_confirm(merge: Merge) -> list[User]:
    """Of those who decide in the area whoever nothing keeps from the referrals of either."""
    found = at_work(merge.service_area_id, role__in=CASEWORK)
    for referral in about([merge.one_id, merge.other_id]):
        found = less_shut_out(referral, found)
    return [user for user in found if user.pk != merge.proposed_by_id]


def _page(pair: PossibleDuplicate) -> str:
    return reverse("cases:compare-people", args=[pair.pk])


def _bring_together(people: Mapping[UUID, Person], own: set[UUID], theirs: set[UUID], by: User, today: date) -> None:
    """And with the records of areas that somebody of them was passed on to or came from."""
    for mine in own:
        for yours in theirs:
            carry(people[mine], people[yours], by=by, today=today)
            carry(people[yours], people[mine], by=by, today=today)
    for abroad in held_together(next(iter(people.values()))):
        if abroad.pk not in people:
            for person in people.values():
                carry(person, abroad, by=by, today=today)


@transaction.atomic
def undo_merge(*, merge: Merge, by: User) -> list[Carried]:
    """Undone, or before it was confirmed turned down or taken back: one person may, as it shows less. Each record is again as
    it was, in another area too; what it has said itself since then stays, and what stays here is given back to be told."""
    fresh = _held(merge)
    require(by.may("referrals.decide", fresh.service_area_id), MERGERS)
    if fresh.undone_at:
        raise StaleState("Somebody has undone this merge already.")
    areas = {fresh.service_area_id, *(person.service_area_id for person in held_together(fresh.one))}
    fresh.undone_at, fresh.undone_by = timezone.now(), by
    fresh.save(update_fields=["undone_at", "undone_by"])
    with across(*areas):
        kept = _take_apart(fresh, by)
    for pair in _pairs_of(fresh):
        pair.answer, pair.answered_at, pair.answered_by = PossibleDuplicate.Answer.OPEN, None, None
        pair.save(update_fields=["answer", "answered_at", "answered_by"])
        if by.pk != fresh.proposed_by_id:
            notify(fresh.proposed_by, "merge_answered", on=fresh, url=_page(pair))
    here = [one for one in kept if one.service_area_id == fresh.service_area_id]
    detail = {"kept": sorted({carried.field or carried.what for carried in here})}
    verb = events.UNMERGED if fresh.confirmed_at else events.MERGE_TURNED_DOWN
    record(verb, by=by, on=fresh, people=[fresh.one_id, fresh.other_id], detail=detail)
    return here


def _take_apart(merge: Merge, by: User) -> list[Carried]:
    """What either had only from the other, in every area that has joined them by nothing else."""
    one, other = records_everywhere(merge.one_id), records_everywhere(merge.other_id)
    if one & other:
        one, other = records_of(merge.one_id), records_of(merge.other_id)
    if one & other:
        return []
    between = Q(source__in=one, target__in=other) | Q(source__in=other, target__in=one)
    brought = list(Carried.objects.in_force().filter(between).select_related("target"))
    kept: list[Carried] = []
    elsewhere: set[UUID] = set()
    while brought:
        elsewhere |= {each.target_id for each in brought if each.service_area_id != merge.service_area_id}
        stays = give_back(brought, by)
        kept += stays
        brought = handed_on([each for each in brought if each not in stays])
    for referral in about(elsewhere):
        ask_to_act(referral, by)
    return kept


@transaction.atomic
def keep_apart(*, pair: PossibleDuplicate, by: User) -> PossibleDuplicate:
    """Not the same person: remembered, and not asked again until another reason is found."""
    fresh = PossibleDuplicate.objects.select_for_update().get(pk=pair.pk)
    require(by.may("referrals.decide", fresh.service_area_id), MERGERS)
    if fresh.answer != PossibleDuplicate.Answer.OPEN:
        raise StaleState(ANSWERED)
    _answer(fresh, PossibleDuplicate.Answer.DIFFERENT, by)
    record(events.DUPLICATE_ANSWERED, by=by, on=fresh, people=[fresh.person_id, fresh.other_id])
    return fresh


def _answer(pair: PossibleDuplicate, answer: str, by: User) -> None:
    pair.answer, pair.answered_at, pair.answered_by = answer, timezone.now(), by
    pair.save(update_fields=["answer", "answered_at", "answered_by"])
