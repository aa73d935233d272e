"""What somebody needs: assessed by what makes them vulnerable, passed on to whoever can help. No crime is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from referrals import events
from referrals.actions.children import managed
from referrals.actions.expecting_offers import offer_due_on
from referrals.actions.locking import require
from referrals.choices import EnhancedGround, NeedCategory, NeedSize, NeedsQuestion, Vulnerability, YesNoNotKnown
from referrals.models import Conditions, NeedsAssessment, Offer, OnwardSupport, Person, Referral
from referrals.models.needing import as_codes
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record

LEVELS = (Vulnerability.LOW, Vulnerability.MEDIUM, Vulnerability.HIGH)
NOT_YOURS = "Existing conditions are open to whoever works on this referral themselves."


@dataclass(frozen=True)
class NeedsFound:
    """`answers`: NeedsQuestion -> YesNoNotKnown; `needs`: NeedCategory -> NeedSize; `grounds` of EnhancedGround."""

    assessed_on: date
    level: str
    reason: str
    answers: Mapping[str, str]
    needs: Mapping[str, str]
    grounds: Sequence[str] = field(default=())
    communication_needs: str = ""


@transaction.atomic
def assess_needs(*, person: Person, referral: Referral, found: NeedsFound, by: User, today: date) -> NeedsAssessment:
    """A new version; the earlier ones stay. The level is the assessor's, with their reason: nothing computes it."""
    fresh = managed(referral, person, by)
    _require_sound(found, today)
    if found.grounds and person.pk != fresh.person_harmed_id:
        raise DomainError("Enhanced rights are of people harmed", field="grounds")
    made = NeedsAssessment.objects.create(
        person=person,
        referral=fresh,
        assessed_on=found.assessed_on,
        assessed_by=by,
        level=found.level,
        reason=found.reason.strip(),
        answers=as_codes(found.answers),
        needs=as_codes(found.needs),
        enhanced_grounds=" ".join(ground for ground in EnhancedGround.values if ground in found.grounds),
        communication_needs=found.communication_needs.strip(),
    )
    held = Person.objects.select_for_update().get(pk=person.pk)
    held.vulnerability, held.enhanced_rights = found.level, bool(found.grounds)
    held.communication_needs = made.communication_needs
    held.save(update_fields=["vulnerability", "enhanced_rights", "communication_needs"])
    _hurry_offers(fresh, held)
    detail = {"level": found.level, "enhanced": sorted(found.grounds), "assessment": str(made.pk)}
    record(events.NEEDS_ASSESSED, by=by, on=fresh, detail=detail, people=[person.pk])
    return made


def _require_sound(found: NeedsFound, today: date) -> None:
    if found.assessed_on > today:
        raise DomainError("The day of the assessment must be today or in the past", field="assessed_on")
    if found.level not in LEVELS:
        raise DomainError("Choose how vulnerable they are", field="level")
    if not found.reason.strip():
        raise DomainError("Say why you see it so", field="reason")
    for said, questions, answers in (
        (found.answers, NeedsQuestion, YesNoNotKnown),
        (found.needs, NeedCategory, NeedSize),
    ):
        missing = next((one for one in questions if said.get(one) not in answers.values), None)
        if missing is not None or len(said) > len(questions):
            raise DomainError("Answer every question", field=missing)
    if not set(found.grounds) <= set(EnhancedGround.values):
        raise DomainError("Choose why they have enhanced rights", field="grounds")


def _hurry_offers(referral: Referral, person: Person) -> None:
    """With enhanced rights they are told sooner; a day that is set already is never put off."""
    if person.pk == referral.person_harmed_id:
        due_on = offer_due_on(referral, person)
        to_make = Offer.objects.to_make().filter(referral=referral, person=person, due_on__gt=due_on)
        to_make.update(due_on=due_on)


@transaction.atomic
def record_conditions(*, person: Person, referral: Referral, physical: str, mental: str, by: User) -> Conditions:
    """Seen by few; nobody learns from the trail more than that something is recorded."""
    fresh = managed(referral, person, by)
    require(Referral.objects.conditions_open_to(by).filter(pk=fresh.pk).exists(), NOT_YOURS)
    said = {"physical": physical.strip() or None, "mental": mental.strip() or None}
    now = {"recorded_at": timezone.now(), "recorded_by": by}
    made, _ = Conditions.objects.update_or_create(person=person, defaults=said | now)
    record(events.CONDITIONS_RECORDED, by=by, on=fresh, people=[person.pk])
    return made


@transaction.atomic
def offer_support(
    *, person: Person, referral: Referral, category: str, organisation: str, referred_on: date, by: User, today: date
) -> OnwardSupport:
    fresh = managed(referral, person, by)
    if category not in NeedCategory.values:
        raise DomainError("Choose which need it is for", field="category")
    if not organisation.strip():
        raise DomainError("Enter who supports them", field="organisation")
    if referred_on > today:
        raise DomainError("The day must be today or in the past", field="referred_on")
    made = OnwardSupport.objects.create(
        person=person,
        referral=fresh,
        category=category,
        organisation=organisation.strip(),
        referred_on=referred_on,
        recorded_by=by,
    )
    detail = {"support": str(made.pk), "category": category}
    record(events.SUPPORT_OFFERED, by=by, on=fresh, detail=detail, people=[person.pk])
    return made


@transaction.atomic
def note_support(*, support: OnwardSupport, taken_up: bool, ended_on: date, by: User, today: date) -> OnwardSupport:
    fresh = managed(support.referral, support.person, by)
    held = OnwardSupport.objects.select_for_update().get(pk=support.pk)
    if held.taken_up is not None:
        raise StaleState("This is recorded already. Nothing was done twice.")
    if not held.referred_on <= ended_on <= today:
        raise DomainError("The day must be between when they were passed on and today", field="ended_on")
    held.taken_up, held.ended_on, held.ended_by = taken_up, ended_on, by
    held.save(update_fields=["taken_up", "ended_on", "ended_by"])
    detail = {"support": str(held.pk), "taken_up": taken_up}
    record(events.SUPPORT_ENDED, by=by, on=fresh, detail=detail, people=[held.person_id])
    return held
