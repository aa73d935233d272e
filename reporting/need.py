"""One thing that needs somebody today."""

from dataclasses import dataclass

SHOWN = 5  # of one kind


@dataclass(frozen=True)
class Need:
    """One line of "Needs you today". `address` is a URL name with the id it takes."""

    state: str
    state_words: str
    title: str
    words: str
    button: str
    address: tuple
    reference: str = ""
    query: str = ""
