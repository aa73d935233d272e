"""How likely two records are one person: one table of weights, and the reasons in words.

A weight says how much more often two records of one person agree so than two records of two people do, roughly as a
power of two: few share a day of birth by chance, a household shares its telephone. They were set by that thought before
anything was measured (benchmarks/people_once.py measures). Two things outweigh everything that may be shared: clearly
different first names (twins, partners) and clearly different days of birth (father and son of one name). Nothing is
merged on these reasons: a coordinator compares.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import jellyfish

from referrals.duplicates.names import Alike, first_names, last_names, plain

THRESHOLD = 10
VERY_LIKELY = 15  # one name and one date of birth

SAME_EMAIL = "same_email"
SAME_PHONE = "same_phone"
SAME_POSTCODE = "same_postcode"
SAME_CRIME_REFERENCE = "same_crime_reference"
SAME_DATE_OF_BIRTH = "same_date_of_birth"
BIRTH_SWAPPED = "birth_swapped"
BIRTH_CLOSE = "birth_close"
BIRTH_DIFFERENT = "birth_different"
SAME_NAME = "same_name"
NAMES_SWAPPED = "names_swapped"
SAME_ORGANISATION = "same_organisation"

NEVER = -1000
WEIGHTS: dict[str, float] = {
    # What belongs to one person, or to one household. Families share an address, so it adds little to a shared telephone.
    SAME_EMAIL: 6,
    SAME_PHONE: 5,
    SAME_POSTCODE: 3,
    SAME_CRIME_REFERENCE: 3,
    # One in some twenty thousand shares a day of birth; fifty times as many are one digit off.
    SAME_DATE_OF_BIRTH: 8,
    BIRTH_SWAPPED: 6,
    BIRTH_CLOSE: 2.5,
    BIRTH_DIFFERENT: NEVER,
    # One in a hundred shares a first name.
    f"first_{Alike.SAME}": 3,
    f"first_{Alike.NICKNAME}": 2.5,
    f"first_{Alike.PART}": 2.5,
    f"first_{Alike.CLOSE}": 2,
    f"first_{Alike.INITIAL}": 0.5,
    f"first_{Alike.NOT_KNOWN}": 0,
    f"first_{Alike.DIFFERENT}": NEVER,
    # Last names are many, and shared in a family; another one says little, as people marry.
    f"last_{Alike.SAME}": 4,
    f"last_{Alike.PART}": 3,
    f"last_{Alike.CLOSE}": 3,
    f"last_{Alike.NOT_KNOWN}": 0,
    f"last_{Alike.DIFFERENT}": -3,
    NAMES_SWAPPED: -1,
}

# The strongest first: the order in which a coordinator reads them. What is not here is no reason.
WORDS = {
    SAME_EMAIL: "same email address",
    SAME_PHONE: "same telephone number",
    SAME_DATE_OF_BIRTH: "same date of birth",
    BIRTH_SWAPPED: "day and month of birth are swapped",
    SAME_NAME: "same name",
    SAME_ORGANISATION: "same organisation",
    SAME_CRIME_REFERENCE: "same crime reference",
    SAME_POSTCODE: "same postcode",
    BIRTH_CLOSE: "dates of birth differ by one digit",
    NAMES_SWAPPED: "first and last name are swapped",
    f"first_{Alike.SAME}": "same first name",
    f"first_{Alike.NICKNAME}": "first names are forms of one name",
    f"first_{Alike.PART}": "part of the first name is the same",
    f"first_{Alike.CLOSE}": "first names look or sound alike",
    f"first_{Alike.INITIAL}": "same initial",
    f"last_{Alike.SAME}": "same last name",
    f"last_{Alike.PART}": "part of the last name is the same",
    f"last_{Alike.CLOSE}": "last names look or sound alike",
    f"last_{Alike.DIFFERENT}": "last names differ",
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a person is compared. Keys are keyed hashes: comparing opens no contact detail. Crimes are as written."""

    first_name: str = ""
    last_name: str = ""
    organisation: str = ""
    born_on: date | None = None
    phone_key: bytes | None = None
    email_key: bytes | None = None
    postcode_key: bytes | None = None
    crime_references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """`score` against THRESHOLD; `reasons` are codes of WORDS, the strongest first."""

    score: float
    reasons: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        return self.score >= THRESHOLD


NOBODY = Match(NEVER, ())


def compare(one: Likeness, other: Likeness) -> Match:
    """The same whichever stands first."""
    if one.organisation or other.organisation:
        return _of_organisations(one, other)
    found = [*_names(one, other), *_birth(one.born_on, other.born_on)]
    score = sum(WEIGHTS[code] for code in found)
    if score <= NEVER / 2:
        return NOBODY
    shared = list(_shared(one, other))
    found += shared
    score += sum(WEIGHTS[code] for code in shared)
    return Match(score, _in_order(found))


def can_be_one(one: Likeness, other: Likeness) -> bool:
    """The cheap question before `compare`: names and days of birth do not rule it out."""
    if one.organisation or other.organisation:
        return _same(plain(one.organisation), plain(other.organisation))
    return sum(WEIGHTS[code] for code in (*_names(one, other), *_birth(one.born_on, other.born_on))) > NEVER / 2


def births_like(born_on: date) -> set[date]:
    """Days that the same birth may have been written as: itself, and with day and month swapped."""
    return {born_on} | ({date(born_on.year, born_on.day, born_on.month)} if born_on.day < 13 else set())


@lru_cache(maxsize=4096)
def _crime(reference: str) -> str:
    return re.sub(r"\s+", "", reference).casefold()


def _names(one: Likeness, other: Likeness) -> tuple[str, ...]:
    """Straight or swapped, whichever agrees better. Swapped ones agree in full, or but for a form or a mistake in one."""
    straight = _both(one.first_name, other.first_name, one.last_name, other.last_name)
    swapped = (
        (NAMES_SWAPPED, *_both(mine.first_name, yours.last_name, mine.last_name, yours.first_name))
        for mine, yours in ((one, other), (other, one))
    )
    return max(straight, *swapped, key=lambda codes: (sum(WEIGHTS[code] for code in codes), codes))


_AS_WRITTEN = (f"first_{Alike.SAME}", f"last_{Alike.SAME}")


def _both(first: str, other_first: str, last: str, other_last: str) -> tuple[str, str]:
    if _same(plain(first) + plain(last), plain(other_first) + plain(other_last)):
        return _AS_WRITTEN  # Paul Walker and Paulw Alker
    firsts, lasts = first_names(*sorted((first, other_first))), last_names(*sorted((last, other_last)))
    if lasts == Alike.DIFFERENT and firsts in (Alike.INITIAL, Alike.NOT_KNOWN):
        firsts = Alike.DIFFERENT  # no name agrees
    return f"first_{firsts}", f"last_{lasts}"


def _birth(one: date | None, other: date | None) -> tuple[str, ...]:
    if one is None or other is None:
        return ()
    if one == other:
        return (SAME_DATE_OF_BIRTH,)
    if other in births_like(one):
        return (BIRTH_SWAPPED,)
    is_close = jellyfish.damerau_levenshtein_distance(f"{one:%Y%m%d}", f"{other:%Y%m%d}") == 1
    return (BIRTH_CLOSE if is_close else BIRTH_DIFFERENT,)


def _shared(one: Likeness, other: Likeness) -> Iterable[str]:
    if _same(one.email_key, other.email_key):
        yield SAME_EMAIL
    if _same(one.phone_key, other.phone_key):
        yield SAME_PHONE
    if _same(one.postcode_key, other.postcode_key):
        yield SAME_POSTCODE
    if _share_a_crime(one, other):
        yield SAME_CRIME_REFERENCE


def _share_a_crime(one: Likeness, other: Likeness) -> bool:
    return not set(map(_crime, one.crime_references)).isdisjoint(map(_crime, other.crime_references))


def _in_order(found: list[str]) -> tuple[str, ...]:
    """Both names the same are one reason, and a swap says the rest."""
    codes = set(found)
    if codes.issuperset(_AS_WRITTEN):
        codes = codes - set(_AS_WRITTEN) | ({SAME_NAME} if NAMES_SWAPPED not in codes else set())
    return tuple(code for code in WORDS if code in codes)


def _of_organisations(one: Likeness, other: Likeness) -> Match:
    """A shop is harmed again and again: only the same crime makes the same organisation a likely duplicate."""
    same = _same(plain(one.organisation), plain(other.organisation))
    if same and _share_a_crime(one, other):
        return Match(THRESHOLD, (SAME_ORGANISATION, SAME_CRIME_REFERENCE))
    return NOBODY


def _same(one: object, other: object) -> bool:
    return bool(one) and one == other
