from django import forms

from cases.choices import Wellbeing
from rj_service.ui.forms import GovukForm, WordsField


class DebriefForm(GovukForm):
    wellbeing = forms.ChoiceField(label="How are you after it?", choices=Wellbeing.choices, widget=forms.RadioSelect)
    wants_to_talk = forms.BooleanField(label="I would like to talk with my supervisor", required=False)
    words = WordsField(label="What went well, and what stays with you", max_length=2000, rows=4, required=False)
