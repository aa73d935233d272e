"""Another person responsible for the same incident."""

from django import forms

from referrals.actions import NewPerson
from referrals.choices import Responsibility
from rj_service.ui.forms import DateField, GovukForm


class AddResponsibleForm(GovukForm):
    first_name = forms.CharField(label="First name", max_length=100, required=False)
    last_name = forms.CharField(label="Last name", max_length=100, required=False)
    date_of_birth = DateField(label="Date of birth", past=True, required=False)
    responsibility_told = forms.ChoiceField(
        label="Accepts responsibility, as told to us",
        choices=Responsibility.choices,
        initial=Responsibility.NOT_KNOWN,
        widget=forms.RadioSelect,
    )
    not_marked_optional = ("first_name", "last_name")
    options_class = "govuk-radios--small"

    def clean(self):
        data = super().clean()
        if not (data.get("first_name") or data.get("last_name")):
            self.add_error("first_name", "Enter a name")
        return data

    @property
    def new(self) -> NewPerson:
        data = self.cleaned_data
        return NewPerson(
            first_name=data["first_name"], last_name=data["last_name"], date_of_birth=data["date_of_birth"]
        )
