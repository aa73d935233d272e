from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from rj_service.accounts.models import LocalArea
from rj_service.ui.forms import GovukForm, WordsField
from volunteers.choices import KINDS_TOGETHER, MAY_OPEN_CASES, NomineeStatus, PractitionerStatus
from volunteers.models import Practitioner, Team

GROUPS = [("working", "Everybody who works on cases"), ("beginning", "Everybody in vetting, induction or training")]
BEGINNING = (PractitionerStatus.VETTING, PractitionerStatus.INDUCTION, PractitionerStatus.TRAINEE)


class MessageForm(GovukForm):
    to = forms.ChoiceField(label="To whom?", widget=forms.RadioSelect)
    subject = forms.CharField(label="Subject", max_length=120)
    words = WordsField(label="Message", help_text="Nothing of any case", max_length=3000, rows=6)

    def __init__(self, *args: Any, area_id: Any, practitioners: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practitioners = practitioners.exclude(status=PractitionerStatus.LEFT)
        kinds = [(f"kind-{key}", words) for key, words in KINDS_TOGETHER.items()]
        teams = [(f"team-{one.pk}", f"Team {one.name}") for one in Team.objects.filter(service_area=area_id)]
        places = [
            (f"place-{one.pk}", f"Whoever works in {one.name}")
            for one in LocalArea.objects.filter(service_area=area_id)
        ]
        self.offered = dict([*GROUPS, *kinds, *teams, *places])
        self.offer("to", list(self.offered.items()))

    def knows(self, unreached: Iterable[Practitioner]) -> bool:
        """Whoever sends it has said of these very people that they know who does not read it here; else it is asked."""
        key = " ".join(sorted(str(one.pk) for one in unreached))
        self.fields["knows_who"] = forms.MultipleChoiceField(
            label="Send it to the others all the same?",
            choices=[(key, "Yes, send it")],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.not_marked_optional = ("knows_who",)
        return key in self.data.getlist("knows_who")

    def chosen(self) -> tuple[QuerySet, str]:
        """Who they are, and in words."""
        asked = self.cleaned_data["to"]
        group, _, key = asked.partition("-")
        return self.practitioners.filter(**self._which(group, key)).distinct(), self.offered[asked]

    def _which(self, group: str, key: str) -> dict[str, Any]:
        if group == "beginning":
            return {"status__in": BEGINNING}
        working = {"status__in": MAY_OPEN_CASES}
        if group == "kind":
            return working | {"kind": key}
        if group == "team":
            return {"nominations__place__team": key, "nominations__status": NomineeStatus.CHOSEN}
        return working | {"local_areas": key} if group == "place" else working
