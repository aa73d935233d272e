from typing import ClassVar

from django import forms

from rj_service.accounts.models import LocalArea, Organisation
from rj_service.ui.forms import A_LIFE, BirthField, DateField, GovukForm, WordsField
from volunteers.choices import (
    CPD_HOURS,
    LEVEL_ASKS,
    STOOD_DOWN,
    TRANSITIONS,
    Level,
    PractitionerKind,
    PractitionerStatus,
)
from volunteers.models import Practitioner
from volunteers.policy import may_stand_down_to


def _case_limit(**given) -> forms.IntegerField:
    return forms.IntegerField(
        label="Case limit", min_value=0, max_value=20, help_text="The most open cases at one time", **given
    )


def _works_since() -> DateField:
    return DateField(
        label="Has worked in restorative justice since",
        past=True,
        back=A_LIFE,
        required=False,
        help_text="Here or elsewhere. Left empty, since they were registered here",
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
    date_of_birth = BirthField(
        label="Date of birth",
        required=False,
        help_text="Needed of a young volunteer: it says when they are 18",
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Local areas", queryset=LocalArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    works_since = _works_since()
    case_limit = _case_limit(initial=4)


class DetailsForm(_OfAnArea):
    kind = forms.ChoiceField(label="Kind", choices=PractitionerKind.choices)
    organisation = _organisation()
    date_of_birth = BirthField(
        label="Date of birth",
        required=False,
        help_text="Needed of a young volunteer: it says when they are 18",
    )
    local_areas = forms.ModelMultipleChoiceField(
        label="Local areas", queryset=LocalArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    works_since = _works_since()
    case_limit = _case_limit()


def statuses_after(practitioner: Practitioner) -> list[tuple[str, str]]:
    """To leave has a page of its own, which ends everything; so have leave and suspension."""
    following = TRANSITIONS[practitioner.status] - {PractitionerStatus.LEFT, *STOOD_DOWN}
    return [choice for choice in PractitionerStatus.choices if choice[0] in following]


class StatusForm(GovukForm):
    heading = "status"
    status = forms.ChoiceField(label="What is the new status?", widget=forms.RadioSelect)

    def __init__(self, *args, practitioner: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = statuses_after(practitioner)


class StandDownForm(GovukForm):
    kind = forms.ChoiceField(label="What is it?", widget=forms.RadioSelect)
    because = WordsField(
        label="Why?", help_text="Read by whoever manages practitioners alone. Nothing of a case", max_length=500, rows=3
    )
    first_day = DateField(label="First day", past=True)
    review_on = DateField(
        label="Look at it again on", help_text="Managers are reminded on this day. For example, 27 3 2027"
    )
    option_hints: ClassVar = {
        "kind": {
            PractitionerStatus.ON_LEAVE: "They keep their cases, and are given no new one. Each case asks for somebody else",
            PractitionerStatus.SUSPENDED: "Every case closes to them at once, also in an open page",
        }
    }

    def __init__(self, *args, practitioner: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("kind", [(kind, PractitionerStatus(kind).label) for kind in may_stand_down_to(practitioner)])


class LevelForm(GovukForm):
    heading = "level"
    level = forms.ChoiceField(
        label="Which level do they work at?",
        choices=Level.choices,
        widget=forms.RadioSelect,
        help_text="As the Restorative Justice Council knows them. A registration that you record sets it by itself",
    )
    because = WordsField(
        label="What shows it?",
        help_text="Asked for a higher level than now: training in sensitive cases, processes they led, who observed them",
        max_length=300,
        rows=3,
        required=False,
    )
    option_hints: ClassVar = {
        "level": {
            one: f"{LEVEL_ASKS[one]}. {CPD_HOURS[one]} hours of learning a year, half of them approved" for one in Level
        }
    }
