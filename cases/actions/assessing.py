"""Able, willing and suitable: item by item, signed by a trained and vetted practitioner."""

from collections.abc import Mapping
from datetime import date

from cases.models import Assessment, Participant
from rj_service.accounts.models import User


def start_assessment(*, participant: Participant, by: User, today: date) -> Assessment:
    """The draft of a main participant; starting again gives the draft that is there. A signed one stays in force meanwhile."""
    raise NotImplementedError


def save_items(*, assessment: Assessment, items: Mapping[str, tuple[str, str]], by: User, today: date) -> Assessment:
    """`items`: AssessmentItemKind -> (Concern, words). Saves those given, keeps the others. Signed ones cannot change."""
    raise NotImplementedError


def possible_outcomes(assessment: Assessment) -> dict[str, str]:
    """AssessmentOutcome -> '' where the items allow it, else the sentence that says why it is not there."""
    raise NotImplementedError


def sign_assessment(
    *,
    assessment: Assessment,
    outcome: str,
    able: bool,
    willing: bool,
    suitable: bool,
    by: User,
    today: date,
    has_met_person: bool,
    conditions: str = "",
    summary: str = "",
) -> Assessment:
    """Only by a trained, vetted practitioner whose user is `by`. Supersedes the one signed before; good for
    RJ_ASSESSMENT_DAYS (90). 'Suitable' is impossible while an item is not mitigated or not known."""
    raise NotImplementedError


def reconfirm_assessment(*, assessment: Assessment, by: User, today: date) -> Assessment:
    """Nothing has changed since it was signed: good for another RJ_ASSESSMENT_DAYS. The same people may as may sign."""
    raise NotImplementedError


def supersede_assessment(*, assessment: Assessment, by: User, today: date) -> Assessment:
    """A new incident or a changed risk: it no longer counts, what is arranged is postponed. Start a new one."""
    raise NotImplementedError


def mark_conditions_met(*, assessment: Assessment, met_on: date, by: User, today: date) -> Assessment:
    """For 'suitable with conditions': every condition is met, so it permits what 'suitable' permits."""
    raise NotImplementedError
