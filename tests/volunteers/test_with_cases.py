"""Readiness against real cases: the case load, access that closes the same day, and who is asked for cover."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions as cases
from cases.models import Assignment, Case
from referrals.actions import NewPerson, NewReferral, receive_referral
from referrals.models import SensitiveFlag
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from rj_service.ui.dates import born_by
from rj_service.ui.references import spoken
from tests.typed import typed
from tests.volunteers.factories import CheckFactory, ready_practitioner, stood_down
from volunteers import actions
from volunteers.models import Check, CoverChange, Practitioner
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


@pytest.mark.parametrize(("years", "told"), [(17, 1), (18, 0)])
def test_coordinators_are_told_of_the_cases_of_somebody_found_to_be_17(cast, case, volunteer, today, years, told):
    with acting_as(cast["coordinator"]) as by:
        actions.change_details(
            practitioner=volunteer, kind="young", organisation=None, date_of_birth=born_by(today, years),
            case_limit=1, local_areas=[], today=today, by=by,
        )  # fmt: skip
    assert Notification.objects.filter(user=cast["coordinator"], kind="safety_change").count() == told
    for change in CoverChange._base_manager.all():
        work_on(CoverChange, change.pk)
    assert seen_by(cast["practitioner"]) == ([] if told else [case])


@pytest.mark.parametrize(("sensitive", "stays"), [(False, True), (True, False)])
def test_who_is_found_to_be_17_goes_on_beside_an_adult_and_not_on_what_is_sensitive(
    cast, case, volunteer, today, sensitive, stays
):
    Assignment._base_manager.filter(case=case).update(role="co_facilitator")
    with acting_as(cast["coordinator"]) as by:
        if sensitive:
            SensitiveFlag.objects.create(referral=case.referral, kind="hate_crime", raised_by=by)
        actions.change_details(
            practitioner=volunteer, kind="young", organisation=None, date_of_birth=born_by(today, 17),
            case_limit=1, local_areas=[], today=today, by=by,
        )  # fmt: skip
    [change] = CoverChange._base_manager.all()
    assert work_on(CoverChange, change.pk)
    assert seen_by(cast["practitioner"]) == ([case] if stays else [])


@pytest.mark.parametrize("status", ["suspended", "left"])
def test_suspended_or_gone_the_case_is_closed_and_coordinators_are_told(cast, case, volunteer, status):
    with acting_as(cast["coordinator"]) as by:
        if status == "left":
            actions.change_status(practitioner=volunteer, status=status, by=by)
        else:
            stood_down(volunteer, status, by=by, today=timezone.localdate())
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
        stood_down(idle, "suspended", by=by, today=today)
    assert not Notification.objects.filter(kind="safety_change").exists()


@pytest.mark.parametrize(
    ("begun", "ended", "worked", "counts"),
    [(3, None, 3, True), (3, None, 4, False), (3, None, 0, True), (9, 3, 3, True), (9, 3, 2, False), (9, 3, 9, True)],
)
def test_hours_name_a_case_that_was_theirs_on_that_day(case, volunteer, cast, today, begun, ended, worked, counts):
    """`begun`, `ended`, `worked`: days ago."""
    noon = timezone.localtime().replace(hour=12)
    days = {"started_at": noon - timedelta(days=begun), "ended_at": ended and noon - timedelta(days=ended)}
    Assignment._base_manager.update(**days, ended_by=cast["coordinator"] if ended else None)
    given = {"practitioner": volunteer, "kind": "case", "minutes": 60, "today": today}
    given |= {"worked_on": today - timedelta(days=worked), "case_reference": case.reference}
    with acting_as(cast["practitioner"]) as by:
        if counts:
            assert actions.log_hours(**given, by=by).case_reference == case.reference
            return
        with pytest.raises(DomainError, match="Choose a case that was yours on that day"):
            actions.log_hours(**given, by=by)


def test_hours_of_a_case_say_its_reference_alone(case, volunteer, cast, today, signed_in):
    phone, coordinator = signed_in(cast["practitioner"]), signed_in(cast["coordinator"])
    form = phone.get(reverse("volunteers:log-hours")).content.decode()
    assert spoken(case.reference) in form and "Maureen" not in form
    day = typed(worked_on=today)
    given = {"hours": "1.5", "kind": "case", **day}
    assert phone.post(reverse("volunteers:log-hours"), given | {"case_reference": "AAAAAA"}).status_code == 422
    assert phone.post(reverse("volunteers:log-hours"), given | {"case_reference": case.reference}).status_code == 302
    assert spoken(case.reference) in phone.get(reverse("volunteers:hours")).content.decode()
    assert coordinator.get(reverse("volunteers:hours")).status_code == 403
