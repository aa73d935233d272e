from django import forms

from rj_service.accounts.models import LocalArea, Organisation
from rj_service.ui.forms import DateField, GovukForm
from volunteers.choices import TRANSITIONS, Level, PractitionerKind, PractitionerStatus
from volunteers.models import Practitioner


def _case_limit(**given) -> forms.IntegerField:
    return forms.IntegerField(
        label="Case limit", min_value=0, max_value=20, help_text="The most open cases at one time", **given
    )


def _organisation() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="None",
        help_text="For partner staff and for volunteers from a partner",
    )


class _OfAnArea(GovukForm):
    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        if "organisation" in self.fields:
            self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area_id)
        self.fields["local_areas"].queryset = LocalArea.objects.filter(service_area=area_id)


class RegisterForm(_OfAnArea):
    kind = forms.ChoiceField(label="Kind", choices=PractitionerKind.choices, widget=forms.RadioSelect)
    organisation = _organisation()
    date_of_birth = DateField(
        label="Date of birth",
        past=True,
        required=False,
        help_text="Needed of a young volunteer: it says when they are 18",
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Local areas", queryset=LocalArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    case_limit = _case_limit(initial=4)


class DetailsForm(_OfAnArea):
    kind = forms.ChoiceField(label="Kind", choices=PractitionerKind.choices)
    organisation = _organisation()
    date_of_birth = DateField(
        label="Date of birth",
        past=True,
        required=False,
        help_text="Needed of a young volunteer: it says when they are 18",
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Local areas", queryset=LocalArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    case_limit = _case_limit()


def statuses_after(practitioner: Practitioner) -> list[tuple[str, str]]:
    """To leave has a page of its own, which ends everything."""
    following = TRANSITIONS[practitioner.status] - {PractitionerStatus.LEFT}
    return [choice for choice in PractitionerStatus.choices if choice[0] in following]


class StatusForm(GovukForm):
    heading = "status"
    status = forms.ChoiceField(label="What is the new status?", widget=forms.RadioSelect)

    def __init__(self, *args, practitioner: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = statuses_after(practitioner)


class LevelForm(GovukForm):
    heading = "level"
    level = forms.ChoiceField(
        label="Which level is registered?",
        choices=Level.choices,
        widget=forms.RadioSelect,
        help_text="As the Restorative Justice Council registers it",
    )
