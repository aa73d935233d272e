"""Somebody says that they are away: their own days are shown first, and whoever coordinates the case finds somebody else."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from cases import actions as cases
from cases.models import Assignment, Intervention, PanelMember
from cases.tasks import find_cover
from referrals.actions import restrict
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import day
from tests.cases.conftest import side_of
from tests.volunteers.factories import ready_practitioner
from volunteers import actions
from volunteers.models import Availability, Check, CoverChange


@pytest.fixture
def meets_on(today):
    return today + timedelta(days=30)


@pytest.fixture
def meeting(case, cast, meets_on):
    """Early in the day: in summer that is the day before by the clock that computers keep."""
    return arranged(case, cast["coordinator"], meets_on)


def arranged(case, by, on, **changed):
    given = {"case": case, "model": "conference", "status": "scheduled", "planned_for": at(on), "planned_by": by}
    with scopes_disabled():
        return Intervention.objects.create(**given | {"scheduled_at": timezone.now(), "scheduled_by": by} | changed)


def at(on, hour=0):
    return timezone.make_aware(datetime.combine(on, time(hour, 30)))


def go_away(practitioner, by, first, last):
    with acting_as(by):
        absence = actions.add_absence(practitioner=practitioner, away_from=first, away_until=last, by=by)
    follow()
    return absence


def follow():
    for row in CoverChange._base_manager.filter(state="queued"):
        assert work_on(CoverChange, row.pk)


def open_tasks():
    with scopes_disabled():
        return list(Task.objects.filter(kind="cover", done_at__isnull=True))


@pytest.mark.parametrize(
    ("first", "last", "is_sought"), [(-2, -1, False), (-2, 0, True), (0, 0, True), (0, 2, True), (1, 2, False)]
)
@pytest.mark.parametrize("what", ["meeting", "visit", "companion", "panel"])
def test_cover_is_sought_from_the_first_day_to_the_last(
    area, case, cast, volunteer, today, meets_on, first, last, is_sought, what
):
    """Days from that of the meeting, the panel or the visit."""
    who = volunteer
    with acting_as(cast["coordinator"]) as by:
        if what == "meeting":
            arranged(case, by, meets_on)
        elif what == "panel":
            who = ready_practitioner(area, today)
            PanelMember.objects.create(
                intervention=arranged(case, by, meets_on, model="njp_panel"), practitioner=who, named_by=by
            )
        else:
            who = ready_practitioner(area, today, kind="service_staff")
            two = (
                {"visitor": volunteer, "companion": who}
                if what == "companion"
                else {"visitor": who, "companion": volunteer}
            )
            given = {"participant": side_of(case, "harmed"), "place": "venue", "minutes": 30}
            cases.plan_visit(planned_for=at(meets_on, 10), by=by, now=timezone.now(), **given, **two)
    absence = go_away(who, cast["coordinator"], meets_on + timedelta(days=first), meets_on + timedelta(days=last))
    found = open_tasks()
    assert bool(found) is is_sought
    if is_sought:
        (task,) = found
        assert (task.assigned_to, task.about) == (case.coordinator, who.pk)
        assert task.words.startswith(f"{who.name}: away until {day(absence.away_until)}, ")
        assert task.due_on == meets_on - timedelta(days=7)
        assert Notification.objects.filter(user=case.coordinator, kind="task_given").count() == 1
        find_cover()
        assert [one.pk for one in open_tasks()] == [task.pk]
        assert Notification.objects.filter(user=case.coordinator, kind="task_given").count() == 1
    with acting_as(cast["coordinator"]) as by:
        actions.remove_absence(absence=absence, by=by)
    follow()
    assert open_tasks() == []


def test_the_task_goes_with_the_meeting_and_with_the_place(case, cast, volunteer, meeting, meets_on, today):
    go_away(volunteer, cast["practitioner"], meets_on, meets_on)
    assert len(open_tasks()) == 1
    with acting_as(cast["coordinator"]) as by:
        cases.postpone_intervention(intervention=meeting, reason="Nobody to facilitate", by=by, today=today)
        assert open_tasks() == []
        Intervention.objects.update(status="scheduled", planned_for=at(meets_on + timedelta(days=1)))
    find_cover()
    assert open_tasks() == []
    with scopes_disabled():
        Intervention.objects.update(planned_for=at(meets_on, 23))
    find_cover()
    assert len(open_tasks()) == 1
    with acting_as(cast["coordinator"]) as by:
        cases.end_assignment(assignment=case.assignments.get(), reason="Away then", by=by, today=today)
    assert open_tasks() == []


def test_vetting_and_being_away_are_one_task_that_stays_until_both_are_over(
    case, cast, volunteer, meeting, meets_on, today
):
    Check._base_manager.filter(practitioner=volunteer, kind="nppv_2").update(expires_on=today + timedelta(days=20))
    absence = go_away(volunteer, cast["practitioner"], meets_on, meets_on)
    (task,) = open_tasks()
    assert "ends on" in task.words and "; away until" in task.words
    with acting_as(cast["practitioner"]) as by:
        actions.remove_absence(absence=absence, by=by)
    follow()
    (task,) = open_tasks()
    assert "ends on" in task.words and "away" not in task.words


def test_the_coordinator_of_another_area_hears_of_whom_they_borrowed(case, cast, other_area, meeting, meets_on, today):
    lent = ready_practitioner(other_area, today)
    with scopes_disabled():
        Assignment.objects.create(
            case=case,
            practitioner=lent,
            role="co_facilitator",
            sides="both",
            started_at=timezone.now(),
            started_by=cast["coordinator"],
        )
    go_away(lent, cast["other_coordinator"], meets_on, meets_on)
    (task,) = open_tasks()
    assert (task.service_area_id, task.assigned_to) == (case.service_area_id, cast["coordinator"])
    assert not Notification.objects.filter(user=cast["other_coordinator"], kind="task_given").exists()


def typed(first, last):
    days = {"away_from": first, "away_until": last}
    return {f"{name}_{part}": getattr(on, part) for name, on in days.items() for part in ("day", "month", "year")}


def test_their_own_days_are_shown_before_it_is_saved(case, cast, volunteer, meeting, meets_on, signed_in):
    page, client = reverse("volunteers:absence", args=[volunteer.pk]), signed_in(cast["practitioner"])
    asked = client.post(page, typed(meets_on, meets_on))
    words = asked.content.decode()
    assert asked.status_code == 422 and "Are you away all the same?" in words
    assert f"{spoken(case.reference)}, {day(meets_on)}" in words and "Maureen" not in words and "12:30am" not in words
    ((key, _),) = asked.context["form"].fields["knows_days"].choices
    other = typed(meets_on - timedelta(days=1), meets_on - timedelta(days=1))
    with scopes_disabled():
        assert not Availability.objects.exists()
        arranged(case, cast["coordinator"], meets_on - timedelta(days=1))
    assert client.post(page, other | {"knows_days": key}).status_code == 422  # it was said of other days
    assert client.post(page, typed(meets_on, meets_on) | {"knows_days": key}).status_code == 302


def test_who_manages_them_sees_the_days_of_cases_that_are_open_to_them(
    case, cast, volunteer, meeting, meets_on, signed_in
):
    page, client = reverse("volunteers:absence", args=[volunteer.pk]), signed_in(cast["coordinator"])
    asked = client.post(page, typed(meets_on, meets_on)).content.decode()
    assert spoken(case.reference) in asked and "Are they away all the same?" in asked
    with acting_as(cast["manager"]) as by:
        restrict(referral=case.referral, reason="One of us is known to them", by=by)
    assert client.post(page, typed(meets_on, meets_on)).status_code == 302
    follow()
    assert len(open_tasks()) == 1


def test_a_time_without_days_of_theirs_is_saved_at_once(case, cast, volunteer, meeting, meets_on, signed_in):
    client = signed_in(cast["practitioner"])
    before = meets_on - timedelta(days=1)
    assert client.post(reverse("volunteers:absence", args=[volunteer.pk]), typed(before, before)).status_code == 302


def test_whom_cases_are_shut_to_reads_no_reference(case, cast, volunteer, meeting, meets_on, signed_in):
    yesterday = timezone.localdate() - timedelta(days=1)
    Check._base_manager.filter(practitioner=volunteer, kind="nppv_2").update(expires_on=yesterday)
    saved = signed_in(cast["practitioner"]).post(
        reverse("volunteers:absence", args=[volunteer.pk]), typed(meets_on, meets_on)
    )
    assert saved.status_code == 302
