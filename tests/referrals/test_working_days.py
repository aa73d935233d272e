from datetime import date, timedelta

import pytest

from referrals.working_days import (
    add_working_days,
    clock,
    is_working_day,
    received_before_overdue,
    working_days_between,
)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 17), date(2026, 11, 19)),  # Tuesday
        (date(2026, 11, 20), date(2026, 11, 24)),  # Friday: the weekend is not counted
        (date(2026, 11, 21), date(2026, 11, 24)),  # Saturday
        (date(2026, 12, 24), date(2026, 12, 30)),  # Christmas Day, a substitute for Boxing Day on Monday
        (date(2026, 4, 2), date(2026, 4, 8)),  # Good Friday and Easter Monday
    ],
)
def test_two_working_days_from_the_day_after(received, due):
    assert add_working_days(received, 2) == due


def test_counting_forwards_equals_counting_days_one_by_one():
    start = date(2025, 12, 1)
    for length in range(0, 120):
        end = start + timedelta(days=length)
        counted = sum(is_working_day(start + timedelta(days=n)) for n in range(1, length + 1))
        assert working_days_between(start, end) == counted


@pytest.mark.parametrize(
    ("received", "words", "state"),
    [
        (date(2026, 11, 12), "5 working days over", "stop"),
        (date(2026, 11, 18), "1 working day over", "stop"),
        (date(2026, 11, 19), "Due today", "soon"),
        (date(2026, 11, 20), "1 working day left", "wait"),
        (date(2026, 11, 23), "2 working days left", "wait"),
    ],
)
def test_the_clock_in_words(received, words, state):
    found = clock(received, allowed=2, today=date(2026, 11, 23))
    assert (found.words, found.state) == (words, state)


def test_a_weekend_after_the_last_day_is_late():
    assert clock(date(2026, 11, 18), allowed=2, today=date(2026, 11, 21)).words == "1 working day over"


def test_one_comparison_finds_everything_that_is_late():
    for offset in range(60):
        today = date(2026, 12, 1) + timedelta(days=offset)
        edge = received_before_overdue(allowed=2, today=today)
        for back in range(15):
            received = today - timedelta(days=back)
            assert (received < edge) == (clock(received, allowed=2, today=today).days_left < 0)
