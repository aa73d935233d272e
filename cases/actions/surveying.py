"""How it went, asked of both sides. A link works once; its secret is never stored."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases import events, policy
from cases.actions.locking import again, locked, record_on, require
from cases.actions.opening import COORDINATORS
from cases.choices import Satisfaction
from cases.models import Participant, SurveyInvitation, SurveyResponse
from cases.stages import MAIN_ROLES
from referrals.actions import why_not_reached
from referrals.choices import Approach, Channel, ConsentPurpose
from referrals.models import Consent
from referrals.policy import missing_agreement
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.tokens import digest, digest_kept, kept_of, new_token
from rj_service.notifications.actions import notify
from rj_service.ui.dates import moment_of

ENDED = "This link has been used or has ended. Ask for a new one."


@transaction.atomic
def invite_to_survey(
    *, participant: Participant, channel: str, by: User, today: date, interval: str = SurveyInvitation.Interval.AFTER
) -> tuple[SurveyInvitation, str]:
    """The invitation and the secret of its one-use link, given once: only its SHA-256 is stored. Needs the person's
    agreement to be asked, by this `channel`, and that it is safe; nobody who died or withdrew is asked. A supporter's answer
    would count as that of the side they stand on."""
    case = locked(participant.case, by, today)
    require(policy.can_survey(by, case), COORDINATORS)
    if participant.role not in MAIN_ROLES:
        raise DomainError("Only the person harmed and the person responsible are asked how it went")
    if interval not in SurveyInvitation.Interval.values:
        raise DomainError("Choose when this is asked", field="interval")
    if channel not in Channel.values:
        raise DomainError("Choose how they are asked", field="channel")
    if block := survey_blocks(participant, today)[channel]:
        raise DomainError(block, field="channel")
    secret = new_token()
    invitation = SurveyInvitation.objects.create(
        case=case,
        participant=participant,
        side=participant.side,
        interval=interval,
        channel=channel,
        token_digest=digest(secret),
        asked_on=today,
        expires_at=moment_of(today) + timedelta(days=settings.RJ_SURVEY_LINK_DAYS),
        asked_by=by,
    )
    record_on(events.SURVEY_ASKED, case, by, today, about=participant, invitation=str(invitation.pk))
    return invitation, secret


def survey_blocks(participant: Participant, today: date) -> dict[str, str]:
    """Channel -> why they may not be asked that way now, or ''."""
    found = why_not_reached(
        person=participant.person,
        referral=participant.case.referral,
        side=participant.side,
        purpose=ConsentPurpose.SURVEY,
        today=today,
    )
    return {channel: next(iter(blocks), "") for channel, blocks in found.items()}


def survey_link_by_secret(secret: str) -> str:
    """What the session keeps of a link that still works. Raises StaleState (410) for any other."""
    link = kept_of(secret)
    invitation_by_link(link)
    return link


def invitation_by_link(link: str) -> SurveyInvitation:
    """For the page that shows the questions; `link` as `survey_link_by_secret` gave it, looked at anew each time. Raises StaleState
    (410) once it has ended, and where the person has died or takes back that they are asked. Needs no scope; what follows runs in
    `acting_as(system_user('public'), areas=[invitation.case.service_area_id])`."""
    found = (
        SurveyInvitation._base_manager.select_related("case")
        .filter(token_digest=digest_kept(link), expires_at__gt=timezone.now())
        .first()
    )
    if found is None:
        raise StaleState(ENDED, code="ended")
    with acting_as(system_user("public"), areas=[found.case.service_area_id]):
        if not _may_still_answer(found):
            raise StaleState(ENDED, code="ended")
    return found


def answer_survey_by_link(
    *, link: str, overall: str, today: date, answers: Mapping[str, str] | None = None, words: str = ""
) -> SurveyResponse:
    """The person's own answers, once. Acts as the public user by itself."""
    invitation = invitation_by_link(link)
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
    if by.is_system and not _may_still_answer(fresh):
        raise StaleState(ENDED, code="ended")
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


def _may_still_answer(invitation: SurveyInvitation) -> bool:
    """They open it themselves, so no channel is asked about; what they no longer agree to, or death, ends it."""
    participant = Participant.objects.select_related("person").get(pk=invitation.participant_id)
    person = participant.person
    given = list(Consent.objects.filter(person=person, referral__case=invitation.case_id))
    missing = missing_agreement(given, ConsentPurpose.SURVEY, invitation.channel)
    return person.died_on is None and person.approach != Approach.NEVER and not missing
