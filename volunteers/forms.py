"""Words and dates for one action each."""

from collections.abc import Iterable
from datetime import time

from django import forms

from rj_service.accounts.models import LocalArea, Organisation
from rj_service.ui.forms import DateField, GovukForm
from volunteers.choices import TRANSITIONS, CheckKind, CheckStatus, Level, PractitionerKind, PractitionerStatus
from volunteers.models import Practitioner

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = {"morning": (time(9), time(12)), "afternoon": (time(12), time(17)), "evening": (time(17), time(21))}
PART_CHOICES = [
    ("morning", "Morning, 9am to 12"),
    ("afternoon", "Afternoon, 12 to 5pm"),
    ("evening", "Evening, 5 to 9pm"),
]


def _case_limit(**given) -> forms.IntegerField:
    return forms.IntegerField(
        label="Case limit", min_value=0, max_value=20, help_text="The most open cases at one time", **given
    )


class _OfAnArea(GovukForm):
    def __init__(self, *args, area_id, **kwargs):
        super().__init__(*args, **kwargs)
        if "organisation" in self.fields:
            self.fields["organisation"].queryset = Organisation.objects.filter(service_area=area_id)
        self.fields["local_areas"].queryset = LocalArea.objects.filter(service_area=area_id)


class RegisterForm(_OfAnArea):
    kind = forms.ChoiceField(label="Kind", choices=PractitionerKind.choices, widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="None",
        help_text="For partner staff and for volunteers from a partner",
    )
    age = forms.ChoiceField(
        label="Age", choices=[("adult", "18 or over"), ("young", "16 or 17")], widget=forms.RadioSelect
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Local areas", queryset=LocalArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    case_limit = _case_limit(initial=4)


class DetailsForm(_OfAnArea):
    age = forms.ChoiceField(
        label="Age", choices=[("adult", "18 or over"), ("young", "16 or 17")], widget=forms.RadioSelect
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Local areas", queryset=LocalArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    case_limit = _case_limit()


class CheckForm(GovukForm):
    kind = forms.ChoiceField(label="Check", choices=[("", "Choose a check"), *CheckKind.choices])
    status = forms.ChoiceField(label="Result", choices=CheckStatus.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Reference", max_length=40, required=False, help_text="The number of the check. Nothing that it disclosed"
    )
    issued_on = DateField(label="Date issued", required=False)
    expires_on = DateField(label="Last day in force", required=False)


class SupervisionForm(GovukForm):
    held_on = DateField(label="Date of the supervision")


class StatusForm(GovukForm):
    heading = "status"
    status = forms.ChoiceField(label="What is the new status?", widget=forms.RadioSelect)

    def __init__(self, *args, practitioner: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        following = TRANSITIONS[practitioner.status]
        self.fields["status"].choices = [choice for choice in PractitionerStatus.choices if choice[0] in following]


class LevelForm(GovukForm):
    heading = "level"
    level = forms.ChoiceField(
        label="Which level is registered?",
        choices=Level.choices,
        widget=forms.RadioSelect,
        help_text="As the Restorative Justice Council registers it",
    )


class AvailabilityForm(GovukForm):
    """The parts of a week, a box each; `times` joins parts that touch."""

    options_class = "govuk-checkboxes--small"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(DAYS):
            self.fields[f"day_{weekday}"] = forms.MultipleChoiceField(
                label=name, choices=PART_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
            )
        self.not_marked_optional = tuple(self.fields)

    def times(self) -> list[tuple[int, time, time]]:
        found: list[tuple[int, time, time]] = []
        for weekday in range(7):
            for part in (name for name in PARTS if name in self.cleaned_data[f"day_{weekday}"]):
                starts_at, ends_at = PARTS[part]
                if found and found[-1][0] == weekday and found[-1][2] == starts_at:
                    starts_at = found.pop()[1]
                found.append((weekday, starts_at, ends_at))
        return found

    @staticmethod
    def ticked(weekly: Iterable[tuple[int, time, time]]) -> dict[str, list[str]]:
        """The boxes that stored times overlap."""
        boxes: dict[str, list[str]] = {f"day_{weekday}": [] for weekday in range(7)}
        for weekday, starts_at, ends_at in weekly:
            for part, (begins, ends) in PARTS.items():
                if starts_at < ends and ends_at > begins and part not in boxes[f"day_{weekday}"]:
                    boxes[f"day_{weekday}"].append(part)
        return boxes


class AbsenceForm(GovukForm):
    away_from = DateField(label="First day away")
    away_until = DateField(label="Last day away")
