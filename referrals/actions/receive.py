"""A referral arrives: by a form, a file or a person themselves. One function writes them all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from referrals import events, policy
from referrals.actions.alike import note_possible_duplicates
from referrals.actions.expecting_offers import expect_offers
from referrals.actions.repeating import note_approaches_elsewhere, note_repeated_approaches
from referrals.actions.sending import keep_as_sent
from referrals.actions.telling import acknowledge
from referrals.actions.triggering import note_same_crime
from referrals.choices import (
    SELF_REFERRED,
    Approach,
    ConsentMethod,
    ConsentPurpose,
    InitiatedBy,
    Mechanism,
    ReferralStatus,
    Responsibility,
    SensitiveKind,
)
from referrals.hub_file import email_of, phone_of, postcode_of
from referrals.models import (
    AlsoResponsible,
    Consent,
    ContactDetails,
    ImportRow,
    Incident,
    Person,
    Referral,
    SafeContact,
    SensitiveFlag,
    WatchedInterest,
)
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.audit.actions import record_each
from rj_service.audit.fields import lookup_key
from rj_service.ui.dates import moment_of
from rj_service.ui.references import new_reference

CHECK_INTEREST_AFTER = timedelta(days=91)


@dataclass(frozen=True)
class NewPerson:
    first_name: str = ""
    last_name: str = ""
    organisation_name: str = ""
    date_of_birth: date | None = None
    date_of_birth_as_given: str = ""
    under_18: bool | None = None  # as they say, where no date of birth is known
    adult_because: str = ""  # of AdultBecause, signed by whoever brings it in
    adult_on: date | None = None
    vulnerability: str = ""
    communication_needs: str = ""
    enhanced_rights: bool = False
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    may_phone: bool = False
    may_leave_voicemail: bool = False
    may_text: bool = False
    may_email: bool = False
    may_write: bool = False
    safe_times: str = ""
    must_not_know: str = ""
    must_stay_hidden: bool = False

    @property
    def is_named(self) -> bool:
        return bool(self.first_name or self.last_name or self.organisation_name)


@dataclass(frozen=True)
class NewReferral:
    """`harmed` or `responsible` is named. Consent is of whoever was referred: the one responsible, if they began it."""

    received_on: date
    mechanism: str
    harmed: NewPerson
    responsible: NewPerson
    initiated_by: str = InitiatedBy.VICTIM
    incident: dict[str, Any] = field(default_factory=dict)
    organisation: Organisation | None = None
    referrer_name: str = ""
    referrer_email: str = ""
    hub_reference: str = ""
    consent_method: str = ConsentMethod.NOT_KNOWN
    consented_on: date | None = None
    responsibility_told: str = Responsibility.NOT_KNOWN
    flags: Sequence[tuple[str, str]] = ()  # kind, words
    notes: str = ""
    suspect_identified: bool = True
    wishes_contact_if_identified: bool | None = None
    wish: str = ""  # in their own words
    also_responsible: Sequence[NewPerson] = ()  # beside `responsible`
    import_row: ImportRow | None = None
    same_incident: Incident | None = None  # what an earlier referral was about; `incident` is then empty
    earlier_reference: str = ""  # of the system that the service moves in from, on the day `moved_in_on`
    moved_in_on: date | None = None
    taken_by: User | None = None
    wish_confirmed_on: date | None = None
    next_check_on: date | None = None


@dataclass
class _Rows:
    """The unsaved rows of one referral."""

    new: NewReferral
    referral: Referral
    incident: Incident
    people: list[Person] = field(default_factory=list)
    details: list[ContactDetails] = field(default_factory=list)
    safe: list[SafeContact] = field(default_factory=list)
    beside: list[AlsoResponsible] = field(default_factory=list)


@transaction.atomic
def receive_referral(*, area: ServiceArea, new: NewReferral, by: User, today: date) -> Referral:
    """Raises DomainError when nobody is named or the date lies in the future, NotAllowed without the permission."""
    if not policy.can_create(by, area.pk):
        raise NotAllowed("You cannot make a referral in this area.")
    if not (new.harmed.is_named or new.responsible.is_named):
        raise DomainError("Enter the name of the person the referral is about", field="first_name")
    if new.received_on > today:
        raise DomainError("Date received must be today or in the past", field="received_on")
    [referral] = receive_referrals(area=area, new=[new], by=by, today=today)
    acknowledge(referral, by=by)
    if referral.mechanism in SELF_REFERRED:
        note_repeated_approaches(referral=referral, by=by)
        note_approaches_elsewhere(referral=referral, by=by)
    return referral


@transaction.atomic
def receive_referrals(*, area: ServiceArea, new: Sequence[NewReferral], by: User, today: date) -> list[Referral]:
    """Writes many at once with the same few statements. The caller has checked permission and values."""
    references = _free_references(len(new))
    made = [_rows_of(area, one, reference, by) for one, reference in zip(new, references, strict=True)]
    Incident.objects.bulk_create([rows.incident for rows in made if rows.new.same_incident is None])
    Person.objects.bulk_create([person for rows in made for person in rows.people])
    ContactDetails.objects.bulk_create([details for rows in made for details in rows.details])
    SafeContact.objects.bulk_create([safe for rows in made for safe in rows.safe])
    Referral.objects.bulk_create([rows.referral for rows in made])
    AlsoResponsible.objects.bulk_create([one for rows in made for one in rows.beside])
    keep_as_sent([(rows.new, rows.referral) for rows in made], by=by)
    Consent.objects.bulk_create([consent for rows in made if (consent := _consent_of(rows, by))])
    SensitiveFlag.objects.bulk_create(
        [
            SensitiveFlag(referral=rows.referral, kind=kind, words=words, raised_by=by)
            for rows in made
            for kind, words in rows.new.flags
        ]
    )
    WatchedInterest.objects.bulk_create(
        [
            WatchedInterest(
                referral=rows.referral,
                wishes_contact=rows.new.wishes_contact_if_identified,
                wish=rows.new.wish,
                since=rows.new.received_on,
                confirmed_on=_confirmed_on(rows.new),
                next_check_on=_next_check_on(rows.new, today),
            )
            for rows in made
            if rows.referral.status == ReferralStatus.INTERESTED
        ]
    )
    record_each(
        events.RECEIVED,
        by=by,
        happened=[
            (
                rows.referral,
                {"status": rows.referral.status, "mechanism": rows.referral.mechanism}
                | ({"moved_in": True} if rows.new.moved_in_on else {}),
                [person.pk for person in rows.people],
            )
            for rows in made
        ],
    )
    agreed = {
        rows.referral.pk: (rows.new.consented_on, rows.new.consent_method) for rows in made if rows.new.consented_on
    }
    # What was offered before it moved in, nobody knows: no offer of ours is late because of it.
    told_here = [rows.referral for rows in made if rows.new.moved_in_on is None or rows.new.consented_on]
    expect_offers(told_here, agreed, by=by)
    note_same_crime([rows.referral for rows in made], by=by, today=today)
    note_possible_duplicates(people=[person for rows in made for person in rows.people])
    return [rows.referral for rows in made]


def _confirmed_on(new: NewReferral) -> date:
    """When wish and address were last confirmed: with the referral, unless it is known that somebody asked since."""
    return max(new.received_on, new.wish_confirmed_on or new.received_on)


def _next_check_on(new: NewReferral, today: date) -> date:
    """Of one that moved in from the day it was last looked at, so that what is late is seen to be late."""
    counted_from = today if new.moved_in_on is None else _confirmed_on(new)
    return new.next_check_on or counted_from + CHECK_INTEREST_AFTER


def _rows_of(area: ServiceArea, new: NewReferral, reference: str, by: User) -> _Rows:
    incident = new.same_incident or Incident(service_area=area, **new.incident)
    theirs = _by_person_responsible(new)
    referral = Referral(
        reference=reference,
        service_area=area,
        incident=incident,
        mechanism=new.mechanism,
        initiated_by=new.initiated_by,
        organisation=new.organisation,
        referrer_name=new.referrer_name,
        referrer_email=new.referrer_email or None,
        hub_reference=new.hub_reference,
        received_on=new.received_on,
        entered_by=by,
        responsibility_told=new.responsibility_told,
        status=ReferralStatus.RECEIVED if new.suspect_identified else ReferralStatus.INTERESTED,
        notes=new.notes,
        import_row=new.import_row,
        moved_in_on=new.moved_in_on,
        earlier_reference=new.earlier_reference,
        taken_by=new.taken_by,
        taken_at=moment_of(new.moved_in_on) if new.taken_by and new.moved_in_on else None,
    )
    rows = _Rows(new, referral, incident)
    if new.harmed.is_named:
        referral.person_harmed = _add_person(rows, area, new.harmed, consents=not theirs, by=by)
    if new.responsible.is_named:
        referral.person_responsible = _add_person(rows, area, new.responsible, consents=theirs, by=by)
    for also in new.also_responsible:
        if also.is_named:
            person = _add_person(rows, area, also, consents=False, by=by)
            rows.beside.append(AlsoResponsible(referral=referral, person=person, added_by=by))
    return rows


def _by_person_responsible(new: NewReferral) -> bool:
    return InitiatedBy.OFFENDER == new.initiated_by or Mechanism.OFFENDER_SELF == new.mechanism


def _add_person(rows: _Rows, area: ServiceArea, new: NewPerson, *, consents: bool, by: User) -> Person:
    """Whoever did not agree to contact is 'not approached' and reached through the referrer only (domain 2.16.7)."""
    person = Person(
        service_area=area,
        first_name=new.first_name,
        last_name=new.last_name,
        organisation_name=new.organisation_name,
        date_of_birth=new.date_of_birth,
        date_of_birth_as_given=new.date_of_birth_as_given,
        vulnerability=new.vulnerability,
        communication_needs=new.communication_needs,
        enhanced_rights=new.enhanced_rights,
        **_age_as_told(new, by),
        approach=Approach.AGREED if consents else Approach.NOT_APPROACHED,
    )
    rows.people.append(person)
    rows.details.append(
        ContactDetails(
            person=person,
            phone=new.phone or None,
            email=new.email or None,
            address=new.address or None,
            postcode=new.postcode or None,
            must_stay_hidden=new.must_stay_hidden,
            **contact_keys(phone=new.phone, email=new.email, postcode=new.postcode),
        )
    )
    rows.safe.append(
        SafeContact(
            person=person,
            may_phone=consents and new.may_phone,
            may_leave_voicemail=consents and new.may_phone and new.may_leave_voicemail,
            may_text=consents and new.may_text,
            may_email=consents and new.may_email,
            may_write=consents and new.may_write,
            times=new.safe_times,
            must_not_know=new.must_not_know,
        )
    )
    return person


def _age_as_told(new: NewPerson, by: User) -> dict[str, Any]:
    if not new.adult_because or new.adult_on is None or new.date_of_birth or new.organisation_name:
        return {"under_18": None if new.date_of_birth else new.under_18}
    return {"under_18": False, "adult_because": new.adult_because, "adult_on": new.adult_on, "adult_by": by}


def contact_keys(*, phone: str = "", email: str = "", postcode: str = "") -> dict[str, bytes | None]:
    """Keyed hashes of the normalised values; None for what does not validate: nonsense never matches nonsense."""
    normal_postcode = postcode_of(postcode)
    values = {
        "phone": phone_of(phone),
        "email": email_of(email),
        "postcode": normal_postcode,
        "outward": normal_postcode.split()[0] if normal_postcode else None,
    }
    return {f"{kind}_key": lookup_key(kind, value) if value else None for kind, value in values.items()}


def _consent_of(rows: _Rows, by: User) -> Consent | None:
    referral = rows.referral
    person = referral.person_responsible if _by_person_responsible(rows.new) else referral.person_harmed
    if person is None:
        return None
    return Consent(
        person=person,
        referral=referral,
        purpose=ConsentPurpose.CONTACT,
        method=rows.new.consent_method,
        given_on=rows.new.consented_on,
        recorded_by=by,
    )


def _free_references(count: int) -> list[str]:
    """References nobody has: six characters collide now and then among many thousands."""
    free: set[str] = set()
    while len(free) < count:
        tried = {new_reference() for _ in range(count - len(free))}
        free |= tried - set(Referral._base_manager.filter(reference__in=tried).values_list("reference", flat=True))
    return list(free)


def sensitive_kind(word: str) -> tuple[str, str]:
    """A flag's kind, and its own words where it is none of ours."""
    return (word, "") if word in SensitiveKind.values else (SensitiveKind.OTHER, word[:100])
