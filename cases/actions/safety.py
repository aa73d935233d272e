"""Consent, bars, flags and death of people in a case. What forbids something stops what was arranged in the same moment."""

from datetime import date

from cases.models import Case, Participant
from referrals.models import Consent, LegalBar, SensitiveFlag
from rj_service.accounts.models import User


def record_consent(
    *, participant: Participant, purpose: str, method: str, given_on: date, by: User, today: date, informed: bool = True
) -> Consent:
    """One agreement for one purpose (`ConsentPurpose`). To take part counts at the gate only in writing (RJC code C)."""
    raise NotImplementedError


def withdraw_consent(*, participant: Participant, by: User, today: date, purpose: str | None = None) -> int:
    """Without `purpose`, or for contact, everything the person agreed to here ends. Arranged interventions are postponed
    and their facilitators told in the same transaction. Returns how many agreements ended."""
    raise NotImplementedError


def record_legal_bar(
    *,
    participant: Participant,
    kind: str,
    authority: str,
    starts_on: date,
    by: User,
    today: date,
    ends_on: date | None = None,
    words: str = "",
) -> LegalBar:
    """A hard stop that the person harmed cannot waive (domain 2.16.3). Postpones what is arranged."""
    raise NotImplementedError


def record_permission(
    *, case: Case, bar: LegalBar, authority: str, permitted_on: date, by: User, today: date
) -> LegalBar:
    """The written permission of the authority that set the bar: the only thing that lifts it before its end."""
    raise NotImplementedError


def raise_flag(*, case: Case, kind: str, by: User, today: date, words: str = "") -> SensitiveFlag:
    """A late flag suspends everything at once (domain 2.16.4) and asks for a new sign-off."""
    raise NotImplementedError


def record_death(*, participant: Participant, died_on: date, by: User, today: date) -> None:
    """Stops every meeting, letter, survey and call about the person (domain 2.16.15)."""
    raise NotImplementedError
