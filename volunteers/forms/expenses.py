"""What was spent, what is decided, and what is paid."""

from django import forms

from rj_service.ui.forms import DateField, GovukForm, MoneyField
from rj_service.ui.references import spoken
from volunteers.choices import ClaimKind, HoursKind
from volunteers.models import BudgetLine


class ClaimForm(GovukForm):
    not_marked_optional = ("miles", "amount", "receipt")
    kind = forms.ChoiceField(label="What was it?", choices=ClaimKind.choices, widget=forms.RadioSelect)
    spent_on = DateField(label="Day", past=True)
    miles = forms.DecimalField(
        label="Miles, there and back",
        required=False,
        max_digits=6,
        decimal_places=1,
        min_value=0,
        help_text="For your own car only. The amount is worked out from them.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5", "autocomplete": "off"}),
        error_messages={"invalid": "Enter the miles, like 12.5", "max_decimal_places": "Enter the miles, like 12.5"},
    )
    amount = MoneyField(label="Amount", required=False, help_text="For everything but miles")
    words = forms.CharField(
        label="Where and what for",
        max_length=200,
        help_text="Towns only, like “Ely to Huntingdon and back, a visit”. No address, and nobody’s name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    receipt = forms.FileField(
        label="Photograph of the receipt",
        required=False,
        help_text="JPEG, PNG or PDF, up to 10 MB. Needed for everything but miles.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )


class ChangeClaimForm(ClaimForm):
    """What it was stays: something else is another claim."""

    kind = None  # type: ignore[assignment]


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, line) -> str:
        left = line.amount - line.spent
        words = f"£{left:,.2f} left" if left >= 0 else f"£{-left:,.2f} over already"
        return f"{line}, {line.stream}: {words}"


class DecideClaimForm(GovukForm):
    not_marked_optional = ("line", "because")
    decision = forms.ChoiceField(
        label="What happens with this claim?",
        choices=[("approve", "Approve it"), ("back", "Send it back to be put right"), ("refuse", "Do not pay it")],
        widget=forms.RadioSelect,
    )
    line = LineChoice(
        queryset=BudgetLine.objects.none(),
        label="Line of the budget",
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text="If you approve it",
    )
    because = forms.CharField(
        label="Why it is sent back or not paid",
        max_length=200,
        required=False,
        help_text="Whoever claimed it reads this",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, lines, can_put_right=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not can_put_right:
            self.offer("decision", [one for one in self.fields["decision"].choices if one[0] != "back"])
        self.fields["line"].queryset = lines
        if len(only := lines[:2]) == 1:
            self.fields["line"].initial = only[0].pk

    def clean(self):
        given = super().clean()
        if given.get("decision") == "approve" and not given.get("line"):
            self.add_error("line", "Choose the line of the budget that it is charged to")
        if given.get("decision") in ("back", "refuse") and not given.get("because"):
            self.add_error("because", "Say why. Whoever claimed it reads this")
        return given


class HoursForm(GovukForm):
    not_marked_optional = ("case_reference",)
    worked_on = DateField(label="Day", past=True)
    hours = forms.DecimalField(
        label="Hours",
        max_digits=4,
        decimal_places=2,
        min_value=0,
        help_text="For example, 2.5",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"invalid": "Enter the hours of that day, like 2.5"},
    )
    kind = forms.ChoiceField(label="What was it?", choices=HoursKind.choices, widget=forms.RadioSelect)
    case_reference = forms.ChoiceField(
        label="For which case?", required=False, widget=forms.RadioSelect, help_text="By its reference alone."
    )

    def __init__(self, *args, references, **kwargs):
        """`references` of the cases that are, or lately were, theirs."""
        super().__init__(*args, **kwargs)
        if references:
            self.offer("case_reference", [*((one, spoken(one)) for one in references), ("", "No case")])
        else:
            del self.fields["case_reference"]


class PaidForm(GovukForm):
    paid_on = DateField(label="Day it was paid", past=True)


class BudgetLineForm(GovukForm):
    year = forms.TypedChoiceField(label="Financial year", coerce=int, widget=forms.RadioSelect)
    name = forms.CharField(label="What it is for", max_length=100, help_text="For example, Volunteers’ expenses")
    stream = forms.CharField(
        label="Where the money is from", max_length=100, help_text="For example, Ministry of Justice"
    )
    amount = MoneyField(label="Amount", max_digits=10)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, f"April {year} to March {year + 1}") for year in years]


def _pence(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=5,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"invalid": "Enter pence, like 45"},
    )


class MileageRateForm(GovukForm):
    counts_from = DateField(label="Counts from")
    first_pence = _pence("Pence a mile, first miles of a tax year")
    first_miles = forms.IntegerField(
        label="How many first miles",
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5", "autocomplete": "off"}),
    )
    after_pence = _pence("Pence a mile after them")
    source = forms.CharField(label="Who set it", max_length=150, help_text="For example, HM Revenue and Customs, 2026")
