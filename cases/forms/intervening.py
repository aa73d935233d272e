"""Planning, arranging and holding what is carried between the sides."""

import datetime as dt
from typing import cast
from uuid import UUID

from django import forms
from django.utils import timezone

from cases.choices import (
    DIRECT_MODELS,
    AskedBy,
    Model,
    NotFaceToFaceReason,
    Overridable,
    OverriddenBecause,
    Presence,
    Side,
)
from cases.forms.shown import ShownMixin
from cases.models import Participant
from rj_service.ui.forms import DateField, GovukForm, TimeField, WordsField

PLAIN = forms.TextInput(attrs={"autocomplete": "off"})


def _moment(data: dict) -> dt.datetime | None:
    day, time = data.get("day"), data.get("time")
    return timezone.make_aware(dt.datetime.combine(day, time)) if day and time else None


class WhenMixin(forms.Form):
    day = DateField(label="Day", required=False)
    time = TimeField(label="Time", required=False)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("day") and not cleaned.get("time") and "time" not in self.errors:
            self.add_error("time", "Enter a time, like 2:30pm")
        if cleaned.get("time") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", "Enter the day")
        return cleaned

    @property
    def planned_for(self) -> dt.datetime | None:
        return _moment(self.cleaned_data)


class PlanForm(ShownMixin, GovukForm, WhenMixin):
    model = forms.ChoiceField(label="What is planned", choices=Model, widget=forms.Select)
    not_face_to_face_reason = forms.ChoiceField(
        label="Why it is not face to face",
        choices=NotFaceToFaceReason,
        widget=forms.RadioSelect,
        required=False,
        help_text="Answer this for letters, calls, video and everything else that is not face to face.",
    )
    not_face_to_face_note = forms.CharField(label="In a few words", max_length=500, required=False, widget=PLAIN)
    minutes = forms.IntegerField(
        label="How many minutes it lasts",
        initial=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"invalid": "Enter minutes as a whole number, like 120"},
    )
    place = forms.ModelChoiceField(
        label="Venue", queryset=None, required=False, empty_label="None of the register", help_text="Of your register"
    )
    booking_reference = forms.CharField(
        label="The prison’s booking reference",
        max_length=60,
        required=False,
        help_text="Answer this for a meeting in a prison.",
        widget=PLAIN,
    )
    venue = forms.CharField(
        label="Where",
        max_length=200,
        required=False,
        help_text="Answer this for a place that is not in the register.",
        widget=PLAIN,
    )
    venue_checked_on = DateField(label="Day the place was checked for safety", required=False, past=True)
    room_plan = WordsField(
        label="Room plan",
        required=False,
        max_length=2000,
        rows=3,
        help_text="Who sits where, where each side waits and can rest, and which way they leave.",
    )
    safety_plan = WordsField(label="Safety plan", required=False, max_length=4000)
    uses_script = forms.BooleanField(label="A script is used", required=False)
    field_order = ["model", "not_face_to_face_reason", "not_face_to_face_note", "day", "time"]

    def __init__(self, *args, venues, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["place"]).queryset = venues

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        model = cleaned.get("model")
        if model and model not in DIRECT_MODELS and not cleaned.get("not_face_to_face_reason"):
            self.add_error("not_face_to_face_reason", "Say why it is not face to face: wish, safety or other")
        if cleaned.get("place") and cleaned.get("venue"):
            self.add_error("venue", "Choose a venue of the register, or enter a place that is not in it")
        return cleaned

    @property
    def plan(self) -> dict:
        """What `plan_intervention` and `change_plan` take of this form."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("day", "time", "shown")}
        return data | {"planned_for": self.planned_for}


class ReconfirmForm(GovukForm):
    """Who was asked again today. `participants`: those who were not asked yet."""

    asked = forms.MultipleChoiceField(
        label="Who was asked again today, and said yes",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each of them alone: whether they still wish it, and whether anything has changed that makes it less safe.",
        error_messages={"required": "Choose who was asked again today"},
    )

    def __init__(self, *args, participants: list[Participant], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), f"{one.person.name}, {Side(one.side).label.lower()}") for one in participants]
        cast(forms.MultipleChoiceField, self.fields["asked"]).choices = choices

    def clean_asked(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["asked"]]


class PresenceMixin(forms.Form):
    """Of every participant whether they came, and why not. `must_say`: of each of them."""

    must_say = True

    def __init__(self, *args, participants: list[Participant], **kwargs):
        super().__init__(*args, **kwargs)
        self.participants = participants
        for one in participants:
            name, person = self.name_of(one), one.person.name
            empty = ("", "Choose" if self.must_say else "Not known")
            self.fields[name] = forms.ChoiceField(
                label=f"Did {person} come?",
                choices=[empty, *Presence.choices],
                required=self.must_say,
                error_messages={"required": f"Choose whether {person} came"},
            )

    @staticmethod
    def name_of(participant: Participant) -> str:
        return f"came-{participant.pk}"

    @property
    def names(self) -> list[str]:
        return [self.name_of(one) for one in self.participants]

    @property
    def attendance(self) -> dict:
        said = {one.pk: self.cleaned_data[self.name_of(one)] for one in self.participants}
        return {pk: presence for pk, presence in said.items() if presence}


class HeldForm(PresenceMixin, GovukForm):
    """Who came, and what it turned out to be."""

    held_on = DateField(label="Day it was held", past=True)
    model_delivered = forms.ChoiceField(label="What was held", choices=Model)
    outcome_note = WordsField(
        label="What was said to be shared", required=False, max_length=4000, help_text="Both sides may be told this."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["held_on", "model_delivered", *self.names, "outcome_note"])


class MoveForm(GovukForm):
    """Postponed, cancelled or did not happen: who asked, and a reason that stays inside."""

    asked_by = forms.ChoiceField(
        label="Who asked for it",
        choices=[choice for choice in AskedBy.choices if choice[0] != AskedBy.SAFETY],
        widget=forms.RadioSelect,
        help_text="Neither side is ever told.",
    )
    reason = forms.CharField(
        label="Why", max_length=300, help_text="Kept inside. Each side is told only what concerns it.", widget=PLAIN
    )


class DidNotHappenForm(PresenceMixin, MoveForm):
    """Nobody need be known to have come or not."""

    must_say = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([*self.names, "asked_by", "reason"])


class OverrideForm(GovukForm):
    """`possible`: keys of what is missing now and may be overridden."""

    key = forms.ChoiceField(label="Which check", widget=forms.RadioSelect)
    because = forms.ChoiceField(label="Why", choices=OverriddenBecause, widget=forms.RadioSelect)
    words = WordsField(
        label="What is done instead, and by whom",
        max_length=1000,
        rows=4,
        help_text="Whoever works with both sides reads it. Neither side does.",
    )

    def __init__(self, *args, possible: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(key, Overridable(key).label) for key in possible]
        cast(forms.ChoiceField, self.fields["key"]).choices = choices
