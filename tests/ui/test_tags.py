import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import timezone

from rj_service.ui import references
from rj_service.ui.templatetags import ui

HOSTILE = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>"


def shown(template, **context):
    return Template(template).render(Context(context))


@pytest.mark.parametrize(
    "template",
    [
        '{% state "stop" words %}',
        '{% side_chip "harmed" words %}',
        '{% side_name "responsible" words %}',
        "{% tag words %}",
        '{% tag words "grey" %}',
        "{{ words|reference }}",
    ],
)
def test_hostile_words_are_escaped(template):
    html = shown(template, words=HOSTILE)
    assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("kind", ui.STATES)
def test_a_state_has_an_icon_and_words(kind):
    html = shown("{% state kind words %}", kind=kind, words="2 things missing")
    assert f"rj-state--{kind}" in html and "<svg" in html and "2 things missing" in html
    assert 'aria-hidden="true"' in html


def test_there_is_no_red_tag():
    with pytest.raises(ValueError, match="red"):
        ui.tag("Not accepted", "red")


@pytest.mark.parametrize(("side", "letter"), [("harmed", "H"), ("responsible", "R"), ("both", "B"), ("neither", "N")])
def test_a_side_is_a_letter_and_words(side, letter):
    html = shown("{% side_chip side %}{% side_name side 'Ann' %}", side=side)
    assert html.count(f'data-letter="{letter}"') == 2
    assert html.lower().count(f"{side} side") == 2


SUMMER = dt.datetime(2024, 7, 1, 13, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (ui.day(dt.date(2026, 11, 4)), "4 November 2026"),
        (ui.day(SUMMER.replace(hour=23, minute=30)), "2 July 2024"),
        (ui.day(None), ""),
        (ui.table_day(dt.date(2024, 11, 24)), "Sun 24 Nov 2024"),
        (ui.month(dt.date(2026, 11, 1)), "November 2026"),
        (ui.clock(dt.time(14, 0)), "2:00pm"),
        (ui.clock(dt.time(0, 0)), "midnight"),
        (ui.clock(dt.time(0, 5)), "12:05am"),
        (ui.clock(dt.time(12, 0)), "midday"),
        (ui.clock(SUMMER), "2:00pm"),
        (ui.when(SUMMER), "1 July 2024, 2:00pm"),
        (ui.reference("7K4MR9"), "7K4M-R9"),
        (ui.capped(1001), "more than 1,000"),
        (ui.capped(1000), "1,000"),
        (ui.capped(0), "0"),
        (ui.money(1250), "£1,250.00"),
        (ui.plural(1, "thing,things"), "1 thing"),
        (ui.plural(0, "thing,things"), "0 things"),
    ],
)
def test_words_for_values(written, expected):
    assert written == expected


def test_this_year_is_left_out_of_tables():
    today = timezone.localdate()
    assert ui.table_day(today) == f"{today:%a} {today.day} {today:%b}"


def test_a_reference_reads_aloud_without_doubt():
    seen = {references.new_reference() for _ in range(200)}
    assert len(seen) == 200
    assert set("".join(seen)) <= set("ACDEFGHJKMNPQRTWXY34679")
    assert {len(one) for one in seen} == {6}


@pytest.mark.parametrize(
    ("typed", "stored"), [("7k4m-r9", "7K4MR9"), (" 7K4M R9 ", "7K4MR9"), ("7K4M-RO", None), ("7K4M", None), ("", None)]
)
def test_a_typed_reference(typed, stored):
    assert references.as_stored(typed) == stored
