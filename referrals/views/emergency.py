"""Emergency access: taking it, and the list of what was taken."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse

from referrals.actions import open_in_emergency
from referrals.filters import EmergencyFilter
from referrals.forms.emergency import EmergencyForm
from referrals.models import Grant
from rj_service.accounts.scoping import row_by_row
from rj_service.accounts.views import GuardedFormView, GuardedListView
from rj_service.ui.references import spoken


class EmergencyView(GuardedFormView):
    """Before opening what was not given to one: why, who is told, when it ends."""

    permission = "referrals.emergency"
    form_class = EmergencyForm
    template_name = "ui/confirm.html"
    success_message = "It is open to you now, for a time. Those who answer for it are told."

    def perform(self, form):
        return open_in_emergency(by=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        case = getattr(self.result, "case", None)
        return reverse("cases:desk", args=[case.pk]) if case else reverse("referrals:detail", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        consequences = [
            "The service managers, the data protection officer and whoever may open it are told now",
            "Everything that you open there is marked in the log, with your reason beside it",
            f"It closes to you again after {settings.RJ_EMERGENCY_HOURS} hours",
        ]
        words = {"heading": "Open what was not given to you", "button": "Open it in an emergency"}
        return super().get_context_data(**words, consequences=consequences, cancel_url=reverse("home"), **kwargs)


class EmergencyListView(GuardedListView):
    """For the managers, and for the data protection officer, who opens no case."""

    permission = "referrals.grant"
    model = Grant
    template_name = "referrals/emergencies.html"
    heading = "Emergency access"
    thing = "emergency access"
    empty = "Nobody has opened anything in an emergency."
    filter_class = EmergencyFilter
    order = ("-granted_at", "-id")
    order_words = "newest first"
    columns: ClassVar = {
        "When": lambda row: row.granted_at,
        "Who": lambda row: row.user.get_full_name(),
        "Referral": lambda row: spoken(row.referral.reference),
        "Why": lambda row: row.reason,
        "Until": lambda row: row.ends_at,
    }

    @classmethod
    def opened_by(cls) -> frozenset[str]:
        return frozenset(["referrals.grant", "operations.view_audit"])

    def get_queryset(self):
        """An officer without an area answers for every area."""
        return row_by_row(Grant).visible_to(self.request.user)

    def show(self, rows):
        return rows.select_related("user", "referral")
