"""A campaign, an application by hand, and each step of it."""

from django import forms

from rj_service.accounts.models import LocalArea, Organisation
from rj_service.ui.forms import BirthField, DateField, GovukForm, PhoneField, PostcodeField, WordsField
from volunteers.choices import APPLICATION_ENDS, ApplicationStatus, ApprovalOf, PractitionerKind
from volunteers.models import Campaign

KINDS = [choice for choice in PractitionerKind.choices if choice[0] != PractitionerKind.SERVICE_STAFF]


class CampaignForm(GovukForm):
    title = forms.CharField(
        label="Title", max_length=150, help_text="For example, Community facilitators for Newton Aycliffe"
    )
    kind = forms.ChoiceField(label="Who is looked for", choices=KINDS, widget=forms.RadioSelect)
    target = forms.IntegerField(
        label="How many are wanted",
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Local areas",
        queryset=LocalArea.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means the whole area",
    )
    partners = forms.ModelMultipleChoiceField(
        label="Recruiting together with",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    job_description = WordsField(label="Job description", max_length=6000, rows=8, required=False)
    person_specification = WordsField(label="Person specification", max_length=6000, rows=8, required=False)
    closes_on = DateField(label="Last day to apply", required=False)
    options_class = "govuk-checkboxes--small"

    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["local_areas"].queryset = LocalArea.objects.filter(service_area=area_id)
        self.fields["partners"].queryset = Organisation.objects.filter(service_area=area_id)


class ApprovalForm(GovukForm):
    of = forms.ChoiceField(label="Who approved the papers?", choices=ApprovalOf.choices, widget=forms.RadioSelect)
    approver_name = forms.CharField(label="Name of whoever approved them", max_length=100)
    given_on = DateField(label="Day of the approval", past=True)


class ApplicantForm(GovukForm):
    """Who somebody is who would like to volunteer, and how they are reached."""

    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    date_of_birth = BirthField(label="Date of birth", required=False)
    kind = forms.ChoiceField(label="Kind", choices=KINDS, widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), required=False, empty_label="None"
    )
    email = forms.EmailField(label="Email address", max_length=254, required=False)
    phone = PhoneField(label="Phone number", required=False)
    postcode = PostcodeField(label="Postcode", required=False)
    local_area = forms.ModelChoiceField(
        label="Where they would help", queryset=LocalArea.objects.none(), required=False, empty_label="Anywhere"
    )

    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in (("organisation", Organisation), ("local_area", LocalArea)):
            self.fields[name].queryset = model.objects.filter(service_area=area_id)

    def clean(self):
        data = super().clean() or {}
        if not (data.get("email") or data.get("phone")) and not self.errors:
            self.add_error("email", "Enter an email address or a phone number")
        return data


class ApplicationForm(ApplicantForm):
    """An enquiry by phone, on paper or at a stall, written down by a colleague."""

    campaign = forms.ModelChoiceField(
        label="Campaign",
        queryset=Campaign.objects.none(),
        required=False,
        empty_label="None: an enquiry",
    )
    why = WordsField(label="What they said", max_length=3000, rows=4, required=False)
    received_on = DateField(label="When they asked", past=True)
    field_order = ("campaign",)

    def __init__(self, *args, area_id, today, **kwargs):
        super().__init__(*args, area_id=area_id, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.filter(service_area=area_id).advertised(today)


class CampaignChoiceForm(GovukForm):
    campaign = forms.ModelChoiceField(
        label="Which campaign do they apply to?",
        queryset=Campaign.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    happened_on = DateField(label="Day", past=True)
    heading = "campaign"

    def __init__(self, *args, area_id, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.filter(service_area=area_id).advertised(today)


class StepForm(GovukForm):
    happened_on = DateField(label="Day", past=True)
    words = WordsField(label="Words on it", max_length=1000, rows=3, required=False)


class EndForm(StepForm):
    status = forms.ChoiceField(
        label="How does it end?",
        choices=[(end.value, ApplicationStatus(end).label) for end in APPLICATION_ENDS],
        widget=forms.RadioSelect,
    )
    field_order = ("status", "happened_on", "words")


class RefereeForm(GovukForm):
    name = forms.CharField(label="Name", max_length=120)
    contact = forms.CharField(label="Email address or phone number", max_length=254)
    known_as = forms.CharField(
        label="How they know the applicant", max_length=150, help_text="For example: employer, teacher. Not a relative"
    )


class ReferenceForm(GovukForm):
    received_on = DateField(label="Day it arrived", past=True)
    is_satisfactory = forms.TypedChoiceField(
        label="Is it satisfactory?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
    )


class ParentalForm(GovukForm):
    name = forms.CharField(
        label="Who agreed, and who they are to the volunteer",
        max_length=120,
        help_text="For example: Maria Lane, mother",
    )
    given_on = DateField(label="Day they agreed", past=True)


class SignOffForm(GovukForm):
    given_on = DateField(label="Day of the sign-off", past=True)
