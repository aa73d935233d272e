"""Restrictions, grants and conflicts: who is shut out, in force from the next request."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referrals import events, policy
from referrals.actions.carrying import carry_conflict
from referrals.actions.locking import locked, require
from referrals.actions.one_person import held_together
from referrals.actions.protecting import carry, own_now
from referrals.models import Carried, ConflictOfInterest, Grant, Person, Referral, Restriction, SafetyChange
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.audit.actions import record


@transaction.atomic
def restrict(*, referral: Referral, reason: str, by: User) -> Restriction:
    """Only those granted see the referral; whoever restricts it keeps access."""
    if not reason.strip():
        raise DomainError("Say why this referral is restricted", field="reason")
    fresh = locked(referral)
    require(policy.can_restrict(by, fresh), "Only a coordinator or manager of this area can restrict a referral.")
    restriction, made = Restriction.objects.get_or_create(
        referral=fresh, defaults={"reason": reason.strip(), "restricted_by": by}
    )
    if made:
        own = {"reason": "restricted it", "granted_by": by, "ends_at": None, "is_emergency": False}
        Grant.objects.update_or_create(referral=fresh, user=by, defaults=own)
        record(events.RESTRICTED, by=by, on=fresh)
        _tell_the_case(fresh, SafetyChange.Kind.RESTRICTED, by)
    return restriction


@transaction.atomic
def lift_restriction(*, referral: Referral, by: User) -> None:
    """The area's casework sees it again. Every grant ends, so that a later restriction begins with nobody."""
    fresh = locked(referral)
    require(policy.can_grant(by, fresh), "Only a service manager of this area can lift a restriction.")
    count, _ = Restriction.objects.filter(referral=fresh).delete()
    if count:
        Grant.objects.filter(referral=fresh).in_force().update(ends_at=timezone.now())
        record(events.RESTRICTION_LIFTED, by=by, on=fresh)


@transaction.atomic
def grant(*, referral: Referral, to: User, reason: str, by: User, ends_at: datetime | None = None) -> Grant:
    if not reason.strip():
        raise DomainError("Say why access is given", field="reason")
    fresh = locked(referral)
    require(policy.can_grant(by, fresh), "Only a service manager of this area can give access.")
    if not to.current_memberships().filter(service_area=fresh.service_area_id).exists():
        raise DomainError("This person does not work in the area", field="user")
    given, _ = Grant.objects.update_or_create(
        referral=fresh,
        user=to,
        defaults={"reason": reason.strip(), "granted_by": by, "ends_at": ends_at, "is_emergency": False},
    )
    record(events.GRANTED, by=by, on=fresh, detail={"to": str(to.pk)})
    return given


@transaction.atomic
def end_grant(*, referral: Referral, user: User, by: User) -> None:
    fresh = locked(referral)
    require(policy.can_grant(by, fresh), "Only a service manager of this area can end access.")
    in_force = Grant.objects.filter(referral=fresh).in_force()
    if not in_force.exclude(user=user).of_casework_in(fresh.service_area_id).exists():
        raise DomainError("Give somebody else access first. Otherwise nobody could see this referral.")
    if in_force.filter(user=user).update(ends_at=timezone.now()):
        record(events.GRANT_ENDED, by=by, on=fresh, detail={"to": str(user.pk)})


@transaction.atomic
def declare_conflict(
    *, user: User, by: User, referral: Referral | None = None, person: Person | None = None, reason: str = ""
) -> ConflictOfInterest:
    """Shuts the user out of one referral, or of everything about a person. Everybody may declare their own."""
    about = referral or person
    if about is None or (referral and person):
        raise DomainError("A conflict is with one referral or one person.")
    if user.pk != by.pk:
        require(by.may("referrals.restrict", about.service_area_id), "Only they, or a coordinator, can declare it.")
    same_person = held_together(person) if person else []
    conflict, made = ConflictOfInterest.objects.get_or_create(
        service_area_id=about.service_area_id,
        user=user,
        referral=referral,
        person=person,
        lifted_at=None,
        defaults={"reason": reason.strip(), "declared_by": by},
    )
    if made:
        record(events.CONFLICT_DECLARED, by=by, on=about, detail={"user": str(user.pk)})
        SafetyChange.objects.enqueue(
            service_area_id=about.service_area_id,
            kind=SafetyChange.Kind.CONFLICT_DECLARED,
            person=person,
            referral=referral,
            asked_by_id=by.pk,
        )
    if made and referral:
        carry_conflict(conflict, referral, by=by)
    if person and same_person:
        own_now(person, rows=[conflict.pk])
        for other in same_person:
            carry(person, other, by=by, today=timezone.localdate(), only=[Carried.What.CONFLICT])
    return conflict


def _tell_the_case(referral: Referral, kind: str, by: User) -> None:
    SafetyChange.objects.enqueue(
        service_area_id=referral.service_area_id, kind=kind, person=None, referral=referral, asked_by_id=by.pk
    )
