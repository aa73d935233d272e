"""Find by one box what somebody may see: a reference, a way of contact, a name as it is written or as it sounds."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from referrals import sent
from referrals.actions.receive import contact_keys
from referrals.duplicates import plain
from referrals.models import AlsoResponsible, ContactDetails, Person, PlainName, Referral, Sound
from referrals.querysets import ReferralQuerySet
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.lists.searching import SHORTEST
from rj_service.ui.references import as_stored

MOST = 50
REFERENCE, NAME, SOUND = "Reference", "Name", "Name sounds alike"
CONTACT = {"phone_key": "Same phone number", "email_key": "Same email address", "postcode_key": "Same postcode"}


@dataclass(frozen=True)
class Found:
    """`why`: by referral, the strongest first. `is_cut`: there is more than is shown."""

    why: dict[UUID, str]
    is_cut: bool


def find(words: str, *, by: User) -> Found:
    """Referrals that `by` may see. A referrer finds theirs by what was sent, whatever was corrected here since."""
    seen = Referral.objects.all().visible_to(by)
    why: dict[UUID, str] = {}
    for reason, keys in _of_referrer(words, seen) if by.may("referrals.view_own") else _of_casework(words, seen):
        for key in keys:
            why.setdefault(key, reason)
        if len(why) > MOST:
            break
    return Found(dict(list(why.items())[:MOST]), len(why) > MOST)


def _of_casework(words: str, seen: ReferralQuerySet) -> Iterator[tuple[str, list[UUID]]]:
    reference = as_stored(words)
    if reference:
        yield REFERENCE, _newest(seen.filter(reference=reference))
        yield REFERENCE, _newest(seen.filter(case__reference=reference))
    yield REFERENCE, _of_others(words, seen)
    for name, key in contact_keys(phone=words, email=words, postcode=words).items():
        if key and name in CONTACT:
            people = ContactDetails.objects.filter(**{name: key}).values_list("person", flat=True)[: MOST + 1]
            yield CONTACT[name], _about(list(people), seen)
    yield NAME, _about(_named(words, seen), seen)
    yield SOUND, _about(_sounding(words, seen), seen)


def _of_referrer(words: str, seen: ReferralQuerySet) -> Iterator[tuple[str, list[UUID]]]:
    near = dict.fromkeys([*_of_others(words, seen), *_about(_named(words, seen), seen)])
    was_sent = {one.pk: (one, sent.words_sent(one)) for one in seen.filter(pk__in=near).as_sent()}
    reference = as_stored(words)
    yield REFERENCE, _newest(seen.filter(reference=reference)) if reference else []
    yield REFERENCE, [key for key in near if _is_reference(words, *was_sent[key])]
    yield NAME, [key for key in near if _is_named(words, was_sent[key][1])]


def _of_others(words: str, seen: ReferralQuerySet) -> list[UUID]:
    """By the Hub's reference or the police's, one after the other: asked in one statement neither finds its index."""
    written = words.strip()
    crimes = Q(incident__crime_reference__in={written, written.upper(), written.lower()} - {""})
    return [key for own in (Q(hub_reference=written), crimes) for key in _newest(seen.filter(own))] if written else []


def _is_reference(words: str, referral: Referral, was_sent: dict[str, str]) -> bool:
    known = (referral.hub_reference, was_sent.get("crime_reference", ""))
    return words.strip().casefold() in {reference.casefold() for reference in known if reference}


def _is_named(words: str, was_sent: dict[str, str]) -> bool:
    written = [plain(was_sent.get(column, "")) for column in sent.NAMES]
    return all(any(name.startswith(plain(part)) for name in written) for part in words.split())


def _newest(found: QuerySet) -> list[UUID]:
    return list(found.order_by("-received_on", "-id").values_list("pk", flat=True)[: MOST + 1])


def _about(people: list[UUID], seen: ReferralQuerySet) -> list[UUID]:
    """Their referrals, in the order of the people."""
    if not people:
        return []
    place = {key: number for number, key in enumerate(people)}
    beside: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for referral, person in row_by_row(AlsoResponsible).filter(person__in=people).values_list("referral", "person"):
        beside[referral].append(person)
    named = Q(person_harmed__in=people) | Q(person_responsible__in=people) | Q(pk__in=list(beside))
    rows = seen.filter(named).order_by("-received_on", "-id")
    found = list(rows.values_list("pk", "person_harmed", "person_responsible")[: MOST + 1])

    def nearest(row: tuple) -> int:
        return min(place.get(key, MOST * 9) for key in (*row[1:], *beside[row[0]]))

    return [row[0] for row in sorted(found, key=nearest)]


def _people_of(seen: ReferralQuerySet) -> QuerySet:
    """Asked row by row: in the order of an index it ends at the first that are seen."""
    harmed, responsible = (seen.filter(**{f"person_{role}": OuterRef("pk")}) for role in ("harmed", "responsible"))
    beside = row_by_row(AlsoResponsible).filter(person=OuterRef("pk"), referral__in=seen)
    return Person.objects.filter(Exists(harmed) | Exists(responsible) | Exists(beside))


def _named(words: str, seen: ReferralQuerySet) -> list[UUID]:
    """First the last names that begin so, then first names, then organisations; of two words either may come first."""
    parts = [plain(part) for part in words.split() if plain(part)]
    whole = "".join(parts)
    if len(whole) < SHORTEST:
        return []
    likely = [{"plain_last__startswith": whole}, {"plain_first__startswith": whole}]
    if len(parts) > 1:
        first, last = "".join(parts[:-1]), parts[-1]
        likely = [
            {"plain_last__startswith": last, "plain_first__startswith": first},
            {"plain_last__startswith": first, "plain_first__startswith": last},
            {"plain_last__startswith": whole},
        ]
    people = _people_of(seen).annotate(plain_last=PlainName("last_name"), plain_first=PlainName("first_name"))
    found = [key for names in likely for key in _first(people.filter(**names), "plain_last", "plain_first")]
    organisations = _people_of(seen).exclude(organisation_name="").annotate(plain_name=PlainName("organisation_name"))
    found += _first(organisations.filter(plain_name__startswith=whole), "plain_name")
    return list(dict.fromkeys(found))


def _sounding(words: str, seen: ReferralQuerySet) -> list[UUID]:
    parts = [plain(part) for part in words.split() if plain(part)]
    if not parts or not all(part.isascii() and part.isalpha() for part in parts):
        return []
    people = _people_of(seen).annotate(
        last_sound=Sound(PlainName("last_name")), first_sound=Sound(PlainName("first_name"))
    )
    found = people.filter(last_sound=Sound(Value(parts[-1]))).exclude(last_sound="")
    if len(parts) > 1:
        found = found.filter(first_sound=Sound(Value("".join(parts[:-1]))))
    return _first(found, "last_sound", "first_sound")


def _first(people: QuerySet, *order: str) -> list[UUID]:
    return list(people.order_by(*order, "pk").values_list("pk", flat=True)[: MOST + 1])
