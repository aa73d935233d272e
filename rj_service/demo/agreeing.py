"""What the demonstration's people agreed, whether it was kept, and what whoever was harmed was told of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from cases import actions as cases
from cases.choices import OPEN_COMMITMENTS, CommitmentKind, CommitmentStatus, PromiseKind
from cases.models import Agreement, Commitment, Telling

OWED, FIRST = Decimal("80.00"), Decimal("32.50")


def agree(story: Any, intervention, kinds: list[tuple[str, str]]) -> Agreement:
    """Whoever promises only one thing pays something, too. Both sign what was printed for them."""
    due = story.day + timedelta(days=42)
    new = [cases.NewCommitment(kind, words, story.responsible, due) for kind, words in kinds]
    if len(new) == 1:
        words = "Half of what the broken fence cost"
        new.append(cases.NewCommitment(CommitmentKind.COMPENSATION, words, story.responsible, due, OWED))
    common = {"by": story.by, "today": story.day}
    agreement = cases.record_agreement(intervention=intervention, agreed_on=story.day, commitments=new, **common)
    for one in (story.harmed, story.responsible):
        cases.record_signature(agreement=agreement, participant=one, signed_on=story.day, how="in_person", **common)
    return agreement


def go_on(story: Any, agreement: Agreement) -> None:
    """Money comes in parts, both agree to a later day, and progress is asked after where that was promised."""
    common = {"by": story.by, "today": story.day}
    for one in _open(agreement):
        if one.kind == CommitmentKind.COMPENSATION:
            given = {"paid_on": story.day, "way": "court", "receipt": "FP-1038"}
            cases.record_payment(commitment=one, amount=FIRST, **given, **common)
        elif one.kind == CommitmentKind.REPAIR:
            later = {"words": one.words, "due_on": one.due_on + timedelta(days=21)}
            cases.vary_commitment(commitment=one, because="The group meets again in spring", **later, **common)
        elif one.kind == CommitmentKind.PROGRESS_UPDATES:
            _promise(story)


def settle(story: Any, agreement: Agreement, status: str, words: str) -> None:
    """Kept or not, it is told by the first way that is safe."""
    common = {"by": story.by, "today": story.day}
    for one in _open(agreement):
        if one.kind == CommitmentKind.COMPENSATION and status == CommitmentStatus.COMPLETED:
            given = {"paid_on": story.day, "way": "court", "receipt": "FP-1102"}
            cases.record_payment(commitment=one, amount=OWED - FIRST, **given, **common)
        else:
            cases.set_commitment_status(commitment=one, status=status, words=words, **common)
    channel = _safe_way(story)
    waiting = Telling.objects.waiting().filter(participant=story.harmed, commitment__isnull=False)
    for telling in waiting.select_related("commitment__agreement", "participant__case__referral") if channel else ():
        cases.record_told(telling=telling, told_on=story.day, channel=channel, **common)


def _promise(story: Any) -> None:
    channel = _safe_way(story)
    if not channel:
        return
    common = {"by": story.by, "today": story.day}
    how = {"kind": "course", "channel": channel, "often": "quarterly"}
    days = {"next_on": story.day, "until": story.day + timedelta(days=365)}
    promise = cases.make_promise(hears=story.harmed, about=story.responsible, **how, **days, **common)
    cases.agree_to_promise(promise=promise, given_on=story.day, method="written", **common)
    words = "The first half of the course is done."
    cases.tell_progress(promise=promise, told_on=story.day, channel=channel, words=words, **common)


def promise_in_every_state(story: Any) -> None:
    """One that he is not asked about yet, one that he agreed to, one that she was told of, one that he took back, and one that
    she does not want any more."""
    channel = _safe_way(story)
    if not channel:
        return
    common = {"by": story.by, "today": story.day}
    said = {"given_on": story.day, "method": "written", **common}
    days = {"often": "monthly", "until": story.day + timedelta(days=365)}
    month = story.day + timedelta(days=30)

    def promise(kind: str, next_on=month):
        hears = {"hears": story.harmed, "about": story.responsible, "channel": channel}
        return cases.make_promise(kind=kind, next_on=next_on, **hears, **days, **common)

    promise(PromiseKind.COURSE)
    going_on = promise(PromiseKind.WORK, story.day)
    taken_back, ended = promise(PromiseKind.TREATMENT), promise(PromiseKind.UNPAID_WORK)
    for one in (going_on, taken_back, ended, promise(PromiseKind.PAYMENTS)):
        cases.agree_to_promise(promise=one, **said)
    words = "He began at the garden centre on Monday, four days a week."
    cases.tell_progress(promise=going_on, told_on=story.day, channel=channel, words=words, **common)
    cases.take_back_promise(promise=taken_back, **common)
    cases.end_promise(promise=ended, **common)


def _open(agreement: Agreement) -> list[Commitment]:
    return list(Commitment.objects.filter(agreement=agreement, status__in=OPEN_COMMITMENTS).order_by("due_on", "id"))


def _safe_way(story: Any) -> str:
    ways = cases.ways_to_tell(story.harmed, story.day)
    return next((channel for channel, block in ways.items() if not block), "")
