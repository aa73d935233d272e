"""Who is away, and who covers."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from cases import actions, policy
from cases.filters import AbsenceFilter
from cases.forms import AbsenceForm
from cases.views.closing import members
from rj_service.accounts.models import Absence
from rj_service.accounts.views import GuardedActionView, GuardedFormView, GuardedListView


class AbsenceListView(GuardedListView):
    permission = "cases.view"
    model = Absence
    template_name = "cases/absences.html"
    heading = "Away and cover"
    thing = "absence"
    empty = "Nobody is away. Whoever goes away names a colleague who has their alerts and tasks meanwhile."
    filter_class = AbsenceFilter
    order = ("-away_from", "-id")
    order_words = "latest first"
    columns: ClassVar = {
        "Who": lambda row: row.user.get_full_name(),
        "Role": lambda row: row.get_role_display(),
        "From": lambda row: row.away_from,
        "Until": lambda row: row.away_until,
        "Cover": lambda row: row.covered_by.get_full_name(),
    }

    def show(self, rows):
        return rows.select_related("user", "covered_by")

    def narrowed(self):
        return self.get_queryset().filter(ended_at__isnull=True)

    def complete(self, rows: list[Any]) -> None:
        by = self.request.user
        for one in rows:
            one.is_now = one.away_from <= self.today <= one.away_until
            one.is_over = one.away_until < self.today
            one.may_end = not one.is_over and policy.can_record_absence(by, one.user, one.service_area_id)


class RecordAbsenceView(GuardedFormView):
    permission = "cases.view"
    form_class = AbsenceForm
    template_name = "ui/question.html"
    success_message = "The absence is recorded. The cover is told."

    @property
    def records_for_others(self) -> bool:
        return self.request.user.may("cases.manage")

    def get_initial(self):
        return {"user": self.request.user.pk, "away_from": timezone.localdate()}

    def get_form_kwargs(self):
        area = self.acting.service_area_id
        staff = members(sorted(policy.COVERED_ROLES), area)
        roles = sorted(policy.COVERED_ROLES) if self.records_for_others else [self.acting.role]
        users = staff if self.records_for_others else None
        return super().get_form_kwargs() | {"users": users, "covers": members(roles, area)}

    def perform(self, form):
        data: dict[str, Any] = dict(form.cleaned_data)
        user = data.pop("user", None) or self.request.user
        given = {"area": self.request.acting_area, "user": user, "by": self.request.user}
        return actions.record_absence(**given, today=timezone.localdate(), **data)

    def get_success_url(self) -> str:
        return reverse("cases:absences")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {"heading": "Somebody is away", "button": "Save", "back_url": reverse("cases:absences")}
        return super().get_context_data(**words, **kwargs)


class EndAbsenceView(GuardedActionView):
    permission = "cases.view"
    model = Absence
    pk_name = "absence"
    success_message = "The absence has ended."

    def perform(self):
        return actions.end_absence(absence=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("cases:absences")
