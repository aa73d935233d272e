"""The register of venues of an area."""

from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.filters import VenueFilter
from cases.forms import VenueCheckForm, VenueForm
from cases.models import Venue
from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from rj_service.accounts.views.guarded import ObjectMixin
from rj_service.ui.templatetags.ui import day

NAMES = (
    "name", "address", "postcode", "is_prison", "step_free", "hearing_loop", "parking", "access_note", "entrances",
    "rooms", "contact_name", "contact_phone",
)  # fmt: skip


def safety_of(venue: Venue, today) -> tuple[str, str]:
    """A state and its words."""
    if venue.checked_on is None:
        return "stop", "Never checked"
    if not venue.is_safe:
        return "stop", "Not safe"
    due = venue.check_due_on
    return ("stop", f"Check was due {day(due)}") if due < today else ("ok", f"Checked, next due {day(due)}")


class VenuesView(GuardedListView):
    permission = "cases.view"
    model = Venue
    template_name = "cases/venues.html"
    heading = "Venues"
    thing = "venue"
    empty = "No venue is kept yet. The register will hold where people of your area can meet in safety."
    order = ("name", "id")
    order_words = "by name"
    filter_class = VenueFilter
    columns: ClassVar = {
        "Venue": lambda one: one.name,
        "Address": lambda one: one.address,
        "Postcode": lambda one: one.postcode,
        "Prison": lambda one: "Yes" if one.is_prison else "No",
        "Access": lambda one: ", ".join(one.access_words),
        "Checked": lambda one: one.checked_on,
        "Safe": lambda one: {True: "Yes", False: "No"}.get(one.is_safe, "Never checked"),
    }

    def narrowed(self):
        return self.get_queryset().current()

    def row_of(self, found: Venue) -> Venue:
        found.safety = safety_of(found, self.today)
        found.row_state = "stop" if found.safety[0] == "stop" else ""
        return found

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            may_keep=self.request.user.may("cases.plan"),
            crumbs=[("Cases", reverse("cases:list")), ("Venues", "")],
            **kwargs,
        )


class VenueView(GuardedDetailView):
    permission = "cases.view"
    model = Venue
    pk_name = "venue"
    template_name = "cases/venue.html"

    def get_queryset(self):
        return super().get_queryset().select_related("checked_by")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        venue = self.object
        shown = {
            "venue": venue,
            "safety": safety_of(venue, timezone.localdate()),
            "may_keep": venue.ended_at is None and self.request.user.may("cases.plan"),
            "crumbs": [("Venues", reverse("cases:venues")), (venue.name, "")],
        }
        return super().get_context_data(**{**kwargs, **shown})


class VenueForms(GuardedFormView):
    abstract = True
    template_name = "ui/question.html"
    heading = ""
    lead = ""
    button = "Save"

    def get_back_url(self) -> str:
        return reverse("cases:venues")

    def get_success_url(self) -> str:
        return reverse("cases:venue", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        shown = {"heading": self.heading, "lead": self.lead, "button": self.button, "back_url": self.get_back_url()}
        return super().get_context_data(**{**shown, **kwargs})


class AddVenueView(VenueForms):
    permission = "cases.plan"
    form_class = VenueForm
    heading = "Add a venue"
    success_message = "The venue is in the register. Check it for safety before a meeting is arranged there."

    @cached_property
    def area(self) -> ServiceArea:
        return ServiceArea.objects.get(pk=self.acting.service_area_id)

    def perform(self, form):
        return actions.keep_venue(area=self.area, new=form.new, by=self.request.user)


class OfVenue(ObjectMixin):
    model = Venue
    pk_name = "venue"

    def get_queryset(self):
        return super().get_queryset().current()

    def check_permission(self) -> None:
        super().check_permission()
        self.object  # noqa: B018 (what is not theirs is not there)

    def get_back_url(self) -> str:
        return reverse("cases:venue", args=[self.object.pk])


class ChangeVenueView(OfVenue, AddVenueView):
    permission = "cases.plan"
    heading = "Change this venue"
    success_message = "The venue is changed. Its safety check stands."

    def get_initial(self):
        return {name: getattr(self.object, name) for name in NAMES}

    def perform(self, form):
        return actions.keep_venue(area=self.area, new=form.new, venue=self.object, by=self.request.user)


class CheckVenueView(OfVenue, VenueForms):
    permission = "cases.plan"
    form_class = VenueCheckForm
    heading = "Record a safety check"
    lead = "Somebody of the service was there and looked at it as a place for both sides."
    success_message = "The safety check is recorded."

    def perform(self, form):
        return actions.check_venue(
            venue=self.object, by=self.request.user, today=timezone.localdate(), **form.cleaned_data
        )


class EndVenueView(GuardedActionView):
    permission = "cases.plan"
    model = Venue
    pk_name = "venue"
    success_message = "The venue is used no more"

    def get_queryset(self):
        return super().get_queryset().current()

    def perform(self):
        actions.end_venue(venue=self.object, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("cases:venues")
