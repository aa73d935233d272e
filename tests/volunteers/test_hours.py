"""The time that a volunteer says they gave: which days, how much of a day, and whose."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.ui.dates import months_after
from tests.volunteers.factories import ready_practitioner
from volunteers import actions
from volunteers.given_hours import months_until, with_hours
from volunteers.models import HoursEntry, Practitioner, StandDown


@pytest.fixture
def log(volunteer, cast, today):
    def logged(*, days_ago=0, minutes=60, by=None):
        given = {"practitioner": volunteer, "worked_on": today - timedelta(days=days_ago), "kind": "other"}
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


@pytest.fixture
def month(today):
    """The last that is over."""
    return months_until(today)[1]


def log_at(practitioner, worked_on, minutes, **more):
    given = {"practitioner": practitioner, "kind": "case", "worked_on": worked_on, "minutes": minutes}
    return HoursEntry._base_manager.create(**given, **more)


def found(practitioner, month):
    with scopes_disabled():
        rows = with_hours(Practitioner.objects.filter(pk=practitioner.pk), month)
        return [(one.minutes_in_month, one.minutes_in_year, one.is_asked, one.is_under) for one in rows]


def came_on(day):
    Practitioner._base_manager.update(created_at=timezone.make_aware(datetime.combine(day, time(12))))


@pytest.mark.parametrize(("minutes", "is_under"), [(239, True), (240, False), (0, True)])
@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_asked_of_a_month_from_its_first_day_to_its_last(volunteer, month, minutes, is_under, is_first):
    after = months_after(month, 1)
    last = after - timedelta(days=1)
    came_on(month - timedelta(days=500))
    log_at(volunteer, month - timedelta(days=1), 500)
    log_at(volunteer, after, 500)
    if minutes:
        log_at(volunteer, month if is_first else last, minutes)
    assert found(volunteer, month) == [(minutes, minutes + 500, True, is_under)]


@pytest.mark.parametrize(("back", "counts"), [(12, False), (11, True), (0, True)])
def test_twelve_months_end_with_the_month(volunteer, month, back, counts):
    log_at(volunteer, months_after(month, -back), 90)
    ((_, year, _, _),) = found(volunteer, month)
    assert year == (90 if counts else 0)


@pytest.mark.parametrize(
    ("changed", "is_asked"),
    [
        ({}, True),
        ({"kind": "service_staff"}, False),
        ({"kind": "partner_staff"}, False),
        ({"kind": "special_constable"}, True),
        ({"came": 0}, True),
        ({"came": 1}, False),
        ({"rested": (-40, -1)}, True),
        ({"rested": (-40, 0)}, False),
        ({"rested": (3, None)}, False),
        ({"rested": (30, 60)}, False),
        ({"rested": (31, None)}, True),
    ],
)
def test_of_whom_it_is_asked(volunteer, cast, changed, is_asked):
    """Days from the first of a month of 31: when they came, and when they were on leave and back."""
    month = date(2026, 10, 1)
    came_on(month + timedelta(days=changed.get("came", -500)))
    Practitioner._base_manager.update(kind=changed.get("kind", "community"))
    if "rested" in changed:
        first, last = (one is not None and month + timedelta(days=one) or None for one in changed["rested"])
        ended = {"ended_on": last, "ended_by": cast["coordinator"]} if last else {}
        rest = {"kind": "on_leave", "because": "Ill", "first_day": first, "review_on": first + timedelta(days=90)}
        StandDown._base_manager.create(practitioner=volunteer, recorded_by=cast["coordinator"], **rest, **ended)
    assert [one[2:] for one in found(volunteer, month)] == [(is_asked, is_asked)]


def test_managers_read_who_gave_how_much(area, cast, volunteer, month, signed_in):
    came_on(month - timedelta(days=500))
    log_at(volunteer, month, 90, case_reference="AAAAAA")
    other = ready_practitioner(area, month)
    page, client = reverse("volunteers:given-hours"), signed_in(cast["coordinator"])
    with CaptureQueriesContext(connection) as two:
        shown = client.get(page)
    rows = [(row.one.pk, row.month, row.against) for row in shown.context["rows"]]
    assert rows == [(other.pk, "None", "Nothing is asked"), (volunteer.pk, "1 hour 30 minutes", "Under 4 hours")]
    words = shown.content.decode()
    assert "<strong>1 volunteer</strong> gave less" in words and "AAA-AAA" not in words
    under = client.get(page, {"month": f"{month:%Y-%m}", "against": "under"})
    assert [row.one.pk for row in under.context["rows"]] == [volunteer.pk]
    assert client.get(page, {"month": "2020-01"}).status_code == 200
    for _ in range(3):
        ready_practitioner(area, month)
    with CaptureQueriesContext(connection) as five:
        client.get(page)
    assert len(five) <= len(two)


def test_a_record_says_the_hours_of_a_year_to_whoever_manages_them(cast, volunteer, month, signed_in):
    log_at(volunteer, month, 90)
    record, words = reverse("volunteers:detail", args=[volunteer.pk]), "1 hour 30 minutes in the last 12 months"
    assert words in signed_in(cast["coordinator"]).get(record).content.decode()
    assert "in the last 12 months" not in signed_in(cast["supervisor"]).get(record).content.decode()


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
