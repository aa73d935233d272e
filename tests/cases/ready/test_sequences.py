"""Whatever is done in whatever order: what is arranged is safe, the stage is right, access ends, the trail only grows."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases import actions
from cases.choices import AssessmentOutcome, Side
from cases.models import Assessment, Assignment, Case, Intervention, Participant, Reopening, Venue
from cases.stages import MAIN_ROLES, facts_of, stage_of
from referrals import actions as referrals
from referrals.models import Consent, LegalBar, SafetyChange, SensitiveFlag
from rj_service.accounts.acting import acting_as, choose_membership
from rj_service.accounts.errors import DomainError
from rj_service.audit.models import DomainEvent
from tests.browser import PROOF
from tests.cases.conftest import assess, consent, manager_of, undone

pytestmark = pytest.mark.django_db

PERMITTING = {AssessmentOutcome.SUITABLE, AssessmentOutcome.INDIRECT_ONLY, AssessmentOutcome.WITH_CONDITIONS}
SIDES = (Side.HARMED, Side.RESPONSIBLE)


def _by(r) -> dict:
    return {"by": r.by, "today": r.today}


def _bar(r):
    return actions.record_legal_bar(
        participant=r.responsible, kind="bail", authority="The court", starts_on=r.today, **_by(r)
    )


def _permit(r):
    bar = LegalBar.objects.filter(permitted_on=None).first()
    if bar is None:
        raise DomainError("nothing forbids it")
    return actions.record_permission(case=r.case, bar=bar, authority="The court", permitted_on=r.today, **_by(r))


def _assignment(r) -> Assignment:
    found = Assignment.objects.in_force().filter(case=r.case).first()
    if found is None:
        raise DomainError("nobody is assigned")
    return found


def _signed(r, side) -> Assessment:
    found = Assessment.objects.filter(case=r.case, side=side, signed_at__isnull=False, superseded_at=None).first()
    if found is None:
        raise DomainError("nothing is signed")
    return found


def _concern(r):
    """As the worker does after it was raised."""
    area, known = r.case.service_area, {"by": r.by, "today": r.today}
    raised = referrals.raise_concern(area=area, referral=r.case.referral, kind="threat", words="He rang her", **known)
    change = SafetyChange._base_manager.filter(kind="concern").latest("created_at")
    actions.apply_safety_change(change=change, **known)
    return raised


def _look_again(r):
    if not r.look_again():
        raise DomainError("nothing is re-opened")


def _override(r):
    """Of a place whose check ran out, by a manager."""
    Venue.objects.update(checked_on=r.today - timedelta(days=800))
    with acting_as(manager_of(r.case)) as manager:
        given = {"key": "place", "because": "used", "words": "We were there last week"}
        return actions.override_check(intervention=r.intervention, **given, by=manager, today=r.today)


STEPS = {
    "arrange": lambda r: r.schedule(),
    "arrange again": lambda r: r.schedule(),
    "reconfirm": lambda r: r.reconfirm(),
    "hold": lambda r: r.hold(),
    "postpone": lambda r: actions.postpone_intervention(intervention=r.intervention, reason="Snow", **_by(r)),
    "withdraw": lambda r: actions.withdraw_consent(participant=r.harmed, **_by(r)),
    "withdraw taking part": lambda r: actions.withdraw_consent(
        participant=r.responsible, purpose="take_part", **_by(r)
    ),
    "agree again": lambda r: [consent(r.case, side, "take_part", **_by(r)) for side in SIDES],
    "forbid": _bar,
    "permit": _permit,
    "flag": lambda r: actions.raise_flag(case=r.case, kind="stalking", **_by(r)),
    "assess as not suitable": lambda r: assess(r.case, Side.HARMED, outcome="not_suitable", **_by(r)),
    "assess": lambda r: [assess(r.case, side, **_by(r)) for side in SIDES],
    "stop relying": lambda r: actions.supersede_assessment(assessment=_signed(r, Side.RESPONSIBLE), **_by(r)),
    "worry": _concern,
    "override": _override,
    "look again": _look_again,
    "unassign": lambda r: actions.end_assignment(assignment=_assignment(r), reason="Away", **_by(r)),
    "assign": lambda r: actions.assign(
        not_asked="otherwise", case=r.case, practitioner=r.lead, role="lead", sides="both", **_by(r)
    ),
    "wait": lambda r: actions.hold_case(case=r.case, **_by(r)),
    "go on": lambda r: actions.resume_case(case=r.case, **_by(r)),
    "close": lambda r: actions.close_case(case=r.case, reason="risk", closed_on=r.today, **_by(r)),
    "open again": lambda r: actions.reopen_case(case=r.case, **_by(r)),
}
MAY_CHANGE_NOTHING = {"agree again", "withdraw", "withdraw taking part", "flag"}


def step(ready, name: str) -> bool:
    """Whether it went through. What is refused leaves nothing behind."""
    before = DomainEvent.objects.count()
    try:
        with transaction.atomic():
            STEPS[name](ready)
    except DomainError:
        assert DomainEvent.objects.count() == before, name
        return False
    assert DomainEvent.objects.count() > before or name in MAY_CHANGE_NOTHING, name
    return True


def is_safe(case: Case, today) -> bool:
    """By the rows themselves, and not by the gate: two current assessments, both agreements in writing, nothing forbids it."""
    main = Participant.objects.filter(case=case, role__in=MAIN_ROLES, left_at=None)
    for one in main:
        signed = Assessment.objects.filter(participant=one, signed_at__isnull=False, superseded_at=None).first()
        agreed = Consent.objects.filter(person=one.person, referral=case.referral_id, purpose="take_part")
        if signed is None or Reopening.objects.filter(assessment=signed, ended_at=None).exists():
            return False
        if signed.good_until < today or signed.outcome not in PERMITTING:
            return False
        if not agreed.filter(withdrawn_at=None, method="written").exists():
            return False
        if LegalBar.objects.filter(person=one.person, starts_on__lte=today, permitted_on=None).exists():
            return False
    flagged = SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at=None).exists()
    return {one.side for one in main} == set(SIDES) and (not flagged or case.signed_off_at is not None)


@settings(
    max_examples=150 if PROOF else 4,
    deadline=None,
    derandomize=not PROOF,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(names=st.lists(st.sampled_from(sorted(STEPS)), min_size=4, max_size=10))
@example(names=["worry", "arrange", "look again", "arrange"])
@example(names=["arrange", "override", "worry", "arrange", "hold"])
def test_no_sequence_of_acts_breaks_what_must_hold(ready, cast, names):
    facilitator = cast["practitioner"]
    with undone():
        for name in names:
            held_before = Intervention.objects.filter(case=ready.case, status="held").count()
            was_safe = is_safe(Case.objects.get(pk=ready.case.pk), ready.today)
            step(ready, name)
            case = Case.objects.get(pk=ready.case.pk)
            assert case.stage == stage_of(facts_of(case)), names
            if Intervention.objects.filter(case=case, status="scheduled").exists():
                assert is_safe(case, ready.today), names
            if Intervention.objects.filter(case=case, status="held").count() > held_before:
                assert was_safe, names
            works = Assignment.objects.in_force().filter(case=case, practitioner__learner__user=facilitator).exists()
            assert _opens(case, facilitator) == works, names


def _opens(case: Case, user) -> bool:
    """As on the next request of theirs: nothing is remembered from the one before."""
    previous, user.acting = user.acting, choose_membership(user)
    try:
        return Case.objects.visible_to(user).filter(pk=case.pk).exists()
    finally:
        user.acting = previous
