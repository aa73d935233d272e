"""What protects somebody protects them in every record: brought over, written down, and given back.

Only ever stricter, and in words that say nothing of where it comes from. Everything that is brought over is written down
(`Carried`): giving it back leaves what the record has since said itself.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from referrals import events
from referrals.actions.alerting import alert_elsewhere, is_awaited
from referrals.actions.one_person import about
from referrals.actions.receive import contact_keys
from referrals.choices import Approach, ConsentPurpose, LegalBarKind
from referrals.models import (
    Carried,
    ConflictOfInterest,
    Consent,
    ContactDetails,
    LegalBar,
    Person,
    SafeContact,
    SafetyChange,
)
from rj_service.accounts.models import User
from rj_service.accounts.scoping import across
from rj_service.audit.actions import record

# Agreed to wherever the person is met; taking part and approaching the other side are agreed to for one matter.
OF_THE_PERSON = (ConsentPurpose.CONTACT, ConsentPurpose.SHARE_INFORMATION, ConsentPurpose.SURVEY)
MAY = ("may_phone", "may_leave_voicemail", "may_text", "may_email", "may_write")
ASK_FIRST = "Ask the coordinator before any contact"
ANOTHER_AUTHORITY = "an authority that the coordinator knows"
_MODELS: dict[str, type[models.Model]] = {"person": Person, "details": ContactDetails, "safe": SafeContact}


# -- what holds for one holds for the other ---------------------------------------------------------------------------
def carry(source: Person, target: Person, *, by: User, today: date, only: Collection[str] | None = None) -> None:
    """Whatever protects `source` protects `target`: only ever stricter. `only`: fields and kinds that were acted on just
    now; what a coordinator has loosened since for the one record stays so. The two may be of two areas."""
    with across(source.service_area_id, target.service_area_id):
        _carry(source, target, by, today, only)


def _carry(source: Person, target: Person, by: User, today: date, only: Collection[str] | None) -> None:
    wanted = {
        field: value
        for field, value in {**_stricter_contact(source, target), **_stricter_person(source, target)}.items()
        if only is None or field in only
    }
    stricter = _carry_values(source, target, wanted)
    kinds = {SafetyChange.Kind.CONTACT_STRICTER} if stricter else set()
    if "person.paused_at" in stricter:
        kinds = {SafetyChange.Kind.PAUSED}
    if "person.died_on" in stricter:
        kinds = {SafetyChange.Kind.DIED}
    for kind, bring, becomes in (
        (Carried.What.WITHDRAWAL, _carry_withdrawals, SafetyChange.Kind.CONSENT_WITHDRAWN),
        (Carried.What.BAR, _carry_bars, SafetyChange.Kind.BAR_RECORDED),
        (Carried.What.CONFLICT, _carry_conflicts, None),
    ):
        if (only is None or kind in only) and bring(source, target, by, today) and becomes:
            kinds |= {becomes}
    if kinds:
        _tell(target, kinds, by)


def what_becomes_stricter(source: Person, target: Person, today: date) -> list[str]:
    """What merging would bring from the one to the other: fields, and kinds of Carried."""
    found = [*_stricter_contact(source, target), *_stricter_person(source, target)]
    agreed = Consent.objects.in_force().filter(person=target)
    withdrawn = _withdrawn_for(source, target).values_list("purpose", flat=True)
    of_contact = ConsentPurpose.CONTACT in withdrawn and (agreed.exists() or is_awaited(target))
    if of_contact or agreed.filter(purpose__in=list(withdrawn)).exists():
        found.append(Carried.What.WITHDRAWAL)
    if LegalBar.objects.filter(person=source).standing(today).exists():
        found.append(Carried.What.BAR)
    if ConflictOfInterest.objects.filter(person=source, lifted_at__isnull=True).exists():
        found.append(Carried.What.CONFLICT)
    return [str(one) for one in found]


def _tell(person: Person, kinds: Collection[str], by: User) -> None:
    happened = [(kind, referral) for kind in sorted(kinds) for referral in about([person.pk]).order_by("pk")]
    for kind, referral in happened:
        record(_VERBS[kind], by=by, on=referral, people=[person.pk])
    alert_elsewhere(person, kinds, by)


_VERBS: dict[str, str] = {
    SafetyChange.Kind.CONTACT_STRICTER: events.CONTACT_STRICTER,
    SafetyChange.Kind.DIED: events.DIED,
    SafetyChange.Kind.PAUSED: events.PAUSED,
    SafetyChange.Kind.CONSENT_WITHDRAWN: events.CONSENT_WITHDRAWN,
    SafetyChange.Kind.BAR_RECORDED: events.BAR_RECORDED,
}


def _stricter_contact(source: Person, target: Person) -> dict[str, object]:
    """Whoever was never asked has said nothing of how to be reached; anybody else's no is a no."""
    ours, theirs = SafeContact.objects.get(person=source), SafeContact.objects.get(person=target)
    changes: dict[str, object] = {}
    if not ours.through_referrer_only or Consent.objects.filter(person=source).exists():
        changes |= {f"safe.{name}": False for name in MAY if getattr(theirs, name) and not getattr(ours, name)}
    if ours.withheld_number and not theirs.withheld_number:
        changes["safe.withheld_number"] = True
    own_words = ours.must_not_know.replace(ASK_FIRST, "").strip("; ") or ours.times
    if own_words and ASK_FIRST not in theirs.must_not_know:
        changes["safe.must_not_know"] = "; ".join(filter(None, [theirs.must_not_know, ASK_FIRST]))[-300:]
    if _value(source, "details.must_stay_hidden") and not _value(target, "details.must_stay_hidden"):
        changes["details.must_stay_hidden"] = True
    return changes


def _stricter_person(source: Person, target: Person) -> dict[str, object]:
    changes: dict[str, object] = {}
    if source.died_on and not target.died_on:
        changes["person.died_on"] = source.died_on
    if source.under_18 and not target.under_18 and target.date_of_birth is None:
        changes["person.under_18"] = True
    if source.paused_at and not target.paused_at:
        changes |= {"person.paused_at": source.paused_at, "person.paused_by": source.paused_by_id}
    if source.approach == Approach.NEVER and target.approach != Approach.NEVER:
        changes["person.approach"] = Approach.NEVER
    return changes


def _withdrawn_for(source: Person, target: Person) -> models.QuerySet[Consent]:
    """What the one withdrew that counts for the other: what is agreed to as a person, and all about the same incident, or
    the same referral in another area."""
    named_in = about([target.pk])
    of_both = Q(purpose__in=OF_THE_PERSON) | Q(referral__incident__in=named_in.values("incident"))
    if source.service_area_id != target.service_area_id:
        of_both |= Q(referral__transfers__arrived__in=named_in) | Q(referral__came_by__referral__in=named_in)
    return Consent.objects.withdrawn().filter(of_both, person=source)


def _carry_withdrawals(source: Person, target: Person, by: User, today: date) -> int:
    """Each withdrawal once: what the person agrees to afterwards is theirs to give. Who had agreed to nothing here, and is to
    be offered something or waits, is told it all the same: `alert_elsewhere` ends both."""
    counted = 0
    for said in _withdrawn_for(source, target).order_by("withdrawn_at", "id"):
        if _carried(target, Carried.What.WITHDRAWAL, said.pk):
            continue
        agreed = Consent.objects.in_force().filter(person=target)
        standing = list(agreed if said.purpose == ConsentPurpose.CONTACT else agreed.filter(purpose=said.purpose))
        for consent in standing:
            Consent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now(), withdrawn_by=by)
            _note(source, target, Carried.What.WITHDRAWAL, from_row=said.pk, to_row=consent.pk)
        if standing:
            counted += 1
        elif said.purpose == ConsentPurpose.CONTACT and is_awaited(target):
            _note(source, target, Carried.What.WITHDRAWAL, from_row=said.pk)
            counted += 1
        if said.purpose == ConsentPurpose.CONTACT and _value(target, "person.approach") == Approach.AGREED:
            _carry_values(source, target, {"person.approach": Approach.NOT_APPROACHED})
    return counted


def _carry_bars(source: Person, target: Person, by: User, today: date) -> int:
    """As a bar that says nothing of the matter it comes from, for the same days, lifted by the same permission."""
    brought = Carried.objects.filter(what=Carried.What.BAR).values("to_row")
    own = LegalBar.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), person=source)
    new = 0
    for bar in own.exclude(pk__in=brought):
        permitted = {
            "permitted_on": bar.permitted_on,
            "permitted_by_authority": ANOTHER_AUTHORITY if bar.permitted_on else "",
            "permission_recorded_by": bar.permission_recorded_by,
        }
        if before := _carried(target, Carried.What.BAR, bar.pk):
            LegalBar.objects.filter(pk__in=_rows([before]), permitted_on__isnull=True).update(**permitted)
            continue
        days = {"starts_on": bar.starts_on, "ends_on": bar.ends_on}
        copy = LegalBar.objects.create(
            person=target,
            kind=LegalBarKind.NO_CONTACT,
            authority=ANOTHER_AUTHORITY,
            recorded_by=by,
            **days,
            **permitted,
        )
        _note(source, target, Carried.What.BAR, from_row=bar.pk, to_row=copy.pk)
        new += 1
    return new


def _carry_conflicts(source: Person, target: Person, by: User, today: date) -> int:
    """Whoever knows the person knows them in every record."""
    brought = Carried.objects.filter(what=Carried.What.CONFLICT).values("to_row")
    standing = ConflictOfInterest.objects.filter(lifted_at__isnull=True)
    here = set(standing.filter(person=target).values_list("user", flat=True))
    new = [one for one in standing.filter(person=source).exclude(pk__in=brought) if one.user_id not in here]
    area = {"service_area_id": target.service_area_id}
    for conflict in new:
        declared = {"user_id": conflict.user_id, "declared_by_id": conflict.declared_by_id}
        copy = ConflictOfInterest.objects.create(person=target, **area, **declared)
        _note(source, target, Carried.What.CONFLICT, from_row=conflict.pk, to_row=copy.pk)
    if new:
        alert_elsewhere(target, [SafetyChange.Kind.CONFLICT_DECLARED], by)
    return len(new)


# -- written down, and given back -------------------------------------------------------------------------------------
def own_now(person: Person, fields: Iterable[str] = (), *, rows: Iterable[UUID] = ()) -> None:
    """The record has said so itself: undoing a merge no longer takes it away."""
    said = Carried.objects.in_force().filter(Q(field__in=list(fields)) | Q(to_row__in=list(rows)), target=person)
    said.update(ended_at=timezone.now(), was_kept=True)


def _row(person: Person, kind: str) -> models.QuerySet:
    return _MODELS[kind].objects.filter(**{"pk" if kind == "person" else "person": person.pk})  # type: ignore[attr-defined]


def _value(person: Person, field: str):
    kind, _, name = field.partition(".")
    return _row(person, kind).values_list(name, flat=True).get()


def choose(fields: Iterable[str], source: Person, target: Person) -> None:
    """The source's for both; what is not known there takes nothing away."""
    values = {field: _value(source, field) for field in fields}
    if any(values.values()):
        _carry_values(source, target, values)


def _carry_values(source: Person, target: Person, values: Mapping[str, object]) -> list[str]:
    """Writes what differs and keeps what was there. Gives the fields that changed."""
    before = {field: _value(target, field) for field in values}
    changed = {field: value for field, value in values.items() if value != before[field]}
    _write(target, changed)
    for field, value in changed.items():
        kept = {"before": _text(before[field]), "after": _text(value)}
        _note(source, target, Carried.What.VALUE, field=field, **kept)
    return list(changed)


def _write(person: Person, values: Mapping[str, object]) -> None:
    """One statement a row, so that what belongs together changes together."""
    for kind in _MODELS:
        own = {field.partition(".")[2]: value for field, value in values.items() if field.startswith(f"{kind}.")}
        if own:
            _row(person, kind).update(**own)
        if kind == "details" and own:
            details = ContactDetails.objects.get(person=person)
            keys = contact_keys(phone=details.phone or "", email=details.email or "", postcode=details.postcode or "")
            _row(person, kind).update(**keys)


def _text(value) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _note(source: Person, target: Person, what: str, **fields) -> None:
    Carried.objects.create(service_area_id=target.service_area_id, source=source, target=target, what=what, **fields)


def _carried(target: Person, what: str, from_row: UUID) -> Carried | None:
    return Carried.objects.in_force().filter(target=target, what=what, from_row=from_row).first()


def handed_on(given_back: Iterable[Carried]) -> list[Carried]:
    """What a third record had only from a record that has just lost it."""
    lost = Q(pk__in=[])
    for one in given_back:
        if one.what == Carried.What.VALUE:
            lost |= Q(source=one.target_id, field=one.field)
        elif one.to_row:
            lost |= Q(from_row=one.to_row)
    return list(Carried.objects.in_force().filter(lost).select_related("target"))


def give_back(brought: list[Carried], by: User) -> list[Carried]:
    """What could not be given back, because the record has changed since: it stays as it is."""
    kept = _give_back_values([one for one in brought if one.what == Carried.What.VALUE])
    kept += [one for one in brought if one.what == Carried.What.WITHDRAWAL and not _give_back_agreement(one)]
    LegalBar.objects.filter(pk__in=_rows(brought, Carried.What.BAR)).delete()
    lifted = ConflictOfInterest.objects.filter(pk__in=_rows(brought, Carried.What.CONFLICT), lifted_at__isnull=True)
    lifted.update(lifted_at=timezone.now(), lifted_by=by)
    for one in brought:
        one.ended_at, one.was_kept = timezone.now(), one in kept
        one.save(update_fields=["ended_at", "was_kept"])
    return kept


def _rows(brought: Iterable[Carried], what: str = "") -> list[UUID]:
    """The rows that were made or changed, of a kind."""
    return [one.to_row for one in brought if one.to_row is not None and what in ("", one.what)]


def _give_back_values(brought: list[Carried]) -> list[Carried]:
    kept = []
    back: dict[UUID, dict[str, object]] = {}
    targets = {one.target_id: one.target for one in brought}
    for one in sorted(brought, key=lambda carried: carried.field, reverse=True):  # the telephone before its voicemail
        own = back.setdefault(one.target_id, {})
        if _text(_value(one.target, one.field)) != one.after or _needs_the_telephone(one, own):
            kept.append(one)
        else:
            own[one.field] = _parsed(one.field, one.before)
    for key, values in back.items():
        _write(targets[key], values)
    return kept


def _needs_the_telephone(one: Carried, back: Mapping[str, object]) -> bool:
    telephone = back.get("safe.may_phone", None) or _value(one.target, "safe.may_phone")
    return one.field == "safe.may_leave_voicemail" and not telephone


def _parsed(field: str, text: str | None):
    kind, _, name = field.partition(".")
    return None if text is None else _MODELS[kind]._meta.get_field(name).to_python(str(text))  # type: ignore[union-attr]


def _give_back_agreement(carried: Carried) -> bool:
    consent = Consent.objects.filter(pk__in=_rows([carried])).first()
    if consent is None or consent.withdrawn_at is None:
        return True
    same = {name: getattr(consent, name) for name in ("person_id", "referral_id", "purpose")}
    if Consent.objects.in_force().filter(**same).exists():
        return False
    return bool(Consent.objects.filter(pk=consent.pk).update(withdrawn_at=None, withdrawn_by=None))
