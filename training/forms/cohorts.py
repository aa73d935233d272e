"""Courses and their cohorts: lengths, places, days and costs."""

from django import forms
from django.core.exceptions import ValidationError

from rj_service.accounts.models import Organisation
from rj_service.ui.forms import DateField, GovukForm, MoneyField, TimeField
from rj_service.ui.templatetags.ui import day
from training.actions import Costs
from training.choices import Attendee, CourseKind, Needs
from training.models import Course, Session, TrainingPackage

SESSIONS = 3


class CourseForm(GovukForm):
    name = forms.CharField(label="Name", max_length=150)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose a kind"), *CourseKind.choices])
    days = forms.DecimalField(
        label="Length in days",
        min_value=0,
        max_value=30,
        max_digits=4,
        decimal_places=2,
        help_text="For example, 2 or 0.5",
    )
    hours = forms.DecimalField(
        label="Length in hours", required=False, min_value=0, max_value=12, max_digits=4, decimal_places=2,
        help_text="Only where it is shorter than a day",
    )  # fmt: skip
    maximum = forms.IntegerField(label="Most learners in one cohort", min_value=1, max_value=500)
    prerequisite = forms.ModelChoiceField(
        label="Course that comes before it", queryset=Course.objects.none(), required=False, empty_label="None"
    )
    prerequisite_needs = forms.ChoiceField(
        label="What it asks for of the course before",
        choices=Needs.choices,
        initial=Needs.ATTENDED,
        required=False,
        widget=forms.RadioSelect,
    )
    award_valid_months = forms.IntegerField(
        label="Months that the award is in force", required=False, min_value=1, max_value=120,
        help_text="Empty for an award without an end",
    )  # fmt: skip
    renewal_days = forms.IntegerField(
        label="Days before its end from which it can be renewed", min_value=0, max_value=365, initial=90, required=False
    )
    cpd_hours = forms.DecimalField(
        label="CPD hours", required=False, min_value=0, max_value=500, max_digits=5, decimal_places=2
    )
    cpd_approved = forms.BooleanField(label="The Restorative Justice Council has approved it", required=False)
    awarding_body = forms.CharField(label="Awarding body", max_length=100, required=False)
    level = forms.CharField(label="Level", max_length=40, required=False, help_text="For example, Level 3")
    makes_facilitators = forms.BooleanField(label="Its award makes a facilitator", required=False)
    trains_to_refer = forms.BooleanField(label="Whoever attended knows how to refer", required=False)
    counts_heads = forms.BooleanField(label="A briefing: people may be counted and not named", required=False)
    takes_other_areas = forms.BooleanField(label="Takes learners of other areas too", required=False)

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["prerequisite"].queryset = courses

    def clean_prerequisite_needs(self):
        return self.cleaned_data["prerequisite_needs"] or Needs.ATTENDED

    def clean_renewal_days(self):
        given = self.cleaned_data["renewal_days"]
        return 90 if given is None else given


class CohortForm(GovukForm):
    course = forms.ModelChoiceField(label="Course", queryset=Course.objects.none(), empty_label="Choose a course")
    name = forms.CharField(label="Name of the cohort", max_length=150, help_text="For example, Spring 2027")
    place = forms.CharField(label="Place", max_length=200, required=False)
    maximum = forms.IntegerField(label="Places", min_value=1, max_value=500)
    trainers = forms.CharField(label="Trainers", max_length=300, required=False)
    package = forms.ModelChoiceField(
        label="Package that it is part of", queryset=TrainingPackage.objects.none(), required=False, empty_label="None"
    )
    venue_cost = MoneyField(label="Cost of the venue, each session", required=False)
    refreshments_cost = MoneyField(label="Cost of refreshments, each session", required=False)

    def __init__(self, *args, courses, packages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses
        self.fields["package"].queryset = packages
        for number in range(1, SESSIONS + 1):
            first = number == 1
            self.fields[f"held_on_{number}"] = DateField(label=f"Session {number}: date", required=first)
            self.fields[f"starts_at_{number}"] = TimeField(label=f"Session {number}: starts", required=first)
            self.fields[f"ends_at_{number}"] = TimeField(label=f"Session {number}: ends", required=first)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        for number in range(2, SESSIONS + 1):
            parts = [cleaned.get(f"{part}_{number}") for part in ("held_on", "starts_at", "ends_at")]
            if any(parts) and not all(parts):
                self.add_error(
                    f"held_on_{number}", ValidationError(f"Session {number} needs a date, a start and an end")
                )
        return cleaned

    def sessions(self):
        found = [
            tuple(self.cleaned_data.get(f"{part}_{number}") for part in ("held_on", "starts_at", "ends_at"))
            for number in range(1, SESSIONS + 1)
        ]
        return [session for session in found if all(part is not None for part in session)]

    def costs(self) -> Costs:
        return Costs(self.cleaned_data["venue_cost"], self.cleaned_data["refreshments_cost"])


class SessionChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, session):
        was = ", cancelled" if session.cancelled_on else ""
        return f"{day(session.held_on)}{was}"


class ChangeSessionForm(GovukForm):
    held_on = DateField(label="Date")
    starts_at = TimeField(label="Starts")
    ends_at = TimeField(label="Ends")
    place = forms.CharField(label="Place, if it is another", max_length=200, required=False)
    venue_cost = MoneyField(label="Cost of the venue", required=False)
    refreshments_cost = MoneyField(label="Cost of refreshments", required=False)

    def times(self):
        return tuple(self.cleaned_data[name] for name in ("held_on", "starts_at", "ends_at"))

    def costs(self) -> Costs:
        return Costs(self.cleaned_data["venue_cost"], self.cleaned_data["refreshments_cost"])


class SessionForm(ChangeSessionForm):
    makes_up_for = SessionChoiceField(
        label="Stands in for",
        queryset=Session.objects.none(),
        required=False,
        empty_label="None: one more session for everybody",
    )
    field_order = ("makes_up_for",)

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["makes_up_for"].queryset = sessions


class CancelForm(GovukForm):
    cancelled_on = DateField(label="Day on which the provider was told")
    because = forms.CharField(label="Why it is cancelled", max_length=200, help_text="Name nobody")
    amount = MoneyField(label="What the provider asks for", required=False)

    def __init__(self, *args, left=None, **kwargs):
        """`left`: of the ceiling of its contract; None where nothing can be asked for."""
        super().__init__(*args, **kwargs)
        if left is None:
            del self.fields["amount"]
        else:
            self.fields[
                "amount"
            ].help_text = f"Only if it is cancelled too late: at most £{left:,.2f}. Enter 0 if they ask for nothing"


class PlacesForm(GovukForm):
    maximum = forms.IntegerField(label="Places", min_value=1, max_value=500)


class QuotaForm(GovukForm):
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), empty_label="Choose an organisation"
    )
    places = forms.IntegerField(
        label="Most places for its learners", required=False, min_value=0, max_value=500,
        help_text="Empty to take the quota off",
    )  # fmt: skip

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class HeadsForm(GovukForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for value, label in Attendee.choices:
            self.fields[value] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=500,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
            )

    not_marked_optional = tuple(Attendee.values)

    def heads(self) -> dict[str, int]:
        return {name: value or 0 for name, value in self.cleaned_data.items()}
