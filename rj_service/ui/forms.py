"""Fields as the service asks for them, and the base of every form: sentences for what is missing or wrong."""

import datetime as dt
import re
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import pretty_name
from django.utils import timezone
from localflavor.gb.forms import GBPostcodeField

from rj_service.ui.dates import A_LIFE, BirthField, DateField, DateWidget
from rj_service.ui.references import as_stored
from rj_service.ui.templatetags.ui import clock

__all__ = [
    "A_LIFE", "BirthField", "DateField", "DateWidget", "EndAsked", "FilesField", "GovukForm", "GovukModelForm", "MoneyField",
    "PhoneField", "PostcodeField", "ReasonField", "TimeField", "WordsField",
]  # fmt: skip

CHOICES = (forms.ChoiceField, forms.TypedChoiceField, forms.ModelChoiceField, forms.MultipleChoiceField)
DJANGO_EMPTY = "---------"
DJANGO_REQUIRED = forms.Field.default_error_messages["required"]
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:. ]?(?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Gives a list, in the order in which they were chosen; empty where none was."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list:
        chosen = data if isinstance(data, list | tuple) else [data]
        return [one for one in (super(FilesField, self).clean(each, initial) for each in chosen) if one]


class TimeInput(forms.TextInput):
    def format_value(self, value: Any) -> str | None:
        return clock(value) if isinstance(value, dt.time) else super().format_value(value)


class TimeField(forms.Field):
    """Gives a `time` from 2:30pm, 2.30 pm, 2pm, 14:30, midday. `2:30` alone is refused: it may be day or night."""

    widget = TimeInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"})
    default_error_messages = {"invalid": "Enter a time, like 2:30pm"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 2:30pm")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        if isinstance(value, dt.time) or value in self.empty_values:
            return value or None
        typed = str(value).strip().lower()
        if typed in {"midday", "noon", "midnight"}:
            return dt.time(0 if typed == "midnight" else 12)
        try:
            return _time(typed)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def _time(typed: str) -> dt.time:
    found = CLOCK.fullmatch(typed)
    if not found:
        raise ValueError(typed)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(typed)
        return dt.time(hour % 12 + (12 if found["half"].startswith("p") else 0), minute)
    if len(found["hour"]) != 2 or found["minute"] is None:
        raise ValueError(typed)
    return dt.time(hour, minute)


class PhoneField(forms.CharField):
    """A British or international number, kept as it was typed: people recognise their own spacing."""

    widget = forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20", "autocomplete": "off"})
    default_error_messages = {"invalid": "Enter a phone number, like 01632 960 001 or 07700 900 982"}

    def __init__(self, *, max_length: int = 40, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if typed and not _possible_number(typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return typed


def _possible_number(typed: str) -> bool:
    try:
        number = phonenumbers.parse(typed, "GB")
        short = number.country_code == 44 and len(str(number.national_number)) < 9
        return phonenumbers.is_possible_number(number) and not short
    except phonenumbers.NumberParseException:
        return False


class PostcodeField(GBPostcodeField):
    widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"})
    default_error_messages = {"invalid": "Enter a full postcode, like CB1 1AA"}


class ReferenceField(forms.CharField):
    """A reference as somebody reads it out; its value is the reference as stored, or "" where none is needed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 10, **kwargs})

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        stored = as_stored(typed) if typed else ""
        if stored is None:
            raise ValidationError("Enter a reference of six letters and figures, like 7K4M-R9")
        return stored


class MoneyField(forms.DecimalField):
    prefix = "£"
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5", "autocomplete": "off"})
    default_error_messages = {
        "invalid": "Enter an amount, like 45.50",
        "max_decimal_places": "Enter an amount, like 45.50",
        "min_value": "Enter an amount, like 45.50",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 9, "decimal_places": 2, "min_value": 0} | kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").replace("£", "").strip() if isinstance(value, str) else value)


class WordsField(forms.CharField):
    """Narrative: what browsers must not remember."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}))
        super().__init__(**kwargs)


class ReasonField(WordsField):
    """`ReasonField(why="this referral is not accepted", seen_by="The referrer does not see this")`"""

    def __init__(self, *, why: str, seen_by: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", "Reason")
        kwargs.setdefault("help_text", seen_by)
        sentence = f"Say why {why}" + (f". {seen_by}" if seen_by else "")
        kwargs.setdefault("error_messages", {"required": sentence})
        kwargs.setdefault("rows", 4)
        super().__init__(**kwargs)


class _Sentences:
    """
    What a form may say about itself: `heading` (the field whose label is the page's h1), `label_size` (s, m, l),
    `reveals` ({field: {answer: (fields under it,)}}), `option_hints` ({field: {answer: hint}}),
    `options_class` ("govuk-radios--inline"), `not_marked_optional` (field names).
    """

    use_required_attribute = False
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = pretty_name(name)
            _give_sentences(field)
            if getattr(field, "empty_label", None) == DJANGO_EMPTY:
                field.empty_label = "Choose"

    def offer(self, name: str, choices: Any) -> None:
        """The answers of a field, where they depend on the record."""
        self.fields[name].choices = choices


def _give_sentences(field: forms.Field) -> None:
    words = str(field.label)
    lower = words if words[:2].isupper() else words[:1].lower() + words[1:]
    messages = field.error_messages
    chooses = isinstance(field, CHOICES)
    if messages.get("required") == DJANGO_REQUIRED:
        verb = "Choose" if chooses or isinstance(field, forms.FileField) else "Enter"
        messages["required"] = f"Answer the question: {words}" if words.endswith("?") else f"{verb} {lower}"
        if isinstance(field, forms.BooleanField):
            messages["required"] = f"Tick the box: {words}"
    if chooses:
        messages["invalid_choice"] = "Choose one of the answers shown"
    if isinstance(field, forms.EmailField):
        field.widget.attrs.setdefault("autocomplete", "off")
        for validator in field.validators:
            if getattr(validator, "code", "") == "invalid":
                messages["invalid"] = "Enter an email address, like name@example.org"
    limit = getattr(field, "max_length", None)
    if limit and isinstance(field, forms.CharField):
        messages.setdefault("max_length", f"{words} must be {limit:,} characters or fewer. You have %(show_value)d")


class GovukForm(_Sentences, forms.Form):
    pass


class GovukModelForm(_Sentences, forms.ModelForm):
    pass


class EndAsked(GovukForm):
    """Something that forbids until `ends_on`. An end that has passed forbids nothing, and is often a slip of the year: it
    counts once whoever typed it says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("has_ended"):
            self._ask_whether_ended()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        says_so = cleaned.pop("has_ended", False)
        if starts and ends and ends < starts:
            self.add_error("ends_on", "The end must be on or after the start")
        elif ends and ends < timezone.localdate() and not says_so:
            self._ask_whether_ended()
            words = "That day has passed, so nothing would be forbidden. Check the year, or say that it has ended"
            self.add_error("ends_on", words)
        return cleaned

    def _ask_whether_ended(self) -> None:
        self.fields["has_ended"] = forms.BooleanField(
            label="It has ended already", help_text="It is kept, and forbids nothing now.", required=False
        )
        names = [name for name in self.fields if name != "has_ended"]
        names.insert(names.index("ends_on") + 1, "has_ended")
        self.order_fields(names)
