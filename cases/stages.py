"""Where a case stands: one pure function of facts that carry no date, so that a stage never moves by itself overnight."""

from dataclasses import dataclass

from cases.choices import AssessmentOutcome, CaseStatus, InterventionStatus, ParticipantRole, Side, Stage
from cases.models import Assessment, Case, Intervention, Participant
from referrals.choices import ConsentPurpose
from referrals.models import Consent
from rj_service.accounts.scoping import row_by_row

MAIN_ROLES = (ParticipantRole.PERSON_HARMED, ParticipantRole.PERSON_RESPONSIBLE)
BOTH_SIDES = (Side.HARMED, Side.RESPONSIBLE)
PERMITTING = frozenset([AssessmentOutcome.SUITABLE, AssessmentOutcome.WITH_CONDITIONS, AssessmentOutcome.INDIRECT_ONLY])
# Taking one of these back stops the case; the others stop what they are about.
STOPPING = (ConsentPurpose.CONTACT, ConsentPurpose.TAKE_PART)


@dataclass(frozen=True)
class Facts:
    is_closed: bool = False
    someone_withdrew: bool = False
    someone_died: bool = False
    assessment_begun: bool = False
    both_sides_assessed: bool = False
    something_scheduled: bool = False
    something_held: bool = False


def stage_of(facts: Facts) -> Stage:
    if facts.is_closed:
        return Stage.CLOSED
    if facts.someone_withdrew or facts.someone_died:
        return Stage.STOPPED
    if facts.something_scheduled:
        return Stage.SCHEDULED
    if facts.something_held:
        return Stage.FOLLOW_UP
    if facts.both_sides_assessed:
        return Stage.PREPARING
    return Stage.ASSESSMENT if facts.assessment_begun else Stage.INITIAL_CONTACT


def facts_of(case: Case) -> Facts:
    main = list(
        row_by_row(Participant)
        .filter(case=case, role__in=MAIN_ROLES, left_at__isnull=True)
        .values_list("id", "side", "person_id", "person__died_on")
    )
    statuses = set(row_by_row(Intervention).filter(case=case).values_list("status", flat=True))
    counts = row_by_row(Assessment).filter(case=case, outcome__in=PERMITTING).standing().not_reopened()
    permitted = set(counts.values_list("participant_id", flat=True))
    return Facts(
        is_closed=case.status == CaseStatus.CLOSED,
        someone_withdrew=bool(withdrawn(case, [person for _, _, person, _ in main])),
        someone_died=any(died_on for *_, died_on in main),
        assessment_begun=row_by_row(Assessment).filter(case=case, superseded_at__isnull=True).exists(),
        both_sides_assessed={side for _, side, _, _ in main} >= set(BOTH_SIDES)
        and all(pk in permitted for pk, *_ in main),
        something_scheduled=InterventionStatus.SCHEDULED in statuses,
        something_held=InterventionStatus.HELD in statuses,
    )


def withdrawn(case: Case, person_ids) -> set:
    """(person, purpose) taken back in this case and not given again."""
    rows = row_by_row(Consent).filter(referral=case.referral_id, person__in=person_ids, purpose__in=STOPPING)
    given = {True: set(), False: set()}  # withdrawn or not
    for person, purpose, withdrawn_at in rows.values_list("person_id", "purpose", "withdrawn_at"):
        given[withdrawn_at is not None].add((person, purpose))
    return given[True] - given[False]
