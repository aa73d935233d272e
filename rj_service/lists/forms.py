from django import forms

from rj_service.lists.models import Format
from rj_service.ui.forms import GovukForm


class FileForm(GovukForm):
    file_format = forms.ChoiceField(
        label="Which file?", choices=Format.choices, widget=forms.RadioSelect, initial=Format.CSV
    )
    reason = forms.CharField(
        label="What is it for?", help_text="Kept with the file’s record. Name nobody.", max_length=200
    )


class SaveFiltersForm(GovukForm):
    name = forms.CharField(
        label="Name of these filters", help_text="For example: “Mine, past their time”. Name nobody.", max_length=60
    )


class FindForm(GovukForm):
    words = forms.CharField(
        label="Name",
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter a name, or a part of it"},
    )
