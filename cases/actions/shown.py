"""What a page showed when somebody began to type: whoever is second is told, and writes over nothing unseen."""

import hashlib

from rj_service.accounts.errors import StaleState


class ChangedMeanwhile(StaleState):
    """`mark`: of what stands now, which the refusal shows."""

    def __init__(self, words: str, mark: str, field: str | None = None):
        super().__init__(words, field=field)
        self.mark = mark


def mark_of_values(*values: object) -> str:
    """The same for the same values."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
