from django import forms

from rj_service.ui.forms import GovukForm, ReasonField
from volunteers.moving_in import TEMPLATES


class MovePeopleForm(GovukForm):
    template = forms.ChoiceField(
        label="What is in the file?",
        choices=[(one.key, one.title) for one in TEMPLATES.values()],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label="File", help_text="CSV or XLSX, at most 500 rows")


class UndoPeopleForm(GovukForm):
    because = ReasonField(why="this file is taken back", label="Why it is taken back", max_length=300)
