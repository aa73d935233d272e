"""The agreement on paper, and what somebody harmed is told."""

from typing import cast

from django import forms

from cases.choices import HowOften, PromiseKind, SigningWay
from cases.forms.contacting import ParticipantChoice
from referrals.choices import Channel, ConsentMethod
from rj_service.ui.forms import DateField, GovukForm, WordsField

HOW_SAID = [choice for choice in ConsentMethod.choices if choice[0] != ConsentMethod.NOT_KNOWN]


class NameForm(GovukForm):
    shown_as = forms.CharField(
        label="Name that the other side may read",
        required=False,
        max_length=100,
        help_text="As they agreed: a first name, for example. Empty: the other side reads only their part.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )


class SignatureForm(GovukForm):
    participant = ParticipantChoice(queryset=None, label="Who signed", widget=forms.RadioSelect, empty_label=None)
    signed_on = DateField(label="Day it was signed", past=True)
    how = forms.ChoiceField(label="How", choices=SigningWay, widget=forms.RadioSelect)

    def __init__(self, *args, signers, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["participant"]).queryset = signers


class HearingForm(GovukForm):
    wants = forms.ChoiceField(
        label="Do they want to hear whether it is kept?",
        choices=[("yes", "Yes"), ("no", "No, they would rather not")],
        widget=forms.RadioSelect,
    )
    said_on = DateField(label="Day they said so", past=True)
    method = forms.ChoiceField(label="How they said so", choices=HOW_SAID, widget=forms.RadioSelect)


class ToldForm(GovukForm):
    """Only ways that are safe and agreed to today."""

    told_on = DateField(label="Day they were told", past=True)
    channel = forms.ChoiceField(label="How they were told", choices=Channel, widget=forms.RadioSelect)
    words = WordsField(
        label="What they were told, in a few words",
        required=False,
        max_length=500,
        rows=3,
        help_text="Never release, or where somebody is: the Victim Contact Scheme tells that.",
    )

    def __init__(self, *args, ways: dict[str, str], says_what: bool = False, **kwargs):
        """`ways`: Channel -> why not, or ''."""
        super().__init__(*args, **kwargs)
        choices = [choice for choice in Channel.choices if not ways[choice[0]]]
        cast(forms.ChoiceField, self.fields["channel"]).choices = choices
        self.fields["words"].required = says_what


class PromiseForm(GovukForm):
    about = ParticipantChoice(queryset=None, label="Who it is about", widget=forms.RadioSelect, empty_label=None)
    kind = forms.ChoiceField(label="What they want to hear", choices=PromiseKind, widget=forms.RadioSelect)
    words = forms.CharField(
        label="In a few words",
        required=False,
        max_length=300,
        help_text="Never release, or where somebody is: the Victim Contact Scheme tells that.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    channel = forms.ChoiceField(label="How they want to hear it", choices=Channel, widget=forms.RadioSelect)
    often = forms.ChoiceField(label="How often", choices=HowOften, widget=forms.RadioSelect)
    next_on = DateField(label="From")
    until = DateField(label="Until")

    def __init__(self, *args, parties, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["about"]).queryset = parties
        if len(parties) == 1:
            del self.fields["about"]


class PromiseConsentForm(GovukForm):
    given_on = DateField(label="Day they agreed", past=True)
    method = forms.ChoiceField(label="How they agreed", choices=HOW_SAID, widget=forms.RadioSelect)
