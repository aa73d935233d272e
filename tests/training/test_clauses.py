"""The clauses of a contract, both sides of every border."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from training import clauses
from training.clauses import Terms

HELD = date(2027, 3, 29)
STARTS = date(2026, 4, 1)
ENDS = date(2027, 3, 31)
TERMS = Terms(Decimal(3000), 28, 24, STARTS)


@pytest.mark.parametrize(
    ("days_before", "too_late"), [(200, False), (29, False), (28, False), (27, True), (1, True), (0, True)]
)
def test_less_than_28_days_before_is_too_late_and_28_exactly_is_not(days_before, too_late):
    told = HELD - timedelta(days=days_before)
    assert clauses.is_too_late(cancelled_on=told, held_on=HELD, notice_days=28) is too_late


@pytest.mark.parametrize(
    ("days_before", "state", "words"),
    [
        (43, "wait", "without exposure"),
        (42, "soon", "without exposure for 14 more days"),
        (29, "soon", "for 1 more day"),
        (28, "soon", "Today is the last day"),
        (27, "stop", "exposes up to £3,000"),
        (0, "stop", "exposes up to £3,000"),
    ],
)
def test_a_session_is_shown_before_its_last_free_day_passes(days_before, state, words):
    found = clauses.standing_of_session(TERMS, held_on=HELD, today=HELD - timedelta(days=days_before))
    assert (found.state, words in found.words) == (state, True)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2028, 2, 29), date(2029, 2, 27)),
        (date(2026, 12, 31), date(2027, 12, 30)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_the_last_day_of_the_first_twelve_months(starts, ends):
    assert clauses.first_year_ends(starts) == ends


@pytest.mark.parametrize(
    ("delivered", "today", "state"),
    [
        (0, STARTS - timedelta(days=1), None),  # not begun
        (0, STARTS, "wait"),
        (12, date(2026, 10, 1), "wait"),  # half of the year, half of them
        (11, date(2026, 10, 1), "soon"),  # behind an even pace
        (23, ENDS - timedelta(days=91), "wait"),
        (23, ENDS - timedelta(days=90), "soon"),  # the end comes near
        (23, ENDS, "soon"),  # the last day still counts
        (23, ENDS + timedelta(days=1), "stop"),
        (24, ENDS, "ok"),
        (24, ENDS + timedelta(days=1), "ok"),
        (30, ENDS + timedelta(days=1), "ok"),
    ],
)
def test_falling_short_is_shown_as_it_comes_near(delivered, today, state):
    found = clauses.standing_of_year(TERMS, delivered=delivered, today=today)
    assert (found.state if found else None) == state


def test_where_nothing_was_agreed_nothing_can_fall_short():
    assert clauses.standing_of_year(Terms(Decimal(3000), 28, 0, STARTS), delivered=0, today=ENDS) is None


@pytest.mark.parametrize(
    ("already", "left"),
    [("0", "3000"), ("2999.99", "0.01"), ("3000", "0"), ("3500", "0")],
)
def test_the_sum_is_the_contract_s_and_not_each_session_s(already, left):
    assert clauses.most_exposed(TERMS, Decimal(already)) == Decimal(left)
