"""Who was consulted where there was domestic abuse, and whose wish it is (domain 2.16.4)."""

from datetime import date

from django.db import transaction

from cases import events, policy
from cases.actions.locking import NOT_YOUR_SIDE, locked_open, record_on, require, require_since_received, restage
from cases.actions.stopping import stop_what_the_gate_forbids
from cases.choices import AbuseCheckKind, ParticipantRole
from cases.models import AbuseCheck, Participant
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User


@transaction.atomic
def record_abuse_check(
    *,
    participant: Participant,
    kind: str,
    done_on: date,
    done_by: str,
    wish_is_their_own: bool,
    pressure_words: str,
    by: User,
    today: date,
    words: str = "",
) -> AbuseCheck:
    """With domestic abuse, before anybody of the other side is approached: who was consulted (`AbuseCheckKind`), and what
    was asked to learn whether the wish is the person's own. It never refuses the person (seed 003 paragraph 4.1)."""
    case = locked_open(participant.case, by, today)
    require(policy.can_assess(by, case, participant.side, today), NOT_YOUR_SIDE)
    if participant.role != ParticipantRole.PERSON_HARMED:
        raise DomainError("This is asked of whoever was harmed")
    if kind not in AbuseCheckKind.values:
        raise DomainError("Choose who was consulted", field="kind")
    if done_on > today:
        raise DomainError("The day must be today or in the past", field="done_on")
    require_since_received(case, done_on, "done_on")
    if not done_by.strip():
        raise DomainError("Enter who it was", field="done_by")
    if not pressure_words.strip():
        raise DomainError("Say what you asked about pressure, and what they said", field="pressure_words")
    check = AbuseCheck.objects.create(
        participant=participant,
        kind=kind,
        done_on=done_on,
        done_by=done_by.strip(),
        words=words.strip(),
        wish_is_their_own=wish_is_their_own,
        pressure_words=pressure_words.strip(),
        recorded_by=by,
    )
    record_on(events.ABUSE_CHECKED, case, by, today, about=participant, kind=kind)
    if not wish_is_their_own:
        stop_what_the_gate_forbids(case, "The wish was found not to be their own", by, today)
        restage(case, by, today)
    return check
