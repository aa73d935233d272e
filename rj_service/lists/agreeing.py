"""One person asks, another agrees: of files that tell of many people, and of a whole area's archive."""

from datetime import UTC, datetime
from typing import TypeVar

from django.utils import timezone

from rj_service.accounts.errors import NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.lists.models import AgreedByAnother

Row = TypeVar("Row", bound=AgreedByAnother)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # `run_after` of what waits


def unanswered(row: Row) -> Row:
    """As it stands now, held. Raises StaleState."""
    rows = type(row).objects.select_related("membership__user")  # type: ignore[attr-defined]
    fresh = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if not fresh.waits_for_agreement:
        raise StaleState("This was answered or taken back meanwhile.")
    return fresh


def answer(fresh: AgreedByAnother, *, agreed: bool, by: User) -> None:
    """The worker takes it up, or it is over. Of what `unanswered` gave, by somebody who may."""
    fresh.answered_by, fresh.answered_at, fresh.agreed = by, timezone.now(), agreed
    fresh.save(update_fields=["answered_by", "answered_at", "agreed"])
    if agreed:
        type(fresh).objects.requeue(fresh)  # type: ignore[attr-defined]
    else:
        _end(fresh)


def take_back(fresh: AgreedByAnother, *, by: User) -> None:
    if fresh.membership.user_id != by.pk:
        raise NotAllowed("Whoever asked for it takes it back.")
    _end(fresh)


def _end(row: AgreedByAnother) -> None:
    row.state, row.finished_at = row.State.DONE, timezone.now()
    row.save(update_fields=["state", "finished_at"])
