"""The weekly allocation: which cases lack somebody, who has room, and what is coming."""

from collections import defaultdict
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cases.choices import InterventionStatus
from cases.filters import AllocationFilter
from cases.models import Assessment, Case, Intervention, Participant
from cases.stages import MAIN_ROLES
from cases.views.lists import add_what_rows_show, with_can_go_ahead, without_lead
from rj_service.accounts.views import GuardedListView
from rj_service.ui.paging import capped_count
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import clock
from volunteers.models import Availability, Practitioner
from volunteers.readiness import readiness_of

BESIDE = 12
SHOWN = [("all", "Lacks somebody"), ("no-lead", "No lead"), ("assessment", "Assessment waits")]
EMPTY = {
    "all": "Every open case has a lead, and everybody in it is assessed.",
    "no-lead": "Every open case has a lead facilitator.",
    "assessment": "Everybody in an open case is assessed.",
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def to_assess(today) -> QuerySet[Participant]:
    """Who takes part for themselves and has no assessment that counts today."""
    counts = Assessment.objects.current(today).filter(participant=OuterRef("pk"))
    return Participant.objects.filter(~Exists(counts), role__in=MAIN_ROLES, left_at__isnull=True)


class AllocationView(GuardedListView):
    permission = "cases.assign"
    template_name = "cases/allocation.html"
    model = Case
    heading = "Weekly allocation"
    thing = "case"
    filter_class = AllocationFilter
    order = ("opened_on", "id")
    order_words = "longest open first"
    columns: ClassVar = {
        "Reference": lambda case: spoken(case.reference),
        "What happened": lambda case: case.referral.incident.get_crime_type_display(),
        "Local area": lambda case: case.referral.incident.local_area_name,
        "Opened": lambda case: case.opened_on,
        "Stage": lambda case: case.get_stage_display(),
        "Coordinator": lambda case: case.coordinator.get_full_name(),
        "Lead": lambda case: case.lead_name,
        "Not assessed": lambda case: ", ".join(case.not_assessed),
        "Next meeting": lambda case: case.next_meeting.planned_for if case.next_meeting else None,
    }

    @cached_property
    def shown(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in EMPTY else "all"

    @property
    def title(self) -> str:
        return f"Weekly allocation: {dict(SHOWN)[self.shown].lower()}"

    @property
    def empty(self) -> str:
        return EMPTY[self.shown]

    def in_state(self, shown: str) -> QuerySet[Case]:
        cases, waits = self.get_queryset().open(), Exists(to_assess(self.today).filter(case=OuterRef("pk")))
        if shown == "no-lead":
            return without_lead(cases)
        if shown == "assessment":
            return cases.filter(waits)
        return cases.filter(Q(waits) | Q(pk__in=without_lead(self.get_queryset().open()).values("pk")))

    def narrowed(self) -> QuerySet[Case]:
        return self.in_state(self.shown)

    def show(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        return with_can_go_ahead(rows, self.today).select_related("referral__incident", "coordinator")

    def complete(self, rows: list[Any]) -> None:
        add_what_rows_show(rows)
        waiting = defaultdict(list)
        for one in to_assess(self.today).filter(case__in=rows).order_by("side", "added_at"):
            waiting[one.case_id].append(one.side)
        for case in rows:
            case.sides_to_assess = waiting[case.pk]
            case.not_assessed = [f"{side} side" for side in waiting[case.pk]]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        here = reverse("cases:allocation")
        items = [
            {
                "label": label,
                "url": f"{here}?show={name}",
                "current": name == self.shown,
                "count": capped_count(self.in_state(name)),
            }
            for name, label in SHOWN
        ]
        return super().get_context_data(items=items, with_room=self._with_room(), coming=self._coming(), **kwargs)

    def _with_room(self) -> list[dict[str, Any]]:
        """Who may be assigned today, the freest first, and when they are there."""
        rows = Practitioner.objects.visible_to(self.request.user).with_readiness(self.today).filter(ready=True)
        found = list(rows.order_by("open_cases", "learner__last_name", "pk")[:BESIDE])
        times = defaultdict(list)
        for one in Availability.objects.filter(practitioner__in=found).order_by("weekday", "starts_at", "away_from"):
            times[one.practitioner_id].append(one)
        return [
            {"who": row, "cautions": readiness_of(row).cautions, "next": self._next(times[row.pk])} for row in found
        ]

    def _next(self, times: list[Availability]) -> str:
        """The next weekly time from today on, after what they are away for."""
        away = max(filter(None, (one.away_until for one in times if _is_away(one, self.today))), default=None)
        first = max(self.today, away) if away else self.today
        weekly = [one for one in times if one.weekday is not None]
        if not weekly:
            return "" if away is None else f"Away until {away.day} {away:%b}"
        ahead = min(weekly, key=lambda one: ((one.weekday - first.weekday() - bool(away)) % 7, one.starts_at))
        return f"{WEEKDAYS[ahead.weekday or 0]} {clock(ahead.starts_at)} to {clock(ahead.ends_at)}"

    def _coming(self) -> QuerySet[Intervention]:
        now = timezone.now()
        arranged = Intervention.objects.visible_to(self.request.user).filter(status=InterventionStatus.SCHEDULED)
        return arranged.filter(planned_for__gte=now).select_related("case").order_by("planned_for", "id")[:BESIDE]


def _is_away(one: Availability, today) -> bool:
    return one.away_from is not None and one.away_until is not None and one.away_from <= today <= one.away_until
