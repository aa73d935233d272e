"""Asking practitioners, and giving them a place on the case."""

from typing import cast

from django import forms

from cases.choices import NOT_ASKED_OFFERED, AssignmentRole, AssignmentSides
from rj_service.accounts.models import User
from rj_service.ui.forms import DateField, GovukForm


class PlaceForm(GovukForm):
    role = forms.ChoiceField(label="Place on the case", choices=AssignmentRole, widget=forms.RadioSelect)
    sides = forms.ChoiceField(
        label="Sides they work with",
        choices=AssignmentSides,
        widget=forms.RadioSelect,
        help_text="They see only the sides chosen here.",
    )


class AssignForm(PlaceForm):
    """`asked`: the sides whose names they have read, and answered that they know nobody."""

    not_asked = forms.ChoiceField(
        label="Why they are not asked first whether they know anybody",
        choices=[(one.value, one.label) for one in NOT_ASKED_OFFERED],
        widget=forms.RadioSelect,
        required=False,
        help_text="They have not answered that for every side. An invitation asks them, by the names of their sides alone.",
    )
    not_marked_optional = ("not_asked",)
    assess_by = DateField(
        label="Assess the people of these sides by",
        required=False,
        future=True,
        help_text="For a lead: a task of theirs for each person. Nobody is contacted by it.",
    )

    def __init__(self, *args, asked: frozenset[str], **kwargs):
        super().__init__(*args, **kwargs)
        if len(asked) == len([AssignmentSides.HARMED, AssignmentSides.RESPONSIBLE]):
            del self.fields["not_asked"]


class InviteForm(PlaceForm):
    near = forms.CharField(
        label="Near",
        max_length=100,
        required=False,
        help_text="A town or district, never an address.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    hours = forms.IntegerField(
        label="About how many hours",
        required=False,
        min_value=1,
        max_value=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"invalid": "Enter hours as a whole number, like 8"},
    )
    answer_by = DateField(label="Answer by", future=True)


class AnswerForm(GovukForm):
    answer = forms.ChoiceField(
        label="Can you take it on?",
        choices=[("yes", "Yes, I am free"), ("no", "No, not this time")],
        widget=forms.RadioSelect,
    )


class KnowAnybodyForm(GovukForm):
    answer = forms.ChoiceField(
        label="Do you know any of them?",
        choices=[
            ("nobody", "No, I know none of them"),
            ("somebody", "Yes, or there is another reason why I should not work on this case"),
        ],
        help_text="From work, family, school, church, the neighbourhood, or by name. If in doubt, say yes.",
        widget=forms.RadioSelect,
    )


class EndAssignmentForm(GovukForm):
    reason = forms.CharField(label="Why it ends", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ColleagueChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.get_full_name()


class SupervisorForm(GovukForm):
    supervisor = ColleagueChoice(queryset=User.objects.none(), label="Case supervisor", empty_label="Nobody")

    def __init__(self, *args, supervisors, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["supervisor"]).queryset = supervisors
        self.fields["supervisor"].required = False


class SpecialistForm(GovukForm):
    who = forms.CharField(
        label="Who was consulted",
        max_length=150,
        help_text="An independent domestic or sexual violence adviser, or another specialist.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    consulted_on = DateField(label="Day they were consulted", past=True)
