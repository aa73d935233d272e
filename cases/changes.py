"""What others did since the user's last visit, of what the user may see. The trail holds no names; references are looked up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.urls import reverse

from cases import events as of_cases
from cases.choices import AssignmentSides
from cases.models import Case
from cases.querysets import assigned_today, is_practitioner
from referrals import events as of_referrals
from referrals.models import ImportBatch, Referral
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.ui.references import spoken

READ, SHOWN = 100, 6
SENTENCES = {**of_referrals.SENTENCES, **of_cases.SENTENCES}
TOLD = frozenset(
    [
        of_referrals.IMPORTED,
        of_referrals.CONSENT_WITHDRAWN,
        of_referrals.FLAG_RAISED,
        of_referrals.BAR_RECORDED,
        of_referrals.BAR_PERMITTED,
        of_referrals.DIED,
        of_referrals.INFORMATION_ANSWERED,
        of_referrals.INFORMATION_REFUSED,
        of_cases.INVITATION_ANSWERED,
        of_cases.ASSESSMENT_SIGNED,
        of_cases.SIGNED_OFF,
        of_cases.HELD,
        of_cases.DID_NOT_HAPPEN,
        of_cases.MOVED_TO_MEETING,
        of_cases.STOPPED,
        of_cases.AGREEMENT_RECORDED,
        of_cases.SURVEY_ANSWERED,
        of_cases.CLOSED,
    ]
)
# What is no word about the other side.
TOLD_TO_PRACTITIONERS = frozenset(
    [
        of_cases.ASSESSMENT_SIGNED,
        of_cases.SCHEDULED,
        of_cases.POSTPONED,
        of_cases.CANCELLED,
        of_cases.HELD,
        of_cases.DID_NOT_HAPPEN,
        of_cases.MOVED_TO_MEETING,
        of_cases.STOPPED,
        of_cases.AGREEMENT_RECORDED,
    ]
)
WITH_OWN_CASES = (Role.PRACTITIONER, Role.CASE_SUPERVISOR)
DESKS: dict[str, tuple[Any, str]] = {
    "cases.case": (Case, "cases:desk"),
    "referrals.referral": (Referral, "referrals:detail"),
}
IMPORTS = ImportBatch._meta.label_lower


@dataclass(frozen=True)
class Change:
    title: str
    by: str
    at: datetime
    reference: str
    address: tuple


def shown_to(user: User, area_id: UUID | None, began: float | None) -> dict[str, Any]:
    """As homes show it (`cases/_changes.html`)."""
    last = last_visit(user, began)
    found = since(user, area_id, last) if last else []
    entries = [
        {
            "title": change.title,
            "by": change.by,
            "at": change.at,
            "address": reverse(change.address[0], args=change.address[1:]),
            "address_words": change.reference or "See the import",
        }
        for change in found
    ]
    return {"last_visit": last, "changes": entries}


def last_visit(user: User, began: float | None) -> datetime | None:
    """When the user last opened a page before this session; None on the first."""
    if began is None:
        return None
    before = AccessLog.objects.filter(actor_id=user.pk, at__lt=datetime.fromtimestamp(began, UTC))
    return before.order_by("-id").values_list("at", flat=True).first()


def since(user: User, area_id: UUID | None, moment: datetime) -> list[Change]:
    """The newest few, newest first: only of referrals and cases that the user may open, and of imports. Of whoever has cases
    of their own, of those alone; a practitioner reads nothing of a side that they do not work with, nor who did it."""
    events = DomainEvent.objects.filter(service_area_id=area_id, at__gt=moment).exclude(actor_id=user.pk)
    if user.acting_role in WITH_OWN_CASES:
        events = events.filter(object_id__in=_own(user))
    practises = is_practitioner(user)
    newest = list(events.filter(verb__in=TOLD_TO_PRACTITIONERS if practises else TOLD).order_by("-id")[:READ])
    if practises:
        newest = _of_own_sides(user, newest)
    references = _references(user, newest)
    seen = (event for event in newest if event.object_label == IMPORTS or event.object_id in references)
    shown = list(islice(seen, SHOWN))
    names: dict[UUID | None, str] = {}
    if not practises:
        names = {who.pk: str(who) for who in User.objects.filter(pk__in={event.actor_id for event in shown})}
    return [_change(event, references.get(event.object_id, ""), names.get(event.actor_id, "")) for event in shown]


def _own(user: User) -> list[UUID]:
    both = Case.objects.visible_to(user).values_list("pk", "referral_id")
    return [key for keys in both for key in keys]


def _of_own_sides(user: User, events: list[DomainEvent]) -> list[DomainEvent]:
    works = dict(assigned_today(user).values_list("case", "sides"))
    return [
        event
        for event in events
        if works.get(event.object_id) in (AssignmentSides.BOTH, event.detail.get("side", works.get(event.object_id)))
    ]


def _references(user: User, events: list[DomainEvent]) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for label, (model, _) in DESKS.items():
        ids = [event.object_id for event in events if event.object_label == label]
        found |= dict(model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "reference"))
    return found


def _change(event: DomainEvent, reference: str, by: str) -> Change:
    _, desk = DESKS.get(event.object_label, (None, "referrals:import"))
    return Change(SENTENCES[event.verb], by, event.at, spoken(reference) if reference else "", (desk, event.object_id))
