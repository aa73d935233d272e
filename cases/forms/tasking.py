"""What is typed about a task."""

from typing import cast

from django import forms

from cases.choices import Side
from cases.forms.assigning import ColleagueChoice
from rj_service.accounts.models import User
from rj_service.ui.forms import DateField, GovukForm, ReasonField, WordsField


class ForSomebody(GovukForm):
    """`colleagues`: who may have the task."""

    to = ColleagueChoice(queryset=User.objects.none(), label="Who", empty_label="Choose")

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["to"]).queryset = colleagues


class TaskForm(ForSomebody):
    words = forms.CharField(
        label="What is there to do?",
        max_length=200,
        help_text="Whoever has the task reads this. Leave out names of people.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    side = forms.ChoiceField(
        label="Which side is it about?",
        choices=[(Side.HARMED, "Harmed side"), (Side.RESPONSIBLE, "Responsible side"), ("", "Neither, or both")],
        required=False,
        widget=forms.RadioSelect,
    )
    due_on = DateField(label="Due", future=True)

    field_order = ["words", "side", "to", "due_on"]
    not_marked_optional = ("side",)

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, colleagues=colleagues, **kwargs)
        whoever = cast(forms.ModelChoiceField, self.fields["to"])
        whoever.required, whoever.empty_label = False, "Whoever coordinates"


class GiveTaskForm(ForSomebody):
    pass


class FinishTaskForm(GovukForm):
    words = WordsField(label="What came of it", required=False, max_length=300, rows=3)


class PutOffTaskForm(GovukForm):
    until = DateField(label="Until", future=True)
    because = ReasonField(why="it has to wait", label="Why it has to wait", max_length=200, rows=2)
