"""What every page about one practitioner stands on."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedFormView
from rj_service.ui.templatetags.ui import day
from training.models import Award, Enrolment, Learner, OtherTraining
from volunteers import forms, policy
from volunteers.choices import CaseKind, CheckStatus, Language, Skill
from volunteers.models import Check, Practitioner, Wishes
from volunteers.practice import practice_of
from volunteers.readiness import readiness_of


class OfPractitioner(GuardedFormView):
    """A form about the practitioner of the address. Back to the record, or to one's own page."""

    abstract = True
    template_name = "ui/question.html"
    heading = ""
    button = "Save"
    lead = ""
    may = staticmethod(policy.can_manage)

    def check_permission(self):
        """404 or 403 before any form is shown."""
        super().check_permission()
        if not self.may(self.request.user, self.practitioner):
            raise PermissionDenied

    @property
    def practitioner(self) -> Practitioner:
        if not hasattr(self, "_practitioner"):
            visible = Practitioner.objects.visible_to(self.request.user).select_related("learner")
            self._practitioner = get_object_or_404(visible, pk=self.kwargs["pk"])
        return self._practitioner

    def is_own(self) -> bool:
        return self.acting is not None and "volunteers.view_own" in self.acting.permissions

    def get_success_url(self):
        return reverse("volunteers:me") if self.is_own() else reverse("volunteers:detail", args=[self.practitioner.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            button=self.button,
            lead=self.lead,
            caption="" if self.is_own() else self.practitioner.name,
            back_url=self.get_success_url(),
            **kwargs,
        )


PARTS = (
    ("Practitioners", "list", "volunteers.view"),
    ("Practice", "practice", "volunteers.view"),
    ("Teams", "teams", "volunteers.view"),
    ("Recruitment", "campaigns", "volunteers.manage"),
    ("Applications", "applications", "volunteers.manage"),
    ("Messages", "messages", "volunteers.manage"),
    ("Hours", "given-hours", "volunteers.manage"),
    ("Expenses", "claims", "volunteers.pay"),
    ("Payments", "payments", "volunteers.pay"),
    ("Budget", "budget", "volunteers.pay"),
)


def parts(current: str, user) -> list[dict[str, Any]]:
    """The lists that stand beside each other."""
    return [
        {"label": label, "url": reverse(f"volunteers:{name}"), "current": name == current, "count": None}
        for label, name, permission in PARTS
        if user.may(permission)
    ]


def record_of(practitioner: Practitioner) -> dict[str, Any]:
    availability = list(practitioner.availability.order_by("weekday", "starts_at", "away_from"))
    today = timezone.localdate()
    return {
        "readiness": readiness_of(practitioner),
        "practice": practice_of(practitioner),
        "level_shown_by": _level_shown_by(practitioner, today),
        "checks": _checks_of(practitioner),
        "supervisions": practitioner.supervisions.order_by("-held_on", "-recorded_at")[:6],
        "times": [(forms.DAYS[row.weekday], row) for row in availability if row.weekday is not None],
        "extras": [row for row in availability if row.extra_on and row.extra_on >= today],
        "wishes": _wishes_of(practitioner),
        "absences": [row for row in availability if row.away_until and row.away_until >= today],
        **training_of(practitioner.learner),
    }


def _level_shown_by(practitioner: Practitioner, today: date) -> str:
    """Nothing asks for it at the lowest level."""
    found = practitioner.registered_at(today)
    if found is not None:
        return f"Registered with the RJC{f', until {day(found.expires_on)}' if found.expires_on else ''}"
    return practitioner.level_because


def _checks_of(practitioner: Practitioner) -> list[Check]:
    """Newest first. What was applied for stands there until its result does."""
    shown: list[Check] = []
    for check in practitioner.checks.order_by("-recorded_at"):
        if check.status != CheckStatus.APPLIED or all(later.kind != check.kind for later in shown):
            shown.append(check)
    return shown


def _wishes_of(practitioner: Practitioner) -> list[dict[str, Any]]:
    """What they said of how they can help; empty until they said something."""
    said = Wishes.objects.filter(practitioner=practitioner).first()
    if said is None:
        return []

    def words(codes: list[str], choices) -> str:
        return ", ".join(choices(code).label for code in codes) or "None said"

    travels = f"{said.get_travels_display()}{', drives' if said.drives else ''}"
    return [
        {"label": "Travels", "value": travels},
        {"label": "Postcode begins", "value": said.outward_code or "Not said"},
        {"label": "Languages", "value": words(said.languages, Language)},
        {"label": "Knows well", "value": words(said.skills, Skill)},
        {"label": "Would rather not", "value": words(said.rather_not, CaseKind)},
    ]


def training_of(learner: Learner) -> dict[str, Any]:
    return {
        "awards": Award.objects.standing().filter(learner=learner).select_related("course").order_by("-awarded_on"),
        "enrolments": Enrolment.objects.filter(learner=learner)
        .select_related("cohort__course")
        .order_by("-enrolled_at"),
        "elsewhere": OtherTraining.objects.filter(learner=learner)
        .with_ends()
        .select_related("stands_for")
        .order_by("-ended_on"),
    }
