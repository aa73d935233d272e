from django import forms

from rj_service.ui.forms import DateField, GovukForm, WordsField
from volunteers.choices import Level


class RegistrationForm(GovukForm):
    level = forms.ChoiceField(label="At which level?", choices=Level.choices, widget=forms.RadioSelect)
    number = forms.CharField(label="Number on the register", max_length=40, required=False)
    registered_on = DateField(label="Registered on", past=True)
    expires_on = DateField(label="Last day of the registration", required=False)


class DevelopmentForm(GovukForm):
    title = forms.CharField(
        label="What it was", max_length=150, help_text="For example, Trauma-informed practice, webinar"
    )
    done_on = DateField(label="Day", past=True)
    hours = forms.DecimalField(
        label="Hours",
        min_value=0.5,
        max_value=100,
        decimal_places=1,
        max_digits=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}),
    )
    is_approved = forms.BooleanField(label="The Restorative Justice Council has approved it", required=False)


class ObservationForm(GovukForm):
    observed_on = DateField(label="Day", past=True)
    observer_name = forms.CharField(label="Who watched", max_length=120)
    words = WordsField(
        label="What went well, and what to work on",
        help_text="Nothing of the case or anybody in it",
        max_length=1000,
        rows=4,
        required=False,
    )
