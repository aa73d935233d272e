"""Words, days and sums of a contract with a provider."""

from decimal import Decimal

from django import forms

from rj_service.ui.forms import DateField, GovukForm, MoneyField, WordsField
from training.actions import PackageTerms
from training.choices import Funding, PackageStatus

YES_NO = [("yes", "Yes"), ("no", "No")]


class PackageForm(GovukForm):
    options_class = "govuk-radios--small"

    name = forms.CharField(label="Name of the package", max_length=150)
    provider = forms.CharField(label="Provider", max_length=150)
    contact = forms.CharField(label="Who you deal with there", max_length=200, required=False)
    contains = WordsField(label="What it contains", rows=4, max_length=2000, required=False)
    funding = forms.ChoiceField(label="Who pays for it?", choices=Funding.choices, widget=forms.RadioSelect)
    value = MoneyField(label="What it is worth", required=False)
    cost = MoneyField(label="What it costs us", required=False)
    ceiling = MoneyField(
        label="Most that the provider may ask for", initial=Decimal(3000),
        help_text="In the whole contract, for sessions cancelled too late and for falling short together",
    )  # fmt: skip
    notice_days = forms.IntegerField(
        label="Days before a session until which it can be cancelled freely", min_value=0, max_value=365, initial=28
    )
    agreed = forms.IntegerField(
        label="Conferences or activities agreed for the first 12 months", min_value=0, max_value=9999, initial=0
    )
    counts_held = forms.BooleanField(
        label="Count the conferences and panels held in our cases towards it", required=False, initial=True,
        help_text="Each counts in one contract: the one that began first",
    )  # fmt: skip
    counts_indirect = forms.BooleanField(
        label="Count letters, shuttle mediation and other indirect ones too", required=False,
        help_text="Only where the contract takes them for an activity",
    )  # fmt: skip

    def terms(self) -> PackageTerms:
        given = dict(self.cleaned_data)
        for name in ("value", "cost"):
            given[name] = given[name] or Decimal(0)
        return PackageTerms(**given)


class MovePackageForm(GovukForm):
    heading = "status"
    status = forms.ChoiceField(label="Where does it stand now?", widget=forms.RadioSelect)

    def __init__(self, *args, statuses: list[PackageStatus], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [(one.value, one.label) for one in statuses]


class SignatureForm(GovukForm):
    signed_on = DateField(label="Signed on")
    starts_on = DateField(label="First day of the contract")


class ConditionForm(GovukForm):
    is_met = forms.ChoiceField(label="Is this so?", choices=YES_NO, widget=forms.RadioSelect)
    evidence = WordsField(label="What shows it", rows=3, max_length=500)
    shown_on = DateField(label="Day of the evidence")


class StepForm(GovukForm):
    words = forms.CharField(label="What is to be done", max_length=300)
    who = forms.CharField(label="Who does it", max_length=100, required=False)
    due_on = DateField(label="Due on")


class ActivityForm(GovukForm):
    words = forms.CharField(label="What it was", max_length=200, help_text="Name nobody")
    number = forms.IntegerField(label="How many", min_value=1, max_value=500)
    held_on = DateField(label="Held on")


class ShortfallForm(GovukForm):
    amount = MoneyField(label="Amount")
