"""What reaching somebody takes: a prison that has to be asked, an interpreter."""

import datetime as dt

from django import forms
from django.utils import timezone

from cases.choices import LANGUAGES, BookingStatus, InterpreterGender, InterpreterKnows, InterpreterStatus
from rj_service.ui.forms import A_LIFE, DateField, GovukForm, TimeField

LINE = {"autocomplete": "off"}


def _line(label: str, *, longest: int, required: bool = True, hint: str = "", width: str = "") -> forms.CharField:
    attrs = LINE | ({"class": f"govuk-input--width-{width}"} if width else {})
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=longest, required=required, help_text=hint, widget=widget)


def _moment(data: dict) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(data["day"], data["time"]))


ANOTHER_TIME = "other"


class CustodyForm(GovukForm):
    prison = _line("Prison", longest=100)
    prisoner_number = _line("Prisoner number", longest=20, hint="For example, A1234AB", width="10")
    since = DateField(label="There since", past=True, back=A_LIFE)
    release_on = DateField(label="Day of release", required=False, future=True, ahead=A_LIFE)


class TransferPrisonForm(GovukForm):
    prison = _line("New prison", longest=100)
    moved_on = DateField(label="Day of the move", past=True)
    prisoner_number = _line("Prisoner number, if it is another now", longest=20, required=False, width="10")


class ReleaseForm(GovukForm):
    released_on = DateField(label="Day of the release", past=True)


class AskPrisonForm(GovukForm):
    day = DateField(label="Day asked for", future=True)
    time = TimeField(label="Time asked for")

    @property
    def asked_for(self) -> dt.datetime:
        return _moment(self.cleaned_data)


class AnswerBookingForm(GovukForm):
    """`allowed`: the statuses that it may move to."""

    status = forms.ChoiceField(label="What the prison said", widget=forms.RadioSelect)
    reference = _line("Reference of the booking", longest=40, required=False, width="20")
    day = DateField(label="New day", required=False, future=True)
    time = TimeField(label="New time", required=False)
    reveals = {"status": {BookingStatus.BOOKED: ("reference",), BookingStatus.MOVED: ("day", "time")}}

    def __init__(self, *args, allowed, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in BookingStatus if one in allowed and one != BookingStatus.ENDED]
        self.offer("status", choices)

    @property
    def asked_for(self) -> dt.datetime | None:
        data = self.cleaned_data
        moved = data["status"] == BookingStatus.MOVED and data.get("day") and data.get("time")
        return _moment(data) if moved else None


class BookInterpreterForm(GovukForm):
    language = forms.ChoiceField(label="Language", choices=[("", "Choose"), *LANGUAGES])
    language_words = _line(
        "Dialect, or which other language", longest=60, required=False, width="20", hint="Where it matters."
    )
    gender_wish = forms.ChoiceField(
        label="Whom they wish for", choices=InterpreterGender, widget=forms.RadioSelect, initial=InterpreterGender.NONE
    )
    occasion = forms.ChoiceField(label="What for", widget=forms.RadioSelect)
    day = DateField(label="Day it is needed", future=True, required=False)
    time = TimeField(label="Time it is needed", required=False)
    agency = _line("Agency", longest=100, required=False)
    reveals = {"occasion": {ANOTHER_TIME: ("day", "time")}}
    not_marked_optional = ("day", "time")

    def __init__(self, *args, occasions: dict[str, str], **kwargs):
        """`occasions`: id -> words, of what is still to come with this person."""
        super().__init__(*args, **kwargs)
        choices = [*occasions.items(), (ANOTHER_TIME, "Something else")]
        self.offer("occasion", choices)
        if not occasions:
            self.fields["occasion"].initial = ANOTHER_TIME

    def clean(self):
        given = super().clean()
        if given.get("occasion") == ANOTHER_TIME:
            for name, words in (("day", "Enter the day it is needed"), ("time", "Enter the time it is needed")):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return given

    @property
    def needed_for(self) -> dt.datetime | None:
        return _moment(self.cleaned_data) if self.cleaned_data["occasion"] == ANOTHER_TIME else None


class ChangeInterpreterForm(GovukForm):
    status = forms.ChoiceField(label="What happened", widget=forms.RadioSelect)
    interpreter = _line("Their name, or the number that the agency gives", longest=100, required=False)
    knows = forms.ChoiceField(
        label="Whom they know in the case",
        choices=InterpreterKnows,
        widget=forms.RadioSelect,
        required=False,
        help_text="Ask them. Nobody of the family interprets, and nobody who knows either side.",
    )
    reveals = {"status": {InterpreterStatus.CONFIRMED: ("interpreter", "knows")}}
    not_marked_optional = ("interpreter", "knows")

    def __init__(self, *args, allowed, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in InterpreterStatus if one in allowed]
        self.offer("status", choices)
