"""What is done by the clock in every area: each thing in a transaction of its own, so that one which fails holds up no other."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.models import ServiceArea, User

logger = logging.getLogger(__name__)
Due = TypeVar("Due")


def in_every_area(due: Callable[[ServiceArea], Iterable[Due]], act: Callable[[Due, User], object]) -> None:
    """`due` says what is to be done in an area, `act` does one of it. What fails is logged by its kind of fault (its words
    could quote somebody) and is due again at the next round."""
    by = system_user("scheduler")
    for area in ServiceArea.objects.all():
        found: list[Due] = []
        with _going_on(due), acting_as(by, areas=[area]):
            found = list(due(area))
        for one in found:
            with _going_on(act), acting_as(by, areas=[area]):
                act(one, by)


@contextmanager
def _going_on(function: Callable) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        logger.error("%s failed (%s): the round goes on", function.__qualname__, type(error).__name__)
        if isinstance(error, (InterfaceError, OperationalError)):
            connection.close_if_unusable_or_obsolete()  # a server that was away is asked anew for the next
