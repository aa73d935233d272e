"""What ends: said before, once a stage; cover sought 28 days before; from midnight after the last day nobody opens a case."""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from cases import actions as cases
from cases.choices import InterventionStatus
from cases.models import Intervention
from cases.tasks import find_cover
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from volunteers import actions
from volunteers.models import Check, Practitioner, Reminder, Supervision
from volunteers.tasks import remind_of_endings


def vetted_until(practitioner, day, kind="nppv_2"):
    with scopes_disabled():
        Check.objects.filter(practitioner=practitioner, kind=kind).update(expires_on=day)


def told(user):
    return Notification.objects.filter(user=user, kind="check_ends").count()


@pytest.mark.parametrize(
    ("days", "stage"), [(57, None), (56, 56), (29, 56), (28, 28), (8, 28), (7, 7), (0, 7), (-1, None)]
)
def test_a_reminder_at_each_stage(volunteer, today, days, stage):
    vetted_until(volunteer, today + timedelta(days=days))
    remind_of_endings()
    with scopes_disabled():
        assert list(Reminder.objects.values_list("of", "days_before")) == (
            [("police_vetting", stage)] if stage is not None else []
        )


def test_volunteer_and_manager_hear_of_it_once_a_stage_and_their_mail_names_nobody(cast, volunteer, today):
    vetted_until(volunteer, today + timedelta(days=20))
    remind_of_endings()
    remind_of_endings()
    assert [told(cast[who]) for who in ("practitioner", "coordinator", "manager", "other_coordinator")] == [1, 1, 1, 0]
    for row in Notification.objects.filter(kind="check_ends"):
        work_on(Notification, row.pk)
    for message in mail.outbox:
        assert "Wren" not in message.subject + message.body and "vetting" not in message.body
    vetted_until(volunteer, today + timedelta(days=6))
    remind_of_endings()
    assert told(cast["practitioner"]) == 2


def test_a_renewal_ends_the_reminders(cast, volunteer, today):
    vetted_until(volunteer, today + timedelta(days=20))
    renew(volunteer, cast, today)
    remind_of_endings()
    assert told(cast["practitioner"]) == 0


def renew(practitioner, cast, today):
    with acting_as(cast["coordinator"]) as by:
        until = today + timedelta(days=365)
        actions.record_check(
            practitioner=practitioner,
            kind="nppv_2",
            status="cleared",
            issued_on=today,
            expires_on=until,
            today=today,
            by=by,
        )


@pytest.mark.parametrize(
    ("weeks_and_days", "is_told"), [((9, 6), False), ((10, 0), True), ((12, 0), True), ((12, 1), False)]
)
def test_supervision_is_said_before_12_weeks_are_over(cast, volunteer, today, weeks_and_days, is_told):
    weeks, days = weeks_and_days
    with scopes_disabled():
        Supervision.objects.update(held_on=today - timedelta(weeks=weeks, days=days))
    remind_of_endings()
    assert bool(told(cast["practitioner"])) is bool(told(cast["supervisor"])) is is_told


@pytest.mark.parametrize(("status", "is_told"), [("active", True), ("on_leave", False), ("trainee", False)])
def test_who_works_and_was_never_supervised_is_reminded_every_twelve_weeks(
    cast, volunteer, today, status, is_told, monkeypatch
):
    def numbers():
        sent = Notification.objects.filter(kind="supervision_wanted")
        return [sent.filter(user=cast[who]).count() for who in ("practitioner", "supervisor", "coordinator")]

    with scopes_disabled():
        Supervision.objects.all().delete()
        Practitioner.objects.update(status=status)
    remind_of_endings()
    remind_of_endings()
    assert numbers() == ([1, 1, 0] if is_told else [0, 0, 0])
    for days, again in ((83, 1), (84, 2), (85, 2)):
        later = timezone.now() + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda later=later: later)
        remind_of_endings()
        monkeypatch.undo()
        assert numbers() == ([again, again, 0] if is_told else [0, 0, 0])
    with acting_as(cast["coordinator"]) as by:
        actions.record_supervision(practitioner=volunteer, held_on=today, today=today, by=by)
    later = timezone.now() + timedelta(days=85)
    monkeypatch.setattr(timezone, "now", lambda: later)
    remind_of_endings()
    assert numbers() == ([2, 2, 0] if is_told else [0, 0, 0])


@pytest.mark.parametrize(("days", "stage"), [(57, None), (56, 56), (28, 28), (7, 7), (0, 7), (-1, None)])
def test_a_registration_that_ends_is_said_before(cast, volunteer, today, days, stage):
    with acting_as(cast["coordinator"]) as by:
        earlier = {"level": "intermediate", "practitioner": volunteer, "today": today, "by": by}
        actions.record_registration(
            registered_on=today - timedelta(days=800), expires_on=today + timedelta(days=1), **earlier
        )
        until = today + timedelta(days=days)
        actions.record_registration(registered_on=today - timedelta(days=400), expires_on=until, **earlier)
    remind_of_endings()
    with scopes_disabled():
        assert list(Reminder.objects.values_list("of", "days_before")) == (
            [("registration", stage)] if stage is not None else []
        )
    assert [told(cast[who]) for who in ("practitioner", "coordinator", "manager")] == [int(stage is not None)] * 3


def cover_tasks():
    with scopes_disabled():
        return list(Task.objects.filter(kind="cover", done_at__isnull=True))


@pytest.mark.parametrize(("days", "is_sought"), [(29, False), (28, True), (0, True), (-1, True)])
def test_cover_is_sought_28_days_before(case, volunteer, today, days, is_sought):
    vetted_until(volunteer, today + timedelta(days=days))
    find_cover()
    assert bool(cover_tasks()) is is_sought


def test_one_task_a_case_that_ends_with_the_renewal(cast, case, volunteer, today):
    vetted_until(volunteer, today + timedelta(days=20))
    find_cover()
    find_cover()
    (task,) = cover_tasks()
    assert task.assigned_to == case.coordinator == cast["coordinator"]
    assert "Pat Wren: Police vetting (NPPV level 2) ends on" in task.words
    assert task.due_on == today + timedelta(days=20)
    renew(volunteer, cast, today)
    find_cover()
    assert cover_tasks() == []


def test_cover_that_was_found_ends_it_at_once(cast, case, volunteer, today):
    vetted_until(volunteer, today + timedelta(days=20))
    find_cover()
    with acting_as(cast["coordinator"]) as by:
        cases.end_assignment(assignment=case.assignments.get(), reason="Vetting ends", by=by, today=today)
    assert cover_tasks() == []


def test_a_meeting_whose_facilitator_lapsed_cannot_go_ahead_and_that_is_said_once(cast, case, volunteer, today):
    with scopes_disabled():
        soon = timezone.now() + timedelta(days=3)
        Intervention.objects.create(
            case=case,
            model="conference",
            status=InterventionStatus.SCHEDULED,
            planned_for=soon,
            planned_by=cast["coordinator"],
            scheduled_at=timezone.now(),
            scheduled_by=cast["coordinator"],
        )
    vetted_until(volunteer, today)
    find_cover()
    stopped = Notification.objects.filter(user=cast["coordinator"], kind="cannot_go_ahead")
    assert not stopped.exists()
    vetted_until(volunteer, today - timedelta(days=1))
    find_cover()
    find_cover()
    assert stopped.count() == 1


def test_an_open_session_is_refused_from_midnight_in_london_and_let_in_after_the_renewal(
    cast, case, volunteer, today, signed_in, monkeypatch
):
    """In summer, when that is an hour before midnight of the clock that computers keep. The reminder went out before."""
    last_day = today.replace(year=today.year + 1, month=6, day=30)
    midnight = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))
    vetted_until(volunteer, None, kind="dbs_enhanced")
    vetted_until(volunteer, last_day)

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(midnight - timedelta(days=7))
    remind_of_endings()
    assert told(cast["practitioner"]) == 1
    at(midnight - timedelta(seconds=1))
    client, address = signed_in(cast["practitioner"]), reverse("cases:desk", args=[case.pk])
    assert client.get(address).status_code == 200
    at(midnight)
    assert client.get(address).status_code == 404
    renew(volunteer, cast, last_day + timedelta(days=1))
    assert client.get(address).status_code == 200
