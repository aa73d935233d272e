"""Whether two records look like one person, and why. Nothing is merged on these reasons: a coordinator compares."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

SAME_NAME = "same_name"
NAME_SOUNDS_ALIKE = "name_sounds_alike"
SAME_DATE_OF_BIRTH = "same_date_of_birth"
SAME_PHONE = "same_phone"
SAME_EMAIL = "same_email"
SAME_POSTCODE = "same_postcode"
SAME_CRIME_REFERENCE = "same_crime_reference"
SAME_ORGANISATION = "same_organisation"

# The strongest first: the order in which a coordinator reads them.
WORDS = {
    SAME_EMAIL: "same email address",
    SAME_PHONE: "same telephone number",
    SAME_DATE_OF_BIRTH: "same date of birth",
    SAME_NAME: "same name",
    SAME_ORGANISATION: "same organisation",
    SAME_CRIME_REFERENCE: "same crime reference",
    SAME_POSTCODE: "same postcode",
    NAME_SOUNDS_ALIKE: "name sounds alike",
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a person is compared. Keys are keyed hashes: comparing opens no contact detail."""

    first_name: str = ""
    last_name: str = ""
    organisation: str = ""
    born_on: date | None = None
    phone_key: bytes | None = None
    email_key: bytes | None = None
    postcode_key: bytes | None = None
    crime_reference: str = ""


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Lower case, without accents, apostrophes, hyphens and spaces: O'Brien and OBRIEN are one."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name) if not unicodedata.combining(mark))
    return re.sub(r"[\W_]+", "", bare.casefold())


@lru_cache(maxsize=4096)
def sound(name: str) -> str:
    """Soundex of the plain name; letters outside a to z stay as they are, so that no two scripts meet by chance."""
    letters = plain(name)
    if not letters or not letters.isascii():
        return letters
    codes = {**dict.fromkeys("bfpv", "1"), **dict.fromkeys("cgjkqsxz", "2"), **dict.fromkeys("dt", "3"), "l": "4"}
    codes |= {**dict.fromkeys("mn", "5"), "r": "6"}
    result, last = letters[0], codes.get(letters[0], "")
    for letter in letters[1:]:
        code = codes.get(letter, "")
        if code and code != last:
            result += code
        if letter not in "hw":
            last = code
    return result[:4].ljust(4, "0")


@lru_cache(maxsize=4096)
def names(first_name: str, last_name: str, organisation: str = "") -> frozenset[str]:
    """What two names have in common when they are the same or sound alike."""
    if organisation:
        return frozenset({plain(organisation)} - {""})
    spelt = plain(first_name) + plain(last_name)
    heard = (sound(first_name), sound(last_name))
    return frozenset({spelt, " ".join(heard) if all(heard) else ""} - {""})


def marks(like: Likeness) -> set[tuple[object, str]]:
    """Two records without one in common have no `reasons`: a name together with something else."""
    found: list[object] = [_folded(like.crime_reference)]
    if not like.organisation:
        found += [like.email_key, like.phone_key, like.postcode_key, like.born_on]
    return {(key, name) for name in names(like.first_name, like.last_name, like.organisation) for key in found if key}


def reasons(one: Likeness, other: Likeness) -> tuple[str, ...]:
    """Why the two may be one person, the strongest first; empty when it is not likely.

    A shared telephone or address alone says "one household", a shared name nothing: it takes a name and one more.
    """
    if one.organisation or other.organisation:
        return _of_organisations(one, other)
    found = {
        SAME_EMAIL: _same(one.email_key, other.email_key),
        SAME_PHONE: _same(one.phone_key, other.phone_key),
        SAME_DATE_OF_BIRTH: _same(one.born_on, other.born_on),
        SAME_CRIME_REFERENCE: _same(_folded(one.crime_reference), _folded(other.crime_reference)),
        SAME_POSTCODE: _same(one.postcode_key, other.postcode_key),
    }
    same_name = _same(plain(one.first_name) + plain(one.last_name), plain(other.first_name) + plain(other.last_name))
    alike = not same_name and _sounds_alike(one, other)
    if not (same_name or alike):
        return ()
    strong = any(found[reason] for reason in (SAME_EMAIL, SAME_PHONE, SAME_DATE_OF_BIRTH))
    if not strong and not (same_name and (found[SAME_CRIME_REFERENCE] or found[SAME_POSTCODE])):
        return ()
    found |= {SAME_NAME: same_name, NAME_SOUNDS_ALIKE: alike}
    return tuple(reason for reason in WORDS if found.get(reason))


def _of_organisations(one: Likeness, other: Likeness) -> tuple[str, ...]:
    """A shop is harmed again and again: only the same crime makes the same organisation a likely duplicate."""
    same = _same(plain(one.organisation), plain(other.organisation))
    crime = _same(_folded(one.crime_reference), _folded(other.crime_reference))
    return (SAME_ORGANISATION, SAME_CRIME_REFERENCE) if same and crime else ()


def _sounds_alike(one: Likeness, other: Likeness) -> bool:
    return _same(sound(one.last_name), sound(other.last_name)) and _same(sound(one.first_name), sound(other.first_name))


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()


def _same(one: object, other: object) -> bool:
    return bool(one) and one == other
