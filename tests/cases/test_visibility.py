"""Who sees which case and which side of it; every queryset of the room, for every role."""

from datetime import timedelta
from itertools import product

import pytest

from cases import actions, models, policy
from cases.choices import Side
from referrals.models import ConflictOfInterest, Grant, Restriction
from rj_service.accounts.acting import acting_as
from tests.cases.conftest import undone
from volunteers.models import Check, Practitioner

pytestmark = pytest.mark.django_db

SIDED = (
    models.Participant,
    models.Contact,
    models.Assessment,
    models.AssessmentItem,
    models.Attendance,
    models.Commitment,
    models.SurveyInvitation,
    models.SurveyResponse,
)
OF_BOTH_SIDES = (models.PanelMember, models.Rescheduling)
OF_THE_CASE = (models.Intervention, models.Agreement, models.StageEntry, models.Assignment)


@pytest.fixture
def full(ready):
    """A case with at least one row of every kind on each side."""
    ready.hold()
    for participant in (ready.harmed, ready.responsible):
        actions.log_contact(
            participant=participant,
            method="visit",
            result="spoke",
            occurred_at=ready.case.stage_since,
            by=ready.by,
            today=ready.today,
        )
        actions.record_consent(
            participant=participant,
            purpose="survey",
            method="phone",
            given_on=ready.today,
            by=ready.by,
            today=ready.today,
        )
        invitation, _ = actions.invite_to_survey(
            channel="in_person", participant=participant, by=ready.by, today=ready.today
        )
        actions.record_survey_answers(
            invitation=invitation, overall="satisfied", received_on=ready.today, by=ready.by, today=ready.today
        )
    actions.record_agreement(
        intervention=ready.intervention,
        agreed_on=ready.today,
        commitments=[
            actions.NewCommitment("explanation", "Answers", participant, ready.today)
            for participant in (ready.harmed, ready.responsible)
        ],
        by=ready.by,
        today=ready.today,
    )
    return ready


def side(row) -> str:
    path = {models.AssessmentItem: "assessment", models.Attendance: "participant", models.Commitment: "responsible"}
    owner = getattr(row, path[type(row)]) if type(row) in path else row
    return owner.side


def test_a_practitioner_reads_only_the_sides_of_their_assignment(full, cast):
    for model, sides in product(SIDED, ("harmed", "responsible", "both")):
        full.lead.assignments.update(sides=sides)
        with acting_as(cast["practitioner"]) as by:
            seen = {side(row) for row in model.objects.visible_to(by)}
        every_side = {side(row) for row in model.objects.all()}
        assert {"harmed", "responsible"} <= every_side, model
        assert seen == (every_side if sides == "both" else {sides}), (model, sides)


def test_what_tells_of_both_sides_is_for_whoever_works_with_both(full, cast):
    known = {"intervention": full.intervention}
    models.PanelMember.objects.create(practitioner=full.lead, named_by=full.by, **known)
    models.Rescheduling.objects.create(became="postponed", asked_by="harmed", recorded_by=full.by, **known)
    for model, sides in product(OF_BOTH_SIDES, ("harmed", "responsible", "both")):
        full.lead.assignments.update(sides=sides)
        with acting_as(cast["practitioner"]) as by:
            assert model.objects.visible_to(by).exists() == (sides == "both"), (model, sides)


WHO_SEES = [
    ("coordinator", True),
    ("manager", True),
    ("practitioner", True),
    ("supervisor", False),
    ("other_coordinator", False),
    ("off_case_practitioner", False),
    ("hub_worker", False),
    ("referrer", False),
    ("training_lead", False),
    ("opcc", False),
    ("dpo", False),
    ("admin", False),
]


def test_every_role(full, cast, area):
    for (who, sees), model in product(WHO_SEES, (models.Case, *OF_THE_CASE, *SIDED)):
        with acting_as(cast[who], areas=[area]) as by:
            assert model.objects.visible_to(by).exists() == sees, (who, model)


def test_a_supervisor_sees_what_they_supervise(full, cast):
    actions.set_supervisor(case=full.case, supervisor=cast["supervisor"], by=full.by, today=full.today)
    with acting_as(cast["supervisor"]) as by:
        for model in (models.Case, *OF_THE_CASE, *SIDED):
            assert model.objects.visible_to(by).exists(), model


def _vetting_lapsed(full):
    Check.objects.filter(practitioner=full.lead, kind="nppv_2").update(expires_on=full.today - timedelta(days=1))


def _restricted(full):
    Restriction.objects.create(referral=full.case.referral, reason="Colleague", restricted_by=full.by)


def _conflict_with_person(full):
    user = full.lead.learner.user
    ConflictOfInterest.objects.create(
        service_area=full.case.service_area, user=user, person=full.responsible.person, declared_by=user
    )


CLOSES_ACCESS = {
    "vetting lapsed": _vetting_lapsed,
    "suspended": lambda full: Practitioner.objects.filter(pk=full.lead.pk).update(status="suspended"),
    "left": lambda full: Practitioner.objects.filter(pk=full.lead.pk).update(status="left"),
    "assignment ended": lambda full: full.lead.assignments.update(ended_at=full.tomorrow, ended_by=full.by),
    "restricted": _restricted,
    "conflict": _conflict_with_person,
}


def test_a_practitioner_loses_sight_at_once(full, cast):
    for name, close in CLOSES_ACCESS.items():
        with undone():
            close(full)
            with acting_as(cast["practitioner"]) as by:
                for model in (models.Case, *OF_THE_CASE, *SIDED):
                    assert not model.objects.visible_to(by).exists(), (name, model)
                assert policy.sides_open_to(by, full.case) == frozenset() or name in ("restricted", "conflict")
    with acting_as(cast["practitioner"]) as by:
        assert models.Case.objects.visible_to(by).exists()


def test_the_last_day_of_vetting_still_counts(full, cast):
    Check.objects.filter(practitioner=full.lead, kind="nppv_2").update(expires_on=full.today)
    with acting_as(cast["practitioner"]) as by:
        assert models.Case.objects.visible_to(by).exists()


def test_a_restricted_case_is_seen_only_by_those_granted(full, cast):
    _restricted(full)
    assert not models.Case.objects.visible_to(full.by).exists()
    Grant.objects.create(referral=full.case.referral, user=full.by, reason="Their case", granted_by=cast["manager"])
    assert models.Case.objects.visible_to(full.by).exists()


def test_how_it_ended_is_not_for_practitioners(full, cast):
    full.lead.assignments.update(sides="both")
    actions.close_case(case=full.case, reason="with_agreement", closed_on=full.today, by=full.by, today=full.today)
    full.lead.assignments.update(ended_at=None, ended_by=None)
    with acting_as(cast["practitioner"]) as by:
        assert not models.Closure.objects.visible_to(by).exists()
    assert models.Closure.objects.visible_to(full.by).exists()


def test_one_side_does_not_see_who_works_on_the_other(full, cast, area):
    from tests.volunteers.factories import ready_practitioner

    other = ready_practitioner(area, full.today, user=cast["off_case_practitioner"])
    actions.assign(
        not_asked="otherwise",
        case=full.case,
        practitioner=other,
        role="co_facilitator",
        sides="responsible",
        by=full.by,
        today=full.today,
    )
    full.lead.assignments.update(sides="harmed")
    with acting_as(cast["practitioner"]) as by:
        assert [a.practitioner_id for a in models.Assignment.objects.visible_to(by)] == [full.lead.pk]


def test_sides_open_to(full, cast):
    assert policy.sides_open_to(full.by, full.case) == frozenset(Side.values)
    full.lead.assignments.update(sides="harmed")
    with acting_as(cast["practitioner"]) as by:
        assert policy.sides_open_to(by, full.case) == {"harmed"}
