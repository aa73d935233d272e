"""Whose value two records of one person have from now on."""

from django import forms

from rj_service.ui.forms import GovukForm

OWN = ""


class MergeForm(GovukForm):
    LABELS = {
        "name": "Name",
        "date_of_birth": "Date of birth",
        "communication_needs": "Communication needs",
        "phone": "Telephone number",
        "email": "Email address",
        "address": "Address and postcode",
    }
    options_class = "govuk-radios--small"

    def __init__(self, *args, differing=(), **kwargs):
        """`differing`: names of what may be chosen because the two records do not agree on it."""
        super().__init__(*args, **kwargs)
        for name in differing:
            self.fields[name] = forms.ChoiceField(
                label=self.LABELS[name],
                choices=[
                    (OWN, "Each record keeps its own"),
                    ("one", "The first record’s, for both"),
                    ("other", "The second record’s, for both"),
                ],
                widget=forms.RadioSelect,
                required=False,
            )
        self.not_marked_optional = tuple(self.fields)
