from django import forms

from rj_service.ui.forms import GovukForm
from volunteers.moving_in import TEMPLATES


class MovePeopleForm(GovukForm):
    template = forms.ChoiceField(
        label="What is in the file?",
        choices=[(one.key, one.title) for one in TEMPLATES.values()],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label="File", help_text="CSV or XLSX, at most 2,000 rows")
