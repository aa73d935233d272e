"""What others did since the user's last visit, of what the user may see. The trail holds no names; references are looked up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from cases import events as of_cases
from cases.models import Case
from referrals import events as of_referrals
from referrals.models import ImportBatch, Referral
from rj_service.accounts.models import User
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.ui.references import spoken

READ, SHOWN = 100, 6
TOLD = {
    verb: app.SENTENCES[verb]
    for app, verbs in (
        (
            of_referrals,
            (
                of_referrals.IMPORTED,
                of_referrals.CONSENT_WITHDRAWN,
                of_referrals.FLAG_RAISED,
                of_referrals.BAR_RECORDED,
                of_referrals.BAR_PERMITTED,
                of_referrals.DIED,
                of_referrals.INFORMATION_ANSWERED,
                of_referrals.INFORMATION_REFUSED,
            ),
        ),
        (
            of_cases,
            (
                of_cases.INVITATION_ANSWERED,
                of_cases.ASSESSMENT_SIGNED,
                of_cases.SIGNED_OFF,
                of_cases.HELD,
                of_cases.DID_NOT_HAPPEN,
                of_cases.STOPPED,
                of_cases.AGREEMENT_RECORDED,
                of_cases.SURVEY_ANSWERED,
                of_cases.CLOSED,
            ),
        ),
    )
    for verb in verbs
}
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


def last_visit(user: User, began: float | None) -> datetime | None:
    """When the user last opened a page before this session; None on the first."""
    if began is None:
        return None
    before = AccessLog.objects.filter(actor_id=user.pk, at__lt=datetime.fromtimestamp(began, UTC))
    return before.order_by("-id").values_list("at", flat=True).first()


def since(user: User, area_id: UUID | None, moment: datetime) -> list[Change]:
    """The newest few, newest first: only of referrals and cases that the user may open, and of imports."""
    events = list(
        DomainEvent.objects.filter(service_area_id=area_id, at__gt=moment, verb__in=TOLD)
        .exclude(actor_id=user.pk)
        .order_by("-id")[:READ]
    )
    references = _references(user, events)
    seen = (event for event in events if event.object_label == IMPORTS or event.object_id in references)
    shown = list(islice(seen, SHOWN))
    names: dict[UUID | None, str] = {
        who.pk: str(who) for who in User.objects.filter(pk__in={event.actor_id for event in shown})
    }
    return [_change(event, references.get(event.object_id, ""), names.get(event.actor_id, "")) for event in shown]


def _references(user: User, events: list[DomainEvent]) -> dict[Any, str]:
    found: dict[Any, str] = {}
    for label, (model, _) in DESKS.items():
        ids = [event.object_id for event in events if event.object_label == label]
        found |= dict(model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "reference"))
    return found


def _change(event: DomainEvent, reference: str, by: str) -> Change:
    _, desk = DESKS.get(event.object_label, (None, "referrals:import"))
    return Change(TOLD[event.verb], by, event.at, spoken(reference) if reference else "", (desk, event.object_id))
