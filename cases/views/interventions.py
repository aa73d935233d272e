"""Meetings and letters: planned, arranged past the gate, reconfirmed on the day, held, moved."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from cases import actions
from cases.forms import HeldForm, MoveForm, PlanForm
from cases.gate import GateClosed, checks_for
from cases.models import Intervention
from cases.views.case_page import EVERY_SIDE, CaseConfirm, CaseForm, CasePage
from cases.views.gate_page import called, gate_context
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.ui.references import spoken
from rj_service.ui.templatetags.ui import when


class PlannersOnly:
    """The coordinator, or the lead who works with both sides."""

    permission = "cases.plan"
    practitioners_by = "cases.view_assigned"

    def check_permission(self) -> None:
        super().check_permission()
        if not self.may_plan:
            raise PermissionDenied


class MeetingsView(CasePage):
    """Everything planned, arranged or held, newest first."""

    practitioners_by = "cases.view_assigned"
    template_name = "cases/meetings.html"
    part = "meetings"

    def people_shown(self):
        return []

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        meetings = Intervention.objects.filter(case=self.case).order_by("-planned_at", "-id")
        return super().get_context_data(
            meetings=meetings, may_plan=self.may_plan, whole=self.sides == EVERY_SIDE, **kwargs
        )


class OfMeeting:
    @cached_property
    def meeting(self) -> Intervention:
        return self.child(Intervention.objects.all(), "meeting")

    def get_back_url(self) -> str:
        return self.case_url("meetings")

    def meeting_url(self, name: str) -> str:
        return self.case_url(name, self.meeting.pk)

    def gate_page(self, checks, *, refused: bool):
        """The same page for a look and for a refusal: 422 where something was asked and may not be."""
        context = {
            **gate_context(self.case, self.meeting, checks, sides=self.sides, refused=refused),
            "case": self.case,
            "caption": f"Case {spoken(self.case.reference)}",
            "may_plan": self.may_plan,
            "plan_facts": self.plan_facts(),
            "back_url": self.case_url("meetings"),
        }
        self.read(self.case, people=[one.person_id for one in self.people])
        return render(self.request, "cases/readiness.html", context, status=422 if refused else 200)

    def plan_facts(self) -> list[dict[str, Any]]:
        meeting = self.meeting
        facts = [
            {"label": "Model", "value": meeting.get_model_display()},
            {"label": "When", "value": when(meeting.planned_for) or "No date yet"},
        ]
        if self.sides == EVERY_SIDE:
            facts.append({"label": "Where", "value": meeting.venue or "No place yet"})
            facts.append({"label": "Who", "value": ", ".join(one.person.name for one in self.people) or "Nobody"})
        return facts


class PlanView(PlannersOnly, CaseForm):
    """A plan invites nobody and sends nothing."""

    form_class = PlanForm
    heading = "Plan a meeting or letter"
    lead = "A plan invites nobody and sends nothing. It goes ahead only when every check is in place."
    button = "Save the plan"
    success_message = "The plan is saved."

    def perform(self, form):
        return actions.plan_intervention(case=self.case, by=self.request.user, today=self.today, **form.plan)

    def get_success_url(self) -> str:
        return self.case_url("readiness", self.result.pk)

    def get_back_url(self) -> str:
        return self.case_url("meetings")


class ChangePlanView(OfMeeting, PlanView):
    heading = "Change the plan"
    success_message = "The plan is changed."

    def get_initial(self):
        meeting = self.meeting
        local = timezone.localtime(meeting.planned_for) if meeting.planned_for else None
        names = (
            "model", "not_face_to_face_reason", "not_face_to_face_note", "venue", "venue_checked_on", "safety_plan",
            "uses_script",
        )  # fmt: skip
        return {
            **{name: getattr(meeting, name) for name in names},
            "day": local.date() if local else None,
            "time": local.time() if local else None,
        }

    def perform(self, form):
        return actions.change_plan(intervention=self.meeting, by=self.request.user, today=self.today, **form.plan)


class ReadinessView(OfMeeting, CasePage):
    """What is in place and what is missing, as it stands now."""

    practitioners_by = "cases.view_assigned"

    def get(self, request, *args, **kwargs):
        return self.gate_page(checks_for(self.meeting, self.today), refused=False)


class GateAct(PlannersOnly, OfMeeting, CasePage):
    """A button that passes the gate, or shows it."""

    abstract = True
    http_method_names = ["post", "options"]
    success_message = ""

    def perform(self):
        raise NotImplementedError

    def post(self, request, *args, **kwargs):
        try:
            self.perform()
        except GateClosed as closed:
            return self.gate_page(closed.checks, refused=True)
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, self.success_message)
        return HttpResponseRedirect(self.case_url("meetings"))


class ScheduleView(GateAct):
    success_message = "Arranged."

    def perform(self):
        if self.meeting.planned_for is None:
            raise DomainError("Enter the day and time in the plan first")
        actions.schedule_intervention(
            intervention=self.meeting, planned_for=self.meeting.planned_for, by=self.request.user, today=self.today
        )


class ReconfirmView(GateAct):
    success_message = "Reconfirmed for today."

    def perform(self):
        actions.reconfirm_intervention(intervention=self.meeting, by=self.request.user, today=self.today)


class HoldView(PlannersOnly, OfMeeting, CaseForm):
    """Who came and what was held: past the gate once more, whose refusal keeps what was typed."""

    form_class = HeldForm
    heading = "Record what was held"
    button = "Record it as held"
    success_message = "Recorded as held."

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"participants": self.people}

    def get_initial(self):
        planned = self.meeting.planned_for
        return {
            "held_on": timezone.localdate(planned) if planned else self.today,
            "model_delivered": self.meeting.model,
        }

    def perform(self, form):
        return actions.hold_intervention(
            intervention=self.meeting,
            held_on=form.cleaned_data["held_on"],
            attendance=form.attendance,
            model_delivered=form.cleaned_data["model_delivered"],
            outcome_note=form.cleaned_data["outcome_note"],
            by=self.request.user,
            today=self.today,
        )

    def get_success_url(self) -> str:
        return self.meeting_url("record-agreement")


class PostponeView(PlannersOnly, OfMeeting, CaseConfirm):
    form_class = MoveForm
    heading = "Postpone"
    button = "Postpone"
    success_message = "Postponed. The plan is kept."
    act = staticmethod(actions.postpone_intervention)
    consequences = ["Each side is told only that the date has changed", "The plan is kept"]

    def perform(self, form):
        return self.act(
            intervention=self.meeting, reason=form.cleaned_data["reason"], by=self.request.user, today=self.today
        )

    def get_heading(self) -> str:
        return f"{self.heading} the {called(self.meeting)}"

    def get_facts(self):
        return self.plan_facts()[:2]

    def get_consequences(self):
        return self.consequences


class CancelView(PostponeView):
    heading = "Cancel"
    button = "Cancel it"
    success_message = "Cancelled."
    act = staticmethod(actions.cancel_intervention)
    consequences = ["It cannot be arranged again; plan a new one", "Neither side is told who asked for it"]


class DidNotHappenView(PostponeView):
    heading = "Record what did not happen:"
    button = "Record that it did not happen"
    success_message = "Recorded. It can be arranged again."
    act = staticmethod(actions.record_did_not_happen)
    consequences = ["It is not counted as held", "It can be arranged again"]
