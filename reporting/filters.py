"""What lists of packs can be narrowed to: coded fields only."""

from typing import Any

from django import forms

from reporting.choices import Audience, PackState
from reporting.querysets import ReportRunQuerySet
from rj_service.ui.filters import FilterForm

ANY = [("", "Any")]


class PackFilter(FilterForm):
    audience = forms.ChoiceField(label="For", choices=[("", "Everybody"), *Audience.choices], required=False)
    state = forms.ChoiceField(label="State", choices=[*ANY, *PackState.choices], required=False)

    def narrow(self, rows: ReportRunQuerySet, asked: dict[str, Any]) -> ReportRunQuerySet:
        if asked.get("audience"):
            rows = rows.filter(audience=asked["audience"])
        return rows.filter(pack_state=asked["state"]) if asked.get("state") else rows


class IssuedFilter(FilterForm):
    version = forms.ChoiceField(
        label="Version", choices=[*ANY, ("first", "As first issued"), ("again", "Restatements")], required=False
    )

    def narrow(self, rows: ReportRunQuerySet, asked: dict[str, Any]) -> ReportRunQuerySet:
        version = asked.get("version")
        return rows.filter(**{"version" if version == "first" else "version__gt": 1}) if version else rows
