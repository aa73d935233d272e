"""What is asked about somebody's needs. Nothing here asks what happened."""

from typing import Any

from django import forms

from referrals.choices import EnhancedGround, NeedCategory, NeedSize, NeedsQuestion, Vulnerability, YesNoNotKnown
from rj_service.ui.forms import DateField, GovukForm, ReasonField, WordsField

LEVELS = [choice for choice in Vulnerability.choices if choice[0] != Vulnerability.NOT_KNOWN]
QUESTIONS = {one.value: one.label for one in NeedsQuestion}
CATEGORIES = {one.value: one.label for one in NeedCategory}


class NeedsForm(GovukForm):
    """`has_rights`: enhanced rights are of people harmed alone."""

    assessed_on = DateField(label="Day of the assessment", past=True)
    level = forms.ChoiceField(label="How vulnerable are they?", choices=LEVELS, widget=forms.RadioSelect)
    reason = ReasonField(why="you see it so", label="Why you see it so", max_length=2000)
    grounds = forms.MultipleChoiceField(
        label="Enhanced rights under the Victims’ Code, because they are",
        choices=EnhancedGround.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    communication_needs = forms.CharField(
        label="Communication needs",
        max_length=500,
        required=False,
        help_text="For example an interpreter, large print, a hearing loop. Whoever works with them reads this",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    options_class = "govuk-radios--inline govuk-radios--small"

    def __init__(self, *args, has_rights: bool, **kwargs):
        super().__init__(*args, **kwargs)
        for questions, answers in ((QUESTIONS, YesNoNotKnown), (CATEGORIES, NeedSize)):
            for name, label in questions.items():
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=answers.choices,
                    widget=forms.RadioSelect,
                    error_messages={
                        "required": f"Answer the question: {label}" if "?" in label else f"Choose: {label}",
                        "invalid_choice": "Choose one of the answers shown",
                    },
                )
        self.fields["grounds"].options_class = "govuk-checkboxes--small"  # type: ignore[attr-defined]
        if not has_rights:
            del self.fields["grounds"]

    def sections(self):
        rights = ["grounds"] if "grounds" in self.fields else []
        parts = {
            "What makes them vulnerable": QUESTIONS,
            "What they need": CATEGORIES,
            "How we talk with them": ["communication_needs"],
            "What you make of it": ["level", "reason", *rights, "assessed_on"],
        }
        return [(heading, [self[name] for name in names]) for heading, names in parts.items()]

    @property
    def found(self) -> dict[str, Any]:
        """As the action takes it."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("assessed_on", "level", "reason", "communication_needs")},
            "grounds": data.get("grounds", ()),
            "answers": {name: data[name] for name in QUESTIONS},
            "needs": {name: data[name] for name in CATEGORIES},
        }


class SupportForm(GovukForm):
    category = forms.ChoiceField(label="Which need is it for?", choices=NeedCategory.choices, widget=forms.RadioSelect)
    organisation = forms.CharField(
        label="Who supports them", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    referred_on = DateField(label="Day they were passed on", past=True)


class SupportEndForm(GovukForm):
    taken_up = forms.TypedChoiceField(
        label="Did they take it up?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    ended_on = DateField(label="Day we heard", past=True)


class ConditionsForm(GovukForm):
    physical = WordsField(label="Physical conditions", max_length=2000, rows=4, required=False)
    mental = WordsField(label="Mental conditions", max_length=2000, rows=4, required=False)
