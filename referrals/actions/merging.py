"""Two records are one person: joined, and taken apart again.

Nothing moves (ADR 7). Each record keeps its own referrals, agreements, contacts and words, so nobody who works with one
reads anything of the other. What protects the person holds for both from then on, and is brought over in words that say
nothing of where it comes from. Everything that is brought over is written down (`Carried`): undoing gives it back, unless
the record has since said so itself.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from referrals import events
from referrals.actions.alerting import alert_elsewhere
from referrals.actions.locking import require
from referrals.actions.one_person import about, held_together, records_of, sides_of, stand_apart
from referrals.actions.receive import contact_keys
from referrals.choices import Approach, ConsentPurpose, LegalBarKind
from referrals.models import (
    Carried,
    ConflictOfInterest,
    Consent,
    ContactDetails,
    LegalBar,
    Merge,
    Person,
    PossibleDuplicate,
    SafeContact,
    SafetyChange,
)
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import across
from rj_service.audit.actions import record

MERGERS = "Only a coordinator or manager of this area can merge records."
ANSWERED = "Somebody has answered this already. Nothing was done twice."
TWO_SIDES = "One referral or case names them both, so they are two people."
# Agreed to wherever the person is met; taking part and approaching the other side are agreed to for one matter.
OF_THE_PERSON = (ConsentPurpose.CONTACT, ConsentPurpose.SHARE_INFORMATION, ConsentPurpose.SURVEY)
MAY = ("may_phone", "may_leave_voicemail", "may_text", "may_email", "may_write")
ASK_FIRST = "Ask the coordinator before any contact"
ANOTHER_AUTHORITY = "an authority that the coordinator knows"
# What may be chosen for both records, by what a coordinator calls it.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("person.first_name", "person.last_name", "person.organisation_name"),
    "date_of_birth": ("person.date_of_birth", "person.date_of_birth_as_given"),
    "communication_needs": ("person.communication_needs",),
    "phone": ("details.phone",),
    "email": ("details.email",),
    "address": ("details.address", "details.postcode"),
}
_MODELS: dict[str, type[models.Model]] = {"person": Person, "details": ContactDetails, "safe": SafeContact}


# -- merging ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def merge_people(*, pair: PossibleDuplicate, keep: Mapping[str, str], by: User, today: date) -> Merge:
    """`keep`: by name of CHOICES whose value both records have from now on, "one" or "other"; what is not named stays as
    each has it. Nothing can be chosen where the two stand on different sides. The caller holds the referrals and looked
    the pair up as `visible_to`. Raises StaleState when somebody answered before."""
    PossibleDuplicate.objects.select_for_update().values_list("pk").get(pk=pair.pk)
    fresh = PossibleDuplicate.objects.get(pk=pair.pk)
    require(by.may("referrals.decide", fresh.service_area_id), MERGERS)
    if fresh.answer != PossibleDuplicate.Answer.OPEN:
        raise StaleState(ANSWERED)
    own, theirs = records_of(fresh.person_id), records_of(fresh.other_id)
    people = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=own | theirs).order_by("pk")}
    if own & theirs:
        raise StaleState("The two records are one person already.")
    if stand_apart(own, theirs):
        raise DomainError(TWO_SIDES)
    one, other = people[fresh.person_id], people[fresh.other_id]
    chosen = {name: whose for name, whose in keep.items() if whose in ("one", "other")}
    if chosen and len(sides_of({one.pk, other.pk})) > 1:
        raise DomainError("They stand on different sides: each record keeps its own details.")
    merge = Merge.objects.create(service_area_id=fresh.service_area_id, one=one, other=other, merged_by=by)
    for name, whose in sorted(chosen.items()):
        _choose(CHOICES[name], *((one, other) if whose == "one" else (other, one)))
    _bring_together(people, own, theirs, by, today)
    _answer(fresh, PossibleDuplicate.Answer.SAME, by)
    record(events.MERGED, by=by, on=merge, people=[one.pk, other.pk], detail={"chosen": sorted(chosen)})
    return merge


def _bring_together(people: Mapping[UUID, Person], own: set[UUID], theirs: set[UUID], by: User, today: date) -> None:
    """And with the records of areas that somebody of them was passed on to or came from; these an undoing leaves alone."""
    for mine in own:
        for yours in theirs:
            carry(people[mine], people[yours], by=by, today=today)
            carry(people[yours], people[mine], by=by, today=today)
    for abroad in held_together(next(iter(people.values()))):
        if abroad.pk not in people:
            for person in people.values():
                carry(person, abroad, by=by, today=today)


@transaction.atomic
def undo_merge(*, merge: Merge, by: User) -> list[Carried]:
    """Each record is again as it was; what it has said itself since then stays, and is given back to be told."""
    Merge.objects.select_for_update().values_list("pk").get(pk=merge.pk)
    fresh = Merge.objects.get(pk=merge.pk)
    require(by.may("referrals.decide", fresh.service_area_id), MERGERS)
    if fresh.undone_at:
        raise StaleState("Somebody has undone this merge already.")
    everybody = records_of(fresh.one_id)
    list(Person.objects.select_for_update().filter(pk__in=everybody).order_by("pk"))
    fresh.undone_at, fresh.undone_by = timezone.now(), by
    fresh.save(update_fields=["undone_at", "undone_by"])
    one, other = records_of(fresh.one_id), records_of(fresh.other_id)
    kept: list[Carried] = []
    if not one & other:
        between = Q(source__in=one, target__in=other) | Q(source__in=other, target__in=one)
        brought = list(Carried.objects.in_force().filter(between).select_related("target"))
        while brought:
            stays = _give_back(brought, by)
            kept += stays
            brought = _handed_on([one for one in brought if one not in stays])
    pairs = PossibleDuplicate.objects.filter(
        Q(person=fresh.one_id, other=fresh.other_id) | Q(person=fresh.other_id, other=fresh.one_id)
    )
    pairs.update(answer=PossibleDuplicate.Answer.OPEN, answered_at=None, answered_by=None)
    detail = {"kept": sorted({carried.field or carried.what for carried in kept})}
    record(events.UNMERGED, by=by, on=fresh, people=[fresh.one_id, fresh.other_id], detail=detail)
    return kept


@transaction.atomic
def keep_apart(*, pair: PossibleDuplicate, by: User) -> PossibleDuplicate:
    """Not the same person: remembered, and not asked again until another reason is found."""
    fresh = PossibleDuplicate.objects.select_for_update().get(pk=pair.pk)
    require(by.may("referrals.decide", fresh.service_area_id), MERGERS)
    if fresh.answer != PossibleDuplicate.Answer.OPEN:
        raise StaleState(ANSWERED)
    _answer(fresh, PossibleDuplicate.Answer.DIFFERENT, by)
    record(events.DUPLICATE_ANSWERED, by=by, on=fresh, people=[fresh.person_id, fresh.other_id])
    return fresh


def _answer(pair: PossibleDuplicate, answer: str, by: User) -> None:
    pair.answer, pair.answered_at, pair.answered_by = answer, timezone.now(), by
    pair.save(update_fields=["answer", "answered_at", "answered_by"])


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
    if (ConsentPurpose.CONTACT in withdrawn and agreed.exists()) or agreed.filter(purpose__in=list(withdrawn)).exists():
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
    """Each withdrawal once: what the person agrees to afterwards is theirs to give."""
    ended = 0
    for said in _withdrawn_for(source, target).order_by("withdrawn_at", "id"):
        if _carried(target, Carried.What.WITHDRAWAL, said.pk):
            continue
        standing = Consent.objects.in_force().filter(person=target)
        if said.purpose != ConsentPurpose.CONTACT:
            standing = standing.filter(purpose=said.purpose)
        for consent in standing:
            Consent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now(), withdrawn_by=by)
            _note(source, target, Carried.What.WITHDRAWAL, from_row=said.pk, to_row=consent.pk)
            ended += 1
        if said.purpose == ConsentPurpose.CONTACT and _value(target, "person.approach") == Approach.AGREED:
            _carry_values(source, target, {"person.approach": Approach.NOT_APPROACHED})
    return ended


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


def _choose(fields: Iterable[str], source: Person, target: Person) -> None:
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


def _handed_on(given_back: Iterable[Carried]) -> list[Carried]:
    """What a third record had only from a record that has just lost it."""
    lost = Q(pk__in=[])
    for one in given_back:
        if one.what == Carried.What.VALUE:
            lost |= Q(source=one.target_id, field=one.field)
        elif one.what == Carried.What.WITHDRAWAL:
            lost |= Q(from_row=one.to_row)
    return list(Carried.objects.in_force().filter(lost).select_related("target"))


def _give_back(brought: list[Carried], by: User) -> list[Carried]:
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
    consent = Consent.objects.get(pk__in=_rows([carried]))
    same = {name: getattr(consent, name) for name in ("person_id", "referral_id", "purpose")}
    if Consent.objects.in_force().filter(**same).exists():
        return False
    return bool(Consent.objects.filter(pk=consent.pk).update(withdrawn_at=None, withdrawn_by=None))
