"""What the lists of training can be narrowed to: coded fields only."""

from typing import Any

from django import forms

from rj_service.ui.filters import FilterForm
from training.choices import CourseKind
from training.querysets import AreaQuerySet, CohortQuerySet, LearnerQuerySet

ANY = [("", "Any")]


class CohortFilter(FilterForm):
    state = forms.ChoiceField(
        label="State", choices=[("", "Coming or running"), ("completed", "Completed"), ("all", "All")], required=False
    )
    kind = forms.ChoiceField(label="Kind of course", choices=[*ANY, *CourseKind.choices], required=False)

    def narrow(self, rows: CohortQuerySet, asked: dict[str, Any]) -> CohortQuerySet:
        if asked.get("state") != "all":
            rows = rows.filter(completed_at__isnull=asked.get("state") != "completed")
        return rows.filter(course__kind=asked["kind"]) if asked.get("kind") else rows


class CourseFilter(FilterForm):
    kind = forms.ChoiceField(label="Kind", choices=[*ANY, *CourseKind.choices], required=False)

    def narrow(self, rows: AreaQuerySet, asked: dict[str, Any]) -> AreaQuerySet:
        return rows.filter(kind=asked["kind"]) if asked.get("kind") else rows


class LearnerFilter(FilterForm):
    state = forms.ChoiceField(
        label="Training",
        choices=[*ANY, ("enrolled", "Enrolled or waiting"), ("awarded", "Has an award"), ("none", "No award")],
        required=False,
    )

    def narrow(self, rows: LearnerQuerySet, asked: dict[str, Any]) -> LearnerQuerySet:
        state = asked.get("state")
        if state == "enrolled":
            return rows.filter(enrolled_course__isnull=False)
        if state in ("awarded", "none"):
            return rows.filter(award_course__isnull=state == "none")
        return rows
