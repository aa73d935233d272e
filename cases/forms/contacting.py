"""The quick form of a phone: at most five answers, sensible ones filled in."""

import datetime as dt
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.choices import ContactMethod, ContactResult
from cases.models import Participant
from rj_service.ui.forms import DateField, GovukForm, TimeField, WordsField

NOW, OTHER = "now", "other"
NOT_SAFE = "Not safe for this person"


class ParticipantChoice(forms.ModelChoiceField):
    """Names of people of the case, shown only to whoever may see them: the queryset is `visible_to`."""

    def label_from_instance(self, participant: Participant) -> str:
        return f"{participant.person.name}, {participant.get_role_display().lower()}"


class ChoosePersonForm(GovukForm):
    participant = ParticipantChoice(
        queryset=None, label="Who is the contact with?", widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, participants, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["participant"]).queryset = participants


class ContactForm(GovukForm):
    """`unsafe`: ContactMethod -> why that way is not safe. `may_leave_voicemail`, `hides_number`: rules of the person.
    Whether it has happened already is asked once it was refused."""

    method = forms.ChoiceField(
        label="How", choices=ContactMethod, widget=forms.RadioSelect, initial=ContactMethod.PHONE
    )
    they_began = forms.BooleanField(label="They contacted us", required=False)
    number_hidden = forms.BooleanField(label="I hid my number (dialled 141 first)", required=False)
    result = forms.ChoiceField(label="What happened", choices=ContactResult, widget=forms.RadioSelect)
    has_happened = forms.BooleanField(
        label="It has happened already",
        help_text="It is kept, and the coordinator is told.",
        required=False,
    )
    is_preparation = forms.BooleanField(label="This was preparation for a meeting or letter", required=False)
    note = WordsField(
        label="Note",
        help_text="Facts, not opinions. Nothing about the other side.",
        required=False,
        max_length=4000,
        rows=4,
    )
    try_again_on = DateField(label="Try again on", required=False, future=True)
    when = forms.ChoiceField(
        label="When",
        choices=[(NOW, "Now"), (OTHER, "Another time")],
        widget=forms.RadioSelect,
        initial=NOW,
        required=False,
    )
    day = DateField(label="Day of the contact", required=False, past=True)
    time = TimeField(label="Time of the contact", required=False)
    minutes = forms.IntegerField(
        label="How many minutes it took",
        required=False,
        min_value=1,
        max_value=600,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"invalid": "Enter minutes as a whole number, like 25"},
    )
    reveals: dict[str, dict[str, tuple[str, ...]]] = {"when": {OTHER: ("day", "time")}}
    not_marked_optional = ("when", "number_hidden", "they_began")

    def __init__(self, *args, unsafe: dict, may_leave_voicemail: bool, hides_number: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.option_hints = {"method": dict.fromkeys(unsafe, NOT_SAFE)}
        if not may_leave_voicemail:
            self.option_hints["result"] = {ContactResult.VOICEMAIL: NOT_SAFE}
        if hides_number:
            self.reveals = {**self.reveals, "method": {ContactMethod.PHONE: ("number_hidden",)}}
        else:
            del self.fields["number_hidden"]
        if not self.data.get("has_happened"):
            del self.fields["has_happened"]

    def ask_whether_it_happened(self) -> None:
        """After a refusal: what has happened is kept."""
        self.fields["has_happened"] = self.base_fields["has_happened"]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("when") == OTHER and not self.errors:
            for name in ("day", "time"):
                if not cleaned.get(name):
                    self.add_error(name, f"Enter the {name} of the contact")
        if not self.errors and self.occurred_at > timezone.now() + dt.timedelta(minutes=1):
            self.add_error("time", ValidationError("The contact must be now or in the past"))
        return cleaned

    @property
    def occurred_at(self) -> dt.datetime:
        data = self.cleaned_data
        if data.get("when") != OTHER:
            return timezone.now()
        return timezone.make_aware(dt.datetime.combine(data["day"], data["time"]))
