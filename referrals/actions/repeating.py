"""A self-referral that is like an earlier referral: whoever may read both is alerted (domain 2.16.8)."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from referrals import events
from referrals.choices import SELF_REFERRED, InitiatedBy, ReferralStatus, RepeatedBecause
from referrals.duplicates import plain
from referrals.models import AlsoResponsible, ApproachElsewhere, ContactDetails, Person, Referral, RepeatedApproach
from rj_service.accounts.models import Membership, User
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import across, row_by_row
from rj_service.audit.actions import record, record_each
from rj_service.notifications.actions import notify

MOST_REPEATS = 10  # enough for a coordinator to see what goes on


@transaction.atomic
def note_repeated_approaches(*, referral: Referral, by: User) -> int:
    """Compares a self-referral with what is here, and alerts whoever may read both. Returns how many are alike."""
    found = _repeated(referral)
    rows = [
        RepeatedApproach(referral=referral, earlier_id=earlier, reasons=" ".join(reasons))
        for earlier, reasons in found.items()
    ]
    RepeatedApproach.objects.bulk_create(rows)
    # On rows of their own: the referral's timeline is read by people who may not know of the earlier one.
    record_each(events.APPROACH_REPEATED, by=by, happened=[(row, {}, []) for row in rows])
    if found:
        notify(_who_may_read(referral, found), "repeated_approach", on=referral)
    return len(found)


@transaction.atomic
def note_approaches_elsewhere(*, referral: Referral, by: User) -> None:
    """Compares whoever writes with people of other areas, by telephone number and email address alone: names are many. Where
    they are known, that area hears of its own referral and to whom they wrote since; this one, that another area was told."""
    found = _known_elsewhere(referral)
    for earlier, reasons in found:
        with across(earlier.service_area_id):
            _told(earlier, by, _who_may_read(earlier, [earlier.pk]), wrote_to=referral.service_area, reasons=reasons)
    if found:
        _told(referral, by, _who_may_read(referral, [referral.pk]))


def _told(referral: Referral, by: User, readers: list[User], *, wrote_to=None, reasons: Iterable[str] = ()) -> None:
    row = ApproachElsewhere.objects.create(referral=referral, wrote_to=wrote_to, reasons=" ".join(reasons))
    record(events.APPROACH_ELSEWHERE, by=by, on=row, area=referral.service_area_id)
    notify(readers, "repeated_approach", on=referral, url=reverse("referrals:detail", args=[referral.pk]))


def _known_elsewhere(referral: Referral) -> list[tuple[Referral, list[str]]]:
    writer, named = _writer_and_named(referral)
    if writer is None:
        return []
    own = _same_details(writer, everywhere=True)
    others = row_by_row(Referral).exclude(service_area=referral.service_area_id)
    others = others.exclude(status=ReferralStatus.PASSED_ON).select_related("person_harmed")
    by_themselves = Q(mechanism__in=SELF_REFERRED) & (Q(person_harmed__in=own) | Q(person_responsible__in=own))
    known = others.filter(Q(person_responsible__in=own) | by_themselves).annotate(
        is_responsible=Exists(own.filter(person=OuterRef("person_responsible")))
    )
    found = []
    for earlier in known.order_by("-received_on", "-id")[:MOST_REPEATS]:
        reasons = [
            RepeatedBecause.WRITER_IS_RESPONSIBLE if earlier.is_responsible else RepeatedBecause.SAME_CONTACT,
            *([RepeatedBecause.NAMES_SOMEBODY_HARMED] if _is_named(earlier.person_harmed, named) else []),
        ]
        found.append((earlier, [str(reason) for reason in reasons]))
    return found


def _is_named(person: Person | None, named: Person | None) -> bool:
    if person is None or named is None:
        return False
    pairs = [(person.first_name, named.first_name), (person.last_name, named.last_name)]
    return all(plain(one) and plain(one) == plain(other) for one, other in pairs)


def _writer_and_named(referral: Referral) -> tuple[Person | None, Person | None]:
    people = (referral.person_harmed, referral.person_responsible)
    return people[::-1] if referral.initiated_by == InitiatedBy.OFFENDER else people


def _repeated(referral: Referral) -> dict[uuid.UUID, list[str]]:
    writer, named = _writer_and_named(referral)
    others = Referral.objects.exclude(pk=referral.pk)
    by_themselves = others.filter(mechanism__in=SELF_REFERRED)
    like: list[tuple[str, QuerySet[Referral]]] = []
    if named is not None and plain(named.first_name) and plain(named.last_name):
        by_name = {"first_name__iexact": named.first_name.strip(), "last_name__iexact": named.last_name.strip()}
        like += [
            (RepeatedBecause.NAMES_SOMEBODY_HARMED, others.filter(_person("person_harmed", by_name))),
            (
                RepeatedBecause.SAME_NAMED,
                by_themselves.filter(_responsible(by_name) | _person("person_harmed", by_name)),
            ),
        ]
    if writer is not None:
        own = _same_details(writer)
        like += [
            (RepeatedBecause.WRITER_IS_RESPONSIBLE, others.filter(_responsible({"in": own}))),
            (
                RepeatedBecause.SAME_CONTACT,
                by_themselves.filter(Q(person_harmed__in=own) | _responsible({"in": own})),
            ),
        ]
    found: dict[uuid.UUID, list[str]] = {}
    for reason, referrals in like:
        for pk in referrals.order_by("-received_on", "-id").values_list("pk", flat=True)[:MOST_REPEATS]:
            found.setdefault(pk, []).append(str(reason))
    return found


def _responsible(values: Mapping[str, Any]) -> Q:
    """The first or one beside."""
    named = {f"person__{name}": value for name, value in values.items()}
    beside = row_by_row(AlsoResponsible).filter(referral=OuterRef("pk"), **named)
    return _person("person_responsible", values) | Q(Exists(beside))


def _person(role: str, values: Mapping[str, Any]) -> Q:
    return Q(**{f"{role}__{name}": value for name, value in values.items()})


def _same_details(person: Person, *, everywhere: bool = False) -> QuerySet:
    """Other people with the same telephone number or email address; `everywhere`: of other areas, too."""
    own = ContactDetails.objects.get(person=person)
    same = Q(pk__in=[])
    for name in ("phone_key", "email_key"):
        if value := getattr(own, name):
            same |= Q(**{name: bytes(value)})
    details = row_by_row(ContactDetails) if everywhere else ContactDetails.objects.all()
    return details.filter(same).exclude(person=person).values("person")


def _who_may_read(referral: Referral, earlier: Iterable[uuid.UUID]) -> list[User]:
    """Coordinators, else managers, who may read the new one and one it is like: an alert shows nobody a restricted one."""
    members = Membership.objects.current(timezone.localdate()).filter(
        service_area=referral.service_area_id, user__is_active=True
    )
    for role in (Role.COORDINATOR, Role.SERVICE_MANAGER):
        found = []
        for member in members.filter(role=role).select_related("user"):
            member.user.acting = member.as_acting()
            seen = Referral.objects.casework_for(member.user)
            if seen.filter(pk=referral.pk).exists() and seen.filter(pk__in=list(earlier)).exists():
                found.append(member.user)
        if found:
            return found
    return []
