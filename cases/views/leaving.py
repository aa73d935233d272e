"""One page for a volunteer who leaves: what they still have, and everything that ends with the button."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.forms.leaving import LeaverForm
from rj_service.accounts.views import GuardedFormView
from rj_service.ui.templatetags.ui import plural
from volunteers import policy
from volunteers.models import Practitioner


class LeavingView(GuardedFormView):
    permission = "volunteers.manage"
    form_class = LeaverForm
    template_name = "cases/leaving.html"

    def check_permission(self) -> None:
        super().check_permission()
        if not policy.can_manage(self.request.user, self.practitioner):
            raise PermissionDenied

    @cached_property
    def practitioner(self) -> Practitioner:
        found = Practitioner.objects.visible_to(self.request.user).select_related("learner__user", "service_area")
        return get_object_or_404(found, pk=self.kwargs["practitioner"])

    @cached_property
    def works(self):
        return actions.works_on(self.practitioner, self.request.user)

    def perform(self, form):
        by, today = self.request.user, timezone.localdate()
        return actions.record_leaver(practitioner=self.practitioner, today=today, by=by, **form.cleaned_data)

    def get_success_url(self) -> str:
        cases = plural(self.result, "case,cases")
        messages.success(
            self.request, f"They have left. {cases} ended with them." if self.result else "They have left."
        )
        return reverse("volunteers:detail", args=[self.practitioner.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.read(self.practitioner, ids=[one.case_id for one in self.works])
        return super().get_context_data(
            heading="They leave",
            caption=self.practitioner.name,
            works=self.works,
            loans=actions.loans_of(self.practitioner).count(),
            colleague=self.practitioner.learner.user_id,
            may_hand_over=self.request.user.may("cases.manage"),
            consequences=[
                "Their open page closes with the next click, and they cannot sign in to this area any more.",
                "They work on no case any more. Where they led one, its coordinator gets the task to find another lead.",
                "Their places in teams are free; whoever was in reserve moves in.",
                "Their places on courses and on waiting lists are free. Where a course has not begun the list moves up.",
                "What they claimed is decided on and paid as it stands; what was sent back to them waits for a decision again.",
                "Their record, training and checks stay.",
            ],
            button="They leave today",
            cancel_url=reverse("volunteers:detail", args=[self.practitioner.pk]),
            **kwargs,
        )
