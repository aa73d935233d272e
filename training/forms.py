"""Words and dates for one action each."""

from django import forms
from django.core.exceptions import ValidationError

from rj_service.accounts.models import Organisation
from rj_service.ui.forms import DateField, GovukForm, TimeField
from training.choices import CourseKind
from training.models import Course, Enrolment, Learner

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
    maximum = forms.IntegerField(label="Most learners in one cohort", min_value=1, max_value=500)
    prerequisite = forms.ModelChoiceField(
        label="Course to attend in full first", queryset=Course.objects.none(), required=False, empty_label="None"
    )
    award_valid_months = forms.IntegerField(
        label="Months that the award is in force", required=False, min_value=1, max_value=120,
        help_text="Empty for an award without an end",
    )  # fmt: skip
    makes_facilitators = forms.BooleanField(label="Its award makes a facilitator", required=False)

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["prerequisite"].queryset = courses


class CohortForm(GovukForm):
    course = forms.ModelChoiceField(label="Course", queryset=Course.objects.none(), empty_label="Choose a course")
    name = forms.CharField(label="Name of the cohort", max_length=150, help_text="For example, Spring 2027")
    place = forms.CharField(label="Place", max_length=200, required=False)
    maximum = forms.IntegerField(label="Places", min_value=1, max_value=500)

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses
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


class LearnerForm(GovukForm):
    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    email = forms.EmailField(label="Email", max_length=254, required=False)
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), required=False, empty_label="None"
    )

    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area_id)
        for name in ("first_name", "last_name"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class LearnerChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, learner):
        return f"{learner.name}, {learner.organisation.name}" if learner.organisation else learner.name


class EnrolForm(GovukForm):
    learner = LearnerChoiceField(label="Learner", queryset=Learner.objects.none(), empty_label="Choose a learner")

    def __init__(self, *args, learners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["learner"].queryset = learners


class RegisterForm(GovukForm):
    """One box a learner, so that a thumb is enough."""

    heading = "present"
    present = forms.MultipleChoiceField(label="Who was here?", required=False, widget=forms.CheckboxSelectMultiple)
    not_marked_optional = ("present",)

    def __init__(self, *args, enrolments: list[Enrolment], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = [(str(one.pk), one.learner.name) for one in enrolments]
        self.by_id = {str(one.pk): one.pk for one in enrolments}

    def ids(self):
        return [self.by_id[value] for value in self.cleaned_data["present"]]


class DropOutForm(GovukForm):
    reason = forms.CharField(label="Why did they drop out?", max_length=200)


class ResultForm(GovukForm):
    result = forms.ChoiceField(
        label="Result", choices=[("passed", "Passed"), ("not_passed", "Not passed")], widget=forms.RadioSelect
    )
    decided_on = DateField(label="Date of the result")
