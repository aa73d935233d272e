"""Hints to the workers. A hint to an absent or hung broker never delays a request: short timeouts and a breaker."""

import logging
import time

from rj_service.jobs import registry

logger = logging.getLogger(__name__)
BREAKER_SECONDS = 5.0
_closed_until = 0.0


def send_hint(row) -> None:
    """Tell a worker that the row is due. Never raises: the sweep finds the row in any case."""
    global _closed_until
    if time.monotonic() < _closed_until:
        return
    try:
        registry.kind_of(type(row)).task.apply_async(kwargs={"row_id": str(row.pk)}, retry=False, ignore_result=True)
    except Exception as error:  # kombu raises several kinds, and RuntimeError from a reset pool
        _closed_until = time.monotonic() + BREAKER_SECONDS
        logger.warning("hint not sent (%s): the sweep will find the row", type(error).__name__)
