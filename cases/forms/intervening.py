"""Planning, arranging and holding what is carried between the sides."""

import datetime as dt

from django import forms
from django.utils import timezone

from cases.choices import Model, NotFaceToFaceReason
from cases.models import Participant
from rj_service.ui.forms import DateField, GovukForm, TimeField, WordsField


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


class PlanForm(GovukForm, WhenMixin):
    model = forms.ChoiceField(label="What is planned", choices=Model, widget=forms.Select)
    not_face_to_face_reason = forms.ChoiceField(
        label="Why it is not face to face",
        choices=NotFaceToFaceReason,
        widget=forms.RadioSelect,
        required=False,
        help_text="Answer this for anything but a face-to-face conference.",
    )
    not_face_to_face_note = forms.CharField(
        label="In a few words", max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    venue = forms.CharField(
        label="Where", max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    venue_checked_on = DateField(label="Day the place was checked for safety", required=False, past=True)
    safety_plan = WordsField(label="Safety plan", required=False, max_length=4000)
    uses_script = forms.BooleanField(label="A script is used", required=False)
    field_order = ["model", "not_face_to_face_reason", "not_face_to_face_note", "day", "time"]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        model = cleaned.get("model")
        if model and model != Model.FACE_TO_FACE_CONFERENCE and not cleaned.get("not_face_to_face_reason"):
            self.add_error("not_face_to_face_reason", "Say why it is not face to face: wish, safety or other")
        return cleaned

    @property
    def plan(self) -> dict:
        """What `plan_intervention` and `change_plan` take of this form."""
        data = self.cleaned_data
        names = ["model", "not_face_to_face_note", "venue", "venue_checked_on", "safety_plan", "uses_script"]
        face_to_face = data["model"] == Model.FACE_TO_FACE_CONFERENCE
        return {
            **{name: data[name] for name in names},
            "not_face_to_face_reason": "" if face_to_face else data["not_face_to_face_reason"],
            "planned_for": self.planned_for,
        }


class ScheduleForm(GovukForm, WhenMixin):
    """The day and time to arrange it for; both are needed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("day", "time"):
            self.fields[name].required = True


class HeldForm(GovukForm):
    """Who came, and what it turned out to be. One row of two answers for every participant."""

    held_on = DateField(label="Day it was held", past=True)
    model_delivered = forms.ChoiceField(label="What was held", choices=Model)
    outcome_note = WordsField(
        label="What was said to be shared", required=False, max_length=4000, help_text="Both sides may be told this."
    )

    def __init__(self, *args, participants: list[Participant], **kwargs):
        super().__init__(*args, **kwargs)
        self.participants = participants
        for one in participants:
            self.fields[self.name_of(one)] = forms.ChoiceField(
                label=f"Did {one.person.name} take part?",
                choices=[("yes", "Yes"), ("no", "No")],
                widget=forms.RadioSelect,
            )
        self.order_fields(["held_on", "model_delivered", *(self.name_of(one) for one in participants), "outcome_note"])
        for one in participants:
            self.fields[self.name_of(one)].error_messages["required"] = f"Choose whether {one.person.name} took part"

    @staticmethod
    def name_of(participant: Participant) -> str:
        return f"came-{participant.pk}"

    @property
    def attendance(self) -> dict:
        return {one.pk: self.cleaned_data[self.name_of(one)] == "yes" for one in self.participants}


class MoveForm(GovukForm):
    """Postponed, cancelled or did not happen: each with a reason that stays inside."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Kept inside. Each side is told only what concerns it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
