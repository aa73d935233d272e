"""What words say of people whom their reader may not know: found in what goes out, covered in what is read."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from referrals.hub_file import email_of, phone_of, postcode_of
from referrals.models import ContactDetails, Person


def told_too_much(
    words: str,
    *,
    people: Iterable[tuple[str, Person, ContactDetails | None]],
    sent: Mapping[str, str],
) -> list[str]:
    """What of these people the words give away, in words; empty when all of it was sent by the reader.

    `people`: what each is called ('the person harmed'), the row and the contact details. A net for slips, not a proof:
    a nickname passes.
    """
    theirs = " | ".join(sent.values())
    return [
        f"{what} of {called}"
        for called, person, details in people
        for what, values in _known(person, details).items()
        if any(_holds(words, value) and not _holds(theirs, value) for value in values if value)
        or (what == "the name" and _names(words, person.first_name) and not _names(theirs, person.first_name))
    ]


INSIDE = "[name shown inside]"
COVERED = "[shown inside]"
_NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")


def covered(words: str, *, people: Iterable[tuple[Person, ContactDetails | None]]) -> str:
    """The words without the names of these people and without how they are reached. A net, not a proof, as above."""
    for person, details in people:
        for name in (person.organisation_name, person.last_name):
            words = _cover(words, name, INSIDE, re.IGNORECASE)
        words = _cover(words, person.first_name, INSIDE)
        if details is not None:
            words = _cover_contact(words, details)
    return re.sub(rf"{re.escape(INSIDE)}(\s+{re.escape(INSIDE)})+", INSIDE, words)


def _cover_contact(words: str, details: ContactDetails) -> str:
    address = (details.address or "").split(",")[0].split("\n")[0]
    for known in (details.email or "", address, details.postcode or ""):
        words = _cover(words, known, COVERED, re.IGNORECASE)
    own = phone_of(details.phone or "")
    return _NUMBER.sub(lambda found: COVERED if own and phone_of(found[0]) == own else found[0], words)


def _cover(words: str, known: str, by: str, flags: int = 0) -> str:
    return re.sub(rf"\b{re.escape(known.strip())}\b", by, words, flags=flags) if known.strip() else words


def _names(words: str, first_name: str) -> bool:
    """As it is written: in small letters many first names are words (May, Will, Mark)."""
    return bool(first_name) and bool(re.search(rf"\b{re.escape(first_name)}\b", words))


def _known(person: Person, details: ContactDetails | None) -> dict[str, list[str]]:
    known = {"the name": [person.last_name or person.first_name, person.organisation_name]}
    if details is not None:
        known |= {
            "the phone number": [details.phone or ""],
            "the email address": [details.email or ""],
            "the address": [(details.address or "").split(",")[0].split("\n")[0], details.postcode or ""],
        }
    return known


def _holds(words: str, value: str) -> bool:
    """Whether the value stands there, in whatever way a telephone number, a postcode or a house is written."""
    if number := phone_of(value.strip()):
        return number[-9:] in re.sub(r"\D", "", words)
    if email := email_of(value.strip()):
        return email in words.casefold()
    if postcode := postcode_of(value):
        return postcode.replace(" ", "") in re.sub(r"[^A-Z0-9]", "", words.upper())
    return bool(plain := _plain(value).strip()) and f" {plain} " in _plain(words)


def _plain(text: str) -> str:
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " " + re.sub(r"[\W_]+", " ", bare.casefold()) + " "
