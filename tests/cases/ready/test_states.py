"""Every status of what a case holds, and every verb: it goes through, or it is refused and nothing changes."""

from collections.abc import Callable

import pytest
from django.db.models.functions import Now

from cases import actions
from cases.choices import CaseStatus
from cases.models import Agreement, Assessment, Assignment, Invitation
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.accounts.roles import Role
from rj_service.audit.models import DomainEvent
from tests.cases.conftest import ALONE, items, undone
from tests.cases.ready.test_agreements import agree, agree_again, promise
from tests.factories import member
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db


def by(ready) -> dict:
    return {"by": ready.by, "today": ready.today}


# A case.


def _put(status: str) -> Callable:
    def put(ready):
        if status == "on_hold":
            actions.hold_case(case=ready.case, **by(ready))
        elif status == "closed":
            actions.close_case(case=ready.case, reason="risk", closed_on=ready.today, **by(ready))
        return ready.case

    return put


CASE = {
    "hold": (lambda r, case: actions.hold_case(case=case, **by(r)), {"open"}),
    "resume": (lambda r, case: actions.resume_case(case=case, **by(r)), {"on_hold"}),
    "close": (
        lambda r, case: actions.close_case(case=case, reason="risk", closed_on=r.today, **by(r)),
        {"open", "on_hold"},
    ),
    "open again": (lambda r, case: actions.reopen_case(case=case, **by(r)), {"closed"}),
    "plan": (
        lambda r, case: actions.plan_intervention(case=case, model="face_to_face_conference", **by(r)),
        {"open", "on_hold"},
    ),
    "assess": (lambda r, _: actions.start_assessment(participant=r.harmed, **by(r)), {"open", "on_hold"}),
    "arrange": (lambda r, _: r.schedule(), {"open"}),
}


# An assessment.


def _draft(ready) -> Assessment:
    draft = actions.start_assessment(participant=ready.harmed, **by(ready))
    actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, **by(ready))
    return draft


def _sign(ready, draft: Assessment, outcome: str = "with_conditions") -> Assessment:
    judged = {"able": True, "willing": True, "suitable": True, "has_met_person": True, "conditions": "Her sister comes"}
    return actions.sign_assessment(assessment=draft, outcome=outcome, **judged, **by(ready))


def _superseded(ready) -> Assessment:
    return actions.supersede_assessment(assessment=_sign(ready, _draft(ready)), **by(ready))


ASSESSMENT = {
    "save": (
        lambda r, one: actions.save_items(assessment=one, items=items("harmed"), alone=ALONE, **by(r)),
        {"draft"},
    ),
    "sign": (_sign, {"draft"}),
    "reconfirm": (lambda r, one: actions.reconfirm_assessment(assessment=one, **by(r)), {"signed"}),
    "meet the conditions": (
        lambda r, one: actions.mark_conditions_met(assessment=one, met_on=r.today, **by(r)),
        {"signed"},
    ),
    "stop relying on it": (lambda r, one: actions.supersede_assessment(assessment=one, **by(r)), {"signed"}),
}


# Who works on it, and who was asked.


def _assignment(ready) -> Assignment:
    return Assignment.objects.in_force().get(case=ready.case)


def _ended(ready) -> Assignment:
    return actions.end_assignment(assignment=_assignment(ready), reason="Away", **by(ready))


ASSIGNMENT = {
    "end": (lambda r, one: actions.end_assignment(assignment=one, reason="Away", **by(r)), {"in force"}),
    "change": (
        lambda r, one: actions.change_assignment(assignment=one, role="co_facilitator", sides="harmed", **by(r)),
        {"in force"},
    ),
}


def _asked(answer: str) -> Callable:
    def ask(ready) -> Invitation:
        area = ready.case.service_area
        practitioner = ready_practitioner(area, ready.today, user=member(Role.PRACTITIONER, area))
        place = {"role": "co_facilitator", "sides": "harmed", "answer_by": ready.today}
        asked = actions.invite_practitioner(case=ready.case, practitioner=practitioner, **place, **by(ready))
        Invitation.objects.filter(pk=asked.pk).update(answer=answer, answered_at=None if answer == "waiting" else Now())
        return asked

    return ask


def _answer(ready, invitation: Invitation) -> None:
    with acting_as(invitation.practitioner.learner.user) as asked:
        actions.answer_invitation(invitation=invitation, accepted=True, by=asked, today=ready.today)


INVITATION = {
    "take back": (lambda r, one: actions.withdraw_invitation(invitation=one, **by(r)), {"waiting", "accepted"}),
    "answer": (_answer, {"waiting"}),
}


# What was agreed.


def _agreed(ready) -> Agreement:
    ready.hold()
    return agree(ready)


def _revised(ready) -> Agreement:
    first = _agreed(ready)
    agree_again(ready, promise(ready))
    return first


AGREEMENT = {
    "agree anew": (lambda r, one: agree_again(r, promise(r), agreement=one), {"newest"}),
    "agree of the same meeting": (lambda r, _: agree(r), set()),
    "say there is none": (lambda r, _: actions.record_no_agreement(intervention=r.intervention, **by(r)), set()),
    "sign": (
        lambda r, one: actions.record_signature(
            agreement=one, participant=r.harmed, signed_on=r.today, how="in_person", **by(r)
        ),
        {"newest", "revised"},  # a paper may come back late
    ),
    "print": (lambda r, one: actions.print_agreement(agreement=one, side="harmed", **by(r)), {"newest", "revised"}),
}

# Model -> status -> how to come there; verb -> what it does and the statuses from which it goes through.
TABLES = {
    "case": ({status: _put(status) for status in ("open", "on_hold", "closed")}, CASE),
    "assessment": (
        {"draft": _draft, "signed": lambda r: _sign(r, _draft(r)), "superseded": _superseded},
        ASSESSMENT,
    ),
    "assignment": ({"in force": _assignment, "ended": _ended}, ASSIGNMENT),
    "invitation": ({answer: _asked(answer) for answer in Invitation.Answer.values}, INVITATION),
    "agreement": ({"newest": _agreed, "revised": _revised}, AGREEMENT),
}


@pytest.mark.parametrize("model", TABLES)
def test_every_status_and_every_verb(ready, model):
    statuses, verbs = TABLES[model]
    for status, arrive in statuses.items():
        with undone():
            row = arrive(ready)
            for verb, (act, allowed) in verbs.items():
                _play(ready, act, row, goes_through=status in allowed, line=f"{model}, {status}: {verb}")


def _play(ready, act, row, *, goes_through: bool, line: str) -> None:
    row = type(row).objects.get(pk=row.pk)
    before = (_state(row), DomainEvent.objects.count())
    with undone():
        try:
            act(ready, row)
        except DomainError:
            assert not goes_through, line
            assert (_state(row), DomainEvent.objects.count()) == before, line
        else:
            assert goes_through, line
            assert DomainEvent.objects.count() > before[1], line


def _state(row) -> dict:
    return type(row).objects.filter(pk=row.pk).values().get()


def test_the_tables_name_every_status():
    assert set(TABLES["case"][0]) == set(CaseStatus.values)
    assert set(TABLES["invitation"][0]) == set(Invitation.Answer.values)
