from django import forms

from rj_service.ui.forms import DateField, GovukForm, WordsField


class SupervisionForm(GovukForm):
    held_on = DateField(label="Date of the supervision", past=True)
    supervisor_name = forms.CharField(label="Who held it", max_length=120)
    agreed = WordsField(
        label="What was agreed",
        help_text="They read this too. Nothing that says who anybody in a case is",
        max_length=2000,
        rows=5,
        required=False,
    )
    next_on = DateField(label="Date of the next one", required=False)
