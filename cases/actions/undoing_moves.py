"""A whole move is taken back, as long as nobody has worked on what it brought: what became a referral or a case is entered in
error, and can move in again. What protects somebody stays, whoever brought it."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from cases import events, policy
from cases.actions.closing import close_case
from cases.actions.locking import require
from cases.actions.moving_in import MANAGERS, locked_move
from cases.choices import CaseStatus, ClosureReason
from cases.models import Case, MoveIn, MoveInRow
from cases.moving_in import RECORDS
from referrals import actions as referrals
from referrals.choices import ReferralStatus
from referrals.models import Merge, Referral
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.audit.models import DomainEvent
from rj_service.documents import moves
from rj_service.notifications.actions import notify
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import plural

Fate, Step = MoveInRow.Fate, MoveIn.Step
NAMED = 5
UNDECIDED = (ReferralStatus.RECEIVED, ReferralStatus.INTERESTED, ReferralStatus.ON_HOLD)


def brought_by(move: MoveIn) -> QuerySet[Referral]:
    """People and cases that the move made and that are not taken back."""
    rows = MoveInRow.objects.filter(move_in=move, template__in=RECORDS, became=Fate.MAKE)
    return Referral.objects.filter(pk__in=rows.values("referral"))


def why_not_undone(move: MoveIn) -> str:
    """Which of what it brought somebody has worked on since; empty where nobody has."""
    worked_on = sorted(_worked_on(move, brought_by(move)), key=lambda one: one.reference)
    if not worked_on:
        return ""
    named = ", ".join(spoken(one.reference) for one in worked_on[:NAMED])
    more = f" and {len(worked_on) - NAMED:,} more" if len(worked_on) > NAMED else ""
    have = plural(len(worked_on), "referral has,referrals have")
    return f"{have} been worked on since: {named}{more}. Put those right one by one: the rest would be half of a move"


def _worked_on(move: MoveIn, brought: QuerySet[Referral]) -> list[Referral]:
    """By somebody, not by the service itself: anything that stands in its trail, or that one of its people was merged."""
    done = DomainEvent.objects.filter(at__gt=move.finished_at, actor_id__in=_people_of_the_service())
    cases = Case.objects.filter(referral__in=brought)
    keys = set(done.filter(object_id__in=brought.values("pk")).values_list("object_id", flat=True))
    in_cases = done.filter(object_id__in=cases.values("pk")).values("object_id")
    keys |= set(cases.filter(pk__in=in_cases).values_list("referral", flat=True))
    merged = Merge.objects.filter(undone_at__isnull=True).values_list("one", "other")
    people = {key for pair in merged for key in pair}
    return [
        one
        for one in brought.only("pk", "reference", "person_harmed", "person_responsible")
        if one.pk in keys or people & {one.person_harmed_id, one.person_responsible_id}
    ]


def _people_of_the_service() -> QuerySet:
    return User.objects.filter(kind=User.Kind.PERSON).values("pk")


@transaction.atomic
def undo_move_in(*, move: MoveIn, because: str, by: User) -> MoveIn:
    """By a service manager; a worker goes through it. Raises DomainError with what stands in the way."""
    fresh = locked_move(move, Step.MOVED)
    require(policy.can_move_in(by, fresh.service_area_id), MANAGERS)
    moves.undo(fresh, because, why_not_undone(fresh), by)
    MoveIn.objects.requeue(fresh)
    record(events.MOVE_UNDONE, by=by, on=fresh, detail={"referrals": brought_by(fresh).count()})
    return fresh


def undo_rows(*, move: MoveIn, by: User, today: date) -> Iterator[tuple[int, int]]:
    """Each referral in one transaction. Again, it goes on where it was. Gives referrals done, and referrals in all."""
    keys = list(brought_by(move).order_by("pk").values_list("pk", flat=True))
    for done, key in enumerate(keys, start=1):
        with transaction.atomic():
            _undo(move, Referral.objects.get(pk=key), by, today)
        yield done, len(keys)


def _undo(move: MoveIn, referral: Referral, by: User, today: date) -> None:
    note = f"The move from {move.from_system} was taken back: {move.undone_because}"
    case = Case.objects.filter(referral=referral).first()
    if case is not None and case.status != CaseStatus.CLOSED:
        close_case(case=case, reason=ClosureReason.IN_ERROR, closed_on=today, note=note, by=by, today=today)
    elif case is None and referral.status in UNDECIDED:
        referrals.mark_entered_in_error(referral=referral, note=note, by=by, today=today)
    Referral.objects.filter(pk=referral.pk).update(earlier_reference="")
    rows = MoveInRow.objects.filter(move_in=move, referral=referral, became=Fate.MAKE)
    rows.update(became=Fate.TAKEN_BACK, raw=None)


@transaction.atomic
def finish_undoing(*, move: MoveIn, by: User) -> None:
    """In the worker's last transaction."""
    move.step = Step.UNDONE
    move.save(update_fields=["step"])
    url = reverse("cases:move-in", args=[move.pk])
    notify({move.moved_by, by, *([move.answered_by] if move.answered_by else [])}, "move_in_undone", on=move, url=url)
