"""A canary in every personal field: a word that stands nowhere else, and whom it is about.

Words go in through the actions where an action takes them; what is left empty is planted afterwards, field by field, from
the classification of the models. `about` reads "<of what> <side> <from whom>": "case harmed sent", "case both staff".
"""

import re
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatch
from functools import singledispatchmethod
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from django.apps import apps
from django.db import models
from django.utils.formats import date_format
from django_scopes import scopes_disabled

from cases.models import Case, Loan, Note, Venue
from referrals.models import (
    Complaint,
    Concern,
    Conditions,
    ConflictOfInterest,
    ImportRow,
    Incident,
    InformationRequest,
    NeedsAssessment,
    OnwardSupport,
    PassedOn,
    Person,
    Provision,
    Referral,
    Task,
    Transfer,
)
from rj_service.accounts.models import Invitation, KeptForm, User
from rj_service.audit.fields import EncryptedText
from rj_service.public_forms.models import UnsentAnswers
from training.models import Cohort, Learner, PackageStep, TrainingPackage
from volunteers.models import Application, CampaignApproval, PeopleMove

# What a referrer wrote themselves or was written to; what only coordination reads. Everything else is the work of a side.
SENT = frozenset(
    "Person.first_name Person.last_name Person.organisation_name Person.date_of_birth Person.date_of_birth_as_given"
    " Person.communication_needs Incident.crime_reference Incident.location Referral.referrer_name"
    " Referral.referrer_email Referral.notes ContactDetails.phone ContactDetails.email ContactDetails.address"
    " ContactDetails.postcode ImportRow.raw SentReferral.words ReferralMessage.words ProposedChange.as_sent".split()
)
STAFF = frozenset(
    "Referral.decision_note Restriction.reason Closure.note Closure.reason InformationRequest.recipient_name"
    " InformationRequest.recipient_email InformationRequest.words InformationRequest.answered_by_name"
    " InformationRequest.answer".split()
)
# Colleagues are called by their names on every page; their addresses are not.
NAMES_OF_COLLEAGUES = frozenset(["User.first_name", "User.last_name"])
# A person has the one or an organisation the other: the world gives both.
NAMES_OF_PEOPLE = ("first_name", "last_name", "organisation_name")
# What a canary may look like in a text: a word, an id, or a day of birth in any of the forms of `DAYS`.
TOKEN = re.compile(
    r"zq[0-9a-f]{8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|\b\d\d? [a-z]{3,9} \d{4}"
)
DAYS = ("j F Y", "Y-m-d", "d/m/Y", "j M Y")
SHORTEST = 10  # a canary
# By these a row hangs on whoever it is about, the nearest first.
OWNERS = (
    "custody interest person participant responsible visit author assessment invitation enrolment learner application"
    " practitioner"
    " referral case"
    " intervention".split()
)


def _is_text(one: models.Field) -> bool:
    text = isinstance(one, models.CharField | models.TextField | models.JSONField | EncryptedText)
    is_code = one.choices or (one.max_length or SHORTEST) < SHORTEST
    return (text and not is_code) or one.name == "date_of_birth"


def classified_models() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model, "classified")]


def personal_fields() -> dict[type[models.Model], list[str]]:
    """Of every model the personal and sensitive fields that hold words, or a day of birth.

    Codes, other dates, numbers and keyed hashes are not of one person alone: no canary can stand in them.
    """
    found = {}
    for model in classified_models():
        names = f"{model.classified.personal} {model.classified.sensitive}".split()
        words = [name for name in names if _is_text(model._meta.get_field(name))]
        words = [name for name in words if f"{model.__name__}.{name}" not in NAMES_OF_COLLEAGUES]
        if words:
            found[model] = words
    return found


@dataclass
class Canaries:
    """`things`: the key of a row -> what the pages call it; `tokens`: a word as it may appear -> whom it is about."""

    things: dict[Any, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)

    def word(self, about: str, what: str) -> str:
        token = f"zq{sha256(f'{about} {what}'.encode()).hexdigest()[:8]}"
        self.tokens[token], self.fields[token] = about, what
        return token

    def birthday(self, about: str) -> date:
        number = int(sha256(about.encode()).hexdigest(), 16)
        day = date(1950 + number % 40, 1 + number % 12, 1 + number % 28)
        for form in DAYS:
            token = date_format(day, form).casefold()
            self.tokens[token], self.fields[token] = about, "Person.date_of_birth"
        return day

    def address(self, email: str, about: str) -> None:
        self.tokens[email], self.fields[email] = about, "email"
        self.addresses.add(email)

    def known_by(self, key: Any, about: str) -> None:
        """An id tells that there is such a thing: no select, hidden field or link offers it to whoever may not see it."""
        self.tokens[str(key)], self.fields[str(key)] = about, "the id"

    def plant(self) -> None:
        """A word in every personal field of every row that an action left without one."""
        with scopes_disabled():
            for model, names in personal_fields().items():
                for row in model._base_manager.all():
                    self._plant(row, names)

    def _plant(self, row: models.Model, names: list[str]) -> None:
        thing = self.whose(row)
        if not thing or (isinstance(row, Learner) and row.user_id):
            return
        given = {
            name: self._value(f"{type(row).__name__}.{name}", thing, name)
            for name in names
            if not self._has(row, name) and not (isinstance(row, Person) and name in NAMES_OF_PEOPLE)
        }
        if given:
            type(row)._base_manager.filter(pk=row.pk).update(**given)

    def _has(self, row: models.Model, name: str) -> bool:
        return bool(self.within(str(getattr(row, name) or "")))

    def _value(self, what: str, thing: str, name: str) -> Any:
        about = f"{thing} {kind_of(what)}"
        if name == "date_of_birth":
            return self.birthday(about)
        word = self.word(about, what)
        if name == "answers":
            return {"why": word}
        return f"{word}@example.org" if name == "email" else word

    def within(self, text: str) -> set[str]:
        """Also where the text is part of an address."""
        folded = text.casefold()
        found = set(TOKEN.findall(folded))
        if "%" in folded or "+" in folded:
            found.update(TOKEN.findall(unquote_plus(folded)))
        return found & self.tokens.keys() | {address for address in self.addresses if address in folded}

    def astray(self, text: str, may_know: list[str]) -> list[str]:
        """The canaries of a text that whoever reads it may not know, in words."""
        return [
            f"{self.fields[token]} of {self.tokens[token]}"
            for token in self.within(text)
            if not any(fnmatch(self.tokens[token], pattern) for pattern in may_know)
        ]

    @singledispatchmethod
    def whose(self, row: models.Model) -> str:
        """'case harmed': what the row is about; empty where it stands outside the world."""
        for name in OWNERS:
            owner = getattr(row, name, None)
            if owner is not None:
                return self.whose(owner)
        return self.things.get(row.pk, "")

    @whose.register
    def _(self, row: Person) -> str:
        return self.things.get(row.pk, "")

    @whose.register
    def _(self, row: Referral) -> str:
        return f"{self.things[row.pk]} both" if row.pk in self.things else ""

    @whose.register
    def _(self, row: Case) -> str:
        return self.whose(row.referral)

    @whose.register
    def _(self, row: Incident) -> str:
        return self.whose(row.referrals.first())

    @whose.register
    def _(self, row: InformationRequest) -> str:
        """Coordination's alone: whoever works on the side that it is about does not read it."""
        return self.whose(row.referral)

    @whose.register
    def _(self, row: NeedsAssessment | OnwardSupport) -> str:
        """Coordination's: whoever visits reads the communication needs of their side, and no more."""
        return f"{self.whose(row.referral)} needs" if self.whose(row.referral) else ""

    @whose.register
    def _(self, row: Conditions) -> str:
        """For fewer still."""
        thing = self.whose(row.person)
        return f"{thing.rpartition(' ')[0]} both conditions" if thing else ""

    @whose.register
    def _(self, row: Task) -> str:
        """Whoever has it works with its side; of one without a side they work with both."""
        side = row.side if row.side in ("harmed", "responsible") else "both"
        return self.whose(row.referral).replace("both", side)

    @whose.register
    def _(self, row: Concern | PassedOn) -> str:
        """The managers' alone, whatever it is about."""
        return "concern both"

    @whose.register
    def _(self, row: Note) -> str:
        """A draft or signed, never both: the world writes one of each itself."""
        return ""

    @whose.register
    def _(self, row: Provision | Venue) -> str:
        return "directory both"

    @whose.register
    def _(self, row: Transfer | Loan) -> str:
        return "between both"

    @whose.register
    def _(self, row: Complaint) -> str:
        return "complaint both"

    @whose.register
    def _(self, row: Learner) -> str:
        """Whoever moved in from a file is a practitioner without an account."""
        if row.user:
            return f"practitioner {row.user.first_name.lower()}"
        return "practitioner moved" if hasattr(row, "practitioner") else "learner"

    @whose.register
    def _(self, row: Cohort | PackageStep | TrainingPackage) -> str:
        """Who teaches, and whom of a provider somebody deals with: the world writes them itself."""
        return ""

    @whose.register
    def _(self, row: Application) -> str:
        return self.things.get(row.pk, "")

    @whose.register
    def _(self, row: PeopleMove) -> str:
        """Written by the world itself: its rows are JSON."""
        return ""

    @whose.register
    def _(self, row: CampaignApproval) -> str:
        return "campaign"

    @whose.register
    def _(self, row: UnsentAnswers) -> str:
        return "unsent nobody"

    @whose.register
    def _(self, row: ImportRow) -> str:
        return "import both"

    @whose.register
    def _(self, row: User) -> str:
        return "" if row.is_system else f"account {self.things.get(row.pk, 'nobody')}"

    @whose.register
    def _(self, row: Invitation) -> str:
        return "account here invited"

    @whose.register
    def _(self, row: KeptForm) -> str:
        return f"kept {self.things[row.user_id]}"

    @whose.register
    def _(self, row: ConflictOfInterest) -> str:
        return "conflict nobody"


def kind_of(what: str) -> str:
    return "sent" if what in SENT else "staff" if what in STAFF else "work"
