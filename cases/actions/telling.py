"""What somebody harmed is told: whether what was agreed is kept, and the progress they were promised.

Nothing here sends anything. It makes a task for a person, and writes down what was told, by whom and how. Release, and where
somebody is, is never ours to tell (domain 2.16.9).
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import NOT_YOUR_SIDE, again, locked, locked_open, record_on, require
from cases.actions.reaching import make_task
from cases.choices import HowOften, ParticipantRole, PromiseKind
from cases.models import Case, Commitment, HearingChoice, Participant, ProgressPromise, PromiseConsent, Telling
from cases.stages import withdrawn
from referrals.actions import why_not_reached
from referrals.choices import Channel, ConsentMethod, ConsentPurpose
from referrals.models import Task
from referrals.working_days import add_working_days
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.ui.dates import months_after

NOT_OURS_TO_TELL = re.compile(
    r"\b(releas\w*|parole\w*|licen[cs]e\w*|recall\w*|whereabouts|address\w*|lives at|moved to)\b", re.I
)
MONTHS = {HowOften.MONTHLY: 1, HowOften.QUARTERLY: 3, HowOften.HALF_YEARLY: 6}


@transaction.atomic
def choose_hearing(
    *, participant: Participant, wants_to_hear: bool, said_on: date, method: str, by: User, today: date
) -> HearingChoice:
    """Somebody harmed wants to hear how what was agreed is kept, or does not. What was to be told ends with a no."""
    case = locked(participant.case, by, today)
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    _require_harmed(participant, case)
    _require_said(said_on, method, today)
    choice = HearingChoice.objects.create(
        participant=participant, wants_to_hear=wants_to_hear, said_on=said_on, method=method, recorded_by=by
    )
    if not wants_to_hear:
        waiting = Telling.objects.waiting().filter(participant=participant, commitment__isnull=False)
        waiting.update(ended_at=Now())
        end_task(case, participant, by)
    record_on(events.HEARING_CHOSEN, case, by, today, about=participant, wants_to_hear=wants_to_hear)
    return choice


def to_tell(case: Case, commitment: Commitment, by: User, today: date) -> None:
    """A result is told to everybody harmed who takes part and did not say that they would rather not hear. The caller
    holds the case. What was to be told and stands differently by now gives way."""
    Telling.objects.waiting().filter(commitment=commitment).update(ended_at=Now())
    harmed = list(
        Participant.objects.filter(
            case=case, role=ParticipantRole.PERSON_HARMED, left_at__isnull=True, person__died_on__isnull=True
        )
    )
    wants = who_wants_to_hear(harmed)
    due_on = add_working_days(today, settings.RJ_TELL_WORKING_DAYS)
    for one in harmed:
        if one.pk not in wants:
            continue
        Telling.objects.create(participant=one, commitment=commitment, status=commitment.status, due_on=due_on)
        make_task(case, one, due_on, by)
        record_on(events.TO_BE_TOLD, case, by, today, about=one, commitment=str(commitment.pk))


def who_wants_to_hear(participants: Collection[Participant]) -> set[UUID]:
    """Of them; the newest choice of each counts, and who said nothing hears it."""
    newest = (
        HearingChoice.objects.filter(participant__in=participants)
        .order_by("participant", "-recorded_at", "-id")
        .distinct("participant")
    )
    declined = {one.participant_id for one in newest if not one.wants_to_hear}
    return {one.pk for one in participants} - declined


@transaction.atomic
def record_told(*, telling: Telling, told_on: date, channel: str, by: User, today: date, words: str = "") -> Telling:
    """Of how a commitment was kept. By a way that is safe and that they agreed to, today."""
    case = locked(telling.participant.case, by, today)
    participant = telling.participant
    require(policy.can_log_contact(by, case, participant.side, today), NOT_YOUR_SIDE)
    fresh = again(telling)
    if fresh.told_on is not None or fresh.ended_at is not None:
        raise StaleState("This was told, or need not be told any more.")
    since = fresh.commitment.agreement.agreed_on if fresh.commitment else told_on
    _require_told(participant, told_on, channel, words, since, today)
    fresh.told_on, fresh.channel, fresh.words, fresh.told_by = told_on, channel, words.strip(), by
    fresh.save(update_fields=["told_on", "channel", "words", "told_by"])
    end_task(case, participant, by)
    record_on(events.TOLD, case, by, today, about=participant, commitment=str(fresh.commitment_id), channel=channel)
    return fresh


@transaction.atomic
def make_promise(
    *,
    hears: Participant,
    about: Participant,
    kind: str,
    channel: str,
    often: str,
    next_on: date,
    until: date,
    by: User,
    today: date,
    words: str = "",
) -> ProgressPromise:
    """Somebody harmed wishes to hear of one thing. Nothing is told before the person responsible agreed to exactly this."""
    case = locked_open(hears.case, by, today)
    require(
        policy.can_plan(by, case, today), "Only the coordinator, or the lead who works with both sides, can do this."
    )
    _require_harmed(hears, case)
    if about.case_id != case.pk or about.role != ParticipantRole.PERSON_RESPONSIBLE:
        raise DomainError("Choose who it is about", field="about")
    if kind not in PromiseKind.values:
        raise DomainError("Choose what they want to hear", field="kind")
    if kind == PromiseKind.OTHER and not words.strip():
        raise DomainError("Say what they want to hear", field="words")
    if channel not in Channel.values:
        raise DomainError("Choose how they want to hear it", field="channel")
    if often not in HowOften.values:
        raise DomainError("Choose how often", field="often")
    if not today <= next_on <= until:
        raise DomainError("The first day must be today or later, and not after the last", field="next_on")
    _require_ours(words)
    promise = ProgressPromise.objects.create(
        case=case, hears=hears, about=about, kind=kind, words=words.strip(), channel=channel, often=often,
        next_on=next_on, until=until, recorded_by=by,
    )  # fmt: skip
    record_on(events.PROMISE_MADE, case, by, today, about=hears, promise=str(promise.pk), kind=kind)
    return promise


@transaction.atomic
def agree_to_promise(*, promise: ProgressPromise, given_on: date, method: str, by: User, today: date) -> PromiseConsent:
    """By the person it is about, to this one thing."""
    case, fresh = _about(promise, by, today)
    _require_said(given_on, method, today)
    if fresh.ended_at is not None:
        raise StaleState("This promise has ended.")
    if PromiseConsent.objects.filter(promise=fresh, withdrawn_at__isnull=True).exists():
        raise StaleState("They agreed to this already.")
    consent = PromiseConsent.objects.create(promise=fresh, given_on=given_on, method=method, recorded_by=by)
    record_on(events.PROMISE_AGREED, case, by, today, about=fresh.about, promise=str(fresh.pk))
    return consent


@transaction.atomic
def take_back_promise(*, promise: ProgressPromise, by: User, today: date) -> None:
    """By the person it is about. From this moment nothing of it is told."""
    case, fresh = _about(promise, by, today)
    given = PromiseConsent.objects.filter(promise=fresh, withdrawn_at__isnull=True)
    if not given.update(withdrawn_at=Now(), withdrawn_by=by):
        raise StaleState("They do not agree to this as it is.")
    end_task(case, fresh.hears, by)
    record_on(events.PROMISE_TAKEN_BACK, case, by, today, about=fresh.about, promise=str(fresh.pk))


@transaction.atomic
def end_promise(*, promise: ProgressPromise, by: User, today: date) -> ProgressPromise:
    """Somebody harmed does not want to hear of it any more, or it is done."""
    case = locked(promise.case, by, today)
    require(policy.can_log_contact(by, case, promise.hears.side, today), NOT_YOUR_SIDE)
    fresh = again(promise)
    if fresh.ended_at is not None:
        raise StaleState("This promise has ended.")
    fresh.ended_at, fresh.ended_by = Now(), by
    fresh.save(update_fields=["ended_at", "ended_by"])
    end_task(case, fresh.hears, by)
    record_on(events.PROMISE_ENDED, case, by, today, about=fresh.hears, promise=str(fresh.pk))
    return fresh


@transaction.atomic
def tell_progress(
    *, promise: ProgressPromise, told_on: date, channel: str, words: str, by: User, today: date
) -> Telling:
    """One time of a promise; the next one follows by itself until its last day. Refused without agreement in force."""
    case = locked(promise.case, by, today)
    require(policy.can_log_contact(by, case, promise.hears.side, today), NOT_YOUR_SIDE)
    fresh = again(promise)
    if block := next(iter(promise_blocks(fresh)), ""):
        raise DomainError(block)
    agreed = PromiseConsent.objects.get(promise=fresh, withdrawn_at__isnull=True)
    _require_told(fresh.hears, told_on, channel, words, agreed.given_on, today)
    if not words.strip():
        raise DomainError("Say what they were told", field="words")
    telling = Telling.objects.create(
        participant=fresh.hears, promise=fresh, due_on=fresh.next_on, told_on=told_on, channel=channel,
        words=words.strip(), told_by=by,
    )  # fmt: skip
    _go_on(fresh, by)
    end_task(case, fresh.hears, by)
    record_on(events.PROGRESS_TOLD, case, by, today, about=fresh.hears, promise=str(fresh.pk), channel=channel)
    return telling


def promise_blocks(promise: ProgressPromise) -> list[str]:
    """Why nothing of it is told now; empty when it may be. Read at the moment of telling."""
    return promises_blocks(promise.case, [promise])[promise.pk]


def promises_blocks(case: Case, promises: Collection[ProgressPromise]) -> dict[UUID, list[str]]:
    """By the id of each promise of the case, in the statements of one."""
    given = PromiseConsent.objects.filter(promise__in=promises, withdrawn_at__isnull=True)
    agreed = set(given.values_list("promise_id", flat=True))
    gone = {person for person, _ in withdrawn(case, [one.about.person_id for one in promises])}
    return {one.pk: list(_blocks(one, one.pk in agreed, one.about.person_id in gone)) for one in promises}


def _blocks(promise: ProgressPromise, is_agreed: bool, has_withdrawn: bool) -> Iterator[str]:
    if promise.ended_at is not None:
        yield "This promise has ended."
    if not is_agreed:
        yield "The person responsible has not agreed to this, or took it back."
    if has_withdrawn:
        yield "The person responsible withdrew."
    if promise.about.person.died_on or promise.hears.person.died_on:
        yield "Somebody of this promise has died. Nothing is told."


@transaction.atomic
def remind_of_promise(*, promise: ProgressPromise, by: User, today: date) -> bool:
    """The day has come: a task for a person, never a message. Nothing without agreement in force; twice is once."""
    case = locked(promise.case, by, today)
    fresh = again(promise)
    if case.is_closed or fresh.next_on > today or promise_blocks(fresh):
        return False
    return make_task(case, fresh.hears, fresh.next_on, by)


def end_task(case: Case, participant: Participant, by: User) -> None:
    """Once nothing is left to tell them."""
    today = timezone.localdate()
    if Telling.objects.waiting().filter(participant=participant).exists():
        return
    due = ProgressPromise.objects.filter(hears=participant, ended_at__isnull=True, next_on__lte=today)
    blocks = promises_blocks(case, list(due.select_related("hears__person", "about__person")))
    if not all(blocks.values()):
        return
    about = {"referral": case.referral_id, "kind": Task.Kind.TELL, "person": participant.person_id}
    Task.objects.open().filter(**about).update(done_at=Now(), done_by=by)


def ways_to_tell(participant: Participant, today: date) -> dict[str, str]:
    """Channel -> why they are not told that way now, or ''."""
    found = why_not_reached(
        person=participant.person,
        referral=participant.case.referral,
        side=participant.side,
        purpose=ConsentPurpose.CONTACT,
        today=today,
    )
    return {channel: next(iter(blocks), "") for channel, blocks in found.items()}


def _go_on(promise: ProgressPromise, by: User) -> None:
    months = MONTHS.get(HowOften(promise.often))
    following = months_after(promise.next_on, months) if months else None
    if following is None or following > promise.until:
        promise.ended_at, promise.ended_by = Now(), by
    else:
        promise.next_on = following
    promise.save(update_fields=["next_on", "ended_at", "ended_by"])


def _about(promise: ProgressPromise, by: User, today: date) -> tuple[Case, ProgressPromise]:
    case = locked(promise.case, by, today)
    require(policy.can_record_consent(by, case, promise.about.side, today), NOT_YOUR_SIDE)
    return case, again(promise)


def _require_harmed(participant: Participant, case: Case) -> None:
    if participant.case_id != case.pk or participant.role != ParticipantRole.PERSON_HARMED:
        raise DomainError("Only somebody who was harmed is told", field="hears")


def _require_said(on: date, method: str, today: date) -> None:
    if on > today:
        raise DomainError("The day must be today or in the past", field="given_on")
    if method not in ConsentMethod.values or method == ConsentMethod.NOT_KNOWN:
        raise DomainError("Choose how they said so", field="method")


def _require_told(participant: Participant, told_on: date, channel: str, words: str, since: date, today: date) -> None:
    if not since <= told_on <= today:
        raise DomainError("The day must be between the agreement and today", field="told_on")
    if channel not in Channel.values:
        raise DomainError("Choose how they were told", field="channel")
    if block := ways_to_tell(participant, today)[channel]:
        raise DomainError(block, field="channel")
    _require_ours(words)


def _require_ours(words: str) -> None:
    if NOT_OURS_TO_TELL.search(words):
        raise DomainError(
            "Release, licence and where somebody lives are not ours to tell: the Victim Contact Scheme does",
            field="words",
        )
