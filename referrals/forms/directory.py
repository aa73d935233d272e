"""What is typed into the directory, about pathways and agreements."""

from django import forms

from referrals.actions import NewProvision
from referrals.choices import AgreementKind, CrimeType, JusticeStage, PartnerDelivered, Route, SensitiveKind, WorksWith
from referrals.models import Provision
from rj_service.accounts.models import LocalArea, Organisation
from rj_service.ui.forms import DateField, GovukForm, PhoneField, WordsField

STAGES = [choice for choice in JusticeStage.choices if choice[0] != JusticeStage.NOT_KNOWN]
ALL = "None ticked means all"


class ProvisionForm(GovukForm):
    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.none(),
        help_text="A service manager adds one that is missing, on the page of organisations and areas",
    )
    offers = forms.CharField(
        label="What they offer", max_length=300, help_text="For example, mediation between neighbours"
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Where",
        queryset=LocalArea.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=ALL,
    )
    stages = forms.MultipleChoiceField(
        label="At which stage", choices=STAGES, required=False, widget=forms.CheckboxSelectMultiple, help_text=ALL
    )
    works_with = forms.MultipleChoiceField(
        label="For whom", choices=WorksWith.choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=ALL
    )
    specialist_in = forms.MultipleChoiceField(
        label="Specialists in",
        choices=SensitiveKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phone = PhoneField(label="Phone number", required=False)
    email = forms.EmailField(label="Email address", max_length=254, required=False)
    contact_name = forms.CharField(
        label="Single point of contact for restorative justice", max_length=150, required=False
    )
    contact_phone = PhoneField(label="Their phone number", required=False)
    contact_email = forms.EmailField(label="Their email address", max_length=254, required=False)

    options_class = "govuk-checkboxes--small"

    def __init__(self, *args, area=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area)
        self.fields["local_areas"].queryset = LocalArea.objects.filter(service_area=area)

    @property
    def new(self) -> NewProvision:
        return NewProvision(**self.cleaned_data)


class PathwayForm(GovukForm):
    agency = forms.ChoiceField(
        label="From which kind of agency", choices=[("", "Any"), *Organisation.Kind.choices], required=False
    )
    stage = forms.ChoiceField(label="At which stage", choices=[("", "Any"), *JusticeStage.choices], required=False)
    local_area = forms.ModelChoiceField(
        label="Where it happened", queryset=LocalArea.objects.none(), required=False, empty_label="The whole area"
    )
    route = forms.ChoiceField(label="Which way does it go?", choices=Route.choices, widget=forms.RadioSelect)
    provision = forms.ModelChoiceField(
        label="Who of the directory", queryset=Provision.objects.none(), required=False, empty_label="Nobody of it"
    )
    words = WordsField(label="What to do", required=False, max_length=500, rows=3)

    options_class = "govuk-radios--small"

    def __init__(self, *args, area=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["local_area"].queryset = LocalArea.objects.filter(service_area=area)
        current = Provision.objects.current().select_related("organisation")
        self.fields["provision"].queryset = current.order_by("organisation__name", "offers")


class AgreementForm(GovukForm):
    organisation = forms.ModelChoiceField(label="With whom", queryset=Organisation.objects.none())
    kind = forms.ChoiceField(label="What was agreed", choices=AgreementKind.choices, widget=forms.RadioSelect)
    signed_on = DateField(label="Day it was signed", past=True)
    review_on = DateField(label="To be reviewed by")
    ends_on = DateField(label="Ends on", required=False)
    document_reference = forms.CharField(
        label="Where the document is kept", max_length=100, help_text="A reference or a folder, no names"
    )

    options_class = "govuk-radios--small"

    def __init__(self, *args, area=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area)


class PartnerWorkForm(GovukForm):
    organisation = forms.ModelChoiceField(label="Which partner", queryset=Organisation.objects.none())
    told_on = DateField(label="Day they told us", past=True)
    delivered = forms.ChoiceField(label="What did they do?", choices=PartnerDelivered.choices, widget=forms.RadioSelect)
    crime_type = forms.ChoiceField(label="What it was about", choices=CrimeType.choices)
    local_area = forms.ModelChoiceField(
        label="Where it happened", queryset=LocalArea.objects.none(), required=False, empty_label="Not known"
    )

    options_class = "govuk-radios--small"

    def __init__(self, *args, area=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area)
        self.fields["local_area"].queryset = LocalArea.objects.filter(service_area=area)
