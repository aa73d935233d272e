"""What is typed when areas help each other out with facilitators."""

from django import forms

from cases.choices import NOT_ASKED_OFFERED, AssignmentRole, AssignmentSides
from cases.models import Arrangement
from rj_service.accounts.models import ServiceArea
from rj_service.ui.forms import DateField, GovukForm, WordsField
from volunteers.models import Practitioner

NAME, SAY_NO = "name", "say_no"


class ArrangementForm(GovukForm):
    other = forms.ModelChoiceField(label="With which area", queryset=ServiceArea.objects.none())
    words = WordsField(label="What is arranged", max_length=500, rows=4)
    starts_on = DateField(label="From")
    ends_on = DateField(label="Until", future=True, required=False, help_text="If left empty: until one of you ends it")

    def __init__(self, *args, own_area=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = ServiceArea.objects.exclude(pk=own_area)


class ArrangementChoice(forms.ModelChoiceField):
    own_area = None

    def label_from_instance(self, arrangement: Arrangement) -> str:
        return (arrangement.other if arrangement.one_id == self.own_area else arrangement.one).name


class AskForFacilitatorForm(GovukForm):
    arrangement = ArrangementChoice(label="Which area do you ask?", queryset=None)
    role = forms.ChoiceField(label="Place on the case", choices=AssignmentRole, widget=forms.RadioSelect)
    sides = forms.ChoiceField(
        label="Sides they work with",
        choices=AssignmentSides,
        widget=forms.RadioSelect,
        help_text="They see only the sides chosen here.",
    )
    words = WordsField(
        label="What is needed",
        max_length=300,
        rows=3,
        help_text="The place, about how many hours, what they should be good at. Name nobody",
    )

    options_class = "govuk-radios--small"

    def __init__(self, *args, own_area=None, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["arrangement"].own_area = own_area
        self.fields["arrangement"].queryset = Arrangement.objects.in_force(today).select_related("one", "other")


class PractitionerChoice(forms.ModelChoiceField):
    def label_from_instance(self, practitioner: Practitioner) -> str:
        return practitioner.name


class BeginLoanForm(GovukForm):
    """Whoever is lent is asked by the coordinator in person: no page of this area is open to them yet."""

    not_asked = forms.ChoiceField(
        label="Have they been asked whether they know anybody?",
        choices=[(one.value, one.label) for one in NOT_ASKED_OFFERED],
        widget=forms.RadioSelect,
        help_text="Ring them, and read to them the names of their sides alone. If they know anybody, or you have not reached"
        " them, go back: they do not begin.",
        error_messages={"required": "Say whether they have been asked, or why it cannot wait"},
    )


class AnswerLoanForm(GovukForm):
    answer = forms.ChoiceField(
        label="Can you lend somebody?", choices=[(NAME, "Yes"), (SAY_NO, "No")], widget=forms.RadioSelect
    )
    practitioner = PractitionerChoice(
        label="Whom", queryset=None, required=False, help_text="Those who are ready today"
    )

    reveals = {"answer": {NAME: ("practitioner",)}}

    def __init__(self, *args, ready=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = ready

    def clean(self):
        data = super().clean()
        if data.get("answer") == NAME and not data.get("practitioner") and "practitioner" not in self.errors:
            self.add_error("practitioner", "Choose whom you lend")
        return data
