"""The demonstration's step at the gate: a check that a manager answers for, and an assessment to be looked at again."""

import pytest

from cases import actions
from cases.gate import checks_for
from cases.models import Override, Reopening
from rj_service.demo.gates import show_gates
from tests.cases.conftest import ALONE, coordinator, items, open_case, side_of, today  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


def test_a_check_is_answered_for_and_an_assessment_re_opened_once(open_case, coordinator, cast, today):  # noqa: F811
    signed, plain = open_case(), open_case()
    draft = actions.start_assessment(participant=side_of(signed, "harmed"), by=coordinator, today=today)
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, by=coordinator, today=today)
    answers = {"outcome": "suitable", "able": True, "willing": True, "suitable": True, "has_met_person": True}
    actions.sign_assessment(assessment=draft, by=coordinator, today=today, **answers)
    for _ in range(2):
        show_gates(coordinator=coordinator, manager=cast["manager"], today=today)
    override = Override.objects.get()
    assert (override.key, override.overridden_by) == ("remote", cast["manager"])
    meeting = override.intervention
    assert meeting.case_id == plain.pk
    assert [check.is_overridden for check in checks_for(meeting, today) if check.key == "remote"] == [True]
    reopened = Reopening.objects.get()
    assert (reopened.assessment_id, reopened.because, reopened.reopened_by) == (draft.pk, "manager", cast["manager"])
