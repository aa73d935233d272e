from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedFormView
from rj_service.ui.forms import GovukForm
from volunteers import actions, forms
from volunteers.choices import CheckKind, CheckStatus
from volunteers.models import Check, Practitioner
from volunteers.views.practitioner import OfPractitioner


class RecordCheck(OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.CheckForm
    heading, button = "Record a check", "Record this check"
    lead = "Record the result, the reference and the dates. Never record what a certificate disclosed."
    success_message = "The check is recorded."

    def get_initial(self):
        """The result of one that was applied for comes with its kind."""
        kind = self.request.GET.get("kind", "")
        return {"kind": kind, "status": CheckStatus.CLEARED} if kind in CheckKind.values else {}

    def perform(self, form):
        today = timezone.localdate()
        return actions.record_check(
            practitioner=self.practitioner, today=today, by=self.request.user, **form.cleaned_data
        )


class WithdrawCheck(GuardedFormView):
    """A confirm page: it closes the practitioner's cases at once."""

    permission = "volunteers.manage"
    template_name = "ui/confirm.html"
    success_message = "The check is withdrawn."

    def get_form_class(self):
        return GovukForm

    @property
    def check(self) -> Check:
        visible = Practitioner.objects.visible_to(self.request.user)
        checks = Check.objects.select_related("practitioner__learner").filter(practitioner__in=visible)
        return get_object_or_404(checks, pk=self.kwargs["check"])

    def perform(self, form):
        check = self.check
        actions.withdraw_check(check=check, by=self.request.user)
        return check.practitioner

    def get_success_url(self):
        return reverse("volunteers:detail", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        check = self.check
        return super().get_context_data(
            heading=f"Withdraw this check: {check.get_kind_display()}",
            caption=check.practitioner.name,
            consequences=[
                "Without a current DBS and police vetting this person opens no case from this moment.",
                "Coordinators are told where open cases are left without them.",
                "A withdrawn check is not taken up again. A new check is recorded instead.",
            ],
            button="Withdraw this check",
            cancel_url=reverse("volunteers:detail", args=[check.practitioner_id]),
            **kwargs,
        )
