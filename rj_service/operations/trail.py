"""Reading the audit trail: who looked at a person, and what was done."""

import datetime as dt
import re
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
from rj_service.ui.references import as_stored, spoken

ASKED_FOR = "Enter the reference of a referral or case, like 7K4M-R9, or the person’s number in the audit trail"
NOT_HERE = "No referral or case with this reference is in your area. Check the reference"
NOBODY = "Nobody is named on this side"
NUMBER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
REFERRAL, CASE = "referrals.referral", "cases.case"
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


def number_or_reference(typed: str) -> uuid.UUID | str | None:
    """A person's number, or the reference as stored; None of anything else."""
    found = NUMBER.findall(typed.lower())
    return uuid.UUID(found[-1]) if found else as_stored(typed)


@dataclass(frozen=True)
class Found:
    """A referral or case that is there; nobody may be named on a side of it so far."""

    person_id: uuid.UUID | None


def person_of(reference: str, side: str, by: User) -> Found | None:
    """The person of that side by the reference, in the area that `by` answers for. Their number alone: casework stays shut."""
    of_case = row_by_row(apps.get_model(CASE)).filter(reference=reference).values("referral")
    rows = _answered_for(REFERRAL, by).filter(Q(reference=reference) | Q(pk__in=of_case))
    found = rows.values_list(f"person_{Side(side)}_id").first()
    return Found(*found) if found else None


def _answered_for(label: str, by: User) -> QuerySet:
    """Referrals or cases of the area that `by` answers for. By name: their rooms stand above."""
    rows, area_id = row_by_row(apps.get_model(label)), by.acting.service_area_id if by.acting else None
    return rows.filter(service_area=area_id) if area_id else rows


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


def with_references(rows: Iterable[DomainEvent], by: User) -> None:
    """Gives each row `about`, what it was done to, and `reference`, by which that is found; empty where none leads there."""
    found = list(rows)
    references: dict[uuid.UUID, str] = {}
    for label in (REFERRAL, CASE):
        ids = {row.object_id for row in found if row.object_label == label}
        references |= dict(_answered_for(label, by).filter(pk__in=ids).values_list("pk", "reference"))
    for row in found:
        row.about = _kind_in_words(row.object_label)  # type: ignore[attr-defined]
        row.reference = spoken(references.get(row.object_id, ""))  # type: ignore[arg-type, attr-defined]


def _kind_in_words(label: str) -> str:
    """`cases.surveyinvitation` is "Survey invitation"."""
    try:
        return str(apps.get_model(label)._meta.verbose_name).capitalize()
    except (LookupError, ValueError):  # nothing, or a table of an earlier version
        return label
