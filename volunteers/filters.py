"""What the lists of volunteers' work can be narrowed to: coded fields only."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from rj_service.ui.filters import FilterForm, NamedFilter
from rj_service.ui.templatetags.ui import month
from volunteers.choices import (
    COVER_BEFORE,
    ApplicationStatus,
    CampaignStatus,
    ClaimKind,
    ClaimStatus,
    Level,
    PractitionerKind,
    PractitionerStatus,
)
from volunteers.given_hours import months_until, with_hours
from volunteers.mileage import financial_year_of
from volunteers.querysets import (
    ApplicationQuerySet,
    BudgetQuerySet,
    CampaignQuerySet,
    ClaimQuerySet,
    PractitionerQuerySet,
)

ANY = [("", "Any")]
READY = [*ANY, ("yes", "Ready"), ("no", "Not ready"), ("ending", "Vetting ends within 28 days")]


class PractitionerFilter(NamedFilter):
    ready = forms.ChoiceField(label="Ready?", choices=READY, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[*ANY, *PractitionerKind.choices], required=False)
    level = forms.ChoiceField(label="Level", choices=[*ANY, *Level.choices], required=False)
    status = forms.ChoiceField(label="Status", choices=[*ANY, *PractitionerStatus.choices], required=False)

    def narrow(self, rows: PractitionerQuerySet, asked: dict[str, Any]) -> PractitionerQuerySet:
        """Without a chosen status, those who have left are not listed."""
        for name in ("kind", "level", "status"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name]})
        if not asked.get("status"):
            rows = rows.exclude(status=PractitionerStatus.LEFT)
        if asked.get("ready") in ("yes", "no"):
            rows = rows.filter(ready=asked["ready"] == "yes")
        if asked.get("ready") == "ending":
            rows = rows.filter(is_vetted=True).ending_before(timezone.localdate() + COVER_BEFORE + timedelta(days=1))
        return rows


class CampaignFilter(FilterForm):
    status = forms.ChoiceField(label="State", choices=[*ANY, *CampaignStatus.choices], required=False)

    def narrow(self, rows: CampaignQuerySet, asked: dict[str, Any]) -> CampaignQuerySet:
        return rows.filter(status=asked["status"]) if asked.get("status") else rows


class ApplicationFilter(FilterForm):
    status = forms.ChoiceField(
        label="Stage", choices=[("", "Any that goes on"), *ApplicationStatus.choices], required=False
    )
    kind = forms.ChoiceField(label="Kind", choices=[*ANY, *PractitionerKind.choices], required=False)

    def narrow(self, rows: ApplicationQuerySet, asked: dict[str, Any]) -> ApplicationQuerySet:
        rows = rows.filter(status=asked["status"]) if asked.get("status") else rows.open()
        return rows.filter(kind=asked["kind"]) if asked.get("kind") else rows


class PracticeFilter(FilterForm):
    level = forms.ChoiceField(label="Level", choices=[*ANY, *Level.choices], required=False)

    def narrow(self, rows: PractitionerQuerySet, asked: dict[str, Any]) -> PractitionerQuerySet:
        return rows.filter(level=asked["level"]) if asked.get("level") else rows


class BudgetFilter(FilterForm):
    year = forms.ChoiceField(
        label="Financial year", choices=[*ANY, ("now", "This year, and later"), ("past", "Earlier")], required=False
    )

    def narrow(self, rows: BudgetQuerySet, asked: dict[str, Any]) -> BudgetQuerySet:
        """The year begins in April."""
        this_year = financial_year_of(timezone.localdate())
        if asked.get("year") == "now":
            return rows.filter(year__gte=this_year)
        return rows.filter(year__lt=this_year) if asked.get("year") == "past" else rows


def _months() -> list[tuple[str, str]]:
    return [("", "Last month"), *((f"{one:%Y-%m}", month(one)) for one in months_until(timezone.localdate()))]


class HoursFilter(FilterForm):
    month = forms.ChoiceField(label="Month", choices=_months, required=False)
    against = forms.ChoiceField(
        label="What is asked of a volunteer", choices=[*ANY, ("under", "Under it")], required=False
    )
    kind = forms.ChoiceField(label="Kind", choices=[*ANY, *PractitionerKind.choices], required=False)

    def narrow(self, rows: PractitionerQuerySet, asked: dict[str, Any]) -> Any:
        """Without a chosen month, the last that is over."""
        given = with_hours(rows, self._of(asked))
        if asked.get("against"):
            given = given.filter(is_under=True)
        return given.filter(kind=asked["kind"]) if asked.get("kind") else given

    @property
    def chosen_month(self) -> date:
        return self._of(self.cleaned_data if self.is_bound and self.is_valid() else {})

    def under_it(self, rows: PractitionerQuerySet) -> int:
        return with_hours(rows, self.chosen_month).filter(is_under=True).count()

    def _of(self, asked: dict[str, Any]) -> date:
        words = asked.get("month")
        return date.fromisoformat(f"{words}-01") if words else months_until(timezone.localdate())[1]


class ClaimFilter(FilterForm):
    status = forms.ChoiceField(
        label="Stands at", choices=[("", "Waits for a decision"), *ClaimStatus.choices[1:]], required=False
    )
    kind = forms.ChoiceField(label="For", choices=[*ANY, *ClaimKind.choices], required=False)

    def narrow(self, rows: ClaimQuerySet, asked: dict[str, Any]) -> ClaimQuerySet:
        """Without a chosen state, what waits for a decision."""
        rows = rows.filter(status=asked.get("status") or ClaimStatus.SUBMITTED)
        return rows.filter(kind=asked["kind"]) if asked.get("kind") else rows
