"""Nothing is stored of who does not finish, and programs are slowed."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from rj_service.accounts.errors import DomainError, StaleState
from rj_service.audit.fields import lookup_key
from rj_service.public_forms.models import PublicTry, UnsentAnswers
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


def take_answers(key: uuid.UUID | None) -> None:
    """Whoever sends them takes them away, once. Raises StaleState when another window has sent them."""
    if not _still_kept(key).delete()[0]:
        raise StaleState("This was sent already, or its time is over.")


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
def count_try(form: str, kind: str, network: str) -> None:
    """Raises TooManyTries, with the time from which it works again, past the limits of this network or of everybody."""
    key = lookup_key("network", network)
    lately = PublicTry.objects.filter(form=form, kind=kind, tried_at__gte=Now() - WINDOW)
    own_limit, limit = settings.RJ_PUBLIC_TRIES[kind]
    for tries, most in ((lately.filter(network=key), own_limit), (lately, limit)):
        newest = list(tries.order_by("-tried_at").values_list("tried_at", flat=True)[:most])
        if len(newest) >= most:
            raise TooManyTries(newest[-1] + WINDOW)
    PublicTry.objects.create(form=form, kind=kind, network=key)
