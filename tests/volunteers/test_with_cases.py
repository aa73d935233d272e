"""Readiness against real cases: the case load, access that closes the same day, and who is asked for cover."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases import actions as cases
from cases.models import Assignment, Case
from referrals.actions import NewPerson, NewReferral, receive_referral
from rj_service.accounts.acting import acting_as
from rj_service.notifications.models import Notification
from tests.volunteers.factories import CheckFactory, ready_practitioner
from volunteers import actions
from volunteers.models import Check, Practitioner
from volunteers.policy import blocks_to_assign


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def volunteer(area, cast, today):
    return ready_practitioner(area, today, user=cast["practitioner"], case_limit=1)


@pytest.fixture
def case(area, cast, today, volunteer):
    """One case, given to the volunteer."""
    with acting_as(cast["coordinator"]) as by:
        new = NewReferral(
            received_on=today,
            mechanism="victims_hub",
            consent_method="phone",
            harmed=NewPerson(first_name="Maureen", last_name="Okafor"),
            responsible=NewPerson(first_name="Liam", last_name="Hart"),
        )
        referral = receive_referral(area=area, new=new, by=by, today=today)
        case = cases.accept_referral(referral=referral, by=by, today=today)
        cases.assign(
            not_asked="otherwise", case=case, practitioner=volunteer, role="lead", sides="harmed", by=by, today=today
        )
    return case


def seen_by(user):
    with acting_as(user):
        return list(Case.objects.visible_to(user))


def test_the_case_load_counts_assignments_in_force(cast, case, volunteer, today):
    with acting_as(cast["coordinator"]) as by:
        row = Practitioner.objects.with_readiness(today).get(pk=volunteer.pk)
        assert blocks_to_assign(row) == ["1 open case of a limit of 1"]
        Assignment.objects.filter(case=case).update(ended_at=timezone.now(), ended_by=by)
        row = Practitioner.objects.with_readiness(today).get(pk=volunteer.pk)
        assert (row.open_cases, blocks_to_assign(row)) == (0, [])


def test_the_last_day_of_vetting_opens_the_case_and_the_next_day_does_not(cast, case, volunteer, today):
    vetting = Check._base_manager.filter(practitioner=volunteer, kind="nppv_2")
    vetting.update(expires_on=today)
    assert seen_by(cast["practitioner"]) == [case]
    vetting.update(expires_on=today - timedelta(days=1))
    assert seen_by(cast["practitioner"]) == []


@pytest.mark.parametrize("status", ["suspended", "left"])
def test_suspended_or_gone_the_case_is_closed_and_coordinators_are_told(cast, case, volunteer, status):
    with acting_as(cast["coordinator"]) as by:
        actions.change_status(practitioner=volunteer, status=status, by=by)
    assert seen_by(cast["practitioner"]) == []
    told = Notification.objects.filter(kind="safety_change", object_id=volunteer.pk)
    assert [row.user for row in told] == [cast["coordinator"]]


def test_a_withdrawn_check_closes_the_case_and_a_new_one_opens_it(cast, case, volunteer, today):
    with acting_as(cast["coordinator"]) as by:
        actions.withdraw_check(check=volunteer.checks.get(kind="nppv_2"), by=by)
    assert seen_by(cast["practitioner"]) == []
    assert Notification.objects.filter(kind="safety_change", user=cast["coordinator"]).count() == 1
    CheckFactory(practitioner=volunteer, kind="nppv_2", issued_on=today)
    assert seen_by(cast["practitioner"]) == [case]


def test_lapsed_training_blocks_new_cases_and_leaves_the_open_one(cast, case, volunteer, today):
    with acting_as(cast["coordinator"]):
        volunteer.learner.awards.update(expires_on=today - timedelta(days=1))
        row = Practitioner.objects.with_readiness(today).get(pk=volunteer.pk)
        assert any(words.startswith("Facilitator training ended") for words in blocks_to_assign(row))
    assert seen_by(cast["practitioner"]) == [case]


def test_nobody_is_asked_for_cover_without_an_open_case(area, cast, today):
    idle = ready_practitioner(area, today)
    with acting_as(cast["coordinator"]) as by:
        actions.change_status(practitioner=idle, status="suspended", by=by)
    assert not Notification.objects.filter(kind="safety_change").exists()
