"""What each audience may read; and an attacker with every public table in hand."""

import itertools
import random
from datetime import date

import pytest

from reporting import disclosure
from reporting.disclosure import (
    FEWER,
    LEFT_OUT,
    for_commissioner,
    for_public,
    gives_away,
    in_words,
    is_public_month,
    possible,
    rounded,
)
from reporting.measures import BY_KEY, MEASURES, Measure


@pytest.mark.parametrize(
    ("count", "reads"), [(0, FEWER), (4, FEWER), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (42, 40), (43, 45)]
)
def test_public_numbers_are_rounded(count, reads):
    assert rounded(count) == reads


@pytest.mark.parametrize("count", range(200))
def test_the_range_of_a_rounded_number_is_every_count_that_reads_so(count):
    low, high = possible(count)
    assert [other for other in range(210) if rounded(other) == rounded(count)] == list(range(low, high + 1))


@pytest.mark.parametrize(
    ("rate", "reads"),
    [
        ({"numerator": 31, "denominator": 34}, "31 of 34 (91%)"),
        ({"numerator": 7, "denominator": 9}, "7 of 9"),
        ({"numerator": 0, "denominator": 10}, "0 of 10 (0%)"),
        ({"numerator": 0, "denominator": 0}, "no data"),
    ],
)
def test_no_percentage_on_fewer_than_ten(rate, reads):
    assert in_words(rate) == reads


def test_only_the_ends_of_quarters_are_public():
    assert [month for month in range(1, 13) if is_public_month(date(2026, month, 1))] == [3, 6, 9, 12]


def test_the_commissioner_reads_a_fixed_menu():
    everything = {measure.key: {"value": 1} for measure in MEASURES}
    assert set(for_commissioner(everything)) == {
        "awaiting_offender_identification",
        "cases_closed",
        "conversion",
        "conversion_by_quarter",
        "conversion_matured",
        "interventions_by_model",
        "partner_delivered",
        "referrals_by_crime_type",
        "referrals_by_local_area",
        "referrals_by_mechanism",
        "referrals_by_month",
        "referrals_received",
        "satisfaction",
        "satisfaction_12_months",
        "satisfaction_after_conference",
        "waiting_stock",
    }


def test_a_new_measure_is_the_services_own_until_somebody_names_who_else_reads_it(monkeypatch):
    added = Measure("age", "Age", "By age.", "referral", "date received")
    monkeypatch.setattr(disclosure, "BY_KEY", BY_KEY | {"age": added})
    assert "age" not in for_commissioner({"age": {"value": 1}, "referrals_received": {"value": 1}})


def measures(mechanism: list[int], crime: list[int], place: list[int]) -> dict:
    def cells(counts):
        return {"cells": {str(index): count for index, count in enumerate(counts)}}

    return {
        "referrals_received": {"value": sum(mechanism)},
        "referrals_by_mechanism": cells(mechanism),
        "referrals_by_crime_type": cells(crime),
        "referrals_by_local_area": cells(place),
        "satisfaction": {"numerator": 3, "denominator": 4},
        "conversion": {"numerator": 1, "denominator": 4},
    }


def test_the_public_reads_no_rate_no_model_and_no_exact_number():
    found = measures([7, 6, 4, 3, 0, 0], [20, 0], [19, 1])
    assert for_public(found, None) == {
        "referrals_received": {"value": 20},
        "referrals_by_mechanism": {"cells": {"0": 5, "1": 5, "2": FEWER, "3": FEWER, "4": FEWER, "5": FEWER}},
    }
    assert set(for_public(found, found)) == {
        "referrals_received",
        "referrals_by_mechanism",
        "referrals_by_crime_type",
        "referrals_by_local_area",
    }


def test_a_table_that_gives_a_small_cell_away_is_left_out():
    counts = [12, 7, 7, 4, 4, 4]
    assert gives_away(counts)
    assert for_public(measures(counts, [], []), None)["referrals_by_mechanism"] == {"value": LEFT_OUT}
    assert not gives_away([12, 7, 7, 4, 4, 3])
    assert not gives_away([0, 0, 0, 0, 0, 0])


def solutions(counts: list[int]) -> list[set[int]]:
    """Brute force: what each cell can be, given the rounded cells and the rounded total."""
    ranges = [range(low, high + 1) for low, high in map(possible, counts)]
    reads = rounded(sum(counts))
    fitting = [cells for cells in itertools.product(*ranges) if rounded(sum(cells)) == reads]
    return [set(column) for column in zip(*fitting, strict=True)]


@pytest.mark.parametrize("highest", [14])
def test_brute_force_finds_no_small_cell_in_a_table_of_three(highest):
    """Every table of three cells up to 14, one order of each."""
    for counts in itertools.combinations_with_replacement(range(highest), 3):
        alone = any(len(found) == 1 for found, count in zip(solutions(list(counts)), counts, strict=True) if count < 5)
        assert alone == gives_away(list(counts)), counts


def narrowed(parts: list[tuple[int, int]], total: tuple[int, int]) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Exact bounds of integers that add up to a total, where each lies in a range: what an integer programme would find."""
    low, high = sum(low for low, _ in parts), sum(high for _, high in parts)
    total = max(total[0], low), min(total[1], high)
    return [(max(a, total[0] - (high - b)), min(b, total[1] - (low - a))) for a, b in parts], total


def attack(quarters: list[list[int]], crime: list[int], place: list[int]) -> list[tuple[int, int]]:
    """All public tables of a year together: ranges of every published cell, narrowed until nothing moves.

    The sums form a tree (mechanisms into quarters, quarters, crime types and places into the year), so this is exact.
    """
    tables = [[possible(count) for count in quarter] for quarter in quarters]
    published = [not gives_away(quarter) for quarter in quarters]
    totals = [possible(sum(quarter)) for quarter in quarters]
    yearly = [[possible(count) for count in table] for table in (crime, place) if not gives_away(table)]
    year = (0, 10**6)
    for _ in range(6):
        for index, table in enumerate(tables):
            if published[index]:
                tables[index], totals[index] = narrowed(table, totals[index])
        totals, year = narrowed(totals, year)
        for index, table in enumerate(yearly):
            yearly[index], year = narrowed(table, year)
    shown = [table for index, table in enumerate(tables) if published[index]]
    return [cell for table in (*shown, *yearly) for cell in table]


def shared_out(chooser: random.Random, total: int, weights: list[int]) -> list[int]:
    picked = chooser.choices(range(len(weights)), weights, k=total)
    return [picked.count(index) for index in range(len(weights))]


@pytest.mark.parametrize("monthly", [3, 12, 40])
def test_all_public_tables_of_a_year_together_give_no_small_cell_away(monthly):
    """300 invented years of a service; every published cell keeps at least two numbers that it can be."""
    chooser = random.Random(monthly)
    for _ in range(300):
        quarters = [
            shared_out(chooser, chooser.randint(monthly * 2, monthly * 4), [9, 5, 4, 2, 1, 1]) for _ in range(4)
        ]
        total = sum(map(sum, quarters))
        crime = shared_out(chooser, total, [30, 17, 15, 29, 2, 1, 21, 2, 8, 2, 18, 3, 20, 53, 1, 1])
        place = shared_out(chooser, total, [55, 14, 21, 35, 63, 26, 6])
        found = attack(quarters, crime, place)
        assert all(low < high for low, high in found), (quarters, crime, place)
