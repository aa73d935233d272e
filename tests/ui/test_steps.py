"""The order of a form in steps, without anything that keeps it."""

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from rj_service.ui.forms import DateField, GovukForm, PhoneField
from rj_service.ui.steps import Step, Steps, typed

pytestmark = pytest.mark.urls("tests.ui.addresses")


class ReachForm(GovukForm):
    ways = forms.MultipleChoiceField(
        label="Ways", choices=[("phone", "Phone call"), ("email", "Email")], widget=forms.CheckboxSelectMultiple
    )
    phone = PhoneField(label="Phone number", required=False)
    reveals = {"ways": {"phone": ("phone",)}}


class WhenForm(GovukForm):
    day = DateField(label="Day", required=False)


class AreaForm(GovukForm):
    area = forms.ChoiceField(label="Area")

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [(one, one.title()) for one in areas]


STEPS = Steps(
    [
        Step("reach", "Reaching you", ReachForm),
        Step(
            "area",
            "Your area",
            AreaForm,
            when=lambda before: "phone" not in before.get("reach", {}).get("ways", []),
            given=lambda before: {"areas": ["north", "south"]},
        ),
        Step("when", "When", WhenForm),
    ]
)
EMAIL = {"ways": ["email"]}
PHONE = {"ways": ["phone"], "phone": ["07700 900142"]}


@pytest.mark.parametrize(
    ("answers", "asked", "current"),
    [
        ({}, ["reach", "area", "when"], "reach"),
        ({"reach": EMAIL}, ["reach", "area", "when"], "area"),
        ({"reach": PHONE}, ["reach", "when"], "when"),
        ({"reach": EMAIL, "area": {"area": ["north"]}}, ["reach", "area", "when"], "when"),
        ({"reach": EMAIL, "area": {"area": ["east"]}, "when": {}}, ["reach", "area", "when"], "area"),
        ({"reach": EMAIL, "area": {"area": ["north"]}, "when": {}}, ["reach", "area", "when"], None),
        ({"reach": PHONE, "when": {}}, ["reach", "when"], None),
        ({"when": {}}, ["reach", "area", "when"], "reach"),
        ({"nothing": {"x": ["1"]}}, ["reach", "area", "when"], "reach"),
    ],
)
def test_what_is_asked_and_what_comes_first(answers, asked, current):
    progress = STEPS.read(answers)
    assert [step.key for step in progress.asked] == asked
    assert (progress.current.key if progress.current else None) == current
    assert progress.is_complete == (current is None)


def test_nobody_skips_a_question_that_is_not_answered():
    progress = STEPS.read({"reach": EMAIL})
    assert progress.step("reach") and progress.step("area")
    assert progress.step("when") is None and progress.step("nonsense") is None


def test_the_next_and_the_last_one_leave_out_what_is_not_asked():
    progress = STEPS.read({"reach": PHONE})
    reach, when = progress.asked
    assert progress.after(reach) is when and progress.before(when) is reach
    assert progress.after(when) is None and progress.before(reach) is None


def test_an_answer_under_an_option_that_is_no_longer_chosen_is_not_used():
    progress = STEPS.read({"reach": {"ways": ["email"], "phone": ["07700 900142"]}})
    assert progress.cleaned["reach"] == {"ways": ["email"]}
    assert progress.sections(lambda step: "")[0]["rows"] == [{"label": "Ways", "value": "Email"}]


def test_an_answer_to_a_question_that_is_no_longer_asked_is_not_used():
    progress = STEPS.read({"reach": PHONE, "area": {"area": ["north"]}, "when": {}})
    assert set(progress.cleaned) == {"reach", "when"}


def test_the_check_page_says_it_in_words():
    progress = STEPS.read({"reach": PHONE, "when": {"day_day": ["24"], "day_month": ["11"], "day_year": ["2025"]}})
    assert progress.cleaned["when"]["day"] == dt.date(2025, 11, 24)
    reach, when = progress.sections(lambda step: f"/{step.key}/")
    assert reach["rows"] == [
        {"label": "Ways", "value": "Phone call"},
        {"label": "Phone number", "value": "07700 900142"},
    ]
    assert when == {"title": "When", "change_url": "/when/", "rows": [{"label": "Day", "value": "24 November 2025"}]}


def test_only_what_the_form_asks_is_kept():
    data = QueryDict("ways=phone&phone=07700+900142&csrfmiddlewaretoken=x&is_sensitive=1&day_day=1")
    assert typed(ReachForm(data)) == PHONE
    assert typed(WhenForm(data)) == {"day_day": ["1"]}
