"""Who comes to a meeting, by which door; who sits on a panel."""

from typing import Any

from django.http import Http404

from cases import actions
from cases.choices import Model
from cases.forms import PanelForm, RemoteForm, WhoComesForm
from cases.models import Attendance, PanelMember
from cases.views.case_page import CaseForm, shown_again
from cases.views.interventions import OfMeeting, PlannersOnly
from volunteers.models import Practitioner


class WhoComesView(PlannersOnly, OfMeeting, CaseForm):
    """Everybody in the case, by side; whoever is not in it is added there first."""

    form_class = WhoComesForm
    template_name = "cases/who_comes.html"
    heading = "Who comes"
    lead = "The two sides never arrive at the same time by the same door."
    button = "Save who comes"
    success_message = "Who comes is saved."

    def people_shown(self):
        return [one.person_id for one in self.people]

    def get_form_kwargs(self):
        place = self.meeting.place
        return super().get_form_kwargs() | {
            "participants": self.people,
            "entrances": place.entrance_list if place else [],
        }

    def get_initial(self):
        found: dict[str, Any] = {"shown": actions.coming_mark(self.meeting)}
        for one in Attendance.objects.filter(intervention=self.meeting).select_related("participant"):
            values = (one.way, one.arrives_at, one.entrance)
            found |= dict(zip(WhoComesForm.names_of(one.participant), values, strict=True))
        return found

    def perform(self, form):
        known = {"intervention": self.meeting, "by": self.request.user, "today": self.today}
        with shown_again(form):
            return actions.say_who_comes(coming=form.coming, shown=form.cleaned_data["shown"], **known)

    def get_success_url(self) -> str:
        return self.meeting_url("readiness")


class RemoteView(PlannersOnly, OfMeeting, CaseForm):
    """For whoever takes part by video."""

    form_class = RemoteForm
    heading = "How they connect"
    lead = "The sides never wait in one room, nor hear or see each other before both are ready."
    button = "Save how they connect"
    success_message = "How they connect is saved."

    def get_initial(self):
        fields = {name: getattr(self.meeting, name) for name in actions.REMOTE_FIELDS}
        return fields | {"shown": actions.remote_mark(self.meeting)}

    def perform(self, form):
        known = {"intervention": self.meeting, "by": self.request.user, "today": self.today, **form.cleaned_data}
        with shown_again(form):
            return actions.say_how_they_connect(**known)

    def get_success_url(self) -> str:
        return self.meeting_url("readiness")


class PanelView(PlannersOnly, OfMeeting, CaseForm):
    """By name, from the area's practitioners. The gate says whether they may sit."""

    form_class = PanelForm
    heading = "Who sits on the panel"
    lead = "Two or more, an adult beside anybody of 16 or 17. Nothing of the case is opened to them."
    button = "Save the panel"
    success_message = "The panel is saved."

    def check_permission(self) -> None:
        super().check_permission()
        if self.meeting.model != Model.NJP_PANEL:
            raise Http404

    def get_form_kwargs(self):
        active = Practitioner.objects.filter(service_area=self.case.service_area, status="active")
        practitioners = active.select_related("learner").order_by("learner__last_name", "learner__first_name", "id")
        return super().get_form_kwargs() | {"practitioners": practitioners}

    def get_initial(self) -> dict[str, Any]:
        named = PanelMember.objects.filter(intervention=self.meeting).order_by("named_at", "id")
        return {f"member-{number}": one.practitioner_id for number, one in enumerate(named, 1)}

    def perform(self, form):
        return actions.name_panel(
            intervention=self.meeting, members=form.members, by=self.request.user, today=self.today
        )

    def get_success_url(self) -> str:
        return self.meeting_url("readiness")
