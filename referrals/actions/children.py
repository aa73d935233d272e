"""Children: their age where no date of birth is known, who has parental responsibility, and what those agreed to.

A child's own agreement comes first and is never replaced; at 18 the others' counts no longer and theirs is asked again.
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from referrals import events, policy
from referrals.actions.alerting import alert, alert_elsewhere
from referrals.actions.locking import locked, require
from referrals.actions.one_person import about, held_together
from referrals.actions.protecting import carry, own_now
from referrals.actions.safety import MANAGERS, raise_flag, require_after_withdrawal
from referrals.actions.telling import coordinators_of, people_of
from referrals.ages import OF_AGE, eighteen_on
from referrals.choices import (
    AdultBecause,
    AgeGroup,
    ConsentMethod,
    ConsentPurpose,
    ParentalKind,
    SensitiveKind,
    YesNoNotKnown,
)
from referrals.models import (
    Childhood,
    Consent,
    ParentalAgreement,
    ParentalResponsibility,
    Person,
    Referral,
    SafetyChange,
    Task,
)
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import across
from rj_service.audit.actions import record
from rj_service.audit.models import DomainEvent
from rj_service.notifications.actions import notify

ADULT = ("adult_because", "adult_on", "adult_by")
MISSED_AT_MOST = timedelta(days=31)  # a birthday is still seen to after so long without a worker


@transaction.atomic
def record_childhood(
    *,
    person: Person,
    referral: Referral,
    by: User,
    today: date,
    under_18: bool | None = None,
    in_care: str = YesNoNotKnown.NOT_KNOWN,
    youth_justice: str = "",
    childrens_services: str = "",
) -> Person:
    """`under_18` counts where no date of birth is known. A child makes the case sensitive, and what is arranged waits for
    the agreements that a child needs."""
    fresh = managed(referral, person, by)
    if in_care not in YesNoNotKnown.values:
        raise DomainError("Choose whether they are in care", field="in_care")
    same_person = held_together(person)
    held = Person.objects.select_for_update().get(pk=person.pk)
    before = (policy.age_group(held, today), Childhood.objects.filter(person=held, in_care="yes").exists())
    if held.date_of_birth is None and held.under_18 != under_18 and (under_18 or not held.adult_because):
        own_now(held, ["person.under_18"])
        held.under_18 = under_18
        held.adult_because, held.adult_on, held.adult_by = "", None, None
        held.save(update_fields=["under_18", *ADULT])
    Childhood.objects.update_or_create(
        person=held,
        defaults={
            "in_care": in_care,
            "youth_justice": youth_justice.strip(),
            "childrens_services": childrens_services.strip(),
            "recorded_at": timezone.now(),
            "recorded_by": by,
        },
    )
    after = (policy.age_group(held, today), in_care == YesNoNotKnown.YES)
    record(events.CHILDHOOD_RECORDED, by=by, on=fresh, detail={"age": after[0], "in_care": in_care}, people=[held.pk])
    if after[0] == AgeGroup.CHILD:
        _see_to_child(held, fresh, by, is_new=after != before)
        for other in same_person:
            carry(held, other, by=by, today=today, only=["person.under_18"])
    return held


@transaction.atomic
def establish_adult(
    *, person: Person, referral: Referral, because: str, known_on: date, by: User, today: date
) -> Person:
    """`because` of AdultBecause: signed by `by`, for somebody whose date of birth is not known. One that becomes known later
    counts before it."""
    if because not in AdultBecause.values:
        raise DomainError("Choose how it is known", field="because")
    if known_on > today:
        raise DomainError("The day must be today or in the past", field="known_on")
    fresh = managed(referral, person, by)
    held_together(person)
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.date_of_birth is not None:
        raise DomainError("Their date of birth is known, and counts.")
    own_now(held, ["person.under_18"])
    held.under_18, held.adult_because, held.adult_on, held.adult_by = False, because, known_on, by
    held.save(update_fields=["under_18", *ADULT])
    record(events.ADULT_ESTABLISHED, by=by, on=fresh, detail={"because": because}, people=[held.pk])
    return held


def birth_became_known(*, person: Person, referral: Referral, by: User, today: date) -> None:
    """Of a locked referral. Whoever turns out to be a child stops what was arranged with an adult."""
    if policy.age_group(person, today) == AgeGroup.CHILD:
        _see_to_child(person, referral, by, is_new=True)


def _see_to_child(person: Person, referral: Referral, by: User, *, is_new: bool) -> None:
    raise_flag(referral=referral, kind=SensitiveKind.CHILD, by=by)
    if is_new:
        alert(referral, SafetyChange.Kind.CHILD, person, by)


@transaction.atomic
def name_parental_responsibility(
    *, person: Person, referral: Referral, kind: str, name: str, involved: str, by: User, reach: str = ""
) -> ParentalResponsibility:
    fresh = managed(referral, person, by)
    if kind not in ParentalKind.values:
        raise DomainError("Choose who they are", field="kind")
    if not name.strip():
        raise DomainError("Enter their name, or of the authority and the worker", field="name")
    if involved not in YesNoNotKnown.values:
        raise DomainError("Choose whether they had a part in the harm", field="involved")
    made = ParentalResponsibility.objects.create(
        person=person, kind=kind, name=name.strip(), reach=reach.strip() or None, involved=involved, recorded_by=by
    )
    record(events.PARENTAL_NAMED, by=by, on=fresh, detail={"kind": kind, "involved": involved}, people=[person.pk])
    return made


@transaction.atomic
def end_parental_responsibility(*, parental: ParentalResponsibility, referral: Referral, by: User) -> None:
    """They have it no longer, had a part in the harm, or it was a mistake: what they agreed to counts no more."""
    fresh = managed(referral, parental.person, by)
    ended = ParentalResponsibility.objects.filter(pk=parental.pk, ended_at__isnull=True)
    if ended.update(ended_at=timezone.now(), ended_by=by):
        record(events.PARENTAL_ENDED, by=by, on=fresh, people=[parental.person_id])
        alert(fresh, SafetyChange.Kind.CONSENT_WITHDRAWN, parental.person, by)


@transaction.atomic
def record_parental_agreement(
    *,
    parental: ParentalResponsibility,
    referral: Referral,
    purpose: str,
    method: str,
    given_on: date,
    by: User,
    today: date,
) -> ParentalAgreement:
    """An agreement in writing takes the place of a spoken one. Refused from the 18th birthday on."""
    fresh = managed(referral, parental.person, by)
    if purpose not in ConsentPurpose.values or method not in ConsentMethod.values:
        raise DomainError("Choose how they agreed", field="method")
    if given_on > today:
        raise DomainError("The day of the agreement must be today or in the past", field="given_on")
    held = ParentalResponsibility.objects.select_for_update().get(pk=parental.pk)
    if policy.age_group(held.person, today) == AgeGroup.ADULT:
        raise DomainError("They are 18 or over: nobody agrees for them.")
    if block := policy.may_agree_for(Childhood.objects.filter(person=held.person).first(), held):
        raise DomainError(block)
    same = {"parental": held, "referral": fresh, "purpose": purpose}
    ended = ParentalAgreement.objects.filter(**same).aggregate(last=Max("withdrawn_at"))["last"]
    require_after_withdrawal(ended, given_on, today)
    standing = ParentalAgreement.objects.in_force().filter(**same).first()
    if standing is not None and (standing.method == ConsentMethod.WRITTEN or method != ConsentMethod.WRITTEN):
        return standing
    made = standing or ParentalAgreement(**same)
    made.method, made.given_on, made.recorded_by = method, given_on, by
    made.save()
    record(events.PARENTAL_AGREED, by=by, on=fresh, detail={"purpose": purpose}, people=[held.person_id])
    return made


@transaction.atomic
def withdraw_parental_agreement(*, agreement: ParentalAgreement, by: User) -> None:
    """Stops at once and alerts. Anybody who hears of it may record it: no permission is asked."""
    fresh = locked(agreement.referral)
    child = agreement.parental.person
    elsewhere = [one for one in held_together(child) if one.service_area_id != child.service_area_id]
    standing = ParentalAgreement.objects.in_force().filter(pk=agreement.pk)
    if not standing.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        raise StaleState("Somebody has recorded this already. Nothing was done twice.")
    record(events.PARENTAL_WITHDRAWN, by=by, on=fresh, detail={"purpose": agreement.purpose}, people=[child.pk])
    alert(fresh, SafetyChange.Kind.CONSENT_WITHDRAWN, child, by)
    for other in elsewhere:
        _withdraw_in_another_area(agreement, other, by)


def _withdraw_in_another_area(agreement: ParentalAgreement, child: Person, by: User) -> None:
    """The same parent's, where the referral was passed on to or came from (ADR 9)."""
    with across(child.service_area_id):
        given = ParentalAgreement.objects.in_force().filter(parental__person=child, purpose=agreement.purpose)
        same = [one.pk for one in given.select_related("parental") if one.parental.name == agreement.parental.name]
        if ParentalAgreement.objects.filter(pk__in=same).update(withdrawn_at=timezone.now(), withdrawn_by=by):
            alert_elsewhere(child, [SafetyChange.Kind.CONSENT_WITHDRAWN], by)


def managed(referral: Referral, person: Person, by: User) -> Referral:
    """The referral, held, where `by` manages it and the person is one of it."""
    fresh = locked(referral)
    require(policy.can_manage(by, fresh), MANAGERS)
    if person.pk not in people_of(fresh):
        raise DomainError("This person is not part of the referral.")
    return fresh


# -- the 18th birthday --------------------------------------------------------------------------------------------------
def turned_18(today: date) -> list[Person]:
    """Whose 18th birthday is today, or was lately."""
    since = today - MISSED_AT_MOST
    born = (_as_long_before(since), _as_long_before(today))
    found = Person.objects.filter(date_of_birth__range=born, died_on__isnull=True).order_by("pk")
    return [one for one in found if one.date_of_birth and since < eighteen_on(one.date_of_birth) <= today]


def _as_long_before(day: date) -> date:
    last = day.replace(day=min(day.day, 28)) if (day.month, day.day) == (2, 29) else day
    return last.replace(year=day.year - OF_AGE)


@transaction.atomic
def ask_again_at_18(*, person: Person, by: User, today: date) -> int:
    """A task in every referral that goes on and in which they or somebody for them had agreed to something. What is
    arranged stops until they have said so themselves. Asking twice does nothing. Returns the number of tasks."""
    made = 0
    for referral in about([person.pk]).exclude(status__in=policy.DECIDED_AGAINST).order_by("pk"):
        fresh = locked(referral)
        case = getattr(fresh, "case", None)  # of the app above
        side = fresh.side_of(person.pk)
        asked = DomainEvent.objects.about(fresh).filter(verb=events.TURNED_18, people__contains=[person.pk])
        agreed = Consent.objects.in_force().filter(person=person, referral=fresh).exists()
        agreed = agreed or ParentalAgreement.objects.filter(parental__person=person, referral=fresh).exists()
        if (case is not None and case.is_closed) or not agreed or asked.exists():
            continue
        Task.objects.create(
            service_area_id=fresh.service_area_id,
            referral=fresh,
            kind=Task.Kind.TURNED_18,
            side=side,
            person=person,
            due_on=today,
            assigned_to=fresh.taken_by,
            created_by=by,
        )
        record(events.TURNED_18, by=by, on=fresh, detail={"side": side}, people=[person.pk])
        SafetyChange.objects.enqueue(
            service_area_id=fresh.service_area_id,
            kind=SafetyChange.Kind.TURNED_18,
            person=person,
            referral=fresh,
            asked_by_id=by.pk,
        )
        notify(coordinators_of(fresh), "ask_again", on=fresh)
        made += 1
    return made
