"""Agencies are asked for what they hold, reminded by themselves, and answer through a link without an account."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from referrals import events, policy
from referrals.actions.ending_requests import (
    LATE_FOR_A_TASK,
    end_links,
    end_request,
    locked_request,
    require_request_move,
    why_nobody_is_asked,
)
from referrals.actions.locking import locked, require
from referrals.actions.safety import MANAGERS, as_named_in
from referrals.actions.telling import coordinators_of, given_away
from referrals.choices import AskedFor, RecipientKind, RefusedReason, RequestStatus
from referrals.models import InformationRequest, Person, Referral, RequestMail, RequestTemplate, Task, Transfer
from referrals.working_days import add_working_days, is_working_day
from rj_service.accounts import mail
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import Organisation, ServiceArea, User
from rj_service.accounts.tokens import digest, new_token
from rj_service.audit.actions import record, record_access
from rj_service.notifications.actions import notify

LONGEST_WAIT = timedelta(days=60)
LINK_ENDED = "This link has been used or has ended. Ask for a new one."
SUBJECT = "Information is asked of you"
BODY = """{service} asks you for information that you hold.

Open this link to read what is asked, and to answer or refuse: {link}

You need no account. The link ends when you have answered. This message holds no details on purpose: do not answer it.
"""


@dataclass(frozen=True)
class Recipient:
    kind: str
    organisation: str
    name: str
    email: str
    agency: Organisation | None = None  # of the directory of the area


@transaction.atomic
def ask_agency(
    *,
    referral: Referral,
    person: Person,
    recipient: Recipient,
    asked_for: Sequence[str],
    words: str,
    by: User,
    today: date,
    due_on: date | None = None,
) -> InformationRequest:
    """The mail with its link goes out from a worker. Without `due_on` the agency has the working days of the setting.

    Raises DomainError when the words give away the other side or how anybody is reached, and when nobody may be asked.
    """
    fresh = locked(referral)
    require(policy.can_manage(by, fresh), MANAGERS)
    person = as_named_in(fresh, person)
    _require_sound(recipient, asked_for, words, due_on, today)
    if recipient.agency and recipient.agency.service_area_id != fresh.service_area_id:
        raise DomainError("This agency belongs to another area", field="agency")
    if block := why_nobody_is_asked(fresh, person):
        raise DomainError(block)
    _require_nothing_given_away(words, fresh, person)
    due_on = due_on or due_day(today)
    request = InformationRequest.objects.create(
        service_area_id=fresh.service_area_id,
        referral=fresh,
        person=person,
        side=fresh.side_of(person.pk),
        recipient_kind=recipient.kind,
        organisation=recipient.organisation.strip(),
        agency=recipient.agency,
        recipient_name=recipient.name.strip(),
        recipient_email=recipient.email.strip(),
        asked_for=_codes(asked_for),
        words=words.strip(),
        asked_on=today,
        asked_by=by,
        due_on=due_on,
        next_chase_on=due_on,
        names_area=not Transfer.objects.filter(arrived=fresh).exists(),
    )
    _queue_mail(request, by)
    _record(events.INFORMATION_ASKED, request, by)
    return request


@transaction.atomic
def keep_request_words(
    *, area: ServiceArea, kind: str, asked_for: Sequence[str], words: str, by: User
) -> RequestTemplate:
    """Where a request to this kind of agency begins from now on. What was asked before keeps its words."""
    require(by.may("referrals.keep_words", area.pk), "Only a service manager of this area keeps these words.")
    if kind not in RecipientKind.values:
        raise DomainError("Choose the kind of agency")
    _require_asked_for(asked_for)
    if not words.strip():
        raise DomainError("Enter the words", field="words")
    kept, _ = RequestTemplate.objects.update_or_create(
        service_area=area,
        recipient_kind=kind,
        defaults={"asked_for": _codes(asked_for), "words": words.strip(), "kept_at": Now(), "kept_by": by},
    )
    record(events.REQUEST_WORDS_KEPT, by=by, on=kept, detail={"agency": kind})
    return kept


def due_day(today: date) -> date:
    return add_working_days(today, settings.RJ_REQUEST_WORKING_DAYS)


@transaction.atomic
def send_request_again(*, request: InformationRequest, name: str, email: str, by: User) -> InformationRequest:
    """A new link, to the same or another address. Earlier links end: they may have reached somebody else."""
    fresh = _open_for(request, by)
    if not (name.strip() and email.strip()):
        raise DomainError("Enter the name and email address of whom you ask", field="email")
    if block := why_nobody_is_asked(fresh.referral, fresh.person):
        raise DomainError(block)
    fresh.recipient_name, fresh.recipient_email = name.strip(), email.strip()
    fresh.save(update_fields=["recipient_name", "recipient_email"])
    end_links(fresh)
    _queue_mail(fresh, by)
    _record(events.INFORMATION_SENT_AGAIN, fresh, by)
    return fresh


@transaction.atomic
def note_agency_answer(
    *, request: InformationRequest, given_by: str, answer: str, by: User, today: date, refused_reason: str = ""
) -> InformationRequest:
    """What an agency said by phone or on paper. With a reason of RefusedReason it refused; `answer` then explains."""
    return _answer(_open_for(request, by), given_by, answer, refused_reason, by, today)


@transaction.atomic
def end_needless_request(*, request: InformationRequest, by: User, today: date) -> InformationRequest:
    return end_request(_open_for(request, by), RequestStatus.NOT_NEEDED, by=by, today=today)


@transaction.atomic
def chase_request(*, request: InformationRequest, by: User, today: date) -> bool:
    """Reminds the agency on a working day, when it is due. True when a mail was queued; never twice for one day.

    What may not be asked any more ends instead. The third reminder makes a coordinator's task.
    """
    fresh = locked_request(request)
    if not fresh.is_open or fresh.next_chase_on > today or not is_working_day(today):
        return False
    if why_nobody_is_asked(fresh.referral, fresh.person):
        end_request(fresh, RequestStatus.NOT_NEEDED, by=by, today=today)
        return False
    fresh.times_chased += 1
    fresh.chased_on, fresh.next_chase_on = today, add_working_days(today, settings.RJ_REQUEST_CHASE_EVERY)
    fresh.save(update_fields=["times_chased", "chased_on", "next_chase_on"])
    _queue_mail(fresh, by, is_reminder=True)
    _record(events.INFORMATION_CHASED, fresh, by, times=fresh.times_chased)
    if fresh.times_chased == LATE_FOR_A_TASK:
        _make_task(fresh, by, today)
    return True


def send_request_mail(*, mail_row: RequestMail) -> bool:
    """Sends one queued mail, in the worker's transaction. False when nobody is to be asked any more."""
    request = locked_request(mail_row.request)
    if not request.is_open or why_nobody_is_asked(request.referral, request.person):
        return False
    token = new_token()
    expires_at = timezone.now() + timedelta(days=settings.RJ_REQUEST_LINK_DAYS)
    RequestMail.objects.filter(pk=mail_row.pk).update(token_digest=digest(token), expires_at=expires_at)
    link = reverse("referrals:answer-link", args=[token])
    mail.send(request.recipient_email, SUBJECT, BODY, link=link, message_id=mail_row.pk)
    return True


def link_by_secret(secret: str) -> UUID:
    """The id of a link that still works. Raises StaleState (410) for any other. Needs no scope."""
    return _working_link(token_digest=digest(secret)).pk


def request_by_link(link_id: str, *, page: str) -> InformationRequest:
    """What the recipient is about to read. The read goes into the access log. Raises StaleState when the link has ended."""
    link, public = _working_link(pk=link_id), system_user("public")
    with acting_as(public, areas=[link.service_area_id]):
        request = InformationRequest.objects.select_related("person", "referral__incident", "service_area").get(
            pk=link.request_id
        )
        if why_nobody_is_asked(request.referral, request.person):
            raise StaleState(LINK_ENDED, code="ended")
        record_access("view", by=public, on=request, page=page, people=[request.person_id])
    return request


def answer_by_link(
    *, link_id: str, given_by: str, answer: str, today: date, refused_reason: str = ""
) -> InformationRequest:
    """The agency's own answer or refusal, once. Acts as the public user by itself."""
    link, public = _working_link(pk=link_id), system_user("public")
    with acting_as(public, areas=[link.service_area_id]), suppress(InformationRequest.DoesNotExist):
        fresh = locked_request(link.request)
        _working_link(pk=link_id)  # whoever waited for the lock may find the link used
        if why_nobody_is_asked(fresh.referral, fresh.person):
            raise StaleState(LINK_ENDED, code="ended")
        return _answer(fresh, given_by, answer, refused_reason, public, today)
    # It went to another area while we waited for the lock, and the link with it.
    given = {"given_by": given_by, "answer": answer, "refused_reason": refused_reason}
    return answer_by_link(link_id=link_id, today=today, **given)


def _working_link(**which) -> RequestMail:
    working = RequestMail._base_manager.filter(expires_at__gt=timezone.now(), request__status=RequestStatus.ASKED)
    found = working.exclude(token_digest=None).select_related("request").filter(**which).first()
    if found is None:
        raise StaleState(LINK_ENDED, code="ended")
    return found


def _answer(
    request: InformationRequest, given_by: str, answer: str, refused_reason: str, by: User, today: date
) -> InformationRequest:
    if refused_reason and refused_reason not in RefusedReason.values:
        raise DomainError("Choose why it cannot be given", field="refused_reason")
    if not refused_reason and not answer.strip():
        raise DomainError("Enter the answer", field="answer")
    status = RequestStatus.REFUSED if refused_reason else RequestStatus.ANSWERED
    given = {"answer": answer.strip() or None, "answered_by_name": given_by.strip() or None}
    end_request(request, status, by=by, today=today, refused_reason=refused_reason, **given)
    if by.is_system:
        notify(
            coordinators_of(request.referral),
            "request_answered",
            on=request.referral,
            url=reverse("referrals:request", args=[request.referral_id, request.pk]),
        )
    return request


def _open_for(request: InformationRequest, by: User) -> InformationRequest:
    fresh = locked_request(request)
    require(policy.can_manage(by, fresh.referral), MANAGERS)
    require_request_move(fresh, RequestStatus.NOT_NEEDED)
    return fresh


def _queue_mail(request: InformationRequest, by: User, *, is_reminder: bool = False) -> None:
    RequestMail.objects.enqueue(
        service_area_id=request.service_area_id, request=request, is_reminder=is_reminder, asked_by_id=by.pk
    )


def _make_task(request: InformationRequest, by: User, today: date) -> None:
    referral = request.referral
    Task.objects.create(
        service_area_id=request.service_area_id,
        referral=referral,
        kind=Task.Kind.LATE_REQUEST,
        side=request.side,
        due_on=today,
        assigned_to=referral.taken_by,
        created_by=by,
    )
    notify(coordinators_of(referral), "request_late", on=referral)


def _record(verb: str, request: InformationRequest, by: User, **detail) -> None:
    detail = {"request": str(request.pk), "agency": request.recipient_kind, **detail}
    record(verb, by=by, on=request.referral, detail=detail, people=[request.person_id])


def _require_sound(
    recipient: Recipient, asked_for: Sequence[str], words: str, due_on: date | None, today: date
) -> None:
    if recipient.kind not in RecipientKind.values:
        raise DomainError("Choose whom you ask")
    for value, field, what in (
        (recipient.organisation, "organisation", "agency"),
        (recipient.name, "name", "name of whom you ask"),
        (recipient.email, "email", "email address of whom you ask"),
        (words, "words", "words of the request"),
    ):
        if not value.strip():
            raise DomainError(f"Enter the {what}", field=field)
    _require_asked_for(asked_for)
    if due_on is not None and due_on <= today:
        raise DomainError("The day to answer by must be after today", field="due_on")
    if due_on is not None and due_on > today + LONGEST_WAIT:
        raise DomainError(f"The day to answer by must be within {LONGEST_WAIT.days} days", field="due_on")


def _require_asked_for(asked_for: Sequence[str]) -> None:
    if not set(asked_for) or not set(asked_for) <= set(AskedFor.values):
        raise DomainError("Choose what you ask for", field="asked_for")


def _codes(asked_for: Sequence[str]) -> str:
    return " ".join(code for code in AskedFor.values if code in asked_for)


def _require_nothing_given_away(words: str, referral: Referral, person: Person) -> None:
    """The other side is not named, and how anybody is reached is not told. The agency knows whom it is asked about."""
    found = given_away(words, referral, sent={"name": person.name})
    if found:
        raise DomainError(f"The words tell {' or '.join(found)}. Take that out", field="words")
