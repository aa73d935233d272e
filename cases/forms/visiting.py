"""Planning a visit, and ending an alarm."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.utils import timezone

from cases.choices import VisitPlace
from rj_service.ui.forms import DateField, GovukForm, TimeField, WordsField
from volunteers.models import Practitioner

NOBODY = "nobody"


class PlanVisitForm(GovukForm):
    place = forms.ChoiceField(label="Where", choices=VisitPlace, widget=forms.RadioSelect)
    day = DateField(label="Day of the visit", future=True)
    time = TimeField(label="Time of the visit")
    minutes = forms.IntegerField(
        label="How many minutes it takes",
        min_value=1,
        max_value=480,
        initial=60,
        help_text="When they are not out by then, the coordinator is told.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={"invalid": "Enter minutes as a whole number, like 60"},
    )
    visitor = forms.ChoiceField(label="Who visits", help_text="They check in and out on their phone.")
    companion = forms.ChoiceField(label="Who goes with them")
    alone_because = forms.CharField(
        label="Why it is safe to go alone",
        max_length=300,
        required=False,
        help_text="Only where nobody goes with them. Never to a home.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, people: Sequence[Practitioner], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        names = [(key, one.name) for key, one in self.people.items()]
        self.offer("visitor", [("", "Choose"), *names])
        self.offer("companion", [("", "Choose"), *names, (NOBODY, "Nobody")])

    @property
    def plan(self) -> dict:
        """What `plan_visit` takes of this form."""
        data = self.cleaned_data
        return {
            "place": data["place"],
            "planned_for": timezone.make_aware(dt.datetime.combine(data["day"], data["time"])),
            "minutes": data["minutes"],
            "visitor": self.people[data["visitor"]],
            "companion": self.people.get(data["companion"]),
            "alone_because": data["alone_because"],
        }


class EndAlarmForm(GovukForm):
    OUT, STILL_THERE = "out", "there"

    found = WordsField(
        label="How you know that they are safe",
        max_length=1000,
        rows=3,
        help_text="For example: rang Tom, he was on his way home.",
    )
    where = forms.ChoiceField(
        label="Are they out?",
        choices=[(OUT, "Yes, they are out"), (STILL_THERE, "No, they stay a little longer")],
        widget=forms.RadioSelect,
        help_text="If they stay, the alarm comes again in 15 minutes.",
    )

    def __init__(self, *args, is_under_way: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_under_way:
            del self.fields["where"]

    @property
    def is_out(self) -> bool:
        return self.cleaned_data.get("where") != self.STILL_THERE
