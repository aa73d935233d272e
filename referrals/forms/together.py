"""Who else is part of what happened: whoever was harmed, another person responsible."""

from django import forms

from referrals.actions import NewPerson
from referrals.choices import Responsibility
from rj_service.ui.forms import BirthField, GovukForm, PhoneField, PostcodeField, WordsField


class NameForm(GovukForm):
    first_name = forms.CharField(label="First name", max_length=100, required=False)
    last_name = forms.CharField(label="Last name", max_length=100, required=False)
    date_of_birth = BirthField(label="Date of birth", required=False)

    not_marked_optional: tuple[str, ...] = ("first_name", "last_name")

    def clean(self):
        data = super().clean()
        if not (data.get("first_name") or data.get("last_name") or data.get("organisation_name")):
            self.add_error("first_name", "Enter a name")
        return data


class NameHarmedForm(NameForm):
    organisation_name = forms.CharField(label="Organisation, if it is one", max_length=200, required=False)
    phone = PhoneField(label="Phone number", required=False)
    email = forms.EmailField(label="Email address", max_length=254, required=False)
    address = WordsField(label="Address", max_length=500, rows=3, required=False)
    postcode = PostcodeField(label="Postcode", required=False)

    not_marked_optional = ("first_name", "last_name", "organisation_name")
    field_order = ["first_name", "last_name", "organisation_name"]

    @property
    def new(self) -> NewPerson:
        return NewPerson(**self.cleaned_data)


class AddResponsibleForm(NameForm):
    responsibility_told = forms.ChoiceField(
        label="Accepts responsibility, as told to us",
        choices=Responsibility.choices,
        initial=Responsibility.NOT_KNOWN,
        widget=forms.RadioSelect,
    )
    options_class = "govuk-radios--small"

    @property
    def new(self) -> NewPerson:
        data = self.cleaned_data
        return NewPerson(
            first_name=data["first_name"], last_name=data["last_name"], date_of_birth=data["date_of_birth"]
        )
