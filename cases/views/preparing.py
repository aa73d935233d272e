"""What prepares a meeting: the script for those who facilitate it, and for each side what that side may know."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from cases.choices import Way
from cases.models import Assignment, Attendance
from cases.stages import BOTH_SIDES
from cases.views.case_page import EVERY_SIDE, CasePage
from cases.views.interventions import OfMeeting
from cases.views.script import script_for
from rj_service.ui.templatetags.ui import clock, when


class ScriptView(OfMeeting, CasePage):
    practitioners_by = "cases.view_assigned"
    template_name = "cases/script.html"
    part = "meetings"

    def check_permission(self) -> None:
        super().check_permission()
        if self.sides != EVERY_SIDE:
            raise PermissionDenied

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        parts = script_for(self.meeting.model)
        return super().get_context_data(**{**kwargs, "meeting": self.meeting, "parts_of_script": parts})


class PreparationView(OfMeeting, CasePage):
    """One side's page, made from that side's rows alone: to be read with them, and printed for them."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/preparation.html"
    part = "meetings"

    def check_permission(self) -> None:
        super().check_permission()
        if self.kwargs["side"] not in BOTH_SIDES or self.kwargs["side"] not in self.sides:
            raise Http404

    @property
    def side(self) -> str:
        return self.kwargs["side"]

    @property
    def coming(self) -> list[Attendance]:
        """Of their own side."""
        seen = Attendance.objects.visible_to(self.request.user).filter(
            intervention=self.meeting, participant__side=self.side
        )
        return list(seen.exclude(way="").select_related("participant__person").order_by("participant__added_at"))

    def people_shown(self):
        return [one.participant.person_id for one in self.coming]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        questions = [words for part in script_for(self.meeting.model) if part.side == self.side for words in part.words]
        shown = {
            "side": self.side,
            "facts": self.facts(),
            "questions": questions,
            "carries": self.meeting.carries,
            "printed_by": self.request.user.get_full_name(),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def facts(self) -> list[dict[str, Any]]:
        meeting = self.meeting
        facts = [{"label": "When", "value": when(meeting.planned_for) or "No date yet"}]
        in_the_room = [one for one in self.coming if one.way == Way.IN_THE_ROOM]
        if meeting.place and in_the_room:
            facts.append({"label": "Where", "value": meeting.place.name, "note": meeting.place.address})
            facts.append({"label": "Access", "value": ", ".join(meeting.place.access_words)})
        facts += [{"label": one.participant.person.name, "value": self.arrival(one)} for one in self.coming]
        sides = ("both", self.side)
        working = (
            Assignment.objects.in_force()
            .filter(case=self.case, sides__in=sides)
            .select_related("practitioner__learner")
        )
        names = ", ".join(one.practitioner.name for one in working.order_by("started_at"))
        facts.append({"label": "Who runs it", "value": names or "Not known yet"})
        facts.append({"label": "Questions to", "value": self.case.coordinator.get_full_name()})
        return facts

    @staticmethod
    def arrival(one: Attendance) -> str:
        if one.way != Way.IN_THE_ROOM:
            return one.get_way_display()
        return f"Arrives at {clock(one.arrives_at)}{f', {one.entrance}' if one.entrance else ''}"
