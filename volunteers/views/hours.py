"""The hours that a volunteer gave: logged and read on a phone."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedActionView, GuardedFormView, GuardedListView
from volunteers import actions, forms
from volunteers.models import HoursEntry, Practitioner
from volunteers.querysets import cases_worked_on
from volunteers.views.expenses import OwnPractitioner

MONTHS = 12
LATELY = timedelta(days=90)  # a case that ended is still offered


class MyHours(GuardedListView):
    permission = "volunteers.view_own"
    model = HoursEntry
    template_name = "volunteers/my_hours.html"
    heading = "My hours"
    thing = "entry"
    empty = "No hours are logged yet."
    order = ("-worked_on", "-id")
    order_words = "newest first"
    no_file = "A person’s own hours are theirs to read"

    def complete(self, rows):
        for row in rows:
            row.in_words = in_words(row.minutes)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        months = [
            {"label": one["month"].strftime("%B %Y"), "value": in_words(one["minutes"])}
            for one in self.get_queryset().minutes_by_month()[:MONTHS]
        ]
        own = Practitioner.objects.visible_to(self.request.user).first()
        return super().get_context_data(months=months, practitioner=own, **kwargs)


def in_words(minutes: int) -> str:
    """'2 hours 30 minutes'."""
    hours, rest = divmod(minutes, 60)
    words = [f"{hours} {'hour' if hours == 1 else 'hours'}"] if hours else []
    return " ".join([*words, *([f"{rest} minutes"] if rest else [])])


class LogHours(OwnPractitioner, GuardedFormView):
    permission = "volunteers.view_own"
    form_class = forms.HoursForm
    template_name = "ui/question.html"
    success_message = "The hours are logged."

    def get_initial(self):
        return {"worked_on": timezone.localdate()}

    def get_form_kwargs(self):
        today = timezone.localdate()
        theirs = cases_worked_on(self.practitioner.pk, today - LATELY, today)
        return super().get_form_kwargs() | {"references": list(theirs)}

    def perform(self, form):
        given = dict(form.cleaned_data)
        known = {"practitioner": self.practitioner, "today": timezone.localdate(), "by": self.request.user}
        return actions.log_hours(minutes=round(given.pop("hours") * 60), **known, **given)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        self.practitioner  # noqa: B018 (nobody else logs)
        return super().get_context_data(
            heading="Log hours", button="Save these hours", back_url=self.get_success_url(), **kwargs
        )

    def get_success_url(self):
        return reverse("volunteers:hours")


class RemoveHours(GuardedActionView):
    permission = "volunteers.view_own"
    model = HoursEntry
    success_message = "The hours are removed."

    def get_queryset(self):
        return super().get_queryset().select_related("practitioner__learner")

    def perform(self):
        actions.remove_hours(entry=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("volunteers:hours")
