"""Where somebody goes, what they speak and can, and what they would rather not do."""

from django import forms

from rj_service.ui.forms import DateField, GovukForm, TimeField
from volunteers.choices import CaseKind, Language, Skill, Travels


def _several(label: str, choices, **given) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **given
    )


class WishesForm(GovukForm):
    options_class = "govuk-checkboxes--small"
    travels = forms.ChoiceField(label="How far do you travel?", choices=Travels.choices, widget=forms.RadioSelect)
    outward_code = forms.CharField(
        label="First half of your postcode",
        max_length=4,
        required=False,
        help_text="For example, PE28. It is all that is kept of where you live. Coordinators see it.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "autocomplete": "off"}),
    )
    drives = forms.BooleanField(label="I drive, or have somebody who drives me", required=False)
    skills = _several("What you know well", Skill.choices)
    rather_not = _several(
        "What you would rather not work on",
        CaseKind.choices,
        help_text="You need not say why. You can still be asked, and say no.",
    )
    languages = _several(
        "Languages besides English", Language.choices, help_text="Well enough to lead a hard conversation"
    )


class ExtraTimeForm(GovukForm):
    extra_on = DateField(label="Day", future=True)
    starts_at = TimeField(label="From")
    ends_at = TimeField(label="Until", help_text="")
