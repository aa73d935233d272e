"""Somebody refers themselves on the public pages. Nothing is stored of who does not finish; nothing answers whom we know."""

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from referrals import policy
from referrals.actions.receive import NewReferral, receive_referral
from referrals.actions.telling import coordinators_of
from referrals.choices import Channel, ConsentPurpose, InitiatedBy
from referrals.models import (
    Acknowledgement,
    Consent,
    ContactDetails,
    PublicTry,
    Referral,
    SafeContact,
    UnsentAnswers,
)
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import ServiceArea
from rj_service.audit.fields import lookup_key
from rj_service.notifications.actions import notify
from rj_service.ui.steps import Answers

WINDOW = timedelta(hours=1)


class TooManyTries(DomainError):
    def __init__(self, again_at: datetime):
        super().__init__("Too many tries")
        self.again_at = again_at


def unsent_answers(key: uuid.UUID | None) -> Answers | None:
    """What this session typed. Looking at it keeps it for another half hour; None when there is nothing any more."""
    row = _still_kept(key).first()
    if row is None:
        return None
    UnsentAnswers.objects.filter(pk=row.pk).update(kept_at=Now())
    return json.loads(row.content)


@transaction.atomic
def keep_answer(key: uuid.UUID | None, step: str, typed: Mapping[str, list[str]]) -> uuid.UUID:
    """Beside what the other windows of this session typed. Without a key, or when the time is over, it begins anew."""
    row = _still_kept(key).select_for_update().first() or UnsentAnswers(content="{}")
    row.content = json.dumps({**json.loads(row.content), step: typed}, ensure_ascii=False)
    row.kept_at = timezone.now()
    row.save()
    return row.pk


def forget_answers(key: uuid.UUID | None) -> None:
    if key is not None:
        UnsentAnswers.objects.filter(pk=key).delete()


def forget_old_answers() -> int:
    """What nobody sent in time, and tries that count no more. Returns how many answers went."""
    PublicTry.objects.filter(tried_at__lt=Now() - WINDOW).delete()
    return UnsentAnswers.objects.filter(kept_at__lt=Now() - kept_for()).delete()[0]


def kept_for() -> timedelta:
    return timedelta(minutes=settings.RJ_UNSENT_MINUTES)


def _still_kept(key: uuid.UUID | None) -> QuerySet[UnsentAnswers]:
    if key is None:
        return UnsentAnswers.objects.none()
    return UnsentAnswers.objects.filter(pk=key, kept_at__gte=Now() - kept_for())


@transaction.atomic
def count_try(kind: str, network: str) -> None:
    """Raises TooManyTries, with the time from which it works again, past the limits of this network or of everybody."""
    key = lookup_key("network", network)
    lately = PublicTry.objects.filter(kind=kind, tried_at__gte=Now() - WINDOW)
    own_limit, limit = settings.RJ_PUBLIC_TRIES[kind]
    for tries, most in ((lately.filter(network=key), own_limit), (lately, limit)):
        newest = list(tries.order_by("-tried_at").values_list("tried_at", flat=True)[:most])
        if len(newest) >= most:
            raise TooManyTries(newest[-1] + WINDOW)
    PublicTry.objects.create(kind=kind, network=key)


def send_self_referral(
    *, key: uuid.UUID | None, area: ServiceArea, new: NewReferral, acknowledge: bool, today: date
) -> Referral:
    """Takes what the session kept and makes the referral of it, unverified. Acts as the public user by itself.

    Raises StaleState when another window has sent it. Whoever is named in it may be known here or not: the answer and
    what is told to whoever sent it are the same.
    """
    public = system_user("public")
    with acting_as(public, areas=[area]):
        if not _still_kept(key).delete()[0]:
            raise StaleState("This was sent already, or its time is over.")
        referral = receive_referral(area=area, new=new, by=public, today=today)
        if acknowledge:
            Acknowledgement.objects.enqueue(service_area=area, referral=referral, asked_by_id=public.pk)
        notify(coordinators_of(referral), "referral_received", on=referral)
        return referral


def address_to_acknowledge(acknowledgement: Acknowledgement) -> str:
    """The email address to write to, or nothing when it may no longer be used: asked at the moment of sending."""
    referral = acknowledgement.referral
    person = referral.person_responsible if referral.initiated_by == InitiatedBy.OFFENDER else referral.person_harmed
    if person is None:
        return ""
    given = list(Consent.objects.filter(person=person, referral=referral))
    blocks = policy.contact_blocks(
        person,
        Channel.EMAIL,
        safe=SafeContact.objects.filter(person=person).first(),
        missing=policy.missing_agreement(given, ConsentPurpose.CONTACT, Channel.EMAIL),
        bars=[],  # a bar forbids contact with the other side; this is the service's answer to whoever wrote
    )
    details = ContactDetails.objects.filter(person=person).first()
    return "" if blocks or details is None else details.email or ""
