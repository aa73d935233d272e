import re
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from rj_service.ui.forms import (
    DateField,
    GovukForm,
    MoneyField,
    PhoneField,
    PostcodeField,
    ReasonField,
    TimeField,
    WordsField,
)


class ContactForm(GovukForm):
    received = DateField(label="Date received")
    at = TimeField(label="Time", required=False)
    how = forms.ChoiceField(
        label="How we reach them", choices=[("phone", "Phone"), ("post", "Letter")], widget=forms.RadioSelect
    )
    number = PhoneField(label="Number to call", required=False)
    ways = forms.MultipleChoiceField(
        label="Safe ways", choices=[("a", "At home")], widget=forms.CheckboxSelectMultiple, required=False
    )
    email = forms.EmailField(label="Email address", help_text="Only if it is safe")
    note = WordsField(label="Note", max_length=20, required=False)
    met = forms.BooleanField(label="I have met this person")
    reveals = {"how": {"phone": ("number",)}}


def page(form):
    return Template("{% error_summary form %}{{ form|crispy }}").render(Context({"form": form}))


def test_what_is_missing_is_asked_for_by_name():
    form = ContactForm({})
    assert {name: list(words) for name, words in form.errors.items()} == {
        "received": ["Enter date received"],
        "how": ["Choose how we reach them"],
        "email": ["Enter email address"],
        "met": ["Tick the box: I have met this person"],
    }


def test_every_error_links_to_something_that_takes_the_focus():
    html = page(ContactForm({"note": "x" * 21}))
    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["id_received_0", "id_how_0", "id_email", "id_note", "id_met"]
    for link in links:
        assert re.search(rf'<(input|textarea|select)[^>]*id="{link}"', html)


def test_an_error_and_a_hint_describe_their_box():
    html = page(ContactForm({}))
    assert 'aria-describedby="id_email_hint id_email_error"' in html
    assert 'id="id_email_hint"' in html and 'id="id_email_error"' in html


def test_a_revealed_field_stands_once_under_its_answer():
    html = page(ContactForm())
    assert html.count('name="number"') == 1
    assert 'data-reveals="id_how_0_below"' in html
    below = html.split('id="id_how_0_below"')[1]
    assert 'name="number"' in below.split("govuk-radios__item")[0]
    assert "(optional)" not in below.split("govuk-radios__item")[0]


def test_check_boxes_are_not_radios():
    html = page(ContactForm())
    assert re.search(r'class="govuk-checkboxes__input" id="id_ways_0" name="ways" type="checkbox"', html)


def test_typed_words_come_back_as_typed():
    html = page(ContactForm({"received_day": "31", "received_month": "feb", "received_year": "2026", "at": "half <b>"}))
    assert 'name="received_month" type="text" value="feb"' in html
    assert "half &lt;b&gt;" in html


def test_a_paste_is_never_cut_silently():
    html = page(ContactForm({"note": "x" * 21}))
    assert "maxlength=" not in re.search(r"<textarea[^>]*>", html).group()
    assert "Note must be 20 characters or fewer. You have 21" in html
    assert 'data-maxlength="20"' in html


@pytest.mark.parametrize(
    "typed", ["01632 960 001", "07700 900 982", "(01632) 960001", "+44 7700 900142", "0044 7700 900142"]
)
def test_a_phone_number_is_kept_as_typed(typed):
    assert PhoneField().clean(f" {typed} ") == typed


@pytest.mark.parametrize("typed", ["12", "not a number", "0770090", "<script>"])
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter a phone number, like 01632 960 001"):
        PhoneField().clean(typed)


def test_a_postcode_may_be_typed_in_any_case():
    assert PostcodeField().clean("cb11aa") == "CB1 1AA"
    with pytest.raises(ValidationError, match="Enter a full postcode, like CB1 1AA"):
        PostcodeField().clean("CB1")


def test_money():
    assert MoneyField().clean("£1,045.50") == Decimal("1045.50")
    for wrong in ("45.505", "-1", "ten", "NaN"):
        with pytest.raises(ValidationError, match="Enter an amount, like 45.50"):
            MoneyField().clean(wrong)


def test_a_reason_says_who_sees_it():
    field = ReasonField(why="this referral is not accepted", seen_by="The referrer does not see this")
    with pytest.raises(ValidationError, match="Say why this referral is not accepted. The referrer does not see this"):
        field.clean("  ")
