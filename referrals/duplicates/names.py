"""How like two names are: as written, as said, as mistyped, as shortened."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import jellyfish

from referrals.duplicates.nicknames import are_forms_of_one

A_TYPING_MISTAKE_IN = 5  # letters: one letter may be wrong in five, two in ten


class Alike(StrEnum):
    """The strongest first."""

    SAME = "same"
    NICKNAME = "nickname"
    PART = "part"
    CLOSE = "alike"
    INITIAL = "initial"
    NOT_KNOWN = ""
    DIFFERENT = "different"


# Letters that Unicode does not take apart, as people without them on the keyboard write them.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


@lru_cache(maxsize=16384)
def plain(name: str) -> str:
    """Lower case, without accents, apostrophes, hyphens and spaces: O'Brien and OBRIEN are one."""
    return "".join(parts(name))


@lru_cache(maxsize=16384)
def parts(name: str) -> tuple[str, ...]:
    """The plain words of a name: a double-barrelled one has two, O'Brien has one."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(mark))
    words = re.split(r"[\s\-\u2010-\u2015]+", bare.translate(_LETTERS))
    return tuple(filter(None, (re.sub(r"[\W_]+", "", word) for word in words)))


@lru_cache(maxsize=16384)
def sound(name: str) -> str:
    """Metaphone of the plain name; letters outside a to z stay as they are, so that no two scripts meet by chance."""
    letters = plain(name)
    return jellyfish.metaphone(letters) if letters.isascii() else letters


@lru_cache(maxsize=16384)
def first_names(one: str, other: str) -> Alike:
    return _compare(one, other, are_first=True)


@lru_cache(maxsize=16384)
def last_names(one: str, other: str) -> Alike:
    return _compare(one, other, are_first=False)


def _compare(one: str, other: str, *, are_first: bool) -> Alike:
    ours, theirs = plain(one), plain(other)
    if not (ours and theirs):
        return Alike.NOT_KNOWN
    if ours == theirs:
        return Alike.SAME
    if are_first and are_forms_of_one(ours, theirs):
        return Alike.NICKNAME
    if _share_a_part(parts(one), parts(other)) or (
        are_first and parts(one)[0] == parts(other)[0] and len(parts(one)[0]) > 1
    ):
        return Alike.PART
    if are_first and 1 in (len(ours), len(theirs)):
        return Alike.INITIAL if ours[0] == theirs[0] else Alike.DIFFERENT
    is_close = _is_close(ours, theirs) or (are_first and _is_shortened(ours, theirs))
    return Alike.CLOSE if is_close else Alike.DIFFERENT


def _share_a_part(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Sarah Jane and Sarah, Smith-Jones and Jones: of particles and initials nothing follows."""
    return len(ours) + len(theirs) > 2 and any(len(part) > 3 for part in set(ours) & set(theirs))


def _is_shortened(ours: str, theirs: str) -> bool:
    """Syl for Sylvia: the forms that no list has."""
    shorter, longer = sorted((ours, theirs), key=len)
    return len(shorter) > 2 and longer.startswith(shorter)


def _is_close(ours: str, theirs: str) -> bool:
    """A typing mistake; or more letters, where both are said the same. Sound alone would make one of Jean, Jane and John."""
    shorter = min(len(ours), len(theirs))
    wrong = shorter // A_TYPING_MISTAKE_IN
    if shorter > 3 and sound(ours) == sound(theirs):
        wrong = min(3, (shorter - 1) // 2)
    if abs(len(ours) - len(theirs)) > wrong:
        return False
    return jellyfish.damerau_levenshtein_distance(ours, theirs) <= wrong
