"""The days on which clocks go wrong: 29 February, the nights the clocks change, midnight in summer, moved holidays."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from referrals.models import Referral, WatchedInterest
from referrals.querysets import began_from, clock_began_before
from referrals.views.queue import Row
from referrals.working_days import ONE_DAY, add_working_days, is_working_day, working_days_between
from rj_service.accounts.acting import acting_as
from rj_service.ui.dates import moment_of
from tests.reporting.factories import ReferralFactory

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the nights on which the clocks change


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2028, 2, 28), date(2028, 3, 1)),  # through 29 February
        (date(2027, 2, 26), date(2027, 3, 2)),  # no such day, and a weekend
        (date(2028, 2, 29), date(2028, 3, 2)),  # received on it
        (date(2026, 3, 27), date(2026, 3, 31)),  # the clocks go forward in between
        (date(2026, 10, 23), date(2026, 10, 27)),  # and back
        (date(2027, 12, 24), date(2027, 12, 30)),  # Christmas on a Saturday: Monday and Tuesday in its place
        (date(2027, 12, 31), date(2028, 1, 5)),  # New Year's Day on a Saturday
        (date(2027, 1, 1), date(2027, 1, 5)),  # 2 January is a holiday in Scotland alone
        (date(2026, 5, 1), date(2026, 5, 6)),  # the early May holiday
        (date(2022, 6, 1), date(2022, 6, 7)),  # a jubilee: two days, one of them moved
        (date(2022, 9, 16), date(2022, 9, 21)),  # a funeral of state
    ],
)
def test_two_working_days(received, due):
    assert add_working_days(received, 2) == due
    assert working_days_between(received, due) == 2


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2028, 2, 29), True),
        (date(2026, 12, 28), False),  # in place of Boxing Day, a Saturday
        (date(2026, 3, 17), True),  # St Patrick's Day: Northern Ireland alone
        (date(2026, 8, 3), True),  # the summer holiday of Scotland
        (date(2026, 8, 31), False),  # and of England and Wales
    ],
)
def test_holidays_of_england_and_wales(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize("day", [SPRING, AUTUMN, date(2028, 2, 29), date(2026, 12, 31)])
def test_what_happened_on_a_day_belongs_to_that_day(day):
    for near in (day - ONE_DAY, day, day + ONE_DAY):
        assert timezone.localdate(moment_of(near)) == near


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("went_on", "began"),
    [
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1)),  # half past midnight in summer
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), date(2026, 1, 31)),  # in winter the two midnights are one
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), SPRING),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),  # that day has 23 hours
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), AUTUMN),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), AUTUMN),  # and this one 25
    ],
)
def test_a_clock_that_begins_anew_begins_on_the_local_day(went_on, began, area, cast):
    """On the row as in the filter: they may not differ by a day in summer."""
    referral = ReferralFactory(service_area=area, status="received", received_on=date(2025, 6, 2))
    interest = {
        "since": date(2025, 6, 2),
        "next_check_on": date(2025, 9, 2),
        "confirmed_on": date(2025, 6, 2),
        "ended_by": cast["coordinator"],
    }
    with acting_as(cast["coordinator"]):
        WatchedInterest.objects.create(referral=referral, ended_at=went_on, **interest)
        seen = Referral.objects.all()
        row = Row(seen.select_related("watched_interest", "incident").get(), began, cast["coordinator"].pk)
        assert row.clock.due_on == add_working_days(began, 2)
        assert seen.filter(clock_began_before(began + ONE_DAY)).exists()
        assert not seen.filter(clock_began_before(began)).exists()
        assert seen.filter(began_from(began)).exists()
        assert not seen.filter(began_from(began + ONE_DAY)).exists()


@pytest.mark.parametrize("confirmed", [date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1), SPRING])
def test_the_yearly_review_is_never_later_than_a_year_on(confirmed):
    due = WatchedInterest(confirmed_on=confirmed).review_due_on
    following = (confirmed + ONE_DAY).replace(year=confirmed.year + 1) - ONE_DAY
    assert following - ONE_DAY <= due <= following
