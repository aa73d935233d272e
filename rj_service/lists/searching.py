"""Words that somebody searches for, kept for a day so that no name stands in an address; and people found by their name."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Now

from rj_service.accounts.acting import membership_of
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.lists.models import Search
from rj_service.lists.names import Plain

SHORTEST = 2  # letters or figures
KEPT_FOR = timedelta(days=1)


@transaction.atomic
def keep_search(*, words: str, by: User) -> Search:
    if sum(map(str.isalnum, words)) < SHORTEST and "@" not in words:
        raise DomainError(f"Enter at least {SHORTEST} letters", field="words")
    return Search.objects.create(membership=membership_of(by), words=words.strip())


def kept_search(key: object, user: Any) -> Search | None:
    """Nobody else's, and nothing that was forgotten."""
    return Search.objects.visible_to(user).filter(pk=key).first() if key else None


def forget_old_searches() -> int:
    return Search.objects.filter(searched_at__lt=Now() - KEPT_FOR).delete()[0]


def named(rows: QuerySet, words: str, *, of: str = "") -> QuerySet:
    """Rows whose first or last name holds each of the words; `of` is the way from a row to the person, as "learner__"."""
    rows = rows.annotate(
        plain_name=Concat(Plain(f"{of}first_name"), Value(" ", output_field=TextField()), Plain(f"{of}last_name"))
    )
    parts = [word for word in words.split() if any(map(str.isalnum, word))]
    return rows.filter(*(Q(plain_name__contains=Plain(Value(word))) for word in parts))
