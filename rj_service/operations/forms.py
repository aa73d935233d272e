import re
import uuid
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rj_service.audit.models import NOTABLE, AccessLog, AccessQuerySet, EventQuerySet
from rj_service.operations import trail
from rj_service.operations.events import every_sentence
from rj_service.ui.filters import FilterForm
from rj_service.ui.forms import DateField

ASKED_FOR = "Enter the person's number. A coordinator reads it on the People page of the case, or on the referral"
NUMBER = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class WhoLookedForm(FilterForm):
    person = forms.CharField(
        label="Person",
        max_length=300,
        help_text="Their number in the audit trail. A coordinator reads it on the People page of the case, or on the referral",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    first_day = DateField(label="From", called="The first day")
    last_day = DateField(label="To", called="The last day")

    def clean_person(self) -> uuid.UUID:
        found = NUMBER.findall(self.cleaned_data["person"].lower())
        if not found:
            raise ValidationError(ASKED_FOR)
        return uuid.UUID(found[-1])

    def clean(self):
        days = self.cleaned_data
        if days.get("first_day") and days.get("last_day") and days["last_day"] < days["first_day"]:
            self.add_error("last_day", "The last day must be on or after the first day")
        return days

    def narrow(self, rows: AccessQuerySet, asked: dict[str, Any]) -> AccessQuerySet:
        """Nothing before the question is whole."""
        if not asked:
            return rows.none()
        return trail.who_looked(asked["person"], asked["first_day"], asked["last_day"], among=rows)


def _verbs() -> list[tuple[str, Any]]:
    """Each verb by its sentence, under the name of its app."""
    by_app = groupby(sorted(every_sentence().items()), key=lambda verb: verb[0].partition(".")[0])
    return [("", "Anything"), *((app.replace("_", " ").capitalize(), list(verbs)) for app, verbs in by_app)]


class AccessFilter(FilterForm):
    kind = forms.ChoiceField(
        label="What",
        required=False,
        choices=[
            ("", "Any"),
            *((kind.value, kind.label) for kind in AccessLog.Kind if kind in NOTABLE),
        ],
    )

    def narrow(self, rows: AccessQuerySet, asked: dict[str, Any]) -> AccessQuerySet:
        return rows.filter(kind=asked["kind"]) if asked.get("kind") else rows


class EventFilter(FilterForm):
    verb = forms.ChoiceField(label="What", choices=_verbs, required=False)

    def narrow(self, rows: EventQuerySet, asked: dict[str, Any]) -> EventQuerySet:
        return rows.filter(verb=asked["verb"]) if asked.get("verb") else rows
