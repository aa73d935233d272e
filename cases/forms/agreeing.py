"""The outcome agreement, its commitments, and whether they are kept."""

from collections.abc import Collection
from typing import cast

from django import forms

from cases.choices import COMMITMENT_TRANSITIONS, CommitmentKind, CommitmentStatus, PaymentWay
from cases.forms.contacting import ParticipantChoice
from rj_service.documents.uploads import WHAT_IS_TAKEN
from rj_service.ui.forms import DateField, GovukForm, MoneyField, WordsField


class AgreementForm(GovukForm):
    party = ParticipantChoice(
        queryset=None, label="Who of those responsible it is with", widget=forms.RadioSelect, empty_label=None
    )
    reached = forms.ChoiceField(
        label="Was an agreement made?",
        choices=[("yes", "Yes, with commitments"), ("no", "No agreement")],
        widget=forms.RadioSelect,
    )
    agreed_on = DateField(label="Day of the agreement", required=False, past=True)
    reveals = {"reached": {"yes": ("agreed_on",)}}
    option_hints = {"reached": {"no": "A valid outcome. The meeting still counts as held."}}

    def __init__(self, *args, parties, **kwargs):
        """`parties`: those without an agreement of this meeting; where there is one, nobody is asked who."""
        super().__init__(*args, **kwargs)
        if len(parties) > 1:
            cast(forms.ModelChoiceField, self.fields["party"]).queryset = parties
        else:
            del self.fields["party"]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("reached") == "yes" and not cleaned.get("agreed_on") and "agreed_on" not in self.errors:
            self.add_error("agreed_on", "Enter the day of the agreement")
        return cleaned


class ReviewForm(GovukForm):
    agreed_on = DateField(label="Day of the new agreement", past=True)


class CommitmentForm(GovukForm):
    kind = forms.ChoiceField(label="What kind", choices=[("", "Choose"), *CommitmentKind.choices])
    words = WordsField(label="What was agreed", max_length=1000, rows=3)
    responsible = ParticipantChoice(queryset=None, label="Who does it", empty_label="Choose")
    due_on = DateField(label="Done by")
    amount = MoneyField(label="Amount", required=False)
    continues = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, participants, earlier=None, **kwargs):
        """`earlier`: the commitments that it may go on from."""
        kwargs["use_required_attribute"] = False
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["responsible"]).queryset = participants
        if earlier is None:
            del self.fields["continues"]
        else:
            cast(forms.ModelChoiceField, self.fields["continues"]).queryset = earlier

    def has_changed(self) -> bool:
        """Whether there is anything in it: what stood in one of the last round and was taken out does not go on."""
        names = ("kind", "words", "responsible", "amount", "due_on_day", "due_on_month", "due_on_year")
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in names)


class Commitments(forms.BaseFormSet):
    """Those left empty are none."""

    def _construct_form(self, i, **kwargs):
        return super()._construct_form(i, **kwargs, empty_permitted=True)


class VaryForm(GovukForm):
    words = WordsField(label="What is agreed now", max_length=1000, rows=3)
    due_on = DateField(label="Done by")
    amount = MoneyField(label="Amount", required=False)
    because = WordsField(
        label="Why it changes", max_length=1000, rows=3, help_text="Only what both sides agreed to is changed."
    )


class CommitmentStatusForm(GovukForm):
    status = forms.ChoiceField(label="How it stands", choices=CommitmentStatus, widget=forms.RadioSelect)
    words = WordsField(
        label="In your words",
        required=False,
        max_length=1000,
        rows=3,
        help_text="Where it was kept in part or not: what of it.",
    )

    def __init__(self, *args, current: str, **kwargs):
        super().__init__(*args, **kwargs)
        following = COMMITMENT_TRANSITIONS[current] - {CommitmentStatus.VARIED, CommitmentStatus.COMPLETED_LATE}
        cast(forms.ChoiceField, self.fields["status"]).choices = _labelled(following)

    def clean(self):
        super().clean()
        in_part_or_not = (CommitmentStatus.PARTLY, CommitmentStatus.NOT_COMPLETED)
        if self.cleaned_data.get("status") in in_part_or_not and not self.cleaned_data.get("words"):
            self.add_error("words", "Say what was kept of it, and what was not")
        return self.cleaned_data


def _labelled(statuses: Collection[str]) -> list[tuple[str, str]]:
    return [choice for choice in CommitmentStatus.choices if choice[0] in statuses]


class PaymentForm(GovukForm):
    paid_on = DateField(label="Day it was paid", past=True)
    amount = MoneyField(label="Amount")
    way = forms.ChoiceField(label="How it was paid", choices=PaymentWay, widget=forms.RadioSelect)
    receipt = forms.CharField(
        label="Reference of the receipt",
        max_length=40,
        help_text="The service’s or the court’s own. Never an account number or an address.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )


class EvidenceForm(GovukForm):
    shown_on = DateField(label="Day it was shown", past=True)
    words = WordsField(label="What shows it", required=False, max_length=1000, rows=3)
    file = forms.FileField(
        label="A file",
        required=False,
        help_text=f"{WHAT_IS_TAKEN}. It stays inside: neither side is sent it.",
    )
