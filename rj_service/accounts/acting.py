"""`acting_as`: the one door to personal data. It opens the transaction, the scope and the history context together."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django_scopes import scope

from rj_service.accounts.models import Acting, Membership, User

SYSTEM_USERS = {
    "import": uuid.UUID("00000000-0000-4000-8000-000000000001"),
    "scheduler": uuid.UUID("00000000-0000-4000-8000-000000000002"),
    "public": uuid.UUID("00000000-0000-4000-8000-000000000003"),
    "demo": uuid.UUID("00000000-0000-4000-8000-000000000004"),
    "operator": uuid.UUID("00000000-0000-4000-8000-000000000005"),  # management commands at the machine itself
}


def system_user(name: str) -> User:
    """The import, the scheduler, the public forms or the demo: a user that cannot sign in."""
    user, _ = User.objects.get_or_create(
        pk=SYSTEM_USERS[name],
        defaults={
            "email": f"{name}@system.invalid",
            "kind": User.Kind.SYSTEM,
            "first_name": "",
            "last_name": "",
            "password": "!",
            "is_active": False,
        },
    )
    return user


def membership_of(user: User) -> Membership:
    """The one that the user works under now. Raises Membership.DoesNotExist for who works under none."""
    key = user.acting.membership_id if user.acting else None
    if key is None:
        raise Membership.DoesNotExist
    return Membership.objects.get(pk=key)


def choose_membership(user: User, membership_id=None) -> Acting | None:
    """The chosen current membership, else the first; None when the person has none today."""
    chosen = pick(list(user.current_memberships()), membership_id)
    return chosen.as_acting() if chosen else None


def pick(memberships: list[Membership], membership_id=None) -> Membership | None:
    return next((m for m in memberships if str(m.pk) == str(membership_id)), None) or next(iter(memberships), None)


def in_any_role(user: User, area_id: uuid.UUID, may: Callable[[User], bool]) -> bool:
    """What somebody else may see in an area, in whichever of their roles there. Nothing is done or logged in their name."""
    previous = user.acting
    memberships = user.current_memberships().filter(service_area=area_id) if user.is_active else ()
    try:
        for membership in memberships:
            user.acting = membership.as_acting()
            if may(user):
                return True
        return False
    finally:
        user.acting = previous


@contextmanager
def acting_as(
    user: User, *, areas: Iterable | None = None, durable: bool = False, one_snapshot: bool = False
) -> Iterator[User]:
    """Act as a user. Scoped models raise outside it. With `one_snapshot`, all that is read is of one moment, however long
    it takes; within a transaction that has begun to read already, its isolation stays as it is.

    A person acts in the area of the membership they work under (`user.acting`, else their first);
    a system user names its areas. A data protection officer without an area sees every area's audit, no casework.
    """
    previous = user.acting
    if not user.is_system and user.acting is None:
        user.acting = choose_membership(user)
    area_ids = _area_ids(user, areas)
    is_outermost = not connection.in_atomic_block
    try:
        with transaction.atomic(durable=durable), scope(area=area_ids):
            if one_snapshot and is_outermost:
                _take_snapshot()
            before = _history_context(json.dumps({"user": str(user.pk), "role": user.acting_role}))
            yield user
            # set_config outlives the block inside an outer transaction.
            _history_context(before)
    finally:
        user.acting = previous


def _area_ids(user: User, areas: Iterable | None) -> list[uuid.UUID]:
    if areas is not None:
        return [area if isinstance(area, uuid.UUID) else area.pk for area in areas]
    if user.is_system:
        raise ValueError("a system user names the areas it acts in")
    if user.acting is None or user.acting.service_area_id is None:
        return []
    return [user.acting.service_area_id]


def _take_snapshot() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")


def _history_context(value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('pghistory.context_metadata', true), ''),"
            " set_config('pghistory.context_metadata', %s, true)",
            [value],
        )
        return cursor.fetchone()[0]
