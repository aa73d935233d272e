"""What is typed about a concern."""

from django import forms

from referrals.choices import ConcernDecision, ConcernKind, PassedOnTo
from rj_service.ui.forms import DateField, GovukForm, ReasonField, ReferenceField, WordsField


class ConcernForm(GovukForm):
    kind = forms.ChoiceField(label="What is it about?", choices=ConcernKind.choices, widget=forms.RadioSelect)
    words = WordsField(
        label="What happened, and who may be at risk?",
        max_length=4000,
        help_text="In their own words where you can. What was said to them, and what they know of this",
    )
    is_danger_now = forms.ChoiceField(
        label="Is anybody in danger now?", choices=[("Y", "Yes"), ("N", "No")], widget=forms.RadioSelect
    )

    option_hints = {"is_danger_now": {"Y": "Call 999 first. Then send this."}}

    def clean_is_danger_now(self) -> bool:
        return self.cleaned_data["is_danger_now"] == "Y"


class ConcernAnywhereForm(ConcernForm):
    """From any page: it may be about nothing that we work on."""

    reference = ReferenceField(
        label="Reference of the referral or case", required=False, help_text="For example, 7K4M-R9"
    )

    field_order = ["kind", "words", "reference", "is_danger_now"]


class ConcernDecisionForm(GovukForm):
    decision = forms.ChoiceField(label="What is decided?", choices=ConcernDecision.choices, widget=forms.RadioSelect)
    words = ReasonField(why="this is decided", label="Why, and what happens now", max_length=4000)

    option_hints = {"decision": {ConcernDecision.PASS_ON: "The next page asks whom you told, and when."}}


class PassedOnForm(GovukForm):
    to = forms.ChoiceField(label="Whom did you tell?", choices=PassedOnTo.choices, widget=forms.RadioSelect)
    passed_on = DateField(label="Day you told them", past=True)
    words = WordsField(
        label="Who took it, and their reference", required=False, max_length=500, rows=3, help_text="If they gave one"
    )


class ConcernClosingForm(GovukForm):
    outcome = WordsField(label="What came of it", max_length=4000)
