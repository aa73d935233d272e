"""What is typed about a complaint."""

from django import forms

from referrals.choices import ComplainantKind, ComplaintAbout, ComplaintOutcome
from rj_service.accounts.models import User
from rj_service.ui.forms import DateField, GovukForm, ReferenceField, WordsField


class ComplaintForm(GovukForm):
    """As it came by phone, by letter or at the door."""

    made_by = forms.ChoiceField(label="Who complains?", choices=ComplainantKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label="Their name", max_length=150, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    reach = forms.CharField(
        label="How we may safely answer them",
        max_length=300,
        required=False,
        help_text="A phone number, an address, or through whom",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reference = ReferenceField(
        label="Reference of the referral or case", required=False, help_text="For example, 7K4M-R9"
    )
    about = forms.ChoiceField(label="What is it about?", choices=ComplaintAbout.choices, widget=forms.RadioSelect)
    names_worker = forms.CharField(
        label="Which of us is it about?",
        max_length=150,
        required=False,
        help_text="Everybody of this name is shut out of it. You may be one of them",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    words = WordsField(label="The complaint, in their words", max_length=10_000)
    received_on = DateField(label="Day it came", past=True)


class AcknowledgementForm(GovukForm):
    acknowledged_on = DateField(label="Day you told them that it is here", past=True)


class ColleagueForm(GovukForm):
    """One of `colleagues`; `question` is the field's label."""

    user = forms.ModelChoiceField(label="Who", queryset=User.objects.none())

    def __init__(self, *args, colleagues=None, question="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues if colleagues is not None else User.objects.none()
        self.fields["user"].label = question


class ExtensionForm(GovukForm):
    due_on = DateField(label="Answer by", future=True)
    words = WordsField(label="Reason, as you told it to whoever complains", max_length=1000, rows=3)


class ComplaintDecisionForm(GovukForm):
    outcome = forms.ChoiceField(label="Outcome", choices=ComplaintOutcome.choices, widget=forms.RadioSelect)
    answer = WordsField(
        label="The answer", max_length=4000, help_text="Whoever complains reads this. Nothing of the other side"
    )
    learning = WordsField(label="What the service learns from it", max_length=4000, help_text="Kept inside", rows=3)


class OutcomeToldForm(GovukForm):
    told_on = DateField(label="Day they were told", past=True)
