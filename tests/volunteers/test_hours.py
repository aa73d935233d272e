"""The time that a volunteer says they gave: which days, how much of a day, and whose."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from tests.volunteers.factories import ready_practitioner
from volunteers import actions
from volunteers.models import HoursEntry


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def log(area, cast, today):
    practitioner = ready_practitioner(area, today, user=cast["practitioner"])

    def logged(*, days_ago=0, minutes=60, by=None):
        given = {"practitioner": practitioner, "worked_on": today - timedelta(days=days_ago), "kind": "other"}
        with acting_as(by or cast["practitioner"]) as who:
            return actions.log_hours(**given, minutes=minutes, today=today, by=who)

    return logged


@pytest.mark.parametrize(("days_ago", "counts"), [(-1, False), (0, True), (365, True), (366, False)])
def test_a_day_is_within_the_last_year(log, days_ago, counts):
    if counts:
        assert log(days_ago=days_ago).minutes == 60
        return
    with pytest.raises(DomainError, match="within the last year"):
        log(days_ago=days_ago)


def test_a_day_has_no_more_than_its_hours(log):
    log(minutes=23 * 60)
    with pytest.raises(DomainError, match="hours of that day"):
        log(minutes=61)
    log(minutes=60)
    assert log(minutes=24 * 60, days_ago=1).minutes == 24 * 60


@pytest.mark.parametrize("minutes", [0, -30])
def test_no_time_is_no_entry(log, minutes):
    with pytest.raises(DomainError, match="hours of that day"):
        log(minutes=minutes)


def test_nobody_logs_for_another_and_whose_they_are_takes_them_back(log, cast):
    with pytest.raises(NotAllowed):
        log(by=cast["coordinator"])
    entry = log()
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        actions.remove_hours(entry=entry, by=by)
    with acting_as(cast["practitioner"]) as by:
        actions.remove_hours(entry=entry, by=by)
        assert not HoursEntry.objects.exists()
