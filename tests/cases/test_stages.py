"""The stage as a table; what is stored equals what the facts give, after every kind of action."""

import pytest

from cases import actions
from cases.choices import Stage
from cases.models import Case, StageEntry
from cases.stages import Facts, facts_of, stage_of
from tests.cases.conftest import assess, side_of

EVERYTHING = Facts(True, True, True, True, True, True, True)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), Stage.INITIAL_CONTACT),
        (Facts(assessment_begun=True), Stage.ASSESSMENT),
        (Facts(assessment_begun=True, both_sides_assessed=True), Stage.PREPARING),
        (Facts(assessment_begun=True, both_sides_assessed=True, something_scheduled=True), Stage.SCHEDULED),
        (Facts(something_held=True, something_scheduled=True), Stage.SCHEDULED),
        (Facts(something_held=True, both_sides_assessed=True), Stage.FOLLOW_UP),
        (Facts(something_held=True, something_scheduled=True, someone_withdrew=True), Stage.STOPPED),
        (Facts(someone_died=True), Stage.STOPPED),
        (EVERYTHING, Stage.CLOSED),
    ],
)
def test_stage_of(facts, expected):
    assert stage_of(facts) == expected


def stored(case) -> str:
    case = Case.objects.get(pk=case.pk)
    assert case.stage == stage_of(facts_of(case))
    newest = StageEntry.objects.filter(case=case).order_by("-id").first()
    assert (newest.stage, newest.entered_at) == (case.stage, case.stage_since)
    return case.stage


@pytest.mark.django_db
def test_the_stored_stage_follows_the_facts_through_a_whole_case(open_case, make_ready, coordinator, today):
    case = open_case()
    seen = [stored(case)]
    assess(case, "harmed", by=coordinator, today=today)
    seen.append(stored(case))
    ready = make_ready(case=case)
    seen.append(stored(case))
    ready.schedule()
    seen.append(stored(case))
    actions.withdraw_consent(participant=ready.harmed, by=coordinator, today=today, purpose="take_part")
    seen.append(stored(case))
    actions.record_consent(
        participant=ready.harmed, purpose="take_part", method="written", given_on=today, by=coordinator, today=today
    )
    seen.append(stored(case))
    ready.hold()
    seen.append(stored(case))
    actions.close_case(case=case, reason="without_agreement", closed_on=today, by=coordinator, today=today)
    seen.append(stored(case))
    actions.reopen_case(case=case, by=coordinator, today=today)
    seen.append(stored(case))
    assert seen == [
        Stage.INITIAL_CONTACT,
        Stage.ASSESSMENT,
        Stage.PREPARING,
        Stage.SCHEDULED,
        Stage.STOPPED,
        Stage.PREPARING,
        Stage.FOLLOW_UP,
        Stage.CLOSED,
        Stage.FOLLOW_UP,
    ]
    entered = list(StageEntry.objects.filter(case=case).order_by("id").values_list("stage", flat=True))
    assert entered == [*seen[:6], Stage.SCHEDULED, *seen[6:]]  # it was arranged again before it was held


@pytest.mark.django_db
def test_a_main_participant_who_leaves_takes_the_case_back(ready):
    actions.participant_leaves(participant=side_of(ready.case, "responsible"), by=ready.by, today=ready.today)
    assert stored(ready.case) == Stage.ASSESSMENT
