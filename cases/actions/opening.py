"""A referral becomes a case; who is in it, on which side."""

from datetime import date

from cases.models import Case, Participant
from referrals.models import Person, Referral
from rj_service.accounts.models import User


def accept_referral(*, referral: Referral, by: User, today: date, seen: str | None = None) -> Case:
    """Open the case of a referral: its people become participants on their sides; consents, bars and flags stay with them.

    Two coordinators at once make one case: the second gets StaleState, 'R Santos accepted this referral at 10:42am.
    Nothing was done twice.' `seen` is the status that the decision was taken on.
    """
    raise NotImplementedError


def add_participant(*, case: Case, person: Person, role: str, side: str, by: User, today: date) -> Participant:
    """`role` of ParticipantRole, `side` of Side. A person is in a case once; somebody who had left comes back."""
    raise NotImplementedError


def add_new_participant(
    *,
    case: Case,
    role: str,
    side: str,
    by: User,
    today: date,
    first_name: str = "",
    last_name: str = "",
    organisation_name: str = "",
) -> Participant:
    """Somebody not known yet, such as a supporter or an interpreter."""
    raise NotImplementedError


def identify_person_responsible(
    *,
    case: Case,
    by: User,
    today: date,
    person: Person | None = None,
    first_name: str = "",
    last_name: str = "",
) -> Participant:
    """The person responsible was not known when the case was opened: a person already here, or a new one by name."""
    raise NotImplementedError


def participant_leaves(*, participant: Participant, by: User, today: date) -> Participant:
    """They no longer take part; what was recorded stays. Stops what was arranged when it was a main participant."""
    raise NotImplementedError
