"""What every stored field is: personal, sensitive or neither; how long it is kept; whether a subject access file shows it.

A model says it in one class attribute, `classified = Classified(...)`, with field names separated by spaces.
`tests/test_catalogue.py` fails on a field that is not named exactly once.
"""

from dataclasses import dataclass
from functools import cached_property

RETENTION_CLASSES = {
    "case": "Referral, case and everything about the people in it",
    "practitioner": "Practitioners and volunteers: checks, availability, hours",
    "training": "Learners, cohorts and awards",
    "account": "Accounts of staff and volunteers",
    "audit": "Audit trail and access log",
    "figures": "Figures without any person",
    "reference": "Areas, organisations and lists",
    "queue": "Work in progress, removed once done",
}


@dataclass(frozen=True)
class Classified:
    retention: str
    personal: str = ""
    sensitive: str = ""
    neither: str = ""
    not_in_subject_access: str = ""

    def __post_init__(self):
        if self.retention not in RETENTION_CLASSES:
            raise ValueError(f"{self.retention} is not a retention class")

    @cached_property
    def fields(self) -> tuple[str, ...]:
        return tuple(f"{self.personal} {self.sensitive} {self.neither}".split())

    @property
    def about_people(self) -> bool:
        return bool(self.personal or self.sensitive)
