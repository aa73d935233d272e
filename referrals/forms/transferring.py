"""What is typed when a referral goes to another area, or comes back."""

from django import forms

from referrals.choices import TransferBecause
from rj_service.accounts.models import ServiceArea
from rj_service.ui.forms import GovukForm, ReasonField, WordsField

TAKE_OVER, SAY_NO = "take_over", "say_no"


class TransferForm(GovukForm):
    to_area = forms.ModelChoiceField(label="Which area?", queryset=ServiceArea.objects.none())
    because = forms.ChoiceField(
        label="Why does it belong there?", choices=TransferBecause.choices, widget=forms.RadioSelect
    )
    words = WordsField(
        label="What do they need to know to decide?",
        max_length=1000,
        rows=4,
        help_text="They read this before they accept. Name nobody, nor where anybody lives",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    options_class = "govuk-radios--small"

    def __init__(self, *args, own_area=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_area"].queryset = ServiceArea.objects.exclude(pk=own_area)


class AnswerTransferForm(GovukForm):
    answer = forms.ChoiceField(
        label="Do you take it over?",
        choices=[(TAKE_OVER, "Yes: it becomes our referral"), (SAY_NO, "No")],
        widget=forms.RadioSelect,
    )
    words = WordsField(label="Why not", required=False, max_length=1000, rows=3, help_text="The other area reads this")

    reveals = {"answer": {SAY_NO: ("words",)}}

    def clean(self):
        data = super().clean()
        if data.get("answer") == SAY_NO and not data.get("words") and "words" not in self.errors:
            self.add_error("words", "Say why you do not take it over. The other area reads this")
        return data


class SendHomeForm(GovukForm):
    words = ReasonField(why="it goes back", seen_by="The other area reads this", max_length=1000)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
