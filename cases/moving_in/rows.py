"""One row of a template: typed values, what is kept although it does not validate, and every reason to give it back.

What protects somebody is never refused for how it is written: an order of an unknown kind forbids all contact, a day that
cannot be read is today, and a mark that is neither yes nor no is the stricter of the two.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.choices import AssignmentSides, ContactMethod, ContactResult
from referrals.choices import AdultBecause, LegalBarKind, Side
from referrals.hub_file import COLUMNS as HUB_COLUMNS
from referrals.hub_file import NO_CONSENT, HubRow, Reader, date_of, parse_row, word_of, yes_no

from .templates import BARS, CASES, CONTACTS, FURTHER, STOPS, TEMPLATES, WAITING

RECORDS = (WAITING, CASES)
CONTACT, BAR, STOP = CONTACTS, BARS, STOPS
SAFETY = (BARS, STOPS)
WITHDREW, NEVER, DIED = "withdrew", "never", "died"

NO_REFERENCE = "no reference"
NOBODY_AGREED = "nobody agreed to be contacted: whoever the case began with must have"
OPENED_TOO_EARLY = "date_opened is before date_received"
NOBODY_BEFORE_THEM = "a second person responsible is named, and no first"
NO_SIDE = "side is neither harmed nor responsible"
_NEITHER = ("not_known", "other", "unknown")


@dataclass(frozen=True)
class MovedRow:
    template: str
    line: int
    given: Mapping[str, str]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def reference(self) -> str:
        return self.given["reference"]


@dataclass(frozen=True)
class Reached:
    """How one side may be reached, and that they agreed to it; `given_on` None: nobody knows when."""

    agreed: bool
    given_on: date | None
    method: str
    phone: bool
    voicemail: bool
    email: bool
    write: bool

    @property
    def allowed(self) -> dict[str, bool]:
        """By name of the fields of SafeContact. No template asks about text messages."""
        return {
            "may_phone": self.phone,
            "may_leave_voicemail": self.voicemail,
            "may_email": self.email,
            "may_write": self.write,
        }


@dataclass(frozen=True)
class Further:
    """Somebody responsible beside the first."""

    first_name: str
    last_name: str
    born_on: date | None
    born_as_given: str


@dataclass(frozen=True)
class RecordRow(MovedRow):
    hub: HubRow
    reached: Mapping[str, Reached]  # of a case both sides, of somebody who waits the side that it began with
    must_stay_hidden: bool
    adult: Mapping[str, tuple[str, date]]  # by side how and when it was established
    wish_confirmed_on: date | None = None
    next_check_on: date | None = None
    opened_on: date | None = None
    approach_on: date | None = None
    share_on: date | None = None
    facilitator_sides: str = ""
    further: tuple[Further, ...] = ()

    @property
    def is_case(self) -> bool:
        return self.template == CASES

    @property
    def began_with(self) -> Side:
        return _side_of_beginning(self.given)


@dataclass(frozen=True)
class ContactRow(MovedRow):
    side: str
    on: date | None
    method: str
    result: str


@dataclass(frozen=True)
class BarRow(MovedRow):
    side: str
    kind: str
    authority: str
    starts_on: date
    ends_on: date | None
    words: str


@dataclass(frozen=True)
class StopRow(MovedRow):
    side: str
    what: str
    on: date
    born_on: date | None


def parse(template: str, line: int, cells: Mapping[str, str], *, today: date, misfit: bool = False) -> MovedRow:
    """`cells` by column, unknown ones ignored. `misfit`: more or fewer cells than headings."""
    columns = TEMPLATES[template].columns
    given = {column.name: (cells.get(column.name) or "").strip() for column in columns}
    faults = ["the row does not fit the columns"] if misfit else []
    faults += [
        f"{column.name} is longer than {column.longest:,} characters"
        for column in columns
        if len(given[column.name]) > column.longest
    ]
    return _PARSERS[template](template, line, given, faults, Reader(given, today))


def _record(template: str, line: int, given: Mapping[str, str], faults: list[str], read: Reader) -> RecordRow:
    hub = parse_row(line, _hub_cells(template, given), today=read.today)
    began_with = _reached(read, "", hub.consents, hub.consented_on)
    if template == CASES:
        case = _of_case(given, faults, read, hub)
    else:
        case = {
            "reached": {_side_of_beginning(given): began_with},
            "wish_confirmed_on": read.past("wish_confirmed_on"),
            "next_check_on": read.read("next_check_on", date_of, None),
        }
    further = tuple(one for which in FURTHER if (one := _further(read, which)))
    if further and not (given["offender_first_name"] or given["offender_last_name"]):
        faults.append(NOBODY_BEFORE_THEM)
    no_consent = NOBODY_AGREED if template == CASES else NO_CONSENT
    words = {"no hub_reference": NO_REFERENCE, NO_CONSENT: no_consent}
    faults = [*faults, *(words.get(fault, fault) for fault in hub.refusals())]
    read.warned[:0] = hub.warnings
    adult: dict[str, tuple[str, date]] = {
        Side.HARMED: _adult(read, "victim"),
        Side.RESPONSIBLE: _adult(read, "offender"),
    }
    return RecordRow(
        template,
        line,
        given,
        tuple(dict.fromkeys(faults)),
        _kept(read),
        hub,
        must_stay_hidden=_stricter(given["victim_must_stay_hidden"]),
        adult=adult,
        further=further,
        **case,
    )


def _further(read: Reader, which: str) -> Further | None:
    first, last, born = (read.given[f"{which}_{what}"] for what in ("first_name", "last_name", "date_of_birth"))
    if not (first or last):
        return None
    born_on = read.past(f"{which}_date_of_birth")
    return Further(first, last, born_on, "" if born_on else born)


def _hub_cells(template: str, given: Mapping[str, str]) -> dict[str, str]:
    """The row as the Hub would have written it: its agreement is that of whoever the referral began with."""
    cells = {column: given[column] for column in HUB_COLUMNS if column in given}
    cells["hub_reference"] = given["reference"]
    if template == CASES and _is_begun_by_responsible(given):
        cells |= {name: given[f"offender_{name}"] for name in ("contact_consent", "consent_method", "consent_date")}
    return cells


def _of_case(given: Mapping[str, str], faults: list[str], read: Reader, hub: HubRow) -> dict[str, Any]:
    opened = date_of(given["date_opened"])
    if opened is None:
        faults.append("date_opened is not a date")
    elif opened > read.today:
        faults.append("date_opened is in the future")
    elif hub.received_on and opened < hub.received_on:
        faults.append(OPENED_TOO_EARLY)
    read.past("stage_since")  # shown as it is given
    responsible = _reached(
        read, "offender_", yes_no(given["offender_contact_consent"]) is True, read.past("offender_consent_date")
    )
    harmed = _reached(read, "", yes_no(given["contact_consent"]) is True, read.past("consent_date"))
    return {
        "reached": {Side.HARMED: harmed, Side.RESPONSIBLE: responsible},
        "opened_on": opened,
        "approach_on": read.past("approach_consent_date"),
        "share_on": read.past("share_consent_date"),
        "facilitator_sides": read.word("facilitator_sides", frozenset(AssignmentSides.values), "")
        if given["facilitator_email"]
        else "",
    }


def _reached(read: Reader, prefix: str, agreed: bool, given_on: date | None) -> Reached:
    phone, voicemail, email, write = (
        read.yes(f"{prefix}safe_to_{way}") for way in ("phone", "leave_voicemail", "email", "write")
    )
    method = word_of(read.given[f"{prefix}consent_method"])
    return Reached(agreed, given_on, method, phone, voicemail and phone, email, write)


def _adult(read: Reader, who: str) -> tuple[str, date]:
    because = read.word(f"{who}_adult_because", frozenset(AdultBecause.values))
    return because, read.past(f"{who}_adult_on") or read.today


def _contact(template: str, line: int, given: Mapping[str, str], faults: list[str], read: Reader) -> ContactRow:
    on = date_of(given["date"])
    method, result = word_of(given["method"]), word_of(given["result"])
    faults += _without_reference(given)
    if on is None:
        faults.append("date is not a date")
    elif on > read.today:
        faults.append("date is in the future")
    if method not in ContactMethod.values:
        faults.append("method is not known")
    if result not in ContactResult.values:
        faults.append("result is not known")
    side = _side(given, faults)
    return ContactRow(template, line, given, tuple(faults), _kept(read), side, on, method, result)


def _bar(template: str, line: int, given: Mapping[str, str], faults: list[str], read: Reader) -> BarRow:
    faults += _without_reference(given)
    side = _side(given, faults)
    kind = read.word("kind", frozenset(LegalBarKind.values), LegalBarKind.NO_CONTACT)
    as_given = "" if word_of(given["kind"]) == kind else given["kind"]
    ends_on = read.read("ends_on", date_of, None)
    starts_on = read.read("starts_on", date_of, None) or read.today
    if ends_on and ends_on < starts_on:
        read.flag("ends_on")
        ends_on = None
    return BarRow(
        template,
        line,
        given,
        tuple(faults),
        _kept(read),
        side=side,
        kind=kind,
        authority=given["authority"][:150] or "Not known: from the earlier system",
        starts_on=starts_on,
        ends_on=ends_on,
        words=". ".join(filter(None, (as_given, given["words"])))[:500],
    )


def _stop(template: str, line: int, given: Mapping[str, str], faults: list[str], read: Reader) -> StopRow:
    what = read.word("what", frozenset((WITHDREW, NEVER, DIED)), NEVER)
    if not given["reference"] and not (given["first_name"] or given["last_name"]):
        faults.append("neither a reference nor a name")
    side = _side({"side": given["side"] or Side.HARMED}, faults)
    on = read.past("date") or read.today
    born_on = read.past("date_of_birth")
    return StopRow(template, line, given, tuple(faults), _kept(read), side, what, on, born_on)


_PARSERS: dict[str, Callable[..., MovedRow]] = {
    WAITING: _record,
    CASES: _record,
    CONTACTS: _contact,
    BARS: _bar,
    STOPS: _stop,
}


def _without_reference(given: Mapping[str, str]) -> list[str]:
    return [] if given["reference"] else [NO_REFERENCE]


def _side(given: Mapping[str, str], faults: list[str]) -> str:
    side = word_of(given["side"])
    if side not in (Side.HARMED, Side.RESPONSIBLE):
        faults.append(NO_SIDE)
    return side


def _stricter(text: str) -> bool:
    return bool(text) and yes_no(text) is not False


def _kept(read: Reader) -> tuple[str, ...]:
    kinds = dict.fromkeys(warned.kind for warned in read.warned)
    return tuple("begun by the person responsible, who is not named" if kind == "offender_not_named"
                 else f"{kind}: kept as given, does not validate" for kind in kinds)  # fmt: skip


def _side_of_beginning(given: Mapping[str, str]) -> Side:
    return Side.RESPONSIBLE if _is_begun_by_responsible(given) else Side.HARMED


def _is_begun_by_responsible(given: Mapping[str, str]) -> bool:
    return word_of(given["initiated_by"]) == "offender" or word_of(given["mechanism"]) == "offender_self"
