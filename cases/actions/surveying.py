"""How it went, asked of both sides. A link works once; its secret is never stored."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import again, locked, record_on, require
from cases.actions.opening import COORDINATORS
from cases.choices import Satisfaction
from cases.models import Case, Participant, SurveyInvitation, SurveyResponse
from cases.stages import withdrawn
from referrals.choices import ConsentPurpose
from referrals.models import Consent
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of

ENDED = "This link has been used or has ended. Ask for a new one."


@transaction.atomic
def invite_to_survey(
    *, participant: Participant, by: User, today: date, interval: str = SurveyInvitation.Interval.AFTER
) -> tuple[SurveyInvitation, str]:
    """The invitation and the secret of its one-use link, given once: only its SHA-256 is stored. Needs the person's
    consent to be asked; nobody who died or withdrew is asked."""
    case = locked(participant.case, by, today)
    require(policy.can_survey(by, case), COORDINATORS)
    if interval not in SurveyInvitation.Interval.values:
        raise DomainError("Choose when this is asked", field="interval")
    _require_may_be_asked(case, participant)
    secret = secrets.token_urlsafe(32)
    invitation = SurveyInvitation.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        interval=interval,
        token_digest=_digest(secret),
        asked_on=today,
        expires_at=moment_of(today) + timedelta(days=settings.RJ_SURVEY_LINK_DAYS),
        asked_by=by,
    )
    record_on(events.SURVEY_ASKED, case, by, today, about=participant, invitation=str(invitation.pk))
    return invitation, secret


def invitation_by_secret(secret: str) -> SurveyInvitation:
    """Of a link that still works, for the page that shows the questions. Raises StaleState (410) for any other. Needs no
    scope; what follows runs in `acting_as(system_user('public'), areas=[invitation.case.service_area_id])`."""
    found = (
        SurveyInvitation._base_manager.select_related("case")
        .filter(token_digest=_digest(secret), expires_at__gt=timezone.now())
        .first()
    )
    if found is None:
        raise StaleState(ENDED, code="ended")
    return found


def answer_survey_by_link(
    *, secret: str, overall: str, today: date, answers: Mapping[str, str] | None = None, words: str = ""
) -> SurveyResponse:
    """The person's own answers, once. Acts as the public user by itself."""
    invitation = invitation_by_secret(secret)
    public = system_user("public")
    with acting_as(public, areas=[invitation.case.service_area_id]):
        return _answer(invitation, overall, today, public, today, answers, words)


@transaction.atomic
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
    require(policy.can_survey(by, invitation.case), COORDINATORS)
    if not invitation.asked_on <= received_on <= today:
        raise DomainError("The day the answers came must be between the invitation and today", field="received_on")
    return _answer(invitation, overall, received_on, by, today, answers, words)


def _answer(
    invitation: SurveyInvitation,
    overall: str,
    received_on: date,
    by: User,
    today: date,
    answers: Mapping[str, str] | None,
    words: str,
) -> SurveyResponse:
    if overall not in Satisfaction.values:
        raise DomainError("Choose how satisfied you are, or prefer not to say", field="overall")
    case = locked(invitation.case, by, today)
    fresh = again(invitation)
    if SurveyResponse.objects.filter(invitation=fresh).exists():
        raise StaleState(ENDED, code="ended")
    response = SurveyResponse.objects.create(
        invitation=fresh,
        case=case,
        side=fresh.side,
        overall=overall,
        answers=dict(answers or {}),
        words=words.strip(),
        received_on=received_on,
        entered_by=None if by.is_system else by,
    )
    fresh.token_digest = None
    fresh.save(update_fields=["token_digest"])
    record_on(events.SURVEY_ANSWERED, case, by, today, about=fresh.participant, invitation=str(fresh.pk))
    if by != case.coordinator:
        notify(case.coordinator, "survey_answered", on=case)
    return response


def _require_may_be_asked(case: Case, participant: Participant) -> None:
    person = participant.person
    if person.died_on is not None:
        raise DomainError(f"{person.name} has died. Nobody is asked")
    if person.paused_at is not None:
        raise DomainError(f"{person.name} asked for a pause")
    if (person.pk, ConsentPurpose.CONTACT) in withdrawn(case, [person.pk]):
        raise DomainError(f"{person.name} withdrew their agreement to be contacted")
    agreed = Consent.objects.in_force().filter(person=person, referral=case.referral_id, purpose=ConsentPurpose.SURVEY)
    if not agreed.exists():
        raise DomainError(f"{person.name} has not agreed to be asked how it went")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
