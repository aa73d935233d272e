from django import forms

from rj_service.ui.forms import DateField, GovukForm
from volunteers.choices import CheckKind, CheckStatus


class CheckForm(GovukForm):
    kind = forms.ChoiceField(label="Check", choices=[("", "Choose a check"), *CheckKind.choices])
    status = forms.ChoiceField(label="Result", choices=CheckStatus.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Reference", max_length=40, required=False, help_text="The number of the check. Nothing that it disclosed"
    )
    issued_on = DateField(label="Date issued", required=False)
    expires_on = DateField(
        label="Last day in force",
        required=False,
        help_text="A DBS certificate prints none: enter the day by which you look at it again",
    )
