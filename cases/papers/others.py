"""How one side's paper names the other, and whether words would lead to somebody of it."""

import re
from collections.abc import Iterable

from cases.choices import ParticipantRole
from cases.models import Participant
from referrals.models import ContactDetails

PARTS = {
    ParticipantRole.PERSON_HARMED: "The person harmed",
    ParticipantRole.PERSON_RESPONSIBLE: "The person responsible",
}


def part_of(participant: Participant) -> str:
    return PARTS.get(ParticipantRole(participant.role), participant.get_role_display())


def named(participant: Participant, own: Iterable) -> str:
    return participant.person.name if participant.pk in own else participant.shown_as or part_of(participant)


def details_of(people: Iterable[Participant]) -> dict:
    """Person id -> how they are reached."""
    return {one.person_id: one for one in ContactDetails.objects.filter(person__in=[one.person_id for one in people])}


def leads_to(words: str, participant: Participant, details: ContactDetails | None) -> bool:
    """A name that they did not agree to be called by, or anything of how to reach them, however it is spaced."""
    person, agreed = participant.person, participant.shown_as.lower()
    names = [person.first_name, person.last_name, person.organisation_name]
    if any(_says(words, name) for name in names if name and not _says(agreed, name)):
        return True
    return details is not None and says_how_to_reach(words, details)


def says_how_to_reach(words: str, details: ContactDetails) -> bool:
    squeezed = _squeezed(words)
    street = (details.address or "").splitlines()[:1]
    kept = [details.phone, details.email, details.postcode, *street]
    return any(len(_squeezed(one)) > 3 and _squeezed(one) in squeezed for one in kept if one)


def _says(words: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", words, re.I))


def _squeezed(words: str) -> str:
    return re.sub(r"[\s().,-]", "", words).lower()
