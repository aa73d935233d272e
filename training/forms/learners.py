"""Learners, their places, registers and results."""

from uuid import UUID

from django import forms

from rj_service.accounts.models import LocalArea, Organisation, User
from rj_service.ui.forms import DateField, GovukForm, WordsField
from training.actions import Answers
from training.choices import FeedbackScale, Reach
from training.models import Course, Enrolment

NUMBER = {"inputmode": "numeric", "class": "govuk-input--width-3"}


class LearnerForm(GovukForm):
    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    email = forms.EmailField(
        label="Email",
        max_length=254,
        required=False,
        help_text="The dates of a course go there where they have no account",
    )
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), required=False, empty_label="None"
    )
    unit = forms.CharField(label="Unit", max_length=100, required=False, help_text="For example, a team or a station")
    rank = forms.CharField(label="Rank or role", max_length=60, required=False)
    local_area = forms.ModelChoiceField(
        label="Local area", queryset=LocalArea.objects.none(), required=False, empty_label="None"
    )
    home_area = forms.CharField(label="Service that they come from, if not ours", max_length=100, required=False)

    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area_id)
        self.fields["local_area"].queryset = LocalArea.objects.filter(service_area=area_id)
        for name in ("first_name", "last_name"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class AccountChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return f"{user.first_name} {user.last_name}"


class AccountForm(GovukForm):
    user = AccountChoiceField(label="Account", queryset=User.objects.none(), empty_label="Choose an account")

    def __init__(self, *args, accounts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = accounts


class AgainForm(GovukForm):
    again_because = forms.CharField(label="Why do they do it again?", max_length=200)


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


class GiveUpForm(GovukForm):
    reason = forms.CharField(label="Why can you not come?", max_length=200)


class ResultForm(GovukForm):
    result = forms.ChoiceField(
        label="Result", choices=[("passed", "Passed"), ("not_passed", "Not passed")], widget=forms.RadioSelect
    )
    decided_on = DateField(label="Date of the result", past=True)


class WithdrawForm(GovukForm):
    reason = forms.CharField(label="Why was it given in error?", max_length=200)


class PacksForm(GovukForm):
    enrolments = forms.MultipleChoiceField(label="Who was given a pack?", widget=forms.CheckboxSelectMultiple)
    issued_on = DateField(label="Given on")

    def __init__(self, *args, enrolments: list[Enrolment], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enrolments"].choices = [(str(one.pk), one.learner.name) for one in enrolments]


class ReopenForm(GovukForm):
    enrolments = forms.MultipleChoiceField(
        label="Who will make up for what they missed?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one learner who will make up for what they missed"},
    )

    def __init__(self, *args, enrolments: list[Enrolment], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enrolments"].choices = [(str(one.pk), one.learner.name) for one in enrolments]

    def clean_enrolments(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["enrolments"]]


class OtherTrainingForm(GovukForm):
    name = forms.CharField(label="Course", max_length=150)
    provider = forms.CharField(label="Provider", max_length=150)
    ended_on = DateField(label="Ended on")
    stands_for = forms.ModelChoiceField(
        label="Course of ours that it stands for", queryset=Course.objects.none(), required=False, empty_label="None"
    )
    cpd_hours = forms.DecimalField(
        label="CPD hours", required=False, min_value=0, max_value=500, max_digits=5, decimal_places=2
    )
    cpd_approved = forms.BooleanField(label="The Restorative Justice Council has approved it", required=False)
    passed = forms.BooleanField(label="They passed it", required=False)
    certificate_seen = forms.BooleanField(
        label="I have seen the certificate", required=False,
        help_text="Until then it does not count for the course that it stands for",
    )  # fmt: skip

    def __init__(self, *args, courses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stands_for"].queryset = courses


class BriefedForm(GovukForm):
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), empty_label="Choose an organisation"
    )
    unit = forms.CharField(label="Unit", max_length=100, required=False, help_text="For example, the control room")
    local_area = forms.ModelChoiceField(
        label="Local area", queryset=LocalArea.objects.none(), required=False, empty_label="None"
    )
    way = forms.ChoiceField(label="How were they told?", choices=Reach.choices, widget=forms.RadioSelect)
    heads = forms.IntegerField(
        label="How many people", min_value=1, max_value=100000, widget=forms.TextInput(attrs=NUMBER)
    )
    happened_on = DateField(label="Date")

    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area_id)
        self.fields["local_area"].queryset = LocalArea.objects.filter(service_area=area_id)


class HeadsFromForm(GovukForm):
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), required=False, empty_label="None: residents"
    )
    unit = forms.CharField(label="Unit", max_length=100, required=False, help_text="For example, the control room")
    local_area = forms.ModelChoiceField(
        label="Local area", queryset=LocalArea.objects.none(), required=False, empty_label="None"
    )
    heads = forms.IntegerField(
        label="How many people", min_value=0, max_value=500, widget=forms.TextInput(attrs=NUMBER),
        help_text="The same place again replaces its number; 0 takes it off",
    )  # fmt: skip

    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area_id).order_by("name")
        self.fields["local_area"].queryset = LocalArea.objects.filter(service_area=area_id).order_by("name")


class FeedbackForm(GovukForm):
    course_was = forms.ChoiceField(label="How was the course?", choices=FeedbackScale.choices, widget=forms.RadioSelect)
    trainers_were = forms.ChoiceField(
        label="How were the trainers?", choices=FeedbackScale.choices, widget=forms.RadioSelect, required=False
    )
    venue_was = forms.ChoiceField(
        label="How were the venue and refreshments?",
        choices=FeedbackScale.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    feels_ready = forms.ChoiceField(
        label="Do you feel ready to use what you learnt?",
        choices=[("yes", "Yes"), ("no", "Not yet")],
        widget=forms.RadioSelect,
        required=False,
    )
    words = WordsField(
        label="Anything else?",
        rows=4,
        max_length=2000,
        required=False,
        help_text="Name nobody who was harmed or responsible",
    )

    def answers(self) -> Answers:
        given = dict(self.cleaned_data)
        given["feels_ready"] = {"yes": True, "no": False}.get(given["feels_ready"])
        return Answers(**given)


class CodeForm(GovukForm):
    code = forms.CharField(
        label="Code of the certificate", max_length=40, help_text="For example, 4CDE-7KM9-RTWX",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
