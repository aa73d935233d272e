"""One theme a page, then the whole, then the signature."""

from typing import cast

from django import forms

from cases.choices import AbuseCheckKind, AskedHow, AssessmentOutcome, Concern, ResponsibilityTaken
from cases.forms.shown import ShownMixin
from rj_service.ui.forms import DateField, GovukForm, WordsField

YES_NO = [("yes", "Yes"), ("no", "No")]


class AssessmentItemForm(ShownMixin, GovukForm):
    """Nothing is chosen beforehand."""

    concern = forms.ChoiceField(label="What you found", choices=Concern, widget=forms.RadioSelect)
    words = WordsField(label="In your words", required=False, max_length=2000)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("concern") in (Concern.MITIGATED, Concern.NOT_MITIGATED) and not cleaned.get("words"):
            self.add_error("words", "Say what the concern is, and what was done about it")
        return cleaned


class AskedAloneForm(AssessmentItemForm):
    """Fear, control and orders: no answer without when and how they were asked alone."""

    asked_on = DateField(label="Day you asked them alone", past=True)
    asked_how = forms.ChoiceField(label="How they were asked alone", choices=AskedHow, widget=forms.RadioSelect)
    field_order = ["asked_on", "asked_how", "concern", "words"]


class ResponsibilityForm(AssessmentItemForm):
    responsibility = forms.ChoiceField(
        label="Do they take responsibility?",
        choices=ResponsibilityTaken,
        widget=forms.RadioSelect,
        help_text="For the basic facts of what happened. If they take none, this is a concern that is not mitigated.",
    )
    field_order = ["responsibility", "concern", "words"]


def _yes_no(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, widget=forms.RadioSelect)


class OverallForm(GovukForm):
    """Offers only the outcomes that the items allow; the page says why the others are not there."""

    able = _yes_no("Is the person able to take part?")
    willing = _yes_no("Is the person willing, without pressure?")
    suitable = _yes_no("Is taking part suitable for the person?")
    outcome = forms.ChoiceField(label="Outcome", choices=AssessmentOutcome, widget=forms.RadioSelect)
    conditions = WordsField(
        label="Conditions that must be met first",
        required=False,
        max_length=2000,
        rows=3,
        help_text="One on each line. Each is marked as met by itself.",
    )
    summary = WordsField(label="Summary", required=False, max_length=4000)
    reveals = {"outcome": {AssessmentOutcome.WITH_CONDITIONS: ("conditions",)}}

    def __init__(self, *args, possible: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [choice for choice in AssessmentOutcome.choices if not possible.get(choice[0])]
        cast(forms.ChoiceField, self.fields["outcome"]).choices = choices
        if AssessmentOutcome.WITH_CONDITIONS not in dict(choices):
            self.reveals = {}
            del self.fields["conditions"]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("outcome") == AssessmentOutcome.WITH_CONDITIONS and not cleaned.get("conditions"):
            self.add_error("conditions", "Enter the conditions that must be met first")
        return cleaned

    @property
    def judgement(self) -> dict:
        """What `sign_assessment` takes of this form."""
        data = self.cleaned_data
        return {
            "outcome": data["outcome"],
            "conditions": data.get("conditions", ""),
            "summary": data["summary"],
            **{name: data[name] == "yes" for name in ("able", "willing", "suitable")},
        }


class SignForm(OverallForm):
    """The same answers carried along, and the declaration."""

    has_met_person = forms.BooleanField(label="I have met this person")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reveals = {}
        for name, field in self.fields.items():
            if name != "has_met_person":
                field.widget = forms.HiddenInput()


class StillHoldsForm(GovukForm):
    still_holds = WordsField(
        label="Why it still holds",
        max_length=2000,
        rows=4,
        help_text="What you looked at again, and with whom you spoke.",
    )
    has_met_person = forms.BooleanField(label="I have met this person, and I sign that the assessment still holds")


class ReopenAssessmentForm(GovukForm):
    words = WordsField(
        label="What has to be looked at again",
        max_length=1000,
        rows=4,
        help_text="Whoever works with this person reads it. Name nobody of the other side.",
    )


class ConditionMetForm(GovukForm):
    met_on = DateField(label="Day it was met", past=True)


class AbuseCheckForm(GovukForm):
    kind = forms.ChoiceField(label="Who was consulted", choices=AbuseCheckKind, widget=forms.RadioSelect)
    done_on = DateField(label="Day", past=True)
    done_by = forms.CharField(label="Who it was", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    words = WordsField(label="What they advised", required=False, max_length=2000, rows=4)
    wish = forms.ChoiceField(
        label="Is the wish to go on the person’s own?",
        choices=[("yes", "Yes, free of pressure"), ("no", "No, or it is not clear")],
        widget=forms.RadioSelect,
    )
    pressure_words = WordsField(
        label="What you asked about pressure, and what they said",
        max_length=2000,
        rows=4,
        help_text="Asked alone. Who first spoke of it, who else knows, what happens if they stop.",
    )


class RefuseSignOffForm(GovukForm):
    because = WordsField(
        label="What is missing",
        max_length=2000,
        rows=4,
        help_text="The coordinator reads this. Neither side does.",
    )
