"""What a list of cases may be narrowed by: codes only, never a person's words."""

from datetime import timedelta

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.choices import LoanStatus, Side, Stage
from cases.models import Case, Loan, Venue
from referrals.choices import CrimeType
from referrals.models import Task
from rj_service.accounts.models import Absence, LocalArea, User
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from volunteers.choices import Language, Level
from volunteers.models import Availability, Practitioner


def _coordinators(request):
    area = request.user.acting.service_area_id
    return User.objects.filter(memberships__role=Role.COORDINATOR, memberships__service_area=area).distinct()


def _local_areas(request):
    return LocalArea.objects.filter(service_area=request.user.acting.service_area_id)


OPEN_STAGES = [(value, label) for value, label in Stage.choices if value != Stage.CLOSED]


class CaseFilter(django_filters.FilterSet):
    """A closed case is in no other stage: the archive is not narrowed by it."""

    show = django_filters.CharFilter(
        method="keep", max_length=10, widget=forms.HiddenInput
    )  # the saved state that is being narrowed
    stage = django_filters.ChoiceFilter(choices=OPEN_STAGES, label="Stage", empty_label="Any")
    coordinator = django_filters.ModelChoiceFilter(queryset=_coordinators, label="Coordinator", empty_label="Anybody")
    crime = django_filters.ChoiceFilter(
        field_name="crime_type", choices=CrimeType, label="What happened", empty_label="Anything"
    )
    place = django_filters.ModelChoiceFilter(
        field_name="local_area", queryset=_local_areas, label="Local area", empty_label="Everywhere"
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data and self.data.get("show") == "closed":
            del self.filters["stage"]

    def keep(self, queryset, name, value):
        return queryset


WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
AT_THE_MEETING = "meeting"


class DeskFilter(django_filters.FilterSet):
    """Of the assignment desk. `named`: words that are kept, for a name stands in no address. The desk itself reads what its
    own sorting knows: `list`, the group, and whether somebody is free at the time of the meeting."""

    role = django_filters.CharFilter(method="keep", max_length=16, widget=forms.HiddenInput)
    named = django_filters.UUIDFilter(method="keep", widget=forms.HiddenInput)
    list = django_filters.ChoiceFilter(
        method="keep",
        choices=[("ready", "Ready"), ("could-be", "If something changes"), ("cannot", "Cannot be invited")],
        label="Ready?",
        empty_label="Everybody",
    )
    place = django_filters.ModelChoiceFilter(
        field_name="local_areas", queryset=_local_areas, label="Works in", empty_label="Everywhere"
    )
    level = django_filters.ChoiceFilter(choices=Level, label="Level", empty_label="Any")
    free = django_filters.ChoiceFilter(
        method="on_weekday",
        choices=[(AT_THE_MEETING, "At the time of the meeting"), *((str(at), day) for at, day in enumerate(WEEKDAYS))],
        label="Has said they are free",
        empty_label="Any time",
    )
    language = django_filters.ChoiceFilter(
        method="speaking", choices=Language, label="Language besides English", empty_label="Any"
    )

    class Meta:
        model = Practitioner
        fields: list[str] = []

    def keep(self, queryset, name, value):
        return queryset

    def on_weekday(self, queryset, name, value):
        if value == AT_THE_MEETING:
            return queryset
        times = row_by_row(Availability).filter(practitioner=OuterRef("pk"), weekday=int(value))
        return queryset.filter(Exists(times))

    def speaking(self, queryset, name, value):
        return queryset.filter(wishes__languages__contains=[value])


def _workers(request):
    """Who has tasks here."""
    area = request.user.acting.service_area_id
    roles = [Role.COORDINATOR, Role.SERVICE_MANAGER, Role.CASE_SUPERVISOR, Role.PRACTITIONER]
    return User.objects.filter(memberships__role__in=roles, memberships__service_area=area).distinct()


class TaskFilter(django_filters.FilterSet):
    show = django_filters.CharFilter(method="keep", max_length=10, widget=forms.HiddenInput)
    kind = django_filters.ChoiceFilter(choices=Task.Kind, label="What it is", empty_label="Anything")
    side = django_filters.ChoiceFilter(choices=Side, label="Side", empty_label="Any")
    who = django_filters.ModelChoiceFilter(
        field_name="assigned_to", queryset=_workers, label="Who", empty_label="Anybody"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def keep(self, queryset, name, value):
        return queryset


class AllocationFilter(django_filters.FilterSet):
    show = django_filters.CharFilter(method="keep", max_length=10, widget=forms.HiddenInput)
    coordinator = django_filters.ModelChoiceFilter(queryset=_coordinators, label="Coordinator", empty_label="Anybody")
    place = django_filters.ModelChoiceFilter(
        field_name="local_area", queryset=_local_areas, label="Local area", empty_label="Everywhere"
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def keep(self, queryset, name, value):
        return queryset


class AbsenceFilter(django_filters.FilterSet):
    when = django_filters.ChoiceFilter(
        label="When", method="by_day", choices=[("now", "Away now"), ("over", "Over")], empty_label="Any"
    )

    class Meta:
        model = Absence
        fields: list[str] = []

    def by_day(self, queryset, name, value):
        today = timezone.localdate()
        return queryset.on(today) if value == "now" else queryset.filter(away_until__lt=today)


class VenueFilter(django_filters.FilterSet):
    safety = django_filters.ChoiceFilter(
        label="Safety check",
        method="by_safety",
        choices=[("current", "Checked and safe"), ("to_check", "To check, or not safe")],
        empty_label="Any",
    )
    is_prison = django_filters.ChoiceFilter(
        label="Prison", choices=[("True", "Prisons"), ("False", "Other places")], empty_label="Any"
    )

    class Meta:
        model = Venue
        fields = ["safety", "is_prison"]

    def by_safety(self, queryset, name, value):
        oldest = timezone.localdate() - timedelta(days=settings.RJ_VENUE_CHECK_DAYS)
        current = Q(is_safe=True, checked_on__gte=oldest)
        return queryset.filter(current if value == "current" else ~current)


class LoanFilter(django_filters.FilterSet):
    direction = django_filters.ChoiceFilter(
        label="Direction",
        method="by_direction",
        choices=[("in", "Asked of us"), ("out", "Asked by us")],
        empty_label="Either",
    )
    status = django_filters.ChoiceFilter(
        label="State",
        choices=[(one.value, one.label) for one in (LoanStatus.ASKED, LoanStatus.LENT, LoanStatus.WORKING)],
        empty_label="Any",
    )

    class Meta:
        model = Loan
        fields = ["direction", "status"]

    def by_direction(self, queryset, name, value):
        area = {"in": "home", "out": "service_area"}[value]
        return queryset.filter(**{area: self.request.user.acting.service_area_id})
