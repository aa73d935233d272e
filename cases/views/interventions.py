"""Meetings and letters: planned, arranged past the gate, reconfirmed on the day, held, moved."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from cases import actions, policy
from cases.choices import DIRECT_MODELS, InterpreterStatus, Model
from cases.forms import DidNotHappenForm, HeldForm, MoveForm, PlanForm, ReconfirmForm
from cases.gate import GateClosed, checks_for
from cases.models import (
    Attendance,
    Contact,
    InterpreterBooking,
    Intervention,
    Message,
    PanelMember,
    Rescheduling,
    Venue,
)
from cases.stages import BOTH_SIDES
from cases.views.case_page import EVERY_SIDE, CaseConfirm, CaseForm, CasePage, shown_again
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

    @cached_property
    def meetings(self) -> list[Intervention]:
        """Newest first, each with what this person may know of it, in a fixed number of statements."""
        found = list(Intervention.objects.filter(case=self.case).select_related("place").order_by("-planned_at", "-id"))
        user = self.request.user
        hangs = {
            "coming": Attendance.objects.visible_to(user)
            .select_related("participant__person")
            .order_by("participant__side", "participant__added_at"),
            "members": PanelMember.objects.visible_to(user)
            .select_related("practitioner__learner")
            .order_by("named_at"),
            "letters": Message.objects.visible_to(user)
            .defer("words")
            .select_related("author")
            .order_by("written_at", "id"),
            "interpreting": InterpreterBooking.objects.visible_to(user)
            .exclude(status=InterpreterStatus.CANCELLED)
            .select_related("participant__person")
            .order_by("side", "booked_at", "id"),
            "moves": Rescheduling.objects.visible_to(user).order_by("recorded_at", "id"),
        }
        for name, rows in hangs.items():
            of_each = defaultdict(list)
            for row in rows.filter(intervention__case=self.case):
                of_each[row.intervention_id].append(row)
            for one in found:
                setattr(one, name, of_each[one.pk])
        return found

    @property
    def chains(self) -> list[list[Intervention]]:
        """What went on from something earlier stands with it, the earliest first; the newest chain first."""
        chains: dict[Any, list[Intervention]] = {}
        for one in sorted(self.meetings, key=lambda one: one.planned_at):
            chain = chains.get(one.moved_from_id, [])
            chain.append(one)
            chains[one.pk] = chain
        return list({id(chains[one.pk]): chains[one.pk] for one in self.meetings}.values())

    def preparation(self) -> list[tuple[str, int]]:
        """Logged contacts that prepared somebody, by side; they are counted as no meeting."""
        prepared = Contact.objects.visible_to(self.request.user).filter(case=self.case, is_preparation=True)
        return list(prepared.values("side").annotate(number=Count("id")).order_by("side").values_list("side", "number"))

    def people_shown(self):
        return {row.participant.person_id for one in self.meetings for row in (*one.coming, *one.interpreting)}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            chains=self.chains,
            preparation=self.preparation(),
            open_sides=[side for side in BOTH_SIDES if side in self.sides],
            may_plan=self.may_plan,
            may_override=policy.can_override(self.request.user, self.case),
            whole=self.sides == EVERY_SIDE,
            **kwargs,
        )


class OfMeeting:
    @cached_property
    def meeting(self) -> Intervention:
        return self.child(Intervention.objects.select_related("place"), "meeting")

    def get_back_url(self) -> str:
        return self.case_url("meetings")

    def meeting_url(self, name: str) -> str:
        return self.case_url(name, self.meeting.pk)

    def gate_page(self, checks, *, refused: bool):
        """The same page for a look and for a refusal: 422 where something was asked and may not be."""
        context = {
            **gate_context(self.request.user, self.case, self.meeting, checks, sides=self.sides, refused=refused),
            "case": self.case,
            "caption": f"Case {spoken(self.case.reference)}",
            "may_plan": self.may_plan,
            "plan_facts": self.plan_facts(),
            "back_url": self.case_url("meetings"),
            "raise_concern_url": self.raise_concern_url,
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
            facts[1]["note"] = f"{meeting.minutes} minutes"
            facts.append({"label": "Where", "value": meeting.where or "No place yet"})
            facts.append({"label": "Who", "value": ", ".join(one.person.name for one in self.people) or "Nobody"})
        return facts


class PlanView(PlannersOnly, CaseForm):
    """A plan invites nobody and sends nothing."""

    form_class = PlanForm
    heading = "Plan a meeting or letter"
    lead = "A plan invites nobody and sends nothing. It goes ahead only when every check is in place."
    button = "Save the plan"
    success_message = "The plan is saved."

    def get_form_kwargs(self):
        venues = Venue.objects.current().filter(service_area=self.case.service_area).order_by("name", "id")
        return super().get_form_kwargs() | {"venues": venues}

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
        return {
            **{name: getattr(meeting, name) for name in actions.PLAN_FIELDS},
            "shown": actions.plan_mark(meeting),
            "day": local.date() if local else None,
            "time": local.time() if local else None,
        }

    def perform(self, form):
        known = {"intervention": self.meeting, "by": self.request.user, "today": self.today}
        with shown_again(form):
            return actions.change_plan(**known, shown=form.cleaned_data["shown"], **form.plan)


class MoveToMeetingView(OfMeeting, PlanView):
    """From indirect to direct as one story: the next is planned from the earlier, which ends as moved, or was held."""

    heading = "Move to a meeting"
    lead = "Everybody is asked again: an agreement to a letter or a message is no agreement to meet."
    success_message = "The meeting is planned. It goes on from what was there before."

    def check_permission(self) -> None:
        super().check_permission()
        if self.meeting.model in DIRECT_MODELS:
            raise Http404

    def get(self, request, *args, **kwargs):
        if actions.must_be_held_first(self.meeting):
            messages.warning(request, "Something was carried already. Record it as held first, then move to a meeting.")
            return HttpResponseRedirect(self.meeting_url("hold"))
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        return {"model": Model.FACE_TO_FACE_CONFERENCE, "safety_plan": self.meeting.safety_plan}

    def perform(self, form):
        return actions.plan_intervention(
            case=self.case, moved_from=self.meeting, by=self.request.user, today=self.today, **form.plan
        )


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


class ReconfirmView(PlannersOnly, OfMeeting, CaseForm):
    """Everybody is asked again on the day, in one go or one after the other; the last answer passes the gate, or shows it."""

    form_class = ReconfirmForm
    heading = "Ask everybody again today"
    lead = (
        "On the day each of them is asked again. Where somebody says no, or is not sure, nothing goes ahead: go back and"
        " postpone it."
    )
    button = "Save who said yes"

    @cached_property
    def to_ask(self):
        return actions.still_to_ask(self.meeting, self.today)

    def people_shown(self):
        return [one.person_id for one in self.to_ask]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"participants": self.to_ask}

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except GateClosed as closed:
            return self.gate_page(closed.checks, refused=True)

    def perform(self, form):
        fresh = actions.reconfirm_intervention(
            intervention=self.meeting, asked=form.cleaned_data["asked"], by=self.request.user, today=self.today
        )
        done = fresh.reconfirmed_on == self.today
        messages.success(self.request, "Reconfirmed for today." if done else "Saved. Somebody is still to be asked.")


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
        return self.act(intervention=self.meeting, by=self.request.user, today=self.today, **self.said(form))

    def said(self, form) -> dict[str, Any]:
        return {name: form.cleaned_data[name] for name in ("asked_by", "reason")}

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
    """Who came in vain, and why somebody did not come."""

    form_class = DidNotHappenForm
    heading = "Record what did not happen:"
    button = "Record that it did not happen"
    success_message = "Recorded. It can be arranged again."
    act = staticmethod(actions.record_did_not_happen)
    consequences = ["It is not counted as held", "It can be arranged again"]

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"participants": self.people}

    def said(self, form):
        return super().said(form) | {"attendance": form.attendance}
