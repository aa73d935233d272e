"""Able, willing and suitable: item by item, signed by a trained and vetted practitioner."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from cases import events, policy
from cases.actions.locking import (
    NOT_YOUR_SIDE,
    again,
    in_sentence,
    locked_open,
    record_on,
    require,
    require_open_side,
    require_since_received,
    restage,
)
from cases.actions.stopping import stop_interventions, stop_what_the_gate_forbids
from cases.choices import (
    ITEMS,
    AskedHow,
    AssessmentItemKind,
    AssessmentOutcome,
    Concern,
    ResponsibilityTaken,
)
from cases.models import Assessment, AssessmentCondition, AssessmentItem, Case, Participant, Reopening
from cases.stages import MAIN_ROLES
from referrals.models import SensitiveFlag
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.scoping import row_by_row
from rj_service.ui.templatetags.ui import when
from volunteers.models import Practitioner

_I = AssessmentItemKind


@transaction.atomic
def start_assessment(*, participant: Participant, by: User, today: date) -> Assessment:
    """The draft of a main participant; starting again gives the draft that is there. A signed one counts meanwhile."""
    case = locked_open(participant.case, by, today)
    require(policy.can_assess(by, case, participant.side, today), NOT_YOUR_SIDE)
    require_open_side(case, participant.side)
    if participant.role not in MAIN_ROLES or participant.left_at is not None:
        raise DomainError("Only the person harmed and the person responsible are assessed, while they take part")
    draft = Assessment.objects.filter(participant=participant, signed_at__isnull=True, superseded_at__isnull=True)
    found = draft.first()
    if found is not None:
        return found
    assessment = Assessment.objects.create(case=case, participant=participant, side=participant.side, started_by=by)
    record_on(events.ASSESSMENT_STARTED, case, by, today, about=participant, assessment=str(assessment.pk))
    restage(case, by, today)
    return assessment


class ItemChanged(DomainError):
    """Answered in another window meanwhile. Nothing was written over it; `mark` is that answer's."""

    def __init__(self, item: AssessmentItem):
        taken = f"{item.get_responsibility_display()}. " if item.responsibility else ""
        words = f"{taken}{Concern(item.concern).label}{f': {item.words}' if item.words else ''}"
        super().__init__(
            f"This was answered in another window meanwhile: “{words}”. Save again to put yours in its place",
            field="words",
        )
        self.mark = mark_of(item)


@dataclass(frozen=True)
class AskedAlone:
    """When and how (`AskedHow`) somebody was asked with nobody else there."""

    on: date
    how: str


@transaction.atomic
def save_items(
    *,
    assessment: Assessment,
    items: Mapping[str, tuple[str, str]],
    by: User,
    today: date,
    alone: AskedAlone | None = None,
    responsibility: str = "",
    shown: Mapping[str, str] | None = None,
) -> Assessment:
    """`items`: AssessmentItemKind -> (Concern, words). Saves those given, keeps the others. A signed one cannot change.
    Fear, control and orders have no answer before it is said when and how the person was asked `alone` (domain 2.16.4), and
    responsibility none before it is said how far they take it (`ResponsibilityTaken`).
    `shown`: AssessmentItemKind -> `mark_of` the answer as the page was shown. Raises ItemChanged where another one stands."""
    case, assessment = _draft(assessment, by, today)
    wanted = ITEMS[assessment.side]
    for kind, (concern, words) in items.items():
        if kind not in wanted:
            raise DomainError("This is not asked of this side", field=kind)
        if concern not in Concern.values:
            raise DomainError("Choose how much of a concern it is", field=kind)
        if concern == Concern.MITIGATED and not words.strip():
            raise DomainError("Say how the concern is mitigated", field=kind)
    for kind, mark in (shown or {}).items():
        given = (*items[kind], responsibility if kind == _I.RESPONSIBILITY else "")
        _require_shown(assessment, kind, mark, given)
    more: dict[str, dict[str, Any]] = {}
    if _I.FEAR in items:
        asked = _asked_alone(assessment, alone, today)
        more[_I.FEAR] = {"asked_alone_on": asked.on, "asked_alone_how": asked.how}
    if _I.RESPONSIBILITY in items:
        taken = _how_far(assessment, responsibility, *items[_I.RESPONSIBILITY])
        more[_I.RESPONSIBILITY] = {"responsibility": taken}
    AssessmentItem.objects.bulk_create(
        [
            AssessmentItem(assessment=assessment, kind=kind, concern=concern, words=words.strip(), **more.get(kind, {}))
            for kind, (concern, words) in items.items()
        ],
        update_conflicts=True,
        unique_fields=["assessment", "kind"],
        update_fields=["concern", "words", "asked_alone_on", "asked_alone_how", "responsibility"],
    )
    record_on(events.ASSESSMENT_SAVED, case, by, today, about=assessment.participant, items=sorted(items))
    return assessment


def _require_shown(assessment: Assessment, kind: str, mark: str, given: tuple[str, str, str]) -> None:
    standing = AssessmentItem.objects.filter(assessment=assessment, kind=kind).first()
    if standing and mark != mark_of(standing) and _answer(standing) != given:
        raise ItemChanged(standing)


def mark_of(item: AssessmentItem | None) -> str:
    """The same for the same answer; empty where there is none."""
    return hashlib.sha256(" ".join(_answer(item)).encode()).hexdigest()[:16] if item else ""


def _answer(item: AssessmentItem) -> tuple[str, str, str]:
    return item.concern, item.words, item.responsibility


def possible_outcomes(assessment: Assessment) -> dict[str, str]:
    """AssessmentOutcome -> '' where the items allow it, else the sentence that says why it is not there."""
    concerns = dict(AssessmentItem.objects.filter(assessment=assessment).values_list("kind", "concern"))
    return policy.outcome_blocks(assessment.side, concerns, ITEMS[assessment.side])


@transaction.atomic
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
    """Only by a trained, vetted practitioner whose user is `by`. Supersedes the one signed before; good for RJ_ASSESSMENT_DAYS,
    of a sensitive case for RJ_SENSITIVE_ASSESSMENT_DAYS. 'Suitable' is impossible while an item is not mitigated or not
    known."""
    case, assessment = _draft(assessment, by, today)
    require_open_side(case, assessment.side)
    practitioner = _signer(by, today)
    if not has_met_person:
        raise DomainError("Only somebody who has met this person can sign", field="has_met_person")
    _require_outcome(assessment, outcome, able and willing and suitable, conditions)
    before = Assessment.objects.filter(participant=assessment.participant_id, signed_at__isnull=False)
    before.filter(superseded_at__isnull=True).update(superseded_at=Now(), superseded_by=by)
    assessment.able, assessment.willing, assessment.suitable = able, willing, suitable
    assessment.outcome, assessment.conditions, assessment.summary = outcome, conditions.strip(), summary.strip()
    assessment.signed_at, assessment.signed_by, assessment.signed_on = Now(), practitioner, today
    assessment.signed_level = practitioner.level
    assessment.good_until = good_until(case, today)
    assessment.save()
    assessment.refresh_from_db()
    if outcome == AssessmentOutcome.WITH_CONDITIONS:
        _write_conditions(assessment)
    detail: dict[str, Any] = {"assessment": str(assessment.pk), "signed_level": practitioner.level}
    record_on(events.ASSESSMENT_SIGNED, case, by, today, about=assessment.participant, **detail)
    _stop_what_it_no_longer_permits(case, assessment, by, today)
    restage(case, by, today)
    return assessment


@transaction.atomic
def reconfirm_assessment(
    *, assessment: Assessment, by: User, today: date, still_holds: str = "", has_met_person: bool = False
) -> Assessment:
    """Nothing has changed since it was signed: good for as long again as if it were signed today. The same people may as may
    sign. Of one that was re-opened only by somebody who has met the person, with a reason why it `still_holds`."""
    case, assessment = _signed(assessment, by, today)
    practitioner = _signer(by, today)
    reopened = Reopening.objects.standing().filter(assessment=assessment)
    if reopened.exists():
        require_open_side(case, assessment.side)
        if not still_holds.strip():
            raise DomainError("It was re-opened: say why it still holds", field="still_holds")
        if not has_met_person:
            raise DomainError("Only somebody who has met this person can sign", field="has_met_person")
        reopened.update(still_holds=still_holds.strip(), ended_on=today, ended_at=Now(), ended_by=practitioner)
    assessment.good_until = good_until(case, today)
    assessment.save(update_fields=["good_until"])
    until = assessment.good_until.isoformat()
    record_on(events.ASSESSMENT_RECONFIRMED, case, by, today, about=assessment.participant, good_until=until)
    restage(case, by, today)
    return assessment


@transaction.atomic
def supersede_assessment(*, assessment: Assessment, by: User, today: date) -> Assessment:
    """A new incident or a changed risk: it no longer counts, what is arranged is postponed. Start a new one."""
    case, assessment = _signed(assessment, by, today)
    assessment.superseded_at, assessment.superseded_by = Now(), by
    assessment.save(update_fields=["superseded_at", "superseded_by"])
    assessment.refresh_from_db()
    record_on(events.ASSESSMENT_SUPERSEDED, case, by, today, about=assessment.participant)
    stop_interventions(case, "An assessment was opened again", by, today)
    restage(case, by, today)
    return assessment


@transaction.atomic
def mark_conditions_met(*, assessment: Assessment, met_on: date, by: User, today: date) -> Assessment:
    """For 'suitable with conditions': every condition is met, so it permits what 'suitable' permits."""
    case, assessment = _signed(assessment, by, today)
    _require_met(met_on, assessment, today)
    AssessmentCondition.objects.filter(assessment=assessment, met_on__isnull=True).update(met_on=met_on, met_by=by)
    assessment.conditions_met_on, assessment.conditions_met_by = met_on, by
    assessment.save(update_fields=["conditions_met_on", "conditions_met_by"])
    record_on(events.CONDITIONS_MET, case, by, today, about=assessment.participant)
    restage(case, by, today)
    return assessment


@transaction.atomic
def meet_condition(*, condition: AssessmentCondition, met_on: date, by: User, today: date) -> AssessmentCondition:
    """One of them; with the last one the assessment permits what "suitable" permits."""
    case, assessment = _signed(condition.assessment, by, today)
    fresh = again(condition)
    if fresh.met_on is not None:
        raise StaleState("This condition is marked as met already.")
    _require_met(met_on, assessment, today)
    fresh.met_on, fresh.met_by = met_on, by
    fresh.save(update_fields=["met_on", "met_by"])
    record_on(events.CONDITIONS_MET, case, by, today, about=assessment.participant, condition=str(fresh.pk))
    rows = AssessmentCondition.objects.filter(assessment=assessment)
    if not rows.filter(met_on__isnull=True).exists():
        assessment.conditions_met_on = rows.aggregate(last=Max("met_on"))["last"]
        assessment.conditions_met_by = by
        assessment.save(update_fields=["conditions_met_on", "conditions_met_by"])
        restage(case, by, today)
    return fresh


def good_until(case: Case, signed_on: date) -> date:
    """The last day that an assessment signed on a day counts: of a sensitive case it is looked at again sooner (domain 2.3)."""
    days = settings.RJ_ASSESSMENT_DAYS
    if SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at__isnull=True).exists():
        days = min(days, settings.RJ_SENSITIVE_ASSESSMENT_DAYS)
    return signed_on + timedelta(days=days)


def _open_to_assess(assessment: Assessment, by: User, today: date) -> tuple[Case, Assessment]:
    case = locked_open(assessment.case, by, today)
    require(policy.can_assess(by, case, assessment.side, today), NOT_YOUR_SIDE)
    fresh = again(assessment)
    if fresh.superseded_at is not None:
        raise StaleState("This assessment no longer counts. Open the newest one.")
    return case, fresh


def _draft(assessment: Assessment, by: User, today: date) -> tuple[Case, Assessment]:
    case, fresh = _open_to_assess(assessment, by, today)
    if fresh.signed_at is not None and fresh.signed_by is not None:
        raise StaleState(f"{fresh.signed_by.name} signed this assessment on {when(fresh.signed_at)}. Start a new one.")
    return case, fresh


def _signed(assessment: Assessment, by: User, today: date) -> tuple[Case, Assessment]:
    case, fresh = _open_to_assess(assessment, by, today)
    if fresh.signed_at is None:
        raise DomainError("This assessment is not signed yet")
    return case, fresh


def _signer(by: User, today: date) -> Practitioner:
    """The practitioner who is `by`, vetted and trained on the day. Coordinators who assess are practitioners too."""
    row = row_by_row(Practitioner).filter(learner__user=by).with_readiness(today).first()
    if row is None:
        raise NotAllowed("Only a trained and vetted practitioner can sign an assessment.")
    blocks = policy.signing_blocks(row)
    if blocks:
        raise NotAllowed(f"You cannot sign an assessment: {in_sentence(blocks[0])}.")
    return row


def _require_outcome(assessment: Assessment, outcome: str, all_three: bool, conditions: str) -> None:
    if outcome not in AssessmentOutcome.values:
        raise DomainError("Choose the overall assessment", field="outcome")
    blocked = possible_outcomes(assessment)[outcome]
    if blocked:
        raise DomainError(blocked, field="outcome")
    if outcome == AssessmentOutcome.SUITABLE and not all_three:
        raise DomainError('"Suitable" means able, willing and suitable', field="outcome")
    if outcome == AssessmentOutcome.WITH_CONDITIONS and not conditions.strip():
        raise DomainError("Say what the conditions are", field="conditions")


def _require_met(met_on: date, assessment: Assessment, today: date) -> None:
    if assessment.outcome != AssessmentOutcome.WITH_CONDITIONS:
        raise DomainError("This assessment has no conditions")
    if met_on > today:
        raise DomainError("The day the conditions were met must be today or in the past", field="met_on")


def _asked_alone(assessment: Assessment, alone: AskedAlone | None, today: date) -> AskedAlone:
    """What is said now, else what was said before."""
    if alone is None:
        before = AssessmentItem.objects.filter(assessment=assessment, kind=_I.FEAR).first()
        if before is None or before.asked_alone_on is None:
            raise DomainError("Ask them alone first, and say when and how", field="asked_on")
        return AskedAlone(before.asked_alone_on, before.asked_alone_how)
    if alone.how not in AskedHow.values:
        raise DomainError("Choose how they were asked alone", field="asked_how")
    if alone.on > today:
        raise DomainError("The day they were asked must be today or in the past", field="asked_on")
    require_since_received(assessment.participant.case, alone.on, "asked_on")
    return alone


def _how_far(assessment: Assessment, responsibility: str, concern: str, words: str) -> str:
    """What is said now, else what was said before."""
    if not responsibility:
        before = AssessmentItem.objects.filter(assessment=assessment, kind=_I.RESPONSIBILITY).first()
        responsibility = before.responsibility if before else ""
    if responsibility not in ResponsibilityTaken.values:
        raise DomainError("Choose how far they take responsibility", field="responsibility")
    if responsibility == ResponsibilityTaken.NONE and concern != Concern.NOT_MITIGATED:
        raise DomainError("Responsibility that is not taken is a concern that is not mitigated", field="concern")
    if responsibility == ResponsibilityTaken.PART and not words.strip():
        raise DomainError("Say for which part they take no responsibility", field="words")
    return responsibility


def _write_conditions(assessment: Assessment) -> None:
    """One a line."""
    lines = [line.strip(" -*•\t") for line in assessment.conditions.splitlines()]
    AssessmentCondition.objects.bulk_create(
        AssessmentCondition(assessment=assessment, place=place, words=line[:500])
        for place, line in enumerate(filter(None, lines), 1)
    )


def _stop_what_it_no_longer_permits(case: Case, assessment: Assessment, by: User, today: date) -> None:
    if assessment.outcome in (AssessmentOutcome.NOT_SUITABLE, AssessmentOutcome.DEFER):
        stop_interventions(case, "A new assessment does not permit it", by, today)
    else:
        stop_what_the_gate_forbids(case, "A new assessment does not permit it", by, today)
