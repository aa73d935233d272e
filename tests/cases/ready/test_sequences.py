"""Whatever is done in whatever order: what is arranged, held or carried is safe, the stage is right, access ends, the trail only
grows. What is safe is judged by the rows themselves, and not by the gate."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases import actions
from cases.choices import AssessmentOutcome, Side
from cases.gate import checks
from cases.gate.check import check
from cases.models import Assessment, Assignment, Case, Intervention, Message, Participant, Reopening, Venue
from cases.stages import MAIN_ROLES, facts_of, stage_of
from referrals import actions as referrals
from referrals.models import Consent, LegalBar, SafetyChange, SensitiveFlag
from rj_service.accounts.acting import acting_as, choose_membership
from rj_service.accounts.errors import DomainError
from rj_service.audit.models import DomainEvent
from tests.browser import PROOF
from tests.cases.conftest import assess, consent, manager_of, undone
from tests.volunteers.factories import ready_practitioner
from volunteers.models import Practitioner

pytestmark = pytest.mark.django_db

SIDES = (Side.HARMED, Side.RESPONSIBLE)
# What "indirect only" permits: letter, message, shuttle, telephone (domain 2.16.19).
APART = {"letter_exchange", "mediated_contact", "shuttle_mediation", "telephone", "other_indirect"}


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


def _sign_off(r):
    actions.record_specialist_consulted(case=r.case, who="IDVA", consulted_on=r.today, **_by(r))
    with acting_as(manager_of(r.case)) as manager:
        return actions.sign_off_case(case=r.case, by=manager, today=r.today)


def _second_facilitator(r):
    beside = Practitioner.objects.exclude(pk=r.lead.pk).first()
    given = {"role": "co_facilitator", "sides": "both", "not_asked": "otherwise"}
    return actions.assign(case=r.case, practitioner=beside, **given, **_by(r))


def _another_responsible(r):
    named = {"first_name": "Rob", "last_name": "Zed", "role": "person_responsible", "side": "responsible"}
    return actions.add_new_participant(case=r.case, **named, **_by(r))


def _other_leaves(r):
    other = Participant.objects.filter(case=r.case, role__in=MAIN_ROLES, left_at=None)
    other = other.exclude(pk__in=[r.harmed.pk, r.responsible.pk]).first()
    if other is None:
        raise DomainError("nobody else is there")
    return actions.participant_leaves(participant=other, **_by(r))


def _run_out(r):
    """Days go by."""
    Assessment.objects.filter(case=r.case, side=Side.HARMED).update(good_until=r.today - timedelta(days=1))


def _letters(r) -> Intervention:
    """An exchange of letters, arranged for today."""
    given = {"model": "letter_exchange", "not_face_to_face_reason": "wish", "planned_for": timezone.now()}
    plan = actions.plan_intervention(case=r.case, **given, **_by(r))
    return actions.schedule_intervention(intervention=plan, planned_for=plan.planned_for, **_by(r))


def _newest_letters(r) -> Intervention:
    found = Intervention.objects.filter(case=r.case, model="letter_exchange").order_by("planned_at", "id").last()
    if found is None:
        raise DomainError("no letters")
    return found


def _write(r):
    """Permitted, read and wished for: it only waits to be carried."""
    between = {"author": r.responsible, "recipient": r.harmed, "kind": "letter", "words": "I am sorry"}
    message = actions.write_message(intervention=_newest_letters(r), **between, **_by(r))
    actions.permit_message(message=message, permitted_on=r.today, how="read_it", **_by(r))
    actions.read_message(message=message, found=[], **_by(r))
    return actions.record_wish(message=message, wish="yes", wished_on=r.today, **_by(r))


def _message(r, *statuses: str) -> Message:
    found = Message.objects.filter(intervention__case=r.case, status__in=statuses).first()
    if found is None:
        raise DomainError("no such message")
    return found


def _arrange_now(r):
    given = {"intervention": r.intervention, "planned_for": timezone.now()}
    return actions.schedule_intervention(**given, **_by(r))


def _ask(r, intervention):
    return actions.reconfirm_intervention(
        intervention=intervention, asked=[one.pk for one in actions.still_to_ask(intervention, r.today)], **_by(r)
    )


def _hold(r, intervention):
    came = {r.harmed.pk: "came", r.responsible.pk: "came"}
    return actions.hold_intervention(intervention=intervention, held_on=r.today, attendance=came, **_by(r))


STEPS = {
    "arrange": lambda r: r.schedule(),
    "arrange for now": _arrange_now,
    "reconfirm": lambda r: _ask(r, r.intervention),
    "hold": lambda r: _hold(r, r.intervention),
    "letters": _letters,
    "write": _write,
    "reconfirm letters": lambda r: _ask(r, _newest_letters(r)),
    "carry": lambda r: actions.carry_message(message=_message(r, "read"), carried_on=r.today, **_by(r)),
    "hold letters": lambda r: _hold(r, _newest_letters(r)),
    "take back words": lambda r: actions.take_back_message(message=_message(r, "permitted", "read"), **_by(r)),
    "sign off": _sign_off,
    "second facilitator": _second_facilitator,
    "another responsible": _another_responsible,
    "they leave": _other_leaves,
    "run out": _run_out,
    "indirect only": lambda r: assess(r.case, Side.HARMED, outcome="indirect_only", **_by(r)),
    "with conditions": lambda r: assess(r.case, Side.RESPONSIBLE, outcome="with_conditions", **_by(r)),
    "meet conditions": lambda r: actions.mark_conditions_met(
        assessment=_signed(r, Side.RESPONSIBLE), met_on=r.today, **_by(r)
    ),
    "postpone": lambda r: actions.postpone_intervention(intervention=r.intervention, reason="Snow", **_by(r)),
    "withdraw": lambda r: actions.withdraw_consent(participant=r.harmed, **_by(r)),
    "withdraw taking part": lambda r: actions.withdraw_consent(
        participant=r.responsible, purpose="take_part", **_by(r)
    ),
    "withdraw approach": lambda r: actions.withdraw_consent(
        participant=r.harmed, purpose="approach_other_side", **_by(r)
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
MAY_CHANGE_NOTHING = {"agree again", "withdraw", "withdraw approach", "withdraw taking part", "flag", "run out"}


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


def is_safe(case: Case, model: str, today, *, on_the_day: bool = True) -> bool:
    """Two current assessments that permit it, agreements in writing, nothing that forbids it, and for what is sensitive a
    sign-off that is newer. `on_the_day`: an assessment ends while something is arranged, and that day asks for it again."""
    main = Participant.objects.filter(case=case, role__in=MAIN_ROLES, left_at=None)
    approach = Consent.objects.filter(referral=case.referral_id, purpose="approach_other_side", withdrawn_at=None)
    if {one.side for one in main} != set(SIDES) or not approach.exists():
        return False
    for one in main:
        signed = Assessment.objects.filter(participant=one, signed_at__isnull=False, superseded_at=None).first()
        agreed = Consent.objects.filter(person=one.person, referral=case.referral_id, purpose="take_part")
        if signed is None or Reopening.objects.filter(assessment=signed, ended_at=None).exists():
            return False
        if (on_the_day and signed.good_until < today) or not permits(signed, model):
            return False
        if not agreed.filter(withdrawn_at=None, method="written").exists():
            return False
        if LegalBar.objects.filter(person=one.person, starts_on__lte=today, permitted_on=None).exists():
            return False
    newest = SensitiveFlag.objects.filter(referral=case.referral_id, cleared_at=None).order_by("raised_at").last()
    if newest is None:
        return True
    two = Assignment.objects.in_force().filter(case=case).count() > 1
    return two and case.signed_off_at is not None and case.signed_off_at >= newest.raised_at


def permits(signed: Assessment, model: str) -> bool:
    if signed.outcome == AssessmentOutcome.WITH_CONDITIONS:
        return signed.conditions_met_on is not None
    return signed.outcome == AssessmentOutcome.SUITABLE or (
        signed.outcome == AssessmentOutcome.INDIRECT_ONLY and model in APART
    )


@dataclass(frozen=True)
class Before:
    """What stood before a step: each intervention, whether it was safe, and the messages that were carried."""

    interventions: dict[Any, Intervention]
    safe: dict[Any, bool]
    carried: set[Any]


def before(case: Case, today) -> Before:
    found = {one.pk: one for one in Intervention.objects.filter(case=case)}
    safe = {pk: is_safe(case, one.model, today) for pk, one in found.items()}
    return Before(found, safe, set(_carried(case)))


def _carried(case: Case):
    return Message.objects.filter(intervention__case=case, carried_on__isnull=False).values_list("pk", flat=True)


def must_hold(case: Case, was: Before, today, names) -> None:
    """Of what is arranged now, and of what was reconfirmed, held or carried by the step that was taken."""
    now = {one.pk: one for one in Intervention.objects.filter(case=case)}
    for pk, one in now.items():
        old = was.interventions.get(pk)
        if one.status == "scheduled":
            assert is_safe(case, one.model, today, on_the_day=False), names
        if one.reconfirmed_on and (old is None or old.reconfirmed_on is None):
            assert is_safe(case, one.model, today), names
        if one.status == "held" and old and old.status != "held" and one.model != "letter_exchange":
            assert one.reconfirmed_on == one.held_on, names
            assert was.safe[pk] or old.was_stopped_late, names
    for message in Message.objects.filter(pk__in=set(_carried(case)) - was.carried):
        letters = now[message.intervention_id]
        assert was.safe[letters.pk] and letters.reconfirmed_on == message.carried_on, names
        assert message.wish == "yes" and message.permitted_on and message.read_at, names


def play(ready, cast, names) -> None:
    facilitator = cast["practitioner"]
    with undone():
        for name in names:
            was = before(Case.objects.get(pk=ready.case.pk), ready.today)
            step(ready, name)
            case = Case.objects.get(pk=ready.case.pk)
            assert case.stage == stage_of(facts_of(case)), names
            must_hold(case, was, ready.today, names)
            works = Assignment.objects.in_force().filter(case=case, practitioner__learner__user=facilitator).exists()
            assert _opens(case, facilitator) == works, names


@pytest.fixture
def staffed(ready, area, cast, today):
    """Somebody else could be the second of a pair."""
    ready_practitioner(area, today, user=cast["off_case_practitioner"], level="advanced")
    return ready


@settings(
    max_examples=150 if PROOF else 4,
    deadline=None,
    derandomize=not PROOF,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(names=st.lists(st.sampled_from(sorted(STEPS)), min_size=4, max_size=12))
@example(names=["worry", "arrange", "look again", "arrange"])
@example(names=["arrange for now", "override", "worry", "look again", "arrange for now", "reconfirm", "hold"])
@example(names=["letters", "write", "carry", "reconfirm letters", "carry", "withdraw", "hold letters"])
@example(names=["arrange for now", "reconfirm", "withdraw", "hold"])
@example(names=["flag", "second facilitator", "look again", "sign off", "arrange", "flag", "arrange"])
@example(names=["indirect only", "arrange", "letters", "another responsible", "letters", "they leave", "letters"])
@example(names=["with conditions", "arrange", "meet conditions", "arrange", "run out", "arrange"])
def test_no_sequence_of_acts_breaks_what_must_hold(staffed, cast, names):
    play(staffed, cast, names)


def nothing(*_args):
    return iter(())


def in_place(facts, participant):
    return "", "In place"


def done(facts):
    return check("reconfirmed", "Reconfirmed", "both", "", "Done", "", "")


# Without one rule of the gate: what the judge above must see.
WITHOUT = {
    "_legal_bar": (in_place, ["forbid", "look again", "arrange"]),
    "_take_part": (in_place, ["withdraw taking part", "arrange"]),
    "_assessment": (in_place, ["worry", "arrange"]),
    "_outcome": (in_place, ["indirect only", "arrange"]),
    "_approach": (nothing, ["withdraw approach", "arrange"]),
    "sensitive": (nothing, ["flag", "look again", "arrange"]),
    "_reconfirmed": (done, ["letters", "write", "carry"]),
}


@pytest.mark.parametrize("rule", WITHOUT)
def test_the_judge_sees_a_gate_that_has_lost_a_rule(staffed, cast, monkeypatch, rule):
    instead, names = WITHOUT[rule]
    play(staffed, cast, names)
    monkeypatch.setattr(checks, rule, instead)
    with pytest.raises(AssertionError):
        play(staffed, cast, names)


def _opens(case: Case, user) -> bool:
    """As on the next request of theirs: nothing is remembered from the one before."""
    previous, user.acting = user.acting, choose_membership(user)
    try:
        return Case.objects.visible_to(user).filter(pk=case.pk).exists()
    finally:
        user.acting = previous
