"""Leave and suspension: why, since when, and when it is looked at again; cover is sought, and access ends with a suspension."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from rj_service.ui.dates import months_after
from tests.volunteers.factories import PractitionerFactory, stood_down
from tests.volunteers.test_away import follow, open_tasks, typed
from volunteers import actions
from volunteers.models import StandDown
from volunteers.tasks import remind_of_endings


@pytest.fixture
def by(cast):
    with acting_as(cast["coordinator"]) as user:
        yield user


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, ""),
        ({"because": " "}, "Say why"),
        ({"first_day": 0}, ""),
        ({"first_day": 1}, "must be today or in the past. For later days add a time away"),
        ({"review_on": 0}, "must be after today"),
        ({"review_on": 1}, ""),
        ({"first_day": -400, "review_on": 1}, ""),
        ({"review_on": "a year"}, ""),
        ({"review_on": "a year and a day"}, "within a year"),
        ({"kind": "left"}, "cannot go from"),
    ],
)
def test_why_from_when_and_until_it_is_looked_at(volunteer, by, today, changed, wrong):
    days = {"a year": months_after(today, 12), "a year and a day": months_after(today, 12) + timedelta(days=1)}
    given = {
        name: value if name in ("because", "kind") else days.get(value) or today + timedelta(days=value)
        for name, value in changed.items()
    }
    kind = given.pop("kind", "suspended")
    if wrong:
        with pytest.raises(DomainError, match=wrong):
            stood_down(volunteer, kind, by=by, today=today, **given)
        volunteer.refresh_from_db()
        assert volunteer.status == "active" and not StandDown.objects.exists()
        return
    made = stood_down(volunteer, kind, by=by, today=today, **given)
    volunteer.refresh_from_db()
    assert (volunteer.status, made.ended_on, made.recorded_by) == ("suspended", None, by)


@pytest.mark.parametrize(
    ("kind", "opens", "told"), [("on_leave", 200, "task_given"), ("suspended", 404, "safety_change")]
)
def test_each_case_seeks_cover_and_a_suspension_closes_it_in_an_open_session(
    case,
    cast,
    volunteer,
    today,
    signed_in,
    kind,
    opens,
    told,
):
    client, desk = signed_in(cast["practitioner"]), reverse("cases:desk", args=[case.pk])
    assert client.get(desk).status_code == 200
    with acting_as(cast["coordinator"]) as by:
        stood_down(volunteer, kind, by=by, today=today)
    assert client.get(desk).status_code == opens
    follow()
    (task,) = open_tasks()
    assert task.words == f"{volunteer.name}: {'on leave' if kind == 'on_leave' else 'suspended'}"
    assert (task.due_on, task.assigned_to) == (today, case.coordinator)
    assert Notification.objects.filter(user=case.coordinator, kind=told, object_id=case.pk).exists()
    with acting_as(cast["coordinator"]) as by:
        actions.change_status(practitioner=volunteer, status="active", today=today, by=by)
        assert StandDown.objects.get().ended_on == today
    follow()
    assert open_tasks() == [] and client.get(desk).status_code == 200


def test_looked_at_again_it_goes_on_from_its_first_day(volunteer, by, today):
    since = today - timedelta(days=9)
    first = stood_down(volunteer, "on_leave", by=by, today=today, first_day=since)
    again = stood_down(volunteer, "on_leave", by=by, today=today, because="Still ill")
    first.refresh_from_db()
    assert (first.ended_on, again.first_day, again.ended_on) == (today, since, None)
    suspended = stood_down(volunteer, "suspended", by=by, today=today)
    assert suspended.first_day == today and StandDown.objects.standing().get() == suspended
    with acting_as(by):
        actions.change_status(practitioner=volunteer, status="left", today=today, by=by)
    assert not StandDown.objects.standing().exists()


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (3, True)])
def test_managers_are_reminded_on_the_day_and_once(cast, volunteer, today, days, is_told, monkeypatch):
    with acting_as(cast["coordinator"]) as by:
        stood_down(volunteer, "suspended", by=by, today=today, because="Something unkind")
    later = timezone.now() + timedelta(days=30 + days)
    monkeypatch.setattr(timezone, "now", lambda: later)
    remind_of_endings()
    remind_of_endings()
    told = Notification.objects.filter(kind="stand_down_review")
    assert [one.user for one in told] == ([cast["manager"]] if is_told else [])
    monkeypatch.undo()
    for row in told:
        work_on(Notification, row.pk)
    assert all("unkind" not in one.body and volunteer.name not in one.body for one in mail.outbox)


def test_why_is_read_by_whoever_manages_them_alone(cast, volunteer, today, signed_in):
    page, record = (
        reverse("volunteers:stand-down", args=[volunteer.pk]),
        reverse("volunteers:detail", args=[volunteer.pk]),
    )
    client = signed_in(cast["coordinator"])
    days = typed(today, today + timedelta(days=1))
    days = {k.replace("away_from", "first_day").replace("away_until", "review_on"): v for k, v in days.items()}
    assert client.post(page, days | {"kind": "suspended"}).status_code == 422
    assert client.post(page, days | {"kind": "suspended", "because": "A word about it"}).status_code == 302
    assert "A word about it" in client.get(record).content.decode()
    assert "A word about it" not in signed_in(cast["supervisor"]).get(record).content.decode()
    own = signed_in(cast["practitioner"])
    assert "A word about it" not in own.get(reverse("volunteers:me")).content.decode()
    with scopes_disabled():
        assert "They are suspended now" in client.get(page).content.decode()


def test_nobody_who_does_not_work_on_cases_yet_and_nobody_themselves(area, cast, volunteer, by, today, signed_in):
    enquiry = PractitionerFactory(service_area=area, status="enquiry")
    assert signed_in(cast["coordinator"]).get(reverse("volunteers:stand-down", args=[enquiry.pk])).status_code == 404
    with acting_as(cast["practitioner"]) as own, pytest.raises(NotAllowed):
        stood_down(volunteer, "on_leave", by=own, today=today)
