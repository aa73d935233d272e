"""A signed assessment that something has overtaken: it stays as it was signed, and does not count until it is looked at again."""

from datetime import date, datetime

from django.db import transaction

from cases import events, policy
from cases.actions.locking import again, locked_open, record_on, require, restage
from cases.actions.stopping import stop_interventions
from cases.choices import ReopenedBecause
from cases.models import Assessment, Case, Reopening
from referrals.models import Person
from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import User

WHO_ASKS = "Only a service manager or the supervisor of the case can ask for this."


@transaction.atomic
def reopen_assessment(*, assessment: Assessment, words: str, by: User, today: date) -> Reopening:
    """A manager's word: the risk is to be looked at again. What is arranged is postponed."""
    case = locked_open(assessment.case, by, today)
    require(policy.can_reopen_assessment(by, case), WHO_ASKS)
    fresh = again(assessment)
    if fresh.signed_at is None or fresh.superseded_at is not None:
        raise StaleState("Only a signed assessment that counts can be re-opened.")
    if not words.strip():
        raise DomainError("Say what has to be looked at again", field="words")
    if Reopening.objects.standing().filter(assessment=fresh, because=ReopenedBecause.MANAGER).exists():
        raise StaleState("A manager has asked for this already. Nothing was done twice.")
    reopening = _reopen(fresh, ReopenedBecause.MANAGER, case, by, today, words.strip())
    stop_interventions(case, "An assessment was re-opened", by, today)
    restage(case, by, today)
    return reopening


def reopen_assessments(
    case: Case, because: str, by: User, today: date, *, of: Person | None = None, since: datetime | None = None
) -> int:
    """The signed ones of a locked case, or those `of` one person. `since`: when it was learnt, where it is acted on later;
    what was signed or re-opened after that knows of it. Whoever calls stops what is arranged. Returns how many."""
    signed = Assessment.objects.standing().filter(case=case).select_related("participant").order_by("pk")
    if of is not None:
        signed = signed.filter(participant__person=of)
    reopened = 0
    for assessment in signed.select_for_update(of=("self",)):
        known = Reopening.objects.filter(assessment=assessment, because=because)
        knows = known.standing().exists() or (
            since is not None and (assessment.signed_at >= since or known.filter(reopened_at__gte=since).exists())
        )
        if not knows:
            _reopen(assessment, because, case, by, today)
            reopened += 1
    return reopened


def _reopen(
    assessment: Assessment, because: str, case: Case, by: User, today: date, words: str | None = None
) -> Reopening:
    reopening = Reopening.objects.create(
        assessment=assessment, because=because, words=words, reopened_on=today, reopened_by=by
    )
    record_on(events.ASSESSMENT_REOPENED, case, by, today, about=assessment.participant, assessment=str(assessment.pk))
    return reopening
