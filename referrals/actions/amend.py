"""A row sent again for a known reference. What is stricter applies at once; everything else waits for a coordinator."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from referrals import events, policy
from referrals.actions.alike import compare_again
from referrals.actions.children import birth_became_known
from referrals.actions.decide import hold_interested
from referrals.actions.hub_rows import crime_type_of, stage_of
from referrals.actions.locking import locked, require
from referrals.actions.receive import contact_keys, sensitive_kind
from referrals.actions.safety import (
    MANAGERS,
    SAFE_FIELDS,
    apply_stricter_contact,
    change_safe_contact,
    raise_flag,
    record_consent,
    withdraw_consent,
)
from referrals.actions.telling import coordinators_of
from referrals.actions.triggering import raise_trigger
from referrals.choices import (
    ConsentMethod,
    ConsentPurpose,
    InitiatedBy,
    Mechanism,
    ReferralStatus,
    ToldBy,
    TriggerKind,
)
from referrals.hub_file import HubRow, email_of, phone_of, postcode_of
from referrals.models import (
    Consent,
    ContactDetails,
    ImportBatch,
    ImportRow,
    Offer,
    Person,
    ProposedChange,
    Referral,
    SafeContact,
    SafetyChange,
    Task,
    WatchedInterest,
)
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import LocalArea, User
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify

_ON_REFERRAL = {
    "date_received": "received_on",
    "mechanism": "mechanism",
    "initiated_by": "initiated_by",
    "referrer_name": "referrer_name",
    "referrer_email": "referrer_email",
    "offender_accepts_responsibility": "responsibility_told",
    "notes": "notes",
}
_ON_INCIDENT = {
    "crime_reference": "crime_reference",
    "crime_type": "crime_type",
    "offence_month": "month",
    "location": "location",
    "lsoa_code": "lsoa_code",
    "local_area": "local_area_name",
    "last_outcome": "last_outcome",
    "justice_stage": "justice_stage",
}
_ON_HARMED = {
    "victim_first_name": "first_name",
    "victim_last_name": "last_name",
    "victim_organisation": "organisation_name",
    "victim_date_of_birth": "date_of_birth",
    "enhanced_rights": "enhanced_rights",
    "vulnerability": "vulnerability",
    "communication_needs": "communication_needs",
}
_ON_RESPONSIBLE = {
    "offender_first_name": "first_name",
    "offender_last_name": "last_name",
    "offender_date_of_birth": "date_of_birth",
}
_ON_DETAILS = {f"victim_{name}": name for name in ("phone", "email", "address", "postcode")}
_COMPARED = {*_ON_HARMED, *_ON_RESPONSIBLE, *_ON_DETAILS, "crime_reference"}
_DATES = ("date_received", "offence_month", "victim_date_of_birth", "offender_date_of_birth")
_SAME = {"victim_phone": phone_of, "victim_email": email_of, "victim_postcode": postcode_of}


@transaction.atomic
def note_resent_row(
    *, referral: Referral, row: HubRow, safety_only: bool, batch: ImportBatch, row_hash: bytes, by: User
) -> bool:
    """
    True when the row says anything new. `safety_only`: the row has faults, only what is stricter is taken. `referral`
    is one of `whole_referrals`, as it stands now.
    """
    changed = _apply_stricter(referral, row, by)
    if safety_only:
        return changed
    proposals = _proposals(referral, row)
    if proposals.get("offender_identified", ("", ""))[1] == "Y":
        del proposals["offender_identified"]
        changed = _news_of_a_suspect(referral, ToldBy.HUB_FILE, by, timezone.localdate()) or changed
    if not (changed or proposals):
        return False
    import_row = ImportRow.objects.create(
        batch=batch,
        service_area_id=referral.service_area_id,
        line=row.line,
        hub_reference=row.reference,
        row_hash=row_hash,
        outcome=ImportRow.Outcome.CHANGED,
        raw=json.dumps({column: text for column, text in row.given.items() if text}, ensure_ascii=False),
    )
    if proposals:
        propose_changes(referral=referral, import_row=import_row, changes=proposals, by=by)
    return True


@transaction.atomic
def propose_changes(
    *, referral: Referral, import_row: ImportRow, changes: Mapping[str, tuple[str, str]], by: User
) -> list[ProposedChange]:
    """Field by field what we hold and what was sent. Nothing changes until a coordinator has seen both."""
    made = ProposedChange.objects.bulk_create(
        [
            ProposedChange(
                service_area_id=referral.service_area_id,
                referral=referral,
                row=import_row,
                field=name,
                old=old,
                new=new,
            )
            for name, (old, new) in changes.items()
        ]
    )
    ask_to_decide(referral, fields=changes, by=by)
    return made


def ask_to_decide(referral: Referral, *, fields: Iterable[str], by: User) -> None:
    """Changes wait: a task, and a notice to whoever decides."""
    Task.objects.create(
        service_area_id=referral.service_area_id,
        referral=referral,
        kind=Task.Kind.REVIEW_CHANGE,
        due_on=timezone.localdate(),
        assigned_to=referral.taken_by,
        created_by=by,
    )
    record(events.CHANGES_PROPOSED, by=by, on=referral, detail={"fields": sorted(fields)})
    notify(coordinators_of(referral), "referral_changed", on=referral)


@transaction.atomic
def decide_change(*, change: ProposedChange, take_over: bool, by: User, today: date) -> ProposedChange:
    """The coordinator has seen both values: the new one is taken over, or ours stays."""
    fresh = ProposedChange.objects.select_for_update().get(pk=change.pk)
    [referral] = whole_referrals([locked(fresh.referral).pk])
    require(policy.can_manage(by, referral), MANAGERS)
    if fresh.decided_at:
        raise StaleState("Somebody has decided on this change already. Nothing was done twice.")
    if take_over:
        _take_over(referral, fresh.field, fresh.new or "", by, today)
    fresh.decided_at, fresh.decided_by, fresh.taken_over = timezone.now(), by, take_over
    fresh.save(update_fields=["decided_at", "decided_by", "taken_over"])
    if take_over and fresh.field in _COMPARED:
        for person in filter(None, (referral.person_harmed, referral.person_responsible)):
            compare_again(person=person)
            if fresh.field.endswith("date_of_birth"):
                birth_became_known(person=person, referral=referral, by=by, today=today)
    record(events.CHANGE_DECIDED, by=by, on=referral, detail={"field": fresh.field, "taken_over": take_over})
    end_review(referral, by=by)
    return fresh


def end_review(referral: Referral, *, by: User) -> None:
    """The task is done once nothing waits any more."""
    if not referral.proposed_changes.filter(decided_at__isnull=True).exists():
        referral.tasks.filter(kind=Task.Kind.REVIEW_CHANGE, done_at__isnull=True).update(
            done_at=timezone.now(), done_by=by
        )


def whole_referrals(keys: Iterable[UUID]) -> list[Referral]:
    """With all that a resent row is compared with. One statement for many: its plan costs more than its rows."""
    return list(
        Referral.objects.filter(pk__in=keys).select_related(
            "incident",
            "organisation",
            "service_area",
            "taken_by",
            "person_responsible",
            "person_harmed",
            "person_harmed__contact_details",
            "person_harmed__safe_contact",
        )
    )


def consenting_person(referral: Referral) -> Person | None:
    """Whose agreement the referral rests on: whoever was referred (domain 2.16.7)."""
    theirs = referral.initiated_by == InitiatedBy.OFFENDER or referral.mechanism == Mechanism.OFFENDER_SELF
    return referral.person_responsible if theirs else referral.person_harmed


def _apply_stricter(referral: Referral, row: HubRow, by: User) -> bool:
    changed = False
    person = consenting_person(referral)
    if person is not None and not row.consents:
        changed = bool(withdraw_consent(person=person, referral=referral, by=by))
    if person is not None and person == referral.person_harmed:
        stricter = apply_stricter_contact(person=person, referral=referral, allowed=_allowed(row), by=by)
        changed = changed or bool(stricter)
    standing = set(referral.sensitive_flags.filter(cleared_at__isnull=True).values_list("kind", "words"))
    for kind, words in {sensitive_kind(word) for word in row.flags} - standing:
        raise_flag(referral=referral, kind=kind, words=words, by=by)
        changed = True
    return changed


def _allowed(row: HubRow) -> dict[str, bool]:
    """The Hub's file says nothing of text messages."""
    safe = row.safe
    return {
        "may_phone": safe.phone,
        "may_leave_voicemail": safe.voicemail,
        "may_email": safe.email,
        "may_write": safe.write,
    }


def _proposals(referral: Referral, row: HubRow) -> dict[str, tuple[str, str]]:
    """What differs and is not stricter. A blank cell says nothing; a blank safe contact has been read as no already."""
    here, sent = held(referral), _sent(row)
    found = {name: (here[name], new) for name, new in sent.items() if new and not equal(name, here[name], new)}
    person = consenting_person(referral)
    if person is not None and row.consents:
        contact = ConsentPurpose.CONTACT
        if not Consent.objects.in_force().filter(person=person, referral=referral, purpose=contact).exists():
            found["contact_consent"] = ("N", "Y")
    if person is not None and person == referral.person_harmed:
        safe = SafeContact.objects.get(person=person)
        found |= {name: ("N", "Y") for name, may in _allowed(row).items() if may and not getattr(safe, name)}
    return found


def equal(name: str, held: str, sent: str) -> bool:
    if held.casefold() == sent.casefold():
        return True
    normal = _SAME.get(name)
    return bool(normal and normal(held) and normal(held) == normal(sent))


def _text(value) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def held(referral: Referral) -> dict[str, str]:
    """What the service holds, by column of the Hub's file. `referral` is one of `whole_referrals`."""
    harmed, responsible = referral.person_harmed, referral.person_responsible
    details = harmed.contact_details if harmed else None
    found = {name: _text(getattr(referral, attribute)) for name, attribute in _ON_REFERRAL.items()}
    for names, owner in (
        (_ON_INCIDENT, referral.incident),
        (_ON_HARMED, harmed),
        (_ON_RESPONSIBLE, responsible),
        (_ON_DETAILS, details),
    ):
        found |= {name: _text(getattr(owner, attribute)) if owner else "" for name, attribute in names.items()}
    found["offender_identified"] = "N" if referral.status == ReferralStatus.INTERESTED else "Y"
    return found


def _sent(row: HubRow) -> dict[str, str]:
    given = row.given
    sent = {name: given[name] for names in (_ON_REFERRAL, _ON_INCIDENT, _ON_HARMED, _ON_RESPONSIBLE) for name in names}
    sent |= {name: given[name] for name in _ON_DETAILS}
    typed = {
        "date_received": row.received_on,
        "mechanism": row.mechanism,
        "initiated_by": row.initiated_by,
        "offence_month": row.offence_month,
        "victim_date_of_birth": row.harmed_born_on,
        "offender_date_of_birth": row.offender_born_on,
        "crime_type": crime_type_of(row),
        "justice_stage": stage_of(row),
        "lsoa_code": row.lsoa_code,
        "vulnerability": row.vulnerability,
        "offender_accepts_responsibility": row.acceptance,
    }
    sent |= {name: _text(value) if given[name] else "" for name, value in typed.items()}
    sent["enhanced_rights"] = _text(row.enhanced_rights) if given["enhanced_rights"] else ""
    sent["offender_identified"] = _text(row.offender_identified) if given["offender_identified"] else ""
    if not row.harmed_is_organisation:
        sent["victim_organisation"] = ""
    return sent


def _take_over(referral: Referral, name: str, new: str, by: User, today: date) -> None:
    if name not in (*SAFE_FIELDS, "contact_consent") and held(referral)[name] == new:
        return
    if name in SAFE_FIELDS:
        _loosen(referral, name, by)
    elif name == "contact_consent":
        _consent_again(referral, by, today)
    elif name == "offender_identified":
        if new == "Y":
            _news_of_a_suspect(referral, ToldBy.REFERRER, by, today)
        else:
            hold_interested(referral=referral, by=by, today=today)
    elif name in _ON_DETAILS:
        details = ContactDetails.objects.select_for_update().get(person=referral.person_harmed)
        setattr(details, _ON_DETAILS[name], new or None)
        keys = contact_keys(phone=details.phone or "", email=details.email or "", postcode=details.postcode or "")
        for key, value in keys.items():
            setattr(details, key, value)
        details.save()
    else:
        _write(referral, name, new, by)


def _news_of_a_suspect(referral: Referral, told_by: str, by: User, today: date) -> bool:
    """Of a locked referral. Whoever waits is asked again before anything goes on (domain 2.16.9)."""
    interest = WatchedInterest.objects.standing().select_for_update(of=("self",)).filter(referral=referral).first()
    if interest is None:
        return False
    kind = TriggerKind.IDENTIFIED
    return bool(raise_trigger(interest, kind=kind, told_by=told_by, told_on=today, by=by, today=today))


def _loosen(referral: Referral, name: str, by: User) -> None:
    safe = SafeContact.objects.select_related("person").get(person=consenting_person(referral))
    allowed = {field: getattr(safe, field) for field in SAFE_FIELDS} | {name: True}
    change_safe_contact(person=safe.person, referral=referral, allowed=allowed, by=by)


def _consent_again(referral: Referral, by: User, today: date) -> None:
    person = consenting_person(referral)
    if person is None:
        raise DomainError("Nobody is named who could agree.")
    record_consent(
        person=person,
        referral=referral,
        purpose=ConsentPurpose.CONTACT,
        method=ConsentMethod.NOT_KNOWN,
        given_on=today,
        today=today,
        by=by,
    )


def _write(referral: Referral, name: str, new: str, by: User) -> None:
    owner, attribute = _owner_of(referral, name)
    if owner is None:
        _name_responsible(referral, attribute, new)
        return
    value: object = new
    if name in _DATES:
        value = date.fromisoformat(new) if new else None
    if name == "enhanced_rights":
        value = new == "Y"
    setattr(owner, attribute, value)
    if name == "local_area":
        owner.local_area = LocalArea.objects.called(new, owner.service_area_id)
        Offer.objects.filter(referral__incident=owner).update(local_area=owner.local_area)
    if isinstance(owner, Person) and not owner.name:
        raise DomainError("Nobody is without a name. Take over the other part of the name first.")
    owner.full_clean(exclude=[field.name for field in owner._meta.fields if field.name != attribute])
    owner.save()
    if name in ("crime_type", "local_area"):
        for about in Referral.objects.filter(incident=owner).order_by("pk"):
            SafetyChange.objects.enqueue(
                service_area_id=about.service_area_id,
                kind=SafetyChange.Kind.INCIDENT_CORRECTED,
                person=None,
                referral=about,
                asked_by_id=by.pk,
            )


def _owner_of(referral: Referral, name: str):
    if name in _ON_REFERRAL:
        return referral, _ON_REFERRAL[name]
    if name in _ON_INCIDENT:
        return referral.incident, _ON_INCIDENT[name]
    if name in _ON_HARMED:
        return referral.person_harmed, _ON_HARMED[name]
    return referral.person_responsible, _ON_RESPONSIBLE[name]


def _name_responsible(referral: Referral, attribute: str, new: str) -> None:
    if attribute == "date_of_birth":
        raise DomainError("Take over a name of the person responsible first.")
    person = Person.objects.create(service_area_id=referral.service_area_id, **{attribute: new})
    ContactDetails.objects.create(person=person)
    SafeContact.objects.create(person=person)
    referral.person_responsible = person
    referral.save(update_fields=["person_responsible"])
