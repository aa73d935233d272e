import uuid
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from rj_service.audit.models import NOTABLE, AccessLog, AccessQuerySet, EventQuerySet
from rj_service.operations import trail
from rj_service.operations.events import every_sentence
from rj_service.ui.filters import FilterForm
from rj_service.ui.forms import DateField


class WhoLookedForm(FilterForm):
    person = forms.CharField(
        label="Reference of the referral or case",
        max_length=300,
        help_text="Like 7K4M-R9. Of a supporter or somebody else beside the two: their number, which a coordinator reads"
        " on the People page of the case",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    side = forms.ChoiceField(label="Whose data", choices=trail.Side.choices, required=False, initial=trail.Side.HARMED)
    first_day = DateField(label="From", called="The first day")
    last_day = DateField(label="To", called="The last day")

    def __init__(self, *args, request: HttpRequest, **kwargs) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.user = request.user

    def clean_person(self) -> uuid.UUID | str:
        """A number, or the reference as stored: whose it is, the side says."""
        asked = trail.number_or_reference(self.cleaned_data["person"])
        if asked is None:
            raise ValidationError(trail.ASKED_FOR)
        return asked

    def _find_person(self) -> None:
        reference, side = self.cleaned_data.get("person"), self.cleaned_data.get("side") or trail.Side.HARMED
        if not isinstance(reference, str) or "side" in self.errors:
            return
        found = trail.person_of(reference, side, self.user)
        if found is None:
            self.add_error("person", trail.NOT_HERE)
        elif found.person_id is None:
            self.add_error("side", trail.NOBODY)
        else:
            self.cleaned_data["person"] = found.person_id

    def clean(self):
        self._find_person()
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
