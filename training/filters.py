"""What the lists of training can be narrowed to: coded fields only."""

from django import forms

from rj_service.ui.forms import GovukForm
from training.choices import CourseKind
from training.querysets import CohortQuerySet, LearnerQuerySet

ANY = [("", "Any")]


class CohortFilter(GovukForm):
    state = forms.ChoiceField(
        label="State", choices=[("", "Coming or running"), ("completed", "Completed"), ("all", "All")], required=False
    )
    kind = forms.ChoiceField(label="Kind of course", choices=[*ANY, *CourseKind.choices], required=False)

    def narrow(self, rows: CohortQuerySet) -> CohortQuerySet:
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("state") != "all":
            rows = rows.filter(completed_at__isnull=asked.get("state") != "completed")
        return rows.filter(course__kind=asked["kind"]) if asked.get("kind") else rows


class LearnerFilter(GovukForm):
    state = forms.ChoiceField(
        label="Training",
        choices=[*ANY, ("enrolled", "Enrolled or waiting"), ("awarded", "Has an award"), ("none", "No award")],
        required=False,
    )

    def narrow(self, rows: LearnerQuerySet) -> LearnerQuerySet:
        asked = self.cleaned_data.get("state") if self.is_valid() else ""
        if asked == "enrolled":
            return rows.filter(enrolled_course__isnull=False)
        if asked in ("awarded", "none"):
            return rows.filter(award_course__isnull=asked == "none")
        return rows
