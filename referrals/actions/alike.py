"""Finds who may be one person.

A record is compared only with those that share a key with it: a contact detail, a day of birth, a crime. Contact details
are keyed hashes there, so looking opens none. What the keys find is scored by `referrals.duplicates`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from referrals.actions.one_person import in_one_referral, joined_among, records_of, stand_apart
from referrals.duplicates import Likeness, Match, births_like, can_be_one, compare
from referrals.models import Person, PossibleDuplicate

MOST_PAIRS = 5  # of one new person: whoever is sent a hundred times is not a hundred questions
MOST_SHARING = 300  # of one key, the newest: a hostel's telephone, or 1 January, tells nobody apart
MOST_COMPARED = 20_000  # at once, by one kind of key: what a key too many share may cost
_NAMES = ("first_name", "last_name", "organisation_name", "date_of_birth")
_CONTACT = {
    "phone_key": "contact_details__phone_key",
    "email_key": "contact_details__email_key",
    "postcode_key": "contact_details__postcode_key",
}
_BIRTH = {"born_on": "date_of_birth"}
_CRIMES = [
    {"crime": f"{role}__incident__crime_reference"}
    for role in ("referrals_as_harmed", "referrals_as_responsible", "responsible_beside__referral")
]

Alike = list[tuple[UUID, Match]]  # the most likely first


def note_possible_duplicates(*, people: Sequence[Person]) -> int:
    """Keeps the likely pairs of new people for a coordinator, the strongest of each. Returns how many; nobody is merged."""
    rows = [_pair(people[0].service_area_id, *key, match) for key, match in _pairs([one.pk for one in people]).items()]
    PossibleDuplicate.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def compare_again(*, person: Person) -> None:
    """After a name, a day of birth or a contact detail has changed. Whom somebody told apart is asked about again only
    where there is a reason that was not there before."""
    found = _pairs([person.pk])
    for pair in PossibleDuplicate.objects.about([person.pk]):
        match = found.pop((pair.person_id, pair.other_id), None)
        is_open = pair.answer == PossibleDuplicate.Answer.OPEN
        if match is None and is_open:
            pair.delete()
        elif match is not None and (is_open or set(match.reasons) - set(pair.reasons.split())):
            _ask_again(pair, match)
    PossibleDuplicate.objects.bulk_create(
        [_pair(person.service_area_id, *key, match) for key, match in found.items()], ignore_conflicts=True
    )


def _ask_again(pair: PossibleDuplicate, match: Match) -> None:
    if pair.answer in (PossibleDuplicate.Answer.SAME, PossibleDuplicate.Answer.PROPOSED):
        return
    pair.reasons, pair.score = " ".join(match.reasons), round(match.score)
    pair.answer, pair.answered_at, pair.answered_by = PossibleDuplicate.Answer.OPEN, None, None
    pair.save(update_fields=["reasons", "score", "answer", "answered_at", "answered_by"])


def reasons_now(pair: PossibleDuplicate) -> tuple[str, ...]:
    """Why the two look like one person today: either may have been corrected since the pair was found."""
    like = likenesses(Person.objects.filter(pk__in=[pair.person_id, pair.other_id]))
    return compare(like[pair.person_id], like[pair.other_id]).reasons


def _pairs(keys: Collection[UUID]) -> dict[tuple[UUID, UUID], Match]:
    """The strongest of each that may be offered: neither one person already nor two people of one referral."""
    apart = in_one_referral(keys)
    pairs: dict[tuple[UUID, UUID], Match] = {}
    for key, found in find_alike(keys).items():
        likely = [(other, match) for other, match in found if frozenset((key, other)) not in apart]
        pairs |= {(min(key, other), max(key, other)): match for other, match in likely[:MOST_PAIRS]}
    if not pairs:
        return pairs
    joined = joined_among({key for pair in pairs for key in pair})
    return {pair: match for pair, match in pairs.items() if not _is_decided(*pair, joined)}


def _is_decided(one: UUID, other: UUID, joined: Collection[UUID]) -> bool:
    if one not in joined and other not in joined:
        return False
    own, theirs = records_of(one), records_of(other)
    return bool(own & theirs) or stand_apart(own, theirs)


def _pair(area_id: UUID, one: UUID, other: UUID, match: Match) -> PossibleDuplicate:
    words = {"reasons": " ".join(match.reasons), "score": round(match.score)}
    return PossibleDuplicate(service_area_id=area_id, person_id=one, other_id=other, **words)


def find_alike(keys: Collection[UUID]) -> dict[UUID, Alike]:
    """By person who of the area is likely the same."""
    everybody = Person.objects.all()
    own = likenesses(everybody.filter(pk__in=keys))
    near = _near(everybody, own)
    others = set().union(*near.values()) - own.keys()
    like = own | likenesses(everybody.filter(pk__in=others)) if others else own
    return {key: _likely(own[key], {other: like[other] for other in others}) for key, others in near.items()}


def alike_to(described: Mapping[UUID, Likeness], among: QuerySet[Person]) -> dict[UUID, Alike]:
    """Who of these people is likely whom a form describes. A key of one's own choice stands for each described."""
    near = _near(among, described)
    like = likenesses(among.filter(pk__in=set().union(*near.values())))
    return {key: _likely(described[key], {other: like[other] for other in others}) for key, others in near.items()}


def likenesses(people: QuerySet[Person]) -> dict[UUID, Likeness]:
    """What is compared of each, in the same few statements however many they are."""
    crimes: defaultdict[UUID, set[str]] = defaultdict(set)
    for columns in _CRIMES:
        for pk, reference in people.values_list("pk", *columns.values()):
            crimes[pk] |= {reference or ""} - {""}
    return {
        pk: replace(like, crime_references=frozenset(crimes[pk]), **dict(keys))
        for pk, like, keys in _rows(people, _CONTACT)
    }


def _likely(one: Likeness, others: Mapping[UUID, Likeness]) -> Alike:
    matches = [(key, compare(one, other)) for key, other in others.items()]
    return sorted((pair for pair in matches if pair[1].is_likely), key=lambda pair: (-pair[1].score, pair[0]))


def _near(among: QuerySet[Person], own: Mapping[UUID, Likeness]) -> dict[UUID, set[UUID]]:
    """By person who shares a key with them, and is not ruled out by name and day of birth."""
    near: dict[UUID, set[UUID]] = {key: set() for key in own}
    sharing: Counter[tuple[str, Any]] = Counter()
    for columns in (_CONTACT, _BIRTH, *_CRIMES):
        if not (wanted := _wanted(own, columns)):
            continue
        shared = Q(pk__in=[])
        for name, path in columns.items():
            shared |= Q(**{f"{path}__in": {value for key, value in wanted if key == name}})
        for other, like, shares in _rows(among.filter(shared).order_by("-created_at")[:MOST_COMPARED], columns):
            sharing.update(shares)
            telling = (wanted.get(share, ()) for share in shares if sharing[share] <= MOST_SHARING)
            for key in set().union(*telling) - {other}:
                if other not in near[key] and can_be_one(own[key], like):
                    near[key].add(other)
    return near


def _wanted(own: Mapping[UUID, Likeness], names: Iterable[str]) -> dict[tuple[str, Any], set[UUID]]:
    """By key whose it is."""
    wanted: defaultdict[tuple[str, Any], set[UUID]] = defaultdict(set)
    for key, like in own.items():
        for name in names:
            for value in _values(like, name):
                wanted[name, value].add(key)
    return wanted


def _values(like: Likeness, name: str) -> Iterable[Any]:
    if name == "crime":
        return like.crime_references
    value = getattr(like, name)
    if name == "born_on" and value:
        return births_like(value)
    return [value] if value and not like.organisation else []


def _rows(people: QuerySet[Person], columns: Mapping[str, str]) -> Iterator[tuple[UUID, Likeness, list]]:
    """Each with its names and the keys it has, in a stream."""
    for pk, first, last, organisation, born_on, *values in people.values_list(
        "pk", *_NAMES, *columns.values()
    ).iterator():
        yield pk, Likeness(first, last, organisation, born_on), list(zip(columns, map(_bytes, values), strict=True))


def _bytes(value):
    return bytes(value) if isinstance(value, memoryview) else value
