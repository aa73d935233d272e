"""Which records are one person."""

from collections import defaultdict, deque
from collections.abc import Collection
from itertools import combinations
from uuid import UUID

from django.db.models import Q, QuerySet

from referrals.choices import Side
from referrals.models import AlsoResponsible, Counterpart, Merge, Person, Referral
from rj_service.accounts.scoping import row_by_row


def records_of(person: UUID, *, without: Merge | None = None, confirmed: bool = False) -> set[UUID]:
    """Every record of the same person, this one among them. For what is read, those alone that a second person `confirmed`."""
    found, waiting = {person}, deque([{person}])
    merges = Merge.objects.confirmed() if confirmed else Merge.objects.in_force()
    merges = merges.exclude(pk=without.pk) if without else merges
    while waiting:
        keys = waiting.popleft()
        pairs = merges.filter(Q(one__in=keys) | Q(other__in=keys)).values_list("one", "other")
        if new := {key for pair in pairs for key in pair} - found:
            found |= new
            waiting.append(new)
    return found


def records_everywhere(person: UUID) -> set[UUID]:
    """The same, and those of areas that it was passed on to or came from: for what protects somebody, and for nothing that
    anybody reads (ADR 9)."""
    found, waiting = {person}, {person}
    merges, counterparts = row_by_row(Merge).in_force(), row_by_row(Counterpart)
    while waiting:
        joined = merges.filter(Q(one__in=waiting) | Q(other__in=waiting)).values_list("one", "other")
        passed = counterparts.filter(Q(here__in=waiting) | Q(there__in=waiting)).values_list("here", "there")
        waiting = {key for pair in joined.union(passed) for key in pair} - found
        found |= waiting
    return found


def held_together(person: Person) -> list[Person]:
    """The other records of the same person, each held in the order of their keys. Call it before rows are changed."""
    keys = records_everywhere(person.pk)
    if len(keys) == 1:
        return []
    held = row_by_row(Person).select_for_update().filter(pk__in=keys).order_by("pk")
    return [one for one in held if one.pk != person.pk]


def about(keys: Collection[UUID]) -> QuerySet[Referral]:
    """The referrals that name any of them. Asked in two: beside a subquery the planner would read every referral, as it would
    for the area of whoever stands beside, which the referrals are asked for anyway."""
    beside = list(row_by_row(AlsoResponsible).filter(person__in=keys).values_list("referral", flat=True))
    return Referral.objects.filter(Q(person_harmed__in=keys) | Q(person_responsible__in=keys) | Q(pk__in=beside))


def sides_of(keys: Collection[UUID]) -> set[str]:
    """On which sides of referrals they stand."""
    responsible = Q(person_responsible__in=keys) | Q(also_responsible__person__in=keys)
    harmed = Referral.objects.filter(person_harmed__in=keys).exists()
    return ({Side.HARMED.value} if harmed else set()) | (
        {Side.RESPONSIBLE.value} if Referral.objects.filter(responsible).exists() else set()
    )


def in_one_referral(keys: Collection[UUID]) -> set[frozenset[UUID]]:
    """Pairs of people whom one referral names: two people, whichever side they stand on."""
    named: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for pk, *people in about(keys).values_list("pk", "person_harmed", "person_responsible"):
        named[pk] |= {key for key in people if key is not None}
    for pk, person in row_by_row(AlsoResponsible).filter(referral__in=named).values_list("referral", "person"):
        named[pk].add(person)
    return {frozenset(pair) for people in named.values() for pair in combinations(people, 2)}


def stand_apart(one: Collection[UUID], other: Collection[UUID]) -> bool:
    """Somebody of the one and somebody of the other are two people of a referral."""
    return any(pair & set(one) and pair & set(other) for pair in in_one_referral({*one, *other}))


def joined_among(keys: Collection[UUID]) -> set[UUID]:
    """Those that are one person with another record."""
    merges = Merge.objects.in_force().filter(Q(one__in=keys) | Q(other__in=keys)).values_list("one", "other")
    return {key for pair in merges for key in pair} & set(keys)
