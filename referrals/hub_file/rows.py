"""One row: typed values, what was flagged, and every reason to give it back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from . import columns as c
from .values import date_of, email_of, lsoa_of, month_of, phone_of, postcode_of, word_of, yes_no


@dataclass(frozen=True, slots=True)
class Warned:
    """`kind` is the column of a value that was kept as given although it does not validate, or a name of its own."""

    kind: str
    given: str
    kept_as_given: bool = True


OFFENDER_NOT_NAMED = "offender_not_named"


@dataclass(frozen=True, slots=True)
class Contact:
    """What the row allows: blank means no, and voicemail needs the telephone as well."""

    phone: bool
    voicemail: bool
    email: bool
    write: bool

    @property
    def through_referrer_only(self) -> bool:
        return not (self.phone or self.email or self.write)


@dataclass(frozen=True)
class HubRow:
    line: int
    given: Mapping[str, str]
    faults: tuple[str, ...]  # reasons other than consent
    warnings: tuple[Warned, ...]
    received_on: date | None
    mechanism: str
    initiated_by: str
    crime_type: str  # a published name, "other" with the words in given["crime_type"], or blank
    offence_month: date | None
    lsoa_code: str
    justice_stage: str
    harmed_is_organisation: bool
    harmed_born_on: date | None
    safe: Contact
    consents: bool
    consent_method: str
    consented_on: date | None
    enhanced_rights: bool
    vulnerability: str
    offender_identified: bool
    offender_born_on: date | None
    acceptance: str
    wants_contact_if_identified: bool
    flags: tuple[str, ...]

    @property
    def reference(self) -> str:
        return self.given["hub_reference"]

    def refusals(self, *, known: bool = False) -> tuple[str, ...]:
        """Every reason that the row comes back. For a known reference no consent is a withdrawal, not a fault."""
        return self.faults if known or self.consents else (*self.faults, c.NO_CONSENT)

    @property
    def offender_named(self) -> bool:
        return bool(self.given["offender_first_name"] or self.given["offender_last_name"])

    @property
    def value_warnings(self) -> tuple[Warned, ...]:
        return tuple(warned for warned in self.warnings if warned.kept_as_given)

    @cached_property
    def canonical(self) -> str:
        """The row word for word, whatever its column order and unknown columns; the caller keys and hashes it."""
        return json.dumps(dict(self.given), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Reader:
    """Collects what is flagged while the values of one row are read."""

    def __init__(self, given: Mapping[str, str], today: date) -> None:
        self.given = given
        self.today = today
        self.warned: list[Warned] = []

    def flag(self, column: str) -> None:
        self.warned.append(Warned(column, self.given[column]))

    def read(self, column: str, parse: Callable[[str], Any], default: Any) -> Any:
        if not (text := self.given[column]):
            return default
        value = parse(text)
        if value is None:
            self.flag(column)
            return default
        return value

    def past(self, column: str, parse: Callable[[str], date | None] = date_of) -> date | None:
        value: date | None = self.read(column, parse, None)
        if value and value > self.today:
            self.flag(column)
            return None
        return value

    def word(self, column: str, known: frozenset[str], default: str = "") -> str:
        return str(self.read(column, lambda text: word if (word := word_of(text)) in known else None, default))

    def yes(self, column: str, default: bool = False) -> bool:
        return bool(self.read(column, yes_no, default))


def parse_row(line: int, cells: Mapping[str, str], *, today: date, misfit: bool = False) -> HubRow:
    """`cells` by lower-case column name, unknown ones ignored. `misfit`: more or fewer cells than headings."""
    given = {column: (cells.get(column) or "").strip() for column in c.COLUMNS}
    reader = Reader(given, today)
    received = date_of(given["date_received"])
    mechanism = word_of(given["mechanism"])
    for column, parse in (
        ("victim_phone", phone_of),
        ("victim_email", email_of),
        ("victim_postcode", postcode_of),
        ("referrer_email", email_of),
    ):
        reader.read(column, parse, None)
    phone = reader.yes("safe_to_phone")
    row = HubRow(
        line=line,
        given=given,
        faults=tuple(_faults(given, received, mechanism, today, misfit)),
        warnings=(),
        received_on=received,
        mechanism=mechanism,
        initiated_by=reader.word(
            "initiated_by", c.INITIATORS, "offender" if mechanism == "offender_self" else "victim"
        ),
        crime_type=c.CRIME_TYPES.get(given["crime_type"].casefold(), "other" if given["crime_type"] else ""),
        offence_month=reader.past("offence_month", month_of),
        lsoa_code=reader.read("lsoa_code", lsoa_of, ""),
        justice_stage=reader.word("justice_stage", c.JUSTICE_STAGES, "not_known"),
        harmed_is_organisation=_is_organisation(reader),
        harmed_born_on=reader.past("victim_date_of_birth"),
        safe=Contact(
            phone,
            reader.yes("safe_to_leave_voicemail") and phone,
            reader.yes("safe_to_email"),
            reader.yes("safe_to_write"),
        ),
        consents=yes_no(given["contact_consent"]) is True,
        consent_method=reader.word("consent_method", c.CONSENT_METHODS),
        consented_on=reader.past("consent_date"),
        enhanced_rights=reader.yes("enhanced_rights"),
        vulnerability=reader.word("vulnerability", c.VULNERABILITIES),
        offender_identified=reader.yes("offender_identified", default=True),
        offender_born_on=reader.past("offender_date_of_birth"),
        acceptance=reader.word("offender_accepts_responsibility", c.ACCEPTANCE),
        wants_contact_if_identified=reader.yes("contact_if_offender_identified"),
        flags=tuple(dict.fromkeys(filter(None, map(word_of, given["sensitive_flags"].split(";"))))),
    )
    if row.initiated_by == "offender" and not row.offender_named:
        reader.warned.append(Warned(OFFENDER_NOT_NAMED, "", kept_as_given=False))
    object.__setattr__(row, "warnings", tuple(reader.warned))
    return row


def _is_organisation(reader: Reader) -> bool:
    kind = reader.word("victim_type", frozenset({"person", "organisation"}), "person")
    given = reader.given
    only_an_organisation = bool(given["victim_organisation"]) and not (
        given["victim_first_name"] or given["victim_last_name"]
    )
    return kind == "organisation" or only_an_organisation


def _faults(given: Mapping[str, str], received: date | None, mechanism: str, today: date, misfit: bool) -> list[str]:
    found = []
    if misfit:
        found.append("the row does not fit the columns")
    if not given["hub_reference"]:
        found.append(c.NO_REFERENCE)
    if received is None:
        found.append(c.DATE_NOT_A_DATE)
    elif received > today:
        found.append(c.DATE_IN_FUTURE)
    if mechanism not in c.MECHANISMS:
        found.append(c.MECHANISM_NOT_KNOWN)
    if not any(given[column] for column in c.VICTIM_NAMES):
        found.append(c.NO_VICTIM)
    found += [
        f"{column} is longer than {longest:,} characters"
        for column, longest in c.COLUMNS.items()
        if len(given[column]) > longest
    ]
    return found
