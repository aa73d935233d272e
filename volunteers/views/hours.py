"""The hours that a volunteer gave: logged and read on a phone."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedActionView, GuardedFormView, GuardedListView
from rj_service.ui.templatetags.ui import month
from volunteers import actions, forms
from volunteers.filters import HoursFilter
from volunteers.given_hours import MONTHS, in_words
from volunteers.models import HoursEntry, Practitioner
from volunteers.querysets import cases_worked_on
from volunteers.views.expenses import OwnPractitioner
from volunteers.views.practitioner import parts

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


class Given:
    """What somebody gave, as a row."""

    def __init__(self, one: Any) -> None:
        self.one, self.month, self.year = one, in_words(one.minutes_in_month), in_words(one.minutes_in_year)
        self.row_state = "soon" if one.is_under else ""

    @property
    def against(self) -> str:
        asked = in_words(60 * settings.RJ_HOURS_A_MONTH)
        if not self.one.is_asked:
            return "Nothing is asked"
        return f"Under {asked}" if self.one.is_under else f"{asked} or more"


class GivenHours(GuardedListView):
    """Of everybody, a month at a time: who gave how much, never what of which case."""

    permission = "volunteers.manage"
    model = Practitioner
    template_name = "volunteers/given_hours.html"
    heading = "Hours given"
    thing = "practitioner"
    empty = "Nobody works on cases yet. What volunteers log on their phones stands here."
    filter_class = HoursFilter
    order = ("minutes_in_month", "id")
    order_words = "fewest hours first"
    columns: ClassVar = {
        "Name": lambda row: row.one.name,
        "Kind": lambda row: row.one.get_kind_display(),
        "In the month": lambda row: row.month,
        "In 12 months": lambda row: row.year,
        "Asked of a volunteer": lambda row: row.against,
    }

    @property
    def title(self) -> str:
        return f"{self.heading} in {month(self.filters.chosen_month)}"

    def show(self, rows):
        return rows.select_related("learner")

    def row_of(self, found):
        return Given(found)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            items=parts("given-hours", self.request.user),
            month=self.filters.chosen_month,
            under=self.filters.under_it(self.get_queryset()),
            asked=in_words(60 * settings.RJ_HOURS_A_MONTH),
            **kwargs,
        )


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
