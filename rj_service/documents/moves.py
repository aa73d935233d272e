"""What two people bring in from files (ADR 8): one tries them out and asks, somebody else of the area answers, and a whole move
can be taken back. Each app says what a row means; here is what all their moves have in common."""

from typing import Any

from django.db import models
from django.utils import timezone

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import Membership, User

MOVE, AGREE = "cases.move_in", "cases.agree_move_in"
MOVE_FIELDS = "step asked_at answered_by answered_at agreed undone_by undone_at"
CHANGED = "Somebody was here before you. Look again at where the move stands."


class Step(models.TextChoices):
    TRYING = "trying", "Being tried out"
    TRIED = "tried", "Tried out"
    ASKED = "asked", "Waits for a second person"
    MOVING = "moving", "Moving in"
    MOVED = "moved", "Moved in"
    ENDED = "ended", "Not moved in"
    UNDOING = "undoing", "Being taken back"
    UNDONE = "undone", "Taken back"


class Move(models.Model):
    """How far it is, and who said what."""

    step = models.CharField(max_length=10, choices=Step, default=Step.TRYING)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_because = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


def ask(move: Move) -> None:
    """Of a move that is held, by whoever tried it out."""
    move.step, move.asked_at = Step.ASKED, timezone.now()
    move.save(update_fields=["step", "asked_at"])


def answer(move: Move, agreed: bool, by: User) -> None:
    """Of a move that is held, by a second person."""
    move.answered_by, move.answered_at, move.agreed = by, timezone.now(), agreed
    move.step = Step.MOVING if agreed else Step.ENDED
    move.save(update_fields=["answered_by", "answered_at", "agreed", "step"])


def undo(move: Move, because: str, stands_in_the_way: str, by: User) -> None:
    """Of a move that is held and moved in. `stands_in_the_way`: what somebody has worked on since."""
    if not because.strip():
        raise DomainError("Say why this move is taken back", field="because")
    if stands_in_the_way:
        raise DomainError(stands_in_the_way)
    move.step, move.undone_by, move.undone_at = Step.UNDOING, by, timezone.now()
    move.undone_because = because.strip()
    move.save(update_fields=["step", "undone_by", "undone_at", "undone_because"])


def require_step(move: Move, *steps: str) -> None:
    if move.step not in steps:
        raise StaleState(CHANGED)


def may_agree(user: User, area_id: Any, asked_by: Any) -> bool:
    """Nobody agrees to their own."""
    return user.may(AGREE, area_id) and user.pk != asked_by


def require_second(user: User, area_id: Any, asked_by: Any) -> None:
    if not may_agree(user, area_id, asked_by):
        raise NotAllowed("Somebody else of this area answers this.")


def who_may_agree(area_id: Any, asked_by: Any) -> list[User]:
    members = Membership.objects.current(timezone.localdate()).filter(service_area=area_id).select_related("user")
    may = {one.user for one in members if AGREE in one.permissions}
    return [user for user in may if user.pk != asked_by]
