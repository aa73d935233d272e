"""Search before create: who may be here already, out of what whoever writes may see alone.

Staff: the people of referrals that they may read. A referrer: what their own organisation sent, word for word. Nothing that
the service holds decides there what is found, so nobody learns a new name or number by typing it (ADR 6).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from referrals import sent
from referrals.actions import about, alike_to, contact_keys
from referrals.choices import InitiatedBy
from referrals.duplicates import NOBODY, WORDS, Likeness, Match, compare
from referrals.hub_file.values import date_of, word_of
from referrals.models import Person, Referral

MOST_SHOWN = 5
NEWEST_SENT = 1000  # of an organisation: each is opened and compared


@dataclass(frozen=True)
class KnownHere:
    referral: Referral
    named: str
    reasons: list[str]

    @property
    def people(self) -> list:
        """Those of the referral, as the access log knows them."""
        return [key for key in (self.referral.person_harmed_id, self.referral.person_responsible_id) if key]


def known_here(answers: Mapping[str, Any], user, *, is_referrer: bool) -> list[KnownHere]:
    """The most likely first. `answers`: those of a draft so far, by name."""
    found = _sent_before(answers, user) if is_referrer else _of_service(answers, user)
    best: dict[Any, tuple[float, KnownHere]] = {}
    for match, one in found:
        if one.referral.pk not in best or best[one.referral.pk][0] < match.score:
            best[one.referral.pk] = (match.score, one)
    return [one for _, one in sorted(best.values(), key=lambda pair: -pair[0])][:MOST_SHOWN]


def in_words(reasons) -> list[str]:
    return [WORDS[reason] for reason in reasons if reason in WORDS]


def _of_service(answers: Mapping[str, Any], user) -> Iterator[tuple[Match, KnownHere]]:
    seen = (
        Referral.objects.all().casework_for(user).select_related("person_harmed", "person_responsible", "restriction")
    )
    described = {uuid4(): likeness for likeness in _described(answers)}
    found = alike_to(described, Person.objects.all().visible_to(user))
    matches = {key: match for alike in found.values() for key, match in alike[:MOST_SHOWN]}
    for referral in seen.filter(pk__in=about(matches).values("pk")).prefetch_related("also_responsible__person"):
        beside = (one.person for one in referral.also_responsible.all())
        for person in filter(None, (referral.person_harmed, referral.person_responsible, *beside)):
            if match := matches.get(person.pk):
                yield match, KnownHere(referral, _called(referral, person), in_words(match.reasons))
    for referral in seen.like(answers)[:MOST_SHOWN]:
        yield NOBODY, KnownHere(referral, _called(referral, referral.person_harmed), [])


def _called(referral: Referral, person: Person | None) -> str:
    """A restricted referral's names are shown inside only."""
    if person is None:
        return ""
    return "name shown inside" if hasattr(referral, "restriction") else person.name


def _sent_before(answers: Mapping[str, Any], user) -> Iterator[tuple[Match, KnownHere]]:
    described = list(_described(answers))
    newest = Referral.objects.all().visible_to(user).as_sent().order_by("-received_on", "-id")
    for referral in newest[:NEWEST_SENT]:
        words = sent.words_sent(referral)
        match = max(
            (compare(one, other) for one in described for other in _described(_answers_of(words))),
            key=lambda found: found.score,
            default=NOBODY,
        )
        if match.is_likely:
            yield match, KnownHere(referral, sent.about(words), in_words(match.reasons))
        elif sent.is_like(words, answers):
            yield NOBODY, KnownHere(referral, sent.about(words), [])


def _described(answers: Mapping[str, Any]) -> Iterator[Likeness]:
    """The people whom the answers name. The contact details are of whoever asked."""
    by_responsible = answers.get("initiated_by") == InitiatedBy.OFFENDER
    reached = {name: answers.get(name) or "" for name in ("phone", "email", "postcode")}
    crimes = frozenset({answers.get("crime_reference") or ""} - {""})
    for of_responsible in (False, True):
        names = {
            name: answers.get(f"offender_{name}" if of_responsible else name) or ""
            for name in ("first_name", "last_name", "date_of_birth")
        }
        organisation = "" if of_responsible else answers.get("organisation_name") or ""
        if not (names["first_name"] or names["last_name"] or organisation):
            continue
        keys = contact_keys(**(reached if of_responsible == by_responsible else {}))
        del keys["outward_key"]
        yield Likeness(
            names["first_name"],
            names["last_name"],
            organisation,
            names["date_of_birth"] or None,
            **keys,
            crime_references=crimes,
        )


def _answers_of(words: Mapping[str, str]) -> dict[str, Any]:
    """A row of the Hub's file as the answers of a draft."""
    by_responsible = word_of(words.get("initiated_by", "")) == InitiatedBy.OFFENDER
    reached = "offender" if by_responsible else "victim"
    return {
        "initiated_by": InitiatedBy.OFFENDER if by_responsible else InitiatedBy.VICTIM,
        "first_name": words.get("victim_first_name"),
        "last_name": words.get("victim_last_name"),
        "organisation_name": words.get("victim_organisation"),
        "date_of_birth": date_of(words.get("victim_date_of_birth", "")),
        "offender_first_name": words.get("offender_first_name"),
        "offender_last_name": words.get("offender_last_name"),
        "offender_date_of_birth": date_of(words.get("offender_date_of_birth", "")),
        "crime_reference": words.get("crime_reference"),
    } | {name: words.get(f"{reached}_{name}") for name in ("phone", "email", "postcode")}
