"""Messages and letters between the sides: written, permitted, read for safety, wished for, carried past the gate."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.intervening import PLANNERS, require_gate
from cases.actions.locking import NOT_YOUR_SIDE, again, locked_open, record_on, require, require_since_opened
from cases.actions.shown import ChangedMeanwhile, mark_of_values
from cases.actions.stopping import facilitators_of
from cases.choices import (
    CARRYING_MODELS,
    InterventionStatus,
    MessageAnswer,
    MessageFinding,
    MessageKind,
    MessageStatus,
    MessageWish,
    PermissionMethod,
)
from cases.models import Case, Intervention, Message, Participant
from cases.stages import BOTH_SIDES, MAIN_ROLES
from referrals.models import ContactDetails
from referrals.redaction import told_too_much
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.documents.actions import delete_file, store_file
from rj_service.documents.models import StoredFile
from rj_service.documents.uploads import pages_taken_in
from rj_service.notifications.actions import notify

_S = MessageStatus
ASK_AGAIN = "ask their author about these. Nothing was recorded"
READ_AGAIN = "read these. Nothing was recorded"
_OVER = (InterventionStatus.HELD, InterventionStatus.CANCELLED, InterventionStatus.MOVED)
# What clears when a word changes: the permission was for exactly what stood there.
_STEPS = {
    "permitted_on": None,
    "permitted_how": "",
    "permitted_by": None,
    "read_at": None,
    "read_by": None,
    "found": "",
    "wish": "",
    "wished_on": None,
}


@transaction.atomic
def write_message(
    *,
    intervention: Intervention,
    author: Participant,
    kind: str,
    by: User,
    today: date,
    recipient: Participant | None = None,
    words: str = "",
    pages: Sequence[bytes] = (),
    replies_to: Message | None = None,
) -> Message:
    """A draft in the author's words, or pictures of what they wrote. `recipient` is of the other side; None where whoever
    writes it down works with the author's side alone. `replies_to`: what was carried to the author."""
    case = locked_open(intervention.case, by, today)
    require(policy.can_log_contact(by, case, author.side, today), NOT_YOUR_SIDE)
    fresh = again(intervention)
    if fresh.model not in CARRYING_MODELS or fresh.status in _OVER:
        raise DomainError("Messages belong to letters or contact through a facilitator that is under way")
    _require_words(kind, words, has_scan=bool(pages))
    recipient = recipient or (replies_to.author if replies_to else _counterpart(author))
    if {author.case_id, recipient.case_id} != {case.pk} or {author.side, recipient.side} != set(BOTH_SIDES):
        raise DomainError("A message goes from somebody of one side to somebody of the other", field="recipient")
    if replies_to is not None and (replies_to.recipient_id != author.pk or replies_to.carried_on is None):
        raise DomainError("Only what was carried to them is replied to", field="replies_to")
    message = Message.objects.create(
        intervention=fresh,
        author=author,
        recipient=recipient,
        kind=kind,
        words=words.strip(),
        scan=_scan(pages, by),
        replies_to=replies_to,
        written_by=by,
    )
    _record(events.MESSAGE_WRITTEN, message, by, today)
    return message


@transaction.atomic
def change_message(
    *, message: Message, by: User, today: date, words: str = "", pages: Sequence[bytes] = (), shown: str | None = None
) -> Message:
    """Any change asks for a new permission and a new reading. `pages` take the place of those that are there. `shown`: the
    `message_mark` of what the page showed; raises ChangedMeanwhile where something else stands."""
    case, fresh = _held(message, by, today)
    if words.strip() != fresh.words:
        _require_shown(fresh, shown, f"“{fresh.words}”. Save again to put yours in its place")
    require(policy.can_log_contact(by, case, fresh.author.side, today), NOT_YOUR_SIDE)
    _require_not_carried(fresh)
    _require_words(fresh.kind, words, has_scan=bool(pages or fresh.scan_id))
    if words.strip() == fresh.words and not pages:
        return fresh
    fresh.words = words.strip()
    if pages:
        if fresh.scan:
            delete_file(fresh.scan)
        fresh.scan = _scan(pages, by)
    _back_to_draft(fresh, "words", "scan")
    _record(events.MESSAGE_CHANGED, fresh, by, today)
    return fresh


@transaction.atomic
def permit_message(
    *, message: Message, permitted_on: date, how: str, by: User, today: date, shown: str | None = None
) -> Message:
    """The author said that exactly these words may be carried to exactly this person: those that the page `shown`."""
    case, fresh = _held(message, by, today)
    _require_shown(fresh, shown, ASK_AGAIN)
    require(policy.can_record_consent(by, case, fresh.author.side, today), NOT_YOUR_SIDE)
    _require_status(fresh, _S.DRAFT)
    if how not in PermissionMethod.values:
        raise DomainError("Choose how they said so", field="how")
    if permitted_on > today:
        raise DomainError("The day must be today or in the past", field="permitted_on")
    require_since_opened(case, permitted_on, "permitted_on")
    fresh.status, fresh.permitted_on, fresh.permitted_how, fresh.permitted_by = _S.PERMITTED, permitted_on, how, by
    fresh.save(update_fields=["status", "permitted_on", "permitted_how", "permitted_by"])
    _record(events.MESSAGE_PERMITTED, fresh, by, today)
    return fresh


@transaction.atomic
def take_back_message(*, message: Message, by: User, today: date) -> Message:
    """The author no longer wishes it carried: a draft again, until they permit it anew."""
    case, fresh = _held(message, by, today)
    require(policy.can_record_consent(by, case, fresh.author.side, today), NOT_YOUR_SIDE)
    _require_not_carried(fresh)
    _back_to_draft(fresh)
    _record(events.MESSAGE_TAKEN_BACK, fresh, by, today)
    return fresh


@transaction.atomic
def read_message(
    *,
    message: Message,
    found: Collection[str],
    by: User,
    today: date,
    has_read_scan: bool = False,
    shown: str | None = None,
) -> Message:
    """Read by whoever works with both sides. `found` of MessageFinding: anything found sends it back to its author. What is
    known of how to reach anybody of the author's side may not stand in it, whatever the reader found. No machine reads a scan:
    `has_read_scan` says that they did."""
    case, fresh = _held(message, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    _require_shown(fresh, shown, READ_AGAIN)
    _require_status(fresh, _S.PERMITTED)
    if not set(found) <= set(MessageFinding.values):
        raise DomainError("Choose what you found", field="found")
    if fresh.scan_id and not has_read_scan:
        raise DomainError("Open the scan and read every word of it first", field="has_read_scan")
    if not found and (traces := traces_in(fresh)):
        words = f"It holds {'; '.join(traces)}. Tick that it says where somebody is, and it goes back to its author"
        raise DomainError(words, field="found")
    if found:
        _back_to_draft(fresh)
    fresh.found, fresh.read_by = " ".join(sorted(found)), by
    fresh.read_at = Now()
    fresh.status = _S.DRAFT if found else _S.READ
    fresh.save(update_fields=["found", "read_by", "read_at", "status"])
    fresh.refresh_from_db(fields=["read_at"])
    _record(events.MESSAGE_READ, fresh, by, today, found=fresh.found)
    return fresh


def message_mark(message: Message) -> str:
    return mark_of_values(message.words, message.scan_id)


def _require_shown(message: Message, shown: str | None, words: str) -> None:
    mark = message_mark(message)
    if shown is not None and shown != mark:
        raise ChangedMeanwhile(f"The words were changed in another window meanwhile: {words}", mark)


def traces_in(message: Message) -> list[str]:
    """How somebody of the author's own side is reached, where the words give it away."""
    side = message.author.side
    people = Participant.objects.filter(case=message.author.case_id, side=side).select_related("person")
    details = {one.person_id: one for one in ContactDetails.objects.filter(person__in=[p.person_id for p in people])}
    known = [("the author’s side", one.person, details.get(one.person_id)) for one in people]
    told = told_too_much(message.words, people=known, sent={})
    return list(dict.fromkeys(words for words in told if not words.startswith("the name")))


@transaction.atomic
def record_wish(*, message: Message, wish: str, wished_on: date, by: User, today: date) -> Message:
    """Whether the recipient wishes to have it; asked without a word of what it says."""
    case, fresh = _held(message, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    _require_status(fresh, _S.READ)
    if wish not in MessageWish.values:
        raise DomainError("Choose what they said", field="wish")
    if wished_on > today:
        raise DomainError("The day must be today or in the past", field="wished_on")
    fresh.wish, fresh.wished_on = wish, wished_on
    fresh.save(update_fields=["wish", "wished_on"])
    _record(events.MESSAGE_WISHED, fresh, by, today)
    return fresh


@transaction.atomic
def carry_message(*, message: Message, carried_on: date, by: User, today: date, shown: str | None = None) -> Message:
    """Past the gate, under lock, on a day on which everybody was asked again (domain 2.16.2). Raises GateClosed with the checks.
    From now on the recipient's side may read it."""
    case, fresh = _held(message, by, today)
    require(policy.can_plan(by, case, today), PLANNERS)
    _require_shown(fresh, shown, READ_AGAIN)
    _require_status(fresh, _S.READ)
    if fresh.wish != MessageWish.YES:
        raise DomainError("They have not said that they wish to have it")
    if carried_on > today or (fresh.wished_on and carried_on < fresh.wished_on):
        raise DomainError(
            "The day must be on or after the day they were asked, and not in the future", field="carried_on"
        )
    if fresh.intervention.status != InterventionStatus.SCHEDULED:
        raise DomainError("Arrange it first: nothing is carried before it is arranged")
    if any(one.left_at for one in (fresh.author, fresh.recipient)):
        raise DomainError("Somebody it is between has left the case")
    require_gate(fresh.intervention, carried_on, on_the_day=True)
    fresh.status, fresh.carried_on, fresh.carried_by = _S.CARRIED, carried_on, by
    fresh.save(update_fields=["status", "carried_on", "carried_by"])
    _record(events.MESSAGE_CARRIED, fresh, by, today)
    notify([one for one in {case.coordinator, *facilitators_of(case)} if one != by], "case_update", on=case)
    return fresh


@transaction.atomic
def record_answer(*, message: Message, answer: str, by: User, today: date) -> Message:
    """What became of it on the other side (MessageAnswer)."""
    case, fresh = _held(message, by, today)
    require(policy.can_log_contact(by, case, fresh.recipient.side, today), NOT_YOUR_SIDE)
    _require_status(fresh, _S.CARRIED)
    if answer not in MessageAnswer.values:
        raise DomainError("Choose what became of it", field="answer")
    fresh.status, fresh.answer = _S.ANSWERED, answer
    fresh.save(update_fields=["status", "answer"])
    _record(events.MESSAGE_ANSWERED, fresh, by, today)
    return fresh


def _held(message: Message, by: User, today: date) -> tuple[Case, Message]:
    case = locked_open(message.intervention.case, by, today)
    Message.objects.select_for_update().values_list("pk").get(pk=message.pk)
    seen = Message.objects.visible_to(by, today).select_related("intervention__place", "author", "recipient", "scan")
    fresh = seen.filter(pk=message.pk).first()
    require(fresh is not None, NOT_YOUR_SIDE)
    return case, fresh


def _counterpart(author: Participant) -> Participant:
    """Whoever works with one side alone is told nothing of the other, nor how many they are."""
    other = Participant.objects.filter(case=author.case_id, role__in=MAIN_ROLES, left_at__isnull=True)
    found = list(other.exclude(side=author.side)[:2])
    if len(found) != 1:
        raise DomainError("The coordinator writes this one down. Ask them")
    return found[0]


def _scan(pages: Sequence[bytes], by: User) -> StoredFile | None:
    if not pages:
        return None
    upload = pages_taken_in(pages)
    return store_file([upload.content], kind="message_scan", content_type=upload.content_type, by=by)


def _require_words(kind: str, words: str, *, has_scan: bool) -> None:
    if kind not in MessageKind.values:
        raise DomainError("Choose what it is", field="kind")
    if not words.strip() and not has_scan:
        raise DomainError("Enter the words, or choose pictures of the pages", field="words")


def _require_status(message: Message, status: str) -> None:
    if message.status != status:
        raise StaleState(f"This is {_S(message.status).label.lower()}. Open it again to see what can be done.")


def _require_not_carried(message: Message) -> None:
    if message.carried_on is not None:
        raise StaleState("It was carried already: what was said is said.")


def _back_to_draft(message: Message, *also: str) -> None:
    message.status = _S.DRAFT
    for name, value in _STEPS.items():
        setattr(message, name, value)
    message.save(update_fields=["status", *_STEPS, *also])


def _record(verb: str, message: Message, by: User, today: date, **detail) -> None:
    record_on(verb, message.intervention.case, by, today, about=message.author, message=str(message.pk), **detail)
