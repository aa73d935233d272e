"""Who comes to a meeting: one set of three answers a person. Who sits on a panel."""

from typing import cast

from django import forms
from django.utils import timezone

from cases.actions import MOST_ON_A_PANEL, Arrival
from cases.choices import Side, Way
from cases.forms.shown import ShownMixin
from cases.models import Participant
from rj_service.ui.forms import DateField, GovukForm, TimeField
from volunteers.models import Practitioner

PLAIN = forms.TextInput(attrs={"autocomplete": "off"})
SIDE_ORDER = {side: place for place, side in enumerate((Side.HARMED, Side.RESPONSIBLE, Side.NEITHER))}


class WhoComesForm(ShownMixin, GovukForm):
    """`entrances`: of the venue; none known, the door is written in words."""

    def __init__(self, *args, participants: list[Participant], entrances: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.participants = sorted(participants, key=lambda one: SIDE_ORDER[Side(one.side)])
        for one in self.participants:
            way, at, door = self.names_of(one)
            self.fields[way] = forms.ChoiceField(
                label="How they take part", choices=[("", "Does not come"), *Way.choices], required=False
            )
            self.fields[at] = TimeField(label="Arrives at", required=False)
            self.fields[door] = self._door(entrances)
        self.not_marked_optional = tuple(self.fields)

    @staticmethod
    def _door(entrances: list[str]) -> forms.Field:
        if entrances:
            choices = [("", "Not said"), *((door[:60], door[:60]) for door in entrances)]
            return forms.ChoiceField(label="By which door", choices=choices, required=False)
        plain = forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"})
        return forms.CharField(label="By which door", max_length=60, required=False, widget=plain)

    @staticmethod
    def names_of(participant: Participant) -> tuple[str, str, str]:
        return f"way-{participant.pk}", f"at-{participant.pk}", f"door-{participant.pk}"

    def clean(self):
        super().clean()
        for one in self.participants:
            way, at, _ = self.names_of(one)
            if (
                self.cleaned_data.get(way) == Way.IN_THE_ROOM
                and not self.cleaned_data.get(at)
                and at not in self.errors
            ):
                self.add_error(at, f"Enter when {one.person.name} arrives, like 2:30pm")
        if not any(self.cleaned_data.get(self.names_of(one)[0]) for one in self.participants):
            self.add_error(None, "Choose somebody who comes")
        return self.cleaned_data

    @property
    def rows(self) -> list[dict]:
        return [
            {"participant": one, "fields": [self[name] for name in self.names_of(one)]} for one in self.participants
        ]

    @property
    def coming(self) -> dict:
        found = {
            one.pk: Arrival(*(self.cleaned_data[name] for name in self.names_of(one))) for one in self.participants
        }
        return {pk: arrival for pk, arrival in found.items() if arrival.way}


class RemoteForm(ShownMixin, GovukForm):
    platform = forms.CharField(label="What they connect by", max_length=60, widget=PLAIN)
    join_link = forms.CharField(
        label="Link",
        max_length=500,
        required=False,
        widget=PLAIN,
        help_text="Kept encrypted. Each side is sent its own.",
    )
    line_tester = forms.CharField(
        label="Who tests the line with each side", max_length=100, required=False, widget=PLAIN
    )
    line_tested_on = DateField(label="Day it was tested with both", required=False, past=True)
    waits_apart = forms.BooleanField(label="Each side waits in a waiting room of its own", required=False)


class PanelMemberChoice(forms.ModelChoiceField):
    def label_from_instance(self, practitioner: Practitioner) -> str:
        return practitioner.name if practitioner.is_adult_on(timezone.localdate()) else f"{practitioner.name}, under 18"


class PanelForm(GovukForm):
    """`practitioners`: whoever is active in the area. Two or more are named."""

    def __init__(self, *args, practitioners, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_ON_A_PANEL + 1):
            name = f"member-{number}"
            self.fields[name] = PanelMemberChoice(
                label=f"Member {number}", queryset=None, required=False, empty_label="Nobody"
            )
            cast(forms.ModelChoiceField, self.fields[name]).queryset = practitioners
        self.not_marked_optional = tuple(self.fields)

    def clean(self):
        super().clean()
        if not any(self.cleaned_data.values()):
            self.add_error("member-1", "Choose who sits on the panel")
        return self.cleaned_data

    @property
    def members(self) -> list[Practitioner]:
        return list(dict.fromkeys(one for one in self.cleaned_data.values() if one))
