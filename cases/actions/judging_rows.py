"""What would become of every row of the files that a service moves in with. Nothing is made: it is read and compared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from cases.models import MoveIn, MoveInRow
from cases.moving_in import RECORDS, TEMPLATES, MovedRow, RecordRow, is_example
from referrals import actions as referrals
from referrals.choices import ReferralStatus, Side
from referrals.duplicates import Likeness
from referrals.models import Person, Referral
from referrals.querysets import CASEWORK
from rj_service.accounts.models import Membership, User
from rj_service.audit.fields import lookup_key
from volunteers.models import Practitioner
from volunteers.policy import blocks_to_assign

Fate = MoveInRow.Fate
NO_SUCH_REFERENCE = "there is no person or case with this reference"
NOBODY_ON_SIDE = "nobody is named on this side"
TWICE = "the same row stands in the file twice"


@dataclass(frozen=True)
class Place:
    """Where a reference stands: in a file that was read before, or here already (`referral`)."""

    words: str
    sides: frozenset[str]
    is_refused: bool = False
    referral: Referral | None = None


@dataclass
class Judge:
    """Asked file by file, those of people and cases first: the others are about their rows."""

    move: MoveIn
    by: User
    today: date
    places: dict[str, Place] = field(default_factory=dict)
    hashes: set[bytes] = field(default_factory=set)
    hub_references: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.staff = Staff(self.move.service_area_id, self.today)

    def group(self, rows: Sequence[MovedRow]) -> list[MoveInRow]:
        self._look_up({row.reference: row.given.get("hub_reference", "") for row in rows})
        hashes = [_hash_of(row) for row in rows]
        moved = MoveInRow.objects.filter(
            move_in__service_area=self.move.service_area_id, became=Fate.MAKE, row_hash__in=hashes
        )
        known = {bytes(value) for value in moved.values_list("row_hash", flat=True) if value is not None}
        judged = [self._one(row, row_hash, row_hash in known) for row, row_hash in zip(rows, hashes, strict=True)]
        pairs = zip(judged, rows, strict=True)
        new = [(one, row) for one, row in pairs if isinstance(row, RecordRow) and one.fate == Fate.MAKE]
        self._compare(new)
        for made, row in new:
            made.warnings += self.staff.warnings(row)
        return judged

    def _look_up(self, wanted: Mapping[str, str]) -> None:
        new = {reference: hub for reference, hub in wanted.items() if reference not in self.places}
        for reference, referral in find_here(self.move.service_area_id, new).items():
            named = {Side.HARMED: referral.person_harmed_id, Side.RESPONSIBLE: referral.person_responsible_id}
            sides = frozenset(side for side, person in named.items() if person)
            self.places[reference] = Place("", sides, referral=referral)

    def _one(self, row: MovedRow, row_hash: bytes, is_known: bool) -> MoveInRow:
        made = MoveInRow(
            move_in=self.move,
            template=row.template,
            line=row.line,
            reference=row.reference[:60],
            fate=Fate.MAKE,
            reasons=list(row.reasons),
            warnings=list(row.warnings),
            raw=raw_of(row),
            row_hash=row_hash,
        )
        if is_example(row.reference):
            made.fate, made.raw, made.reasons, made.warnings = Fate.LEFT_OUT, None, [], []
        elif row.template in RECORDS:
            self._record(row, made)
        else:
            self._about_a_record(row, row_hash, is_known, made)
        return made

    def _record(self, row: MovedRow, made: MoveInRow) -> None:
        place, hub_reference = self.places.get(row.reference), row.given["hub_reference"]
        if place and place.referral is None:
            made.reasons.append(f"its reference stands twice: also in {place.words}")
        elif place is None and hub_reference and hub_reference in self.hub_references:
            made.reasons.append("its hub_reference stands twice")
        if made.reasons:
            made.fate = Fate.REFUSED
        elif place:
            made.fate, made.referral = Fate.HERE, place.referral
        if row.reference and place is None:
            words = f"{TEMPLATES[row.template].title}, line {row.line}"
            self.places[row.reference] = Place(words, _sides_named(row), bool(made.reasons))
        self.hub_references |= {hub_reference} - {""}

    def _about_a_record(self, row: MovedRow, row_hash: bytes, is_known: bool, made: MoveInRow) -> None:
        place = self.places.get(row.reference)
        if row.reference and place is None:
            made.reasons.append(NO_SUCH_REFERENCE)
        elif place and place.is_refused:
            made.reasons.append(f"its row is refused: {place.words}")
        elif place and not made.reasons and row.side not in place.sides:  # type: ignore[attr-defined]
            made.reasons.append(NOBODY_ON_SIDE)
        if made.reasons:
            made.fate = Fate.REFUSED
        elif is_known:
            made.fate = Fate.HERE
        elif row_hash in self.hashes:
            made.fate, made.reasons = Fate.HERE, [TWICE]
        else:
            made.referral = place.referral if place else None
        self.hashes.add(row_hash)

    def _compare(self, new: Sequence[tuple[MoveInRow, RecordRow]]) -> None:
        """With the people of referrals that whoever asked may see."""
        described: dict[UUID, Likeness] = {}
        lines: dict[UUID, int] = {}
        for made, row in new:
            likenesses = {uuid4(): likeness for likeness in _likenesses(row)}
            described |= likenesses
            lines |= dict.fromkeys(likenesses, made.line)
        found = referrals.alike_to(described, Person.objects.all().visible_to(self.by)) if described else {}
        first = {lines[key]: alike[0][0] for key, alike in reversed(found.items()) if alike}
        about = self._referrals_of(first.values())
        for made, _ in new:
            if (person := first.get(made.line)) in about:
                made.fate, made.alike = Fate.ALIKE, about[person]

    def _referrals_of(self, people: Iterable[UUID]) -> dict[Any, Referral]:
        wanted = set(people)
        seen = Referral.objects.visible_to(self.by).filter(pk__in=referrals.about(wanted).values("pk"))
        named = seen.only("pk", "reference", "person_harmed", "person_responsible").order_by("received_on")
        by_person: dict[Any, Referral] = {}
        for referral in named.prefetch_related("also_responsible"):
            beside = [one.person_id for one in referral.also_responsible.all()]
            people = (referral.person_harmed_id, referral.person_responsible_id, *beside)
            by_person |= dict.fromkeys(people, referral)
        return {person: referral for person, referral in by_person.items() if person in wanted}


class Staff:
    """Who of the area is meant by an email address. Each is looked up once."""

    def __init__(self, area_id: UUID, today: date) -> None:
        self.area_id, self.today = area_id, today
        self._coordinators: dict[str, User | None] = {"": None}
        self._practitioners: dict[str, Practitioner | None] = {"": None}

    def coordinator_of(self, row: RecordRow) -> User | None:
        email = _coordinator_email(row).casefold()
        if email not in self._coordinators:
            members = Membership.objects.current(self.today).filter(
                service_area=self.area_id, role__in=CASEWORK, user__is_active=True, user__email__iexact=email
            )
            found = members.select_related("user").first()
            self._coordinators[email] = found.user if found else None
        return self._coordinators[email]

    def practitioner_of(self, row: RecordRow) -> Practitioner | None:
        email = row.given.get("facilitator_email", "").casefold()
        if email not in self._practitioners:
            ready = Practitioner.objects.with_readiness(self.today)
            self._practitioners[email] = ready.filter(learner__user__email__iexact=email).first()
        return self._practitioners[email]

    def warnings(self, row: RecordRow) -> list[str]:
        found = []
        if _coordinator_email(row) and self.coordinator_of(row) is None:
            instead = "you coordinate it" if row.is_case else "nobody has taken it"
            found.append(f"no coordinator here has this email: {instead}")
        if row.given.get("facilitator_email"):
            practitioner = self.practitioner_of(row)
            blocks = blocks_to_assign(practitioner) if practitioner else ["no practitioner here has this email"]
            if not row.facilitator_sides:
                blocks = [*blocks, "facilitator_sides is not known"]
            found += [f"facilitator not assigned: {block}" for block in blocks[:1]]
        return found


def find_here(area_id: UUID, wanted: Mapping[str, str]) -> dict[str, Referral]:
    """`wanted`: references of the earlier system, each with the Hub's or blank. Whoever asks has the rows in hand: no more
    is told than that they are here."""
    taken_back = Q(status=ReferralStatus.ENTERED_IN_ERROR, moved_in_on__isnull=False)
    of_area = Referral.objects.filter(service_area=area_id).exclude(taken_back)
    by_hub = {hub: reference for reference, hub in wanted.items() if hub}
    earlier = of_area.filter(earlier_reference__in=wanted.keys() - {""}).exclude(earlier_reference="")
    from_hub = of_area.filter(hub_reference__in=by_hub).exclude(hub_reference="")
    found = {by_hub[referral.hub_reference]: referral for referral in from_hub}
    return found | {referral.earlier_reference: referral for referral in earlier}


def raw_of(row: MovedRow) -> str:
    return json.dumps({name: text for name, text in row.given.items() if text}, ensure_ascii=False, sort_keys=True)


def _hash_of(row: MovedRow) -> bytes:
    return lookup_key("moved_row", f"{row.template}\0{raw_of(row)}")


def _coordinator_email(row: RecordRow) -> str:
    return row.given["coordinator_email" if row.is_case else "worker_email"]


def _sides_named(row: MovedRow) -> frozenset[str]:
    given = row.given
    harmed = any(given[f"victim_{part}"] for part in ("first_name", "last_name", "organisation"))
    responsible = given["offender_first_name"] or given["offender_last_name"]
    named = {Side.HARMED: harmed, Side.RESPONSIBLE: responsible}
    return frozenset(side for side, is_named in named.items() if is_named)


def _likenesses(row: RecordRow) -> list[Likeness]:
    """Of the person harmed, and of the person responsible where one is named."""
    given, hub = row.given, row.hub
    crimes = frozenset({given["crime_reference"]} - {""})
    found = [
        Likeness(
            given["victim_first_name"],
            given["victim_last_name"],
            given["victim_organisation"] if hub.harmed_is_organisation else "",
            hub.harmed_born_on,
            crime_references=crimes,
            **_keys(given, "victim"),
        )
    ]
    if hub.offender_named:
        names = given["offender_first_name"], given["offender_last_name"]
        found.append(Likeness(*names, "", hub.offender_born_on, crime_references=crimes, **_keys(given, "offender")))
    return found


def _keys(given: Mapping[str, str], role: str) -> dict[str, Any]:
    words = {name: given.get(f"{role}_{name}", "") for name in ("phone", "email", "postcode")}
    keys = referrals.contact_keys(**words)
    return {name: keys[name] for name in ("phone_key", "email_key", "postcode_key")}
