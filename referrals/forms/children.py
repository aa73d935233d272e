"""What is asked about a child, and about whoever may agree for them."""

from django import forms

from referrals.choices import AdultBecause, ConsentMethod, ConsentPurpose, ParentalKind, YesNoNotKnown
from rj_service.ui.forms import DateField, GovukForm, WordsField

KNOWN_METHODS = [choice for choice in ConsentMethod.choices if choice[0] != ConsentMethod.NOT_KNOWN]


class ChildhoodForm(GovukForm):
    """`is_asked`: no date of birth is known, so their age is asked."""

    under_18 = forms.TypedChoiceField(
        label="Are they under 18?",
        choices=[("yes", "Yes"), ("", "Not known")],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    in_care = forms.ChoiceField(
        label="If they are under 18: are they in care?",
        choices=YesNoNotKnown.choices,
        widget=forms.RadioSelect,
        initial=YesNoNotKnown.NOT_KNOWN,
        help_text="For a child in care the local authority agrees, not a parent",
    )
    youth_justice = WordsField(
        label="Youth Justice Service: who works with them, or that nobody does", max_length=500, rows=2, required=False
    )
    childrens_services = WordsField(
        label="Children’s services: who works with them, or that nobody does", max_length=500, rows=2, required=False
    )

    not_marked_optional = ("under_18",)

    def __init__(self, *args, is_asked: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_asked:
            del self.fields["under_18"]


class AdultForm(GovukForm):
    because = forms.ChoiceField(label="How is it known?", choices=AdultBecause.choices, widget=forms.RadioSelect)
    known_on = DateField(label="Day it was established", past=True)


class ParentalForm(GovukForm):
    kind = forms.ChoiceField(label="Who are they?", choices=ParentalKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name",
        max_length=150,
        help_text="Of a local authority: its name and the worker",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reach = forms.CharField(
        label="How they are reached",
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    involved = forms.ChoiceField(
        label="Did they have a part in the harm?",
        choices=YesNoNotKnown.choices,
        widget=forms.RadioSelect,
        help_text="Whoever had a part in it cannot agree for the child",
    )


class AgreeForForm(GovukForm):
    purpose = forms.ChoiceField(label="What they agreed to", choices=ConsentPurpose.choices, widget=forms.RadioSelect)
    method = forms.ChoiceField(label="How they said so", choices=KNOWN_METHODS, widget=forms.RadioSelect)
    given_on = DateField(label="Day they agreed", past=True)

    option_hints = {"method": {ConsentMethod.WRITTEN: "That the child takes part counts only in writing."}}
