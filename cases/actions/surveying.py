"""How it went, asked of both sides."""

from collections.abc import Mapping
from datetime import date

from cases.models import Participant, SurveyInvitation, SurveyResponse
from rj_service.accounts.models import User


def invite_to_survey(
    *, participant: Participant, by: User, today: date, interval: str = SurveyInvitation.Interval.AFTER
) -> tuple[SurveyInvitation, str]:
    """The invitation and the secret of its one-use link, given once: only its SHA-256 is stored. Needs the person's consent
    to be asked; nobody who died or withdrew contact is asked."""
    raise NotImplementedError


def invitation_by_secret(secret: str) -> SurveyInvitation:
    """Of a link that still works, for the page that shows the questions. Raises StaleState (410) for any other. Needs no
    scope; what follows runs in `acting_as(system_user('public'), areas=[invitation.case.service_area_id])`."""
    raise NotImplementedError


def answer_survey_by_link(
    *, secret: str, overall: str, today: date, answers: Mapping[str, str] | None = None, words: str = ""
) -> SurveyResponse:
    """The person's own answers, once. Acts as the public user by itself."""
    raise NotImplementedError


def record_survey_answers(
    *,
    invitation: SurveyInvitation,
    overall: str,
    received_on: date,
    by: User,
    today: date,
    answers: Mapping[str, str] | None = None,
    words: str = "",
) -> SurveyResponse:
    """Answers that came on paper or by telephone, entered by staff. `overall` of Satisfaction."""
    raise NotImplementedError
