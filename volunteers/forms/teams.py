from collections.abc import Iterable
from typing import Any

from django import forms

from rj_service.accounts.models import LocalArea, Organisation
from rj_service.ui.forms import BirthField, DateField, GovukForm, PhoneField
from volunteers.actions import Places
from volunteers.models import Application, Practitioner

COMMUNITY = "community"
NUMBER = {"class": "govuk-input govuk-input--width-2", "inputmode": "numeric"}


class TeamForm(GovukForm):
    """A line for each of the area's organisations, and one for the community: how many staff, how many volunteers."""

    name = forms.CharField(label="Name of the team", max_length=100, help_text="For example, Stockton")
    local_area = forms.ModelChoiceField(
        label="Local area", queryset=LocalArea.objects.none(), required=False, empty_label="The whole area"
    )
    size = forms.IntegerField(label="Places in all", min_value=2, max_value=50, initial=10)
    fewest_volunteers = forms.IntegerField(
        label="At least so many of them volunteers", min_value=0, max_value=50, initial=4
    )

    def __init__(self, *args: Any, area_id: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["local_area"].queryset = LocalArea.objects.filter(service_area=area_id)  # type: ignore[attr-defined]
        self.organisations = list(Organisation.objects.filter(service_area=area_id).order_by("name"))
        for key, name in self._whose:
            for kind in ("staff", "volunteers"):
                if key == COMMUNITY and kind == "staff":
                    continue
                field = forms.IntegerField(label=f"{name}: {kind}", min_value=0, max_value=50, required=False)
                field.widget.attrs.update(NUMBER)
                self.fields[f"{kind}_{key}"] = field
        self.not_marked_optional = tuple(self.fields)
        self.fields["lines"] = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def _whose(self) -> list[tuple[str, str]]:
        return [*((str(one.pk), one.name) for one in self.organisations), (COMMUNITY, "The community")]

    @property
    def about(self) -> list[Any]:
        """The questions that come before the places."""
        return [self[name] for name in ("name", "local_area", "size", "fewest_volunteers")]

    @property
    def places(self) -> list[tuple[str, list[Any]]]:
        """A row for each organisation: how many of its staff, how many volunteers; the community has no staff."""
        return [
            (
                name,
                [
                    self[field] if (field := f"{kind}_{key}") in self.fields else None
                    for kind in ("staff", "volunteers")
                ],
            )
            for key, name in self._whose
        ]

    def lines(self) -> list[Places]:
        of = [*((str(one.pk), one) for one in self.organisations), (COMMUNITY, None)]
        return [
            Places(organisation, number, kind == "volunteers")
            for key, organisation in of
            for kind in ("staff", "volunteers")
            if (number := self.cleaned_data.get(f"{kind}_{key}"))
        ]


class NominateForm(GovukForm):
    """A practitioner, or somebody who applies."""

    who = forms.ChoiceField(label="Who is named?")
    named_on = DateField(label="Day", past=True)

    def __init__(
        self, *args: Any, practitioners: Iterable[Practitioner], applicants: Iterable[Application], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[str, Practitioner | Application] = {str(one.pk): one for one in practitioners}
        words = {key: f"{one.name}, {one.get_status_display().lower()}" for key, one in self.people.items()}
        for one in applicants:
            self.people[str(one.pk)] = one
            words[str(one.pk)] = f"{one.name}, applicant: {one.get_status_display().lower()}"
        who: Any = self.fields["who"]
        who.choices = [("", "Choose"), *words.items()]

    def clean_who(self) -> Practitioner | Application:
        return self.people[self.cleaned_data["who"]]


class PutForwardForm(GovukForm):
    """Somebody whom an organisation names and who is not here yet."""

    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    email = forms.EmailField(label="Email address", max_length=254, required=False)
    phone = PhoneField(label="Phone number", required=False)
    date_of_birth = BirthField(label="Date of birth", required=False)
    received_on = DateField(label="Day on which they were named", past=True)
    not_marked_optional = ("email", "phone")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("email") or data.get("phone")) and not self.errors:
            self.add_error("email", "Enter an email address or a phone number")
        return data


class DropForm(GovukForm):
    reason = forms.CharField(label="Why do they drop out?", max_length=200)
