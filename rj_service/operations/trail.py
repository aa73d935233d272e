"""Reading the audit trail: who looked at a person, and what was done."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from rj_service.audit.models import AccessLog, AccessQuerySet, DomainEvent

ROLES = {role.value: role.label for role in Role}


def who_looked(
    person_id: uuid.UUID, first_day: dt.date, last_day: dt.date, *, among: AccessQuerySet | None = None
) -> AccessQuerySet:
    """Every time this person was shown to anybody, from the start of the first day to the end of the last."""
    start = timezone.make_aware(dt.datetime.combine(first_day, dt.time()))
    end = timezone.make_aware(dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time()))
    return (AccessLog.objects.all() if among is None else among).about_person(person_id, start, end)


class Side(models.TextChoices):
    HARMED = "harmed", "Person harmed"
    RESPONSIBLE = "responsible", "Person responsible"


@dataclass(frozen=True)
class Found:
    """A referral or case that is there; nobody may be named on a side of it so far."""

    person_id: uuid.UUID | None


def person_of(reference: str, side: str, by: User) -> Found | None:
    """The person of that side by the reference, in the area that `by` answers for. Their number alone: casework stays shut."""
    # Looked up by name: `referrals` and `cases` stand above.
    rows = row_by_row(apps.get_model("referrals", "Referral")).filter(
        Q(reference=reference)
        | Q(pk__in=row_by_row(apps.get_model("cases", "Case")).filter(reference=reference).values("referral"))
    )
    if by.acting and by.acting.service_area_id:
        rows = rows.filter(service_area=by.acting.service_area_id)
    found = rows.values_list(f"person_{Side(side)}_id").first()
    return Found(*found) if found else None


def is_known(person_id: uuid.UUID, by: User) -> bool:
    """Whether anybody with this number was ever shown: a number that was misread is not an answer of nobody."""
    return in_sight(AccessLog.objects.filter(people__contains=[person_id]), by).exists()


def in_sight(rows: QuerySet, by: User) -> QuerySet:
    """A data protection officer of one area reads that area's trail and what belongs to none; without an area, all of it."""
    area_id = by.acting.service_area_id if by.acting else None
    return rows if area_id is None else rows.filter(Q(service_area_id=area_id) | Q(service_area_id__isnull=True))


def page_in_words(row: AccessLog) -> str:
    """`cases:reveal-contact` is "Cases: reveal contact"."""
    room, _, page = (row.page or row.object_label).partition(":")
    words = f"{room}: {page}" if page else room
    return words.replace("-", " ").replace("_", " ").replace(".", ": ").capitalize()


def with_names(rows: Iterable[AccessLog] | Iterable[DomainEvent]) -> list:
    """The rows, each with `who`, the name of its actor, and `role`, as that person read it then; in one query."""
    found = list(rows)
    people = User.objects.in_bulk({row.actor_id for row in found if row.actor_id})
    for row in found:
        actor = people.get(row.actor_id)
        row.who = str(actor) if actor else "Nobody signed in"  # type: ignore[attr-defined, union-attr]
        row.role = ROLES.get(row.actor_role, row.actor_role)  # type: ignore[attr-defined, union-attr]
    return found
