"""The debrief after a meeting, and the agenda of a supervision, drawn from the cases."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.forms.debriefing import DebriefForm
from cases.models import Debrief, Intervention
from cases.views.case_page import CaseForm
from cases.views.interventions import OfMeeting
from referrals.models import Task
from rj_service.accounts.views import GuardedTemplateView
from volunteers import policy
from volunteers.models import Practitioner
from volunteers.practice import practice_of
from volunteers.readiness import readiness_of


class DebriefView(OfMeeting, CaseForm):
    permission = "cases.view_assigned"
    form_class = DebriefForm
    heading, button = "After the meeting", "Save"
    lead = "Your supervisor reads this. Nobody else on the case does."
    success_message = "Thank you. Your supervisor can read it."

    def get_back_url(self) -> str:
        return reverse("cases:my-work")

    def perform(self, form):
        return actions.write_debrief(
            intervention=self.meeting, by=self.request.user, today=self.today, **form.cleaned_data
        )


class AgendaView(GuardedTemplateView):
    """What there is to talk about with one practitioner: their cases, what is late, how they were after meetings."""

    permission = "volunteers.view"
    template_name = "cases/agenda.html"

    def check_permission(self) -> None:
        super().check_permission()
        if not policy.can_record_supervision(self.request.user, self.practitioner):
            raise PermissionDenied

    @cached_property
    def practitioner(self) -> Any:
        today = timezone.localdate()
        rows = Practitioner.objects.visible_to(self.request.user).with_readiness(today).with_practice(today)
        return get_object_or_404(rows.select_related("learner__user"), pk=self.kwargs["practitioner"])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        user, practitioner, today = self.request.user, self.practitioner, timezone.localdate()
        works = actions.works_on(practitioner, user)
        cases = [one.case_id for one in works]
        to_come = Intervention.objects.visible_to(user).filter(case__in=cases, status="scheduled")
        account = practitioner.learner.user
        tasks = Task.objects.visible_to(user).open().filter(assigned_to=account) if account else Task.objects.none()
        since = practitioner.last_supervision_on
        debriefs = Debrief.objects.visible_to(user).filter(practitioner=practitioner)
        debriefs = debriefs.filter(written_at__date__gte=since) if since else debriefs
        self.read(practitioner, ids=cases)
        return super().get_context_data(
            **{**kwargs, "practitioner": practitioner},
            supervisions=practitioner.supervisions.order_by("-held_on", "-recorded_at")[:1],
            readiness=readiness_of(practitioner),
            missing=practice_of(practitioner).missing,
            works=works,
            meetings=list(to_come.select_related("case").order_by("planned_for", "pk")[:20]),
            tasks=list(tasks.select_related("referral").order_by("due_on", "pk")[:30]),
            debriefs=list(debriefs.select_related("intervention__case").order_by("-written_at")[:20]),
            today=today,
            crumbs=[
                ("Practitioners", reverse("volunteers:list")),
                (practitioner.name, reverse("volunteers:detail", args=[practitioner.pk])),
                ("Agenda", ""),
            ],
        )
