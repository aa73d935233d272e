"""What a service brings from its earlier system, as a noun: the templates, and what a row of each says.

Nothing here knows the database.
"""

from .rows import BAR, CONTACT, RECORDS, SAFETY, STOP, BarRow, ContactRow, Further, MovedRow, RecordRow, StopRow, parse
from .templates import CASES, TEMPLATES, WAITING, Column, Template, is_example

__all__ = [
    "BAR",
    "CASES",
    "CONTACT",
    "RECORDS",
    "SAFETY",
    "STOP",
    "TEMPLATES",
    "WAITING",
    "BarRow",
    "Column",
    "ContactRow",
    "Further",
    "MovedRow",
    "RecordRow",
    "StopRow",
    "Template",
    "is_example",
    "parse",
]
