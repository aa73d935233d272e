"""What the lists of training can be narrowed to: coded fields only."""

from typing import Any

from django import forms
from django.utils import timezone

from rj_service.ui.filters import FilterForm, NamedFilter
from training.choices import CourseKind, PackageStatus
from training.querysets import AreaQuerySet, AwardQuerySet, CohortQuerySet, LearnerQuerySet, PackageQuerySet

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


class LearnerFilter(NamedFilter):
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


class AwardFilter(NamedFilter):
    state = forms.ChoiceField(
        label="State",
        choices=[
            *ANY,
            ("renew", "To be renewed"),
            ("current", "In force"),
            ("ended", "Ended"),
            ("withdrawn", "Withdrawn"),
        ],
        required=False,
    )
    kind = forms.ChoiceField(label="Kind of course", choices=[*ANY, *CourseKind.choices], required=False)

    def narrow(self, rows: AwardQuerySet, asked: dict[str, Any]) -> AwardQuerySet:
        today, state = timezone.localdate(), asked.get("state")
        if state == "renew":
            rows = rows.to_renew(today)
        elif state == "current":
            rows = rows.current(today)
        elif state == "ended":
            rows = rows.standing().filter(expires_on__lt=today)
        elif state == "withdrawn":
            rows = rows.filter(withdrawn_at__isnull=False)
        return rows.filter(course__kind=asked["kind"]) if asked.get("kind") else rows


class PackageFilter(FilterForm):
    status = forms.ChoiceField(label="State", choices=[*ANY, *PackageStatus.choices], required=False)

    def narrow(self, rows: PackageQuerySet, asked: dict[str, Any]) -> PackageQuerySet:
        return rows.filter(status=asked["status"]) if asked.get("status") else rows


class ReachFilter(FilterForm):
    reached = forms.ChoiceField(
        label="Reached", choices=[*ANY, ("yes", "Somebody knows how to refer"), ("no", "Nobody yet")], required=False
    )

    def narrow(self, rows: Any, asked: dict[str, Any]) -> Any:
        return rows.filter(is_reached=asked["reached"] == "yes") if asked.get("reached") else rows
