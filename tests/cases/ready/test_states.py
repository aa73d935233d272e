"""Every status of what a case holds, and every verb: it goes through, or it is refused and nothing changes."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from cases import actions
from cases.choices import CaseStatus, InterventionStatus
from cases.gate import GateClosed
from cases.models import (
    Agreement,
    Assessment,
    Assignment,
    Intervention,
    Invitation,
    Venue,
)
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.accounts.roles import Role
from tests.cases.conftest import ALONE, items, manager_of
from tests.cases.ready.test_agreements import agree, agree_again, promise
from tests.cases.states import play_table
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
    "arrange": (lambda r, _: r.schedule(), {"open"}, {"on_hold": GateClosed}),
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


def _reopen(ready, one: Assessment) -> None:
    with acting_as(manager_of(ready.case)) as manager:
        actions.reopen_assessment(assessment=one, words="He moved back", by=manager, today=ready.today)


def _reopened(ready) -> Assessment:
    signed = _sign(ready, _draft(ready))
    _reopen(ready, signed)
    return signed


NOT_SIGNED = {"draft": DomainError}
ASSESSMENT = {
    "save": (
        lambda r, one: actions.save_items(assessment=one, items=items("harmed"), alone=ALONE, **by(r)),
        {"draft"},
    ),
    "sign": (_sign, {"draft"}),
    "reconfirm": (
        lambda r, one: actions.reconfirm_assessment(assessment=one, **by(r)),
        {"signed"},
        NOT_SIGNED | {"re-opened": DomainError},
    ),
    "re-open": (_reopen, {"signed"}),
    "sign that it still holds": (
        lambda r, one: actions.reconfirm_assessment(
            assessment=one, still_holds="Asked again", has_met_person=True, **by(r)
        ),
        {"signed", "re-opened"},
        NOT_SIGNED,
    ),
    "meet the conditions": (
        lambda r, one: actions.mark_conditions_met(assessment=one, met_on=r.today, **by(r)),
        {"signed", "re-opened"},
        NOT_SIGNED,
    ),
    "stop relying on it": (
        lambda r, one: actions.supersede_assessment(assessment=one, **by(r)),
        {"signed", "re-opened"},
        NOT_SIGNED,
    ),
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
    "take back": (
        lambda r, one: actions.withdraw_invitation(invitation=one, **by(r)),
        {"waiting", "accepted", "reserve"},
    ),
    "answer": (_answer, {"waiting"}),
}


# What is carried.


def planned(ready) -> Intervention:
    Intervention.objects.filter(pk=ready.intervention.pk).update(planned_for=ready.tomorrow)
    return Intervention.objects.get(pk=ready.intervention.pk)


def _arranged(ready) -> Intervention:
    at, common = timezone.now(), {"intervention": ready.intervention, **by(ready)}
    actions.schedule_intervention(planned_for=at, **common)
    return ready.reconfirm()


def _moved(ready) -> Intervention:
    """From indirect to direct. What else is indirect is done to it in the table as to the others."""
    indirect = {"model": "telephone", "not_face_to_face_reason": "wish"}
    Intervention.objects.filter(pk=ready.intervention.pk).update(**indirect)
    one = _arranged(ready)
    actions.plan_intervention(case=ready.case, moved_from=one, model="face_to_face_conference", **by(ready))
    return Intervention.objects.get(pk=one.pk)


def _ended_by(act: Callable) -> Callable:
    return lambda ready: act(intervention=_arranged(ready), reason="Snow", **by(ready))


def _hold(ready, one: Intervention) -> Intervention:
    came = {ready.harmed.pk: "came", ready.responsible.pk: "came"}
    return actions.hold_intervention(intervention=one, held_on=ready.today, attendance=came, **by(ready))


def _move(ready, one: Intervention) -> None:
    plan = {name: getattr(one, name) for name in actions.PLAN_FIELDS}
    actions.change_plan(intervention=one, **plan | {"planned_for": ready.tomorrow}, **by(ready))


def override(ready, one: Intervention) -> None:
    Venue.objects.update(checked_on=ready.today - timedelta(days=800))
    with acting_as(manager_of(ready.case)) as manager:
        given = {"key": "place", "because": "on_the_day", "words": "Grace looks at it"}
        actions.override_check(intervention=one, **given, by=manager, today=ready.today)


def _arrive(ready, one: Intervention) -> None:
    doors = {ready.harmed.pk: "Front door", ready.responsible.pk: "Garden door"}
    coming = {pk: actions.Arrival("room", time(13, 45), door) for pk, door in doors.items()}
    actions.say_who_comes(intervention=one, coming=coming, **by(ready))


_STILL_TO_COME = {"planned", "scheduled", "postponed", "did_not_happen"}
_NOT_ARRANGED = _STILL_TO_COME - {"scheduled"}
INTERVENTION = {
    "arrange": (
        lambda r, one: actions.schedule_intervention(intervention=one, planned_for=r.tomorrow, **by(r)),
        _NOT_ARRANGED,
    ),
    "move": (_move, _NOT_ARRANGED),
    "reconfirm": (lambda r, one: r.reconfirm(), {"scheduled"}),
    "hold": (_hold, {"scheduled"}),
    "postpone": (
        lambda r, one: actions.postpone_intervention(intervention=one, reason="Snow", **by(r)),
        {"scheduled"},
    ),
    "cancel": (
        lambda r, one: actions.cancel_intervention(intervention=one, reason="Snow", **by(r)),
        _STILL_TO_COME,
    ),
    "say that it did not happen": (
        lambda r, one: actions.record_did_not_happen(intervention=one, reason="Snow", **by(r)),
        {"scheduled"},
    ),
    "say who comes": (_arrive, _STILL_TO_COME),
    "say how they connect": (
        lambda r, one: actions.say_how_they_connect(intervention=one, platform="Our own", **by(r)),
        _STILL_TO_COME,
    ),
    "override": (override, _STILL_TO_COME),
    "go on from it": (
        lambda r, one: actions.plan_intervention(case=r.case, moved_from=one, model="face_to_face_conference", **by(r)),
        set(InterventionStatus.values),
    ),
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
        {"draft": _draft, "signed": lambda r: _sign(r, _draft(r)), "re-opened": _reopened, "superseded": _superseded},
        ASSESSMENT,
    ),
    "intervention": (
        {
            "planned": planned,
            "scheduled": _arranged,
            "held": lambda r: _hold(r, _arranged(r)),
            "postponed": _ended_by(actions.postpone_intervention),
            "cancelled": _ended_by(actions.cancel_intervention),
            "did_not_happen": _ended_by(actions.record_did_not_happen),
            "moved": _moved,
        },
        INTERVENTION,
    ),
    "assignment": ({"in force": _assignment, "ended": _ended}, ASSIGNMENT),
    "invitation": ({answer: _asked(answer) for answer in Invitation.Answer.values}, INVITATION),
    "agreement": ({"newest": _agreed, "revised": _revised}, AGREEMENT),
}


@pytest.mark.parametrize("model", TABLES)
def test_every_status_and_every_verb(ready, model):
    play_table(ready, model, *TABLES[model])


def test_the_tables_name_every_status():
    assert set(TABLES["case"][0]) == set(CaseStatus.values)
    assert set(TABLES["intervention"][0]) == set(InterventionStatus.values)
    assert set(TABLES["invitation"][0]) == set(Invitation.Answer.values)
