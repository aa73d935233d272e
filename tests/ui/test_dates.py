import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.utils import timezone

from rj_service.ui.dates import YEARS_AHEAD, YEARS_BACK
from rj_service.ui.forms import A_LIFE, BirthField, DateField, GovukForm, TimeField


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        (["27", "3", "2026"], dt.date(2026, 3, 27)),
        (["07", "03", "2026"], dt.date(2026, 3, 7)),
        ([" 1 ", "January", "2026"], dt.date(2026, 1, 1)),
        (["1", "sept", "2025"], dt.date(2025, 9, 1)),
        (["29", "FEB", "2024"], dt.date(2024, 2, 29)),
        (["3", "Dec.", "1999"], dt.date(1999, 12, 3)),
    ],
)
def test_a_date_is_read_as_people_type_it(typed, date):
    assert DateField(label="Date received").clean(typed) == date


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["27", "", "2026"], "Date of the incident must include a month"),
        (["", "", "2026"], "Date of the incident must include a day and a month"),
        (["27", "3", ""], "Date of the incident must include a year"),
        (["27", "3", "26"], "Date of the incident must include a year of 4 numbers"),
        (["27", "3", "٢٠٢٦"], "Date of the incident must include a year of 4 numbers"),
        (["31", "2", "2026"], "Date of the incident must be a real date, like 27 3 2026"),
        (["1", "13", "2026"], "Date of the incident must be a real date, like 27 3 2026"),
        (["1", "Marvember", "2026"], "Date of the incident must be a real date, like 27 3 2026"),
        (["0", "1", "2026"], "Date of the incident must be a real date, like 27 3 2026"),
        (["1", "1", "0000"], "Date of the incident must be a real date, like 27 3 2026"),
        (["-1", "1", "2026"], "Date of the incident must be a real date, like 27 3 2026"),
        (["²", "1", "2026"], "Date of the incident must be a real date, like 27 3 2026"),
    ],
)
def test_a_date_that_cannot_be_says_what_is_wrong(typed, sentence):
    with pytest.raises(ValidationError, match=f"^\\['{sentence}'\\]$"):
        DateField(label="Date of the incident").clean(typed)


@pytest.mark.parametrize(
    ("days", "rule", "sentence"),
    [
        (1, {"past": True}, "Date received must be today or in the past"),
        (0, {"past": True}, None),
        (-1, {"future": True}, "Date received must be today or later"),
        (0, {"future": True}, None),
    ],
)
def test_today_belongs_to_the_past_and_to_the_future(days, rule, sentence):
    date = timezone.localdate() + dt.timedelta(days=days)
    typed = [str(date.day), str(date.month), str(date.year)]
    field = DateField(label="Date received", **rule)
    if sentence is None:
        assert field.clean(typed) == date
    else:
        with pytest.raises(ValidationError, match=sentence):
            field.clean(typed)


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [
        (DateField(label="Day of the visit"), -30, 10),
        (DateField(label="Day of the visit", past=True), -30, 0),
        (DateField(label="Day of the visit", future=True), 0, 10),
        (DateField(label="Day of the visit", ahead=A_LIFE), -30, 120),
        (BirthField(label="Day of the visit"), -120, 0),
    ],
    ids=["any day", "past", "future", "a sentence", "birth"],
)
def test_a_year_that_nobody_means_is_asked_again(field, first, last):
    """A slip of a digit would be kept as it stands, and the last years of all break sums of days."""
    today = timezone.localdate()
    told = f"must have a year between {today.year + first} and {today.year + last}"
    for year in (first, last):
        assert field.clean(_typed(today.year + year, today)).year == today.year + year
    for year in {first - 1, last + 1, 1 - today.year, 9999 - today.year}:
        with pytest.raises(ValidationError) as refused:
            field.clean(_typed(today.year + year, today))
        slip = (year < 0 and field.future) or (year > 0 and field.past)
        assert slip or told in str(refused.value)


def _typed(year: int, today: dt.date) -> list[str]:
    return [str(min(today.day, 28)), str(today.month), f"{year:04}"]


def test_only_what_lasts_a_life_may_be_so_far_away():
    """Whoever may be long born, was harmed long ago, is in prison for life or under an order until they die."""
    far = {
        name
        for form in _every(GovukForm)
        for name, field in form.base_fields.items()
        if isinstance(field, DateField) and (field.back, field.ahead) != (YEARS_BACK, YEARS_AHEAD)
    }
    births = {name for name in far if "birth" in name}
    assert births >= {"date_of_birth", "offender_date_of_birth", "victim_date_of_birth"}
    assert far - births == {"happened_on", "starts_on", "ends_on", "since", "release_on", "works_since"}


def _every(form):
    get_resolver().url_patterns  # noqa: B018 (loads every view, and with them every form)
    for kind in form.__subclasses__():
        yield kind
        yield from _every(kind)


def test_an_optional_date_may_stay_empty_but_not_half_empty():
    field = DateField(label="Date", required=False)
    assert field.clean(["", " ", ""]) is None
    assert field.clean(None) is None
    with pytest.raises(ValidationError):
        field.clean(["1", "", ""])


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("2:30pm", dt.time(14, 30)),
        ("2.30 pm", dt.time(14, 30)),
        ("2pm", dt.time(14)),
        ("14:30", dt.time(14, 30)),
        ("09:05", dt.time(9, 5)),
        ("12am", dt.time(0)),
        ("12:15 p.m.", dt.time(12, 15)),
        ("midday", dt.time(12)),
        ("Midnight", dt.time(0)),
        ("230pm", dt.time(14, 30)),
    ],
)
def test_a_time_is_read_as_people_type_it(typed, time):
    assert TimeField(label="Time").clean(typed) == time


@pytest.mark.parametrize("typed", ["2:30", "25:00", "13pm", "0am", "14:61", "half past two", "14", "2:3pm", "12:30:00"])
def test_a_time_that_could_be_day_or_night_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter a time, like 2:30pm"):
        TimeField(label="Time").clean(typed)
