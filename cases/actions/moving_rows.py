"""A row of an earlier system becomes a referral, a case, a contact. Each with what protects its people, in one transaction.

Nobody outside is told, and nobody here either but by the page of the move. What opens the gate is never taken over: an
assessment and an agreement to take part are said again here (docs/adr/0008).
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cases import events
from cases.actions.assigning import place
from cases.actions.judging_rows import Staff, find_here
from cases.actions.locking import record_on, restage
from cases.actions.opening import open_for
from cases.actions.staffing import blocks_to_assign
from cases.choices import AssignmentRole
from cases.models import Case, Contact, MoveIn, MoveInRow, Participant
from cases.moving_in import (
    RECORDS,
    SAFETY,
    BarRow,
    ContactRow,
    Further,
    MovedRow,
    RecordRow,
    StopRow,
    parse,
)
from cases.moving_in.rows import DIED, NEVER
from referrals import actions as referrals
from referrals.choices import ConsentMethod, ConsentPurpose, Side
from referrals.models import Consent, LegalBar, Person, Referral
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import LocalArea, Organisation, User
from rj_service.ui.dates import moment_of

Fate = MoveInRow.Fate
CONTACT_DETAILS = ("phone", "email", "address", "postcode")


def move_rows(*, move: MoveIn, by: User, today: date) -> Iterator[tuple[int, int]]:
    """What is still to be moved, a row a step; between two steps nothing is held. Each gives rows done, and rows in all."""
    total = _waiting(move).count()
    for done, row_id in enumerate(_in_turn(move), start=1):
        move_row(move=move, row_id=row_id, by=by, today=today)
        yield done, total


def _in_turn(move: MoveIn) -> Iterator[int]:
    """What protects people who are here already, then people and cases with what protects them, then the rest."""
    yield from _keys(_waiting(move).filter(template__in=SAFETY, referral__isnull=False))
    yield from _keys(_waiting(move).filter(template__in=RECORDS))
    yield from _keys(_waiting(move))


def _waiting(move: MoveIn) -> QuerySet[MoveInRow]:
    return MoveInRow.objects.filter(move_in=move, fate__in=[Fate.MAKE, Fate.ALIKE, Fate.HERE]).to_move()


def _keys(rows: QuerySet[MoveInRow]) -> list[int]:
    return list(rows.in_order().values_list("pk", flat=True))  # type: ignore[attr-defined]


def move_row(*, move: MoveIn, row_id: int, by: User, today: date) -> None:
    """One row in one transaction, a person's or a case's with its bars and withdrawals. Again, it changes nothing."""
    try:
        with transaction.atomic():
            referrals.one_import_at_a_time(move.service_area_id)
            row = MoveInRow.objects.select_for_update(of=("self",)).get(pk=row_id)
            if not row.became:
                _Mover(move, by, today).move(row)
    except DomainError as refused:
        with transaction.atomic():
            _refuse(move, row_id, refused.message)


def _refuse(move: MoveIn, row_id: int, sentence: str) -> None:
    """Nothing of it was made; nor is it of a person whose bar or withdrawal could not be."""
    row = MoveInRow.objects.select_for_update(of=("self",)).get(pk=row_id)
    refused = [row]
    if row.template in RECORDS:
        refused += MoveInRow.objects.filter(move_in=move, reference=row.reference).exclude(pk=row.pk).to_move()
    for one in refused:
        one.became, one.reasons, one.moved_at = Fate.REFUSED, [*one.reasons, sentence], timezone.now()
        one.save(update_fields=["became", "reasons", "moved_at"])


class _Mover:
    def __init__(self, move: MoveIn, by: User, today: date) -> None:
        self.move_in, self.by, self.today = move, by, today
        self.area = move.service_area
        self.staff = Staff(move.service_area_id, today)

    def move(self, row: MoveInRow) -> None:
        parsed = self._parsed(row)
        if isinstance(parsed, RecordRow):
            self._record(row, parsed)
        elif isinstance(parsed, StopRow) and not row.reference:
            self._nobody_s(row, parsed)
        elif row.fate == Fate.HERE:
            self._done(row, Fate.HERE, row.referral)
        else:
            self._about_a_record(row, parsed)

    def _parsed(self, row: MoveInRow) -> MovedRow:
        """As of the day the files were tried out: what was read then is what was agreed to."""
        tried_on = timezone.localdate(self.move_in.created_at)
        return parse(row.template, row.line, json.loads(row.raw or "{}"), today=tried_on)

    def _done(self, row: MoveInRow, became: str, referral: Referral | None) -> None:
        row.became, row.referral, row.moved_at = became, referral, timezone.now()
        row.save(update_fields=["became", "referral", "moved_at"])

    # People and cases

    def _record(self, row: MoveInRow, parsed: RecordRow) -> None:
        wanted = {parsed.reference: parsed.given["hub_reference"]}
        referral = find_here(self.area.pk, wanted).get(parsed.reference)
        if referral is not None:
            self._stricter(referral, parsed)
            self._done(row, Fate.HERE, referral)
            return
        referral = self._receive(parsed)
        self._done(row, Fate.MAKE, referral)
        protecting = MoveInRow.objects.filter(
            move_in=self.move_in, reference=row.reference, template__in=SAFETY, fate=Fate.MAKE
        )
        for safety in protecting.to_move().in_order():
            self._protect(referral, self._parsed(safety), is_new=True)
            self._done(safety, Fate.MAKE, referral)
        if parsed.is_case:
            self._open(referral, parsed)

    def _receive(self, row: RecordRow) -> Referral:
        local_areas = {one.name.casefold(): one for one in LocalArea.objects.filter(service_area=self.area)}
        new = referrals.new_referral_of(row.hub, local_areas=local_areas, organisation=self._organisation(row))
        given = row.given
        harmed = replace(
            _signed(new.harmed, row, Side.HARMED),
            must_stay_hidden=row.must_stay_hidden,
            safe_times=given["safe_times"],
            must_not_know=given["must_not_know"],
        )
        return referrals.receive_moved(
            area=self.area,
            new=replace(
                new,
                harmed=harmed,
                also_responsible=[_beside(one) for one in row.further],
                responsible=self._responsible(_signed(new.responsible, row, Side.RESPONSIBLE), row),
                hub_reference=given["hub_reference"],
                earlier_reference=row.reference,
                moved_in_on=self.today,
                taken_by=self.staff.coordinator_of(row) or (self.by if row.is_case else None),
                wish=given.get("wish", ""),
                wish_confirmed_on=row.wish_confirmed_on,
                next_check_on=row.next_check_on,
            ),
            by=self.by,
            today=self.today,
        )

    def _responsible(self, named: referrals.NewPerson, row: RecordRow) -> referrals.NewPerson:
        if named.is_named and row.began_with == Side.RESPONSIBLE:
            allowed: dict[str, Any] = row.reached[Side.RESPONSIBLE].allowed
            named = replace(named, **allowed)
        if not row.is_case:
            return named
        details: dict[str, Any] = {name: row.given[f"offender_{name}"] for name in CONTACT_DETAILS}
        return replace(named, **details)

    def _organisation(self, row: RecordRow) -> Organisation | None:
        """One not yet known is added, for a coordinator to confirm."""
        name = " ".join(row.given["referring_organisation"].split())
        if not name:
            return None
        known = Organisation.objects.filter(service_area=self.area, name__iexact=name).first()
        return known or Organisation.objects.create(
            service_area=self.area, name=name, kind=referrals.kind_of_organisation(row.hub)
        )

    def _open(self, referral: Referral, row: RecordRow) -> None:
        opened_on = row.opened_on or self.today
        self._other_side(referral, row)
        coordinator = referral.taken_by or self.by
        accepted = referrals.accept_moved(referral=referral, opened_on=opened_on, by=self.by)
        case = open_for(
            accepted, coordinator=coordinator, by=self.by, opened_on=opened_on, stage_since=self.today, moved_in=True
        )
        practitioner = self.staff.practitioner_of(row)
        lead = AssignmentRole.LEAD
        if practitioner and row.facilitator_sides:
            if not blocks_to_assign(case=case, practitioner=practitioner, role=lead, today=self.today):
                place(case, practitioner, lead, row.facilitator_sides, self.by, self.today)
        restage(case, self.by, self.today)

    def _other_side(self, referral: Referral, row: RecordRow) -> None:
        """What the side that it did not begin with had agreed to, unless a withdrawal came with it."""
        side = Side.HARMED if row.began_with == Side.RESPONSIBLE else Side.RESPONSIBLE
        other, reached = self._person(referral, side), row.reached[side]
        if other and reached.agreed and not _is_stopped(other):
            referrals.agree_to_contact(
                person=other,
                referral=referral,
                given_on=reached.given_on,
                method=referrals.consent_method_of(reached.method),
                allowed=reached.allowed,
                by=self.by,
            )
        harmed = referral.person_harmed
        if harmed and not _is_stopped(harmed):
            for purpose, given_on in (
                (ConsentPurpose.APPROACH_OTHER_SIDE, row.approach_on),
                (ConsentPurpose.SHARE_INFORMATION, row.share_on),
            ):
                if given_on:
                    unknown = ConsentMethod.NOT_KNOWN
                    referrals.note_agreement(harmed, referral, purpose, given_on=given_on, method=unknown, by=self.by)

    def _stricter(self, referral: Referral, row: RecordRow) -> None:
        """Somebody is here already. What the earlier system allowed less counts at once; nothing else of theirs changes."""
        if not referral.earlier_reference:
            Referral.objects.filter(pk=referral.pk).update(earlier_reference=row.reference)
        for side, reached in row.reached.items():
            person = self._person(referral, side)
            if person and reached.agreed:
                referrals.apply_stricter_contact(person=person, referral=referral, allowed=reached.allowed, by=self.by)

    # What is about them

    def _about_a_record(self, row: MoveInRow, parsed: MovedRow) -> None:
        referral = row.referral or find_here(self.area.pk, {parsed.reference: ""}).get(parsed.reference)
        if referral is None:
            raise DomainError("The row that this one is about was not moved in")
        if isinstance(parsed, ContactRow):
            self._contact(referral, parsed)
        else:
            self._protect(referral, parsed, is_new=False)
        self._done(row, Fate.MAKE, referral)

    def _contact(self, referral: Referral, row: ContactRow) -> None:
        """In the log of the case; of somebody who waits the row itself is shown."""
        case = Case.objects.filter(referral=referral).first()
        person = self._person(referral, row.side)
        participant = Participant.objects.filter(case=case, person=person).first() if case else None
        if case is None or participant is None or row.on is None:
            return
        contact = Contact.objects.create(
            case=case,
            participant=participant,
            side=participant.side,
            method=row.method,
            result=row.result,
            occurred_at=moment_of(row.on),
            note=row.given["note"],
            recorded_by=self.by,
            is_from_earlier_system=True,
        )
        record_on(
            events.CONTACT_LOGGED, case, self.by, row.on, about=participant, contact=str(contact.pk), moved_in=True
        )

    def _protect(self, referral: Referral, row: MovedRow, *, is_new: bool) -> None:
        """Whoever works with somebody here already is told; of somebody new nobody works with them yet."""
        person = self._person(referral, row.side)  # type: ignore[attr-defined]
        if person is None:
            raise DomainError("Nobody is named on this side")
        if isinstance(row, BarRow):
            for one in self._whom_it_may_bind(referral, person, row.side):
                self._bar(referral, one, row, is_new)
        elif isinstance(row, StopRow):
            (self._stop_new if is_new else self._stop_here)(referral, person, row)

    def _whom_it_may_bind(self, referral: Referral, person: Person, side: str) -> list[Person]:
        """The file says on which side, and not which of several people responsible: so it is every one of them."""
        beside = referral.also_responsible.select_related("person") if side == Side.RESPONSIBLE else ()
        return [person, *(one.person for one in beside)]

    def _bar(self, referral: Referral, person: Person, row: BarRow, is_new: bool) -> None:
        words = {name: getattr(row, name) for name in ("kind", "authority", "starts_on", "ends_on", "words")}
        if LegalBar.objects.filter(person=person, **words).exists():
            return
        write = referrals.bar_moved if is_new else referrals.record_legal_bar
        write(person=person, referral=referral, by=self.by, **words)

    def _stop_new(self, referral: Referral, person: Person, row: StopRow) -> None:
        common: dict[str, Any] = {"person": person, "referral": referral, "by": self.by, "today": self.today}
        if row.what == DIED:
            referrals.death_moved(died_on=row.on, **common)
        else:
            referrals.stop_moved(on=row.on, never=row.what == NEVER, **common)

    def _stop_here(self, referral: Referral, person: Person, row: StopRow) -> None:
        common: dict[str, Any] = {"person": person, "referral": referral, "by": self.by}
        if row.what == DIED:
            referrals.record_death(died_on=row.on, today=self.today, **common)
        elif row.what == NEVER:
            referrals.ask_never_again(today=self.today, **common)
        else:
            referrals.withdraw_consent(**common)

    def _nobody_s(self, row: MoveInRow, parsed: StopRow) -> None:
        """Somebody of no referral who must not be approached."""
        if row.fate == Fate.HERE:
            self._done(row, Fate.HERE, None)
            return
        given = parsed.given
        person = referrals.NewPerson(
            first_name=given["first_name"],
            last_name=given["last_name"],
            date_of_birth=parsed.born_on,
            date_of_birth_as_given="" if parsed.born_on else given["date_of_birth"],
            phone=given["phone"],
            email=given["email"],
            postcode=given["postcode"],
        )
        common: dict[str, Any] = {"by": self.by, "today": self.today}
        referral = referrals.keep_never(area=self.area, person=person, on=parsed.on, **common)
        if referral.person_harmed is not None:
            self._stop_new(referral, referral.person_harmed, parsed)
        self._done(row, Fate.MAKE, referral)

    def _person(self, referral: Referral, side: str) -> Person | None:
        return referral.person_harmed if side == Side.HARMED else referral.person_responsible


def _beside(one: Further) -> referrals.NewPerson:
    return referrals.NewPerson(
        first_name=one.first_name,
        last_name=one.last_name,
        date_of_birth=one.born_on,
        date_of_birth_as_given=one.born_as_given,
    )


def _signed(person: referrals.NewPerson, row: RecordRow, side: Side) -> referrals.NewPerson:
    because, known_on = row.adult[side]
    return replace(person, adult_because=because, adult_on=known_on)


def _is_stopped(person: Person) -> bool:
    return Consent.objects.withdrawn().filter(person=person).exists()
