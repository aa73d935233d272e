"""The Victims' Hub's file as a noun: what it says, row by row, and why a file or a row is not taken.

Nothing here knows the database. Rows stream: 100,000 of them need no more memory than one.
"""

from .columns import COLUMNS, MANDATORY, NO_CONSENT
from .reading import MAX_BYTES, HubFile, RefusedFile, open_hub_file
from .rows import Contact, HubRow, Reader, Warned, parse_row
from .values import date_of, email_of, phone_of, postcode_of, word_of, yes_no

__all__ = [
    "COLUMNS",
    "MANDATORY",
    "MAX_BYTES",
    "NO_CONSENT",
    "Contact",
    "HubFile",
    "HubRow",
    "Reader",
    "RefusedFile",
    "Warned",
    "date_of",
    "email_of",
    "open_hub_file",
    "parse_row",
    "phone_of",
    "postcode_of",
    "word_of",
    "yes_no",
]
