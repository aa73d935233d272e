"""Why two records are one person, and whose value both have once somebody else has confirmed it."""

from django import forms

from rj_service.ui.forms import GovukForm, WordsField

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
    reason = WordsField(
        label="Why do you take them for one person?",
        max_length=500,
        rows=3,
        help_text="Whoever confirms it reads this",
        error_messages={"required": "Say why you take them for one person"},
    )

    def __init__(self, *args, choices=None, **kwargs):
        """`choices`: by name of what the two records do not agree on, which of them ("one", "other") knows it."""
        super().__init__(*args, **kwargs)
        whose = {"one": "The first record’s, for both", "other": "The second record’s, for both"}
        for name, known in (choices or {}).items():
            self.fields[name] = forms.ChoiceField(
                label=self.LABELS[name],
                choices=[(OWN, "Each record keeps its own"), *((record, whose[record]) for record in known)],
                widget=forms.RadioSelect,
                required=False,
            )
        self.not_marked_optional = tuple(self.fields)
        self.order_fields([*self.LABELS, "reason"])
