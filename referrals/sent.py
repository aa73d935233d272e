"""What an organisation sent, in its own words and nothing else.

Nothing here reads what the service holds of a person: an address learnt or changed later cannot show (ADR 6).
"""

import json
from collections.abc import Callable, Mapping

from referrals.choices import (
    ConsentMethod,
    InitiatedBy,
    JusticeStage,
    Mechanism,
    Responsibility,
    SensitiveKind,
    Vulnerability,
)
from referrals.hub_file.values import date_of, month_of, word_of, yes_no
from referrals.models import ProposedChange, Referral
from rj_service.accounts.models import Organisation
from rj_service.ui.templatetags.ui import day, month

SECTIONS = {
    "The person harmed": {
        "victim_first_name": "First name",
        "victim_last_name": "Last name",
        "victim_organisation": "Organisation",
        "victim_date_of_birth": "Date of birth",
        "communication_needs": "Communication needs",
        "vulnerability": "Vulnerability",
        "enhanced_rights": "Enhanced rights",
    },
    "How to reach them safely": {
        "contact_consent": "Agrees to be contacted",
        "consent_method": "How they agreed",
        "consent_date": "Day they agreed",
        "safe_to_phone": "Safe to phone",
        "safe_to_leave_voicemail": "Safe to leave a voicemail",
        "safe_to_email": "Safe to email",
        "safe_to_write": "Safe to write",
        "victim_phone": "Phone number",
        "victim_email": "Email address",
        "victim_address": "Address",
        "victim_postcode": "Postcode",
    },
    "The person responsible": {
        "offender_identified": "Somebody is identified",
        "offender_first_name": "First name",
        "offender_last_name": "Last name",
        "offender_date_of_birth": "Date of birth",
        "offender_phone": "Phone number",
        "offender_email": "Email address",
        "offender_address": "Address",
        "offender_postcode": "Postcode",
        "offender_accepts_responsibility": "Accepts responsibility, as you told us",
        "second_first_name": "First name of the second",
        "second_last_name": "Last name of the second",
        "second_date_of_birth": "Date of birth of the second",
        "contact_if_offender_identified": "Wishes to hear if somebody is identified",
        "wish": "The wish of the person harmed",
    },
    "What happened": {
        "initiated_by": "Begun by",
        "crime_type": "What happened",
        "offence_month": "When",
        "crime_reference": "Crime reference",
        "location": "Where",
        "local_area": "Local area",
        "justice_stage": "Stage of the justice process",
        "last_outcome": "Police outcome",
    },
    "What else you told us": {"sensitive_flags": "To know before deciding", "notes": "Notes"},
}
LABELS = {
    column: f"{label}, {title[4:]}" if title in ("The person harmed", "The person responsible") else label
    for title, labels in SECTIONS.items()
    for column, label in labels.items()
}
NAMES_OF_HARMED = ("victim_first_name", "victim_last_name", "victim_organisation")
NAMES = (
    *NAMES_OF_HARMED,
    *("offender_first_name", "offender_last_name", "second_first_name", "second_last_name"),
)
# Of a row that a Hub sent in another organisation's name: by these they know which one it is.
IN_ANOTHER_S_NAME = (
    "victim_first_name victim_last_name victim_organisation crime_type offence_month crime_reference local_area".split()
)
# A proposed change names what it is about by our field; the Hub's file by its column.
COLUMN_OF = {
    "may_phone": "safe_to_phone",
    "may_leave_voicemail": "safe_to_leave_voicemail",
    "may_email": "safe_to_email",
    "may_write": "safe_to_write",
}
_YES_NO = (
    "contact_consent safe_to_phone safe_to_leave_voicemail safe_to_email safe_to_write enhanced_rights"
    " offender_identified contact_if_offender_identified".split()
)
_YES: dict[bool | None, str] = {True: "Yes", False: "No"}
_Y: dict[bool | None, str] = {True: "Y", False: "N"}
_DATES = ("victim_date_of_birth", "offender_date_of_birth", "second_date_of_birth", "consent_date")
_CODES: dict[str, dict[str, str]] = {
    "consent_method": dict(ConsentMethod.choices),
    "vulnerability": dict(Vulnerability.choices),
    "initiated_by": dict(InitiatedBy.choices),
    "justice_stage": dict(JusticeStage.choices),
    "offender_accepts_responsibility": dict(Responsibility.choices),
    "sensitive_flags": dict(SensitiveKind.choices),
}


def words_sent(referral: Referral) -> dict[str, str]:
    """By column of the Hub's file; empty where nothing was kept. `referral` comes with its sent words and import row."""
    kept = getattr(referral, "sent", None)
    if kept is not None:
        return json.loads(kept.words)
    row = referral.import_row
    if row is None or not row.raw:
        return {}
    given = json.loads(row.raw)
    if _is_the_hub_s_own(referral):
        return given
    return {column: given[column] for column in IN_ANOTHER_S_NAME if column in given}


def sent_now(referral: Referral) -> dict[str, str]:
    """With every change that the organisation asked for since, whatever became of it here."""
    words = words_sent(referral)
    for change in ProposedChange.objects.filter(referral=referral).of_its_referrer().order_by("id"):
        words[COLUMN_OF.get(change.field, change.field)] = change.new or ""
    return words


def _is_the_hub_s_own(referral: Referral) -> bool:
    organisation = referral.organisation
    return (
        organisation is not None
        and organisation.kind == Organisation.Kind.VICTIMS_HUB
        and referral.mechanism == Mechanism.VICTIMS_HUB
    )


def about(words: Mapping[str, str]) -> str:
    """Whom it is about, as they were called when it was sent."""
    for names in (
        ("victim_organisation",),
        ("victim_first_name", "victim_last_name"),
        ("offender_first_name", "offender_last_name"),
    ):
        if name := " ".join(filter(None, map(words.get, names))):
            return name
    return ""


def people_named(referral: Referral) -> list:
    """Ids of those whom the words that were sent name."""
    words = words_sent(referral)
    harmed = any(words.get(name) for name in ("victim_first_name", "victim_last_name", "victim_organisation"))
    responsible = any(words.get(name) for name in ("offender_first_name", "offender_last_name"))
    named = ((harmed, referral.person_harmed_id), (responsible, referral.person_responsible_id))
    return [key for is_named, key in named if is_named and key]


def is_like(words: Mapping[str, str], typed: Mapping[str, str]) -> bool:
    """Whether these words name whom somebody types now, or the same crime."""

    def same(column: str, name: str) -> bool:
        return words.get(column, "").casefold() == (typed.get(name) or "").casefold()

    return (
        (
            bool(typed.get("last_name"))
            and same("victim_last_name", "last_name")
            and same("victim_first_name", "first_name")
        )
        or (bool(typed.get("organisation_name")) and same("victim_organisation", "organisation_name"))
        or (bool(typed.get("crime_reference")) and same("crime_reference", "crime_reference"))
    )


def sections(words: Mapping[str, str]) -> list[dict]:
    """For the cards of `ui/_answers.html`; what was left blank is left out."""
    found = [
        {
            "title": title,
            "rows": [
                {"label": label, "value": shown(column, words[column])}
                for column, label in labels.items()
                if words.get(column)
            ],
        }
        for title, labels in SECTIONS.items()
    ]
    return [section for section in found if section["rows"]]


def typed(words: Mapping[str, str]) -> dict[str, object]:
    """As the boxes of a form hold them: days as days, answers as Y and N."""
    found: dict[str, object] = dict(words)
    found |= {column: date_of(words[column]) for column in _DATES if column in words}
    return found | {column: _Y.get(yes_no(words[column])) for column in _YES_NO if column in words}


def shown(column: str, text: str) -> str:
    """A value as people read it; what cannot be read so stands as it was sent."""
    if column in _YES_NO:
        return _YES.get(yes_no(text), text)
    if column in _DATES:
        return _said(text, date_of, day)
    if column == "offence_month":
        return _said(text, date_of, day) if date_of(text) else _said(text, month_of, month)
    codes = _CODES.get(column)
    if codes is None:
        return text
    return ", ".join(codes.get(word_of(word), word.strip().replace("_", " ")) for word in text.split(";"))


def _said(text: str, read: Callable, say: Callable) -> str:
    found = read(text)
    return say(found) if found else text
