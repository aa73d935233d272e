"""Practitioners: the list, the record, one page an act, and the practitioner's own page."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import (
    SIGNED_IN,
    GuardedActionView,
    GuardedDetailView,
    GuardedFormView,
    GuardedListView,
    GuardedTemplateView,
)
from rj_service.ui.forms import GovukForm
from training.models import Award, Enrolment, Learner
from volunteers import actions, forms, policy
from volunteers.choices import COVER_BEFORE, CheckStatus
from volunteers.filters import PractitionerFilter
from volunteers.models import Availability, Check, Practitioner
from volunteers.readiness import readiness_of


class Practitioners(GuardedListView):
    permission = "volunteers.view"
    model = Practitioner
    template_name = "volunteers/list.html"
    heading = "Practitioners"
    thing = "practitioner"
    empty = "Nobody is registered yet. A practitioner is registered from the record of a learner."
    filter_class = PractitionerFilter
    order = ("police_vetting_until", "id")
    order_words = "police vetting that ends soonest first"
    columns: ClassVar = {
        "Name": lambda row: row.one.name,
        "Kind": lambda row: row.one.get_kind_display(),
        "Status": lambda row: row.one.get_status_display(),
        "Level": lambda row: row.one.get_level_display(),
        "Ready?": lambda row: "; ".join(row.readiness.blocks) or "Ready",
        "Open cases": lambda row: row.one.open_cases,
        "Most cases": lambda row: row.one.case_limit,
        "Vetting ends": lambda row: row.readiness.vetting_ends if row.one.is_vetted else "Not vetted",
        "Last supervision": lambda row: row.one.last_supervision_on,
    }

    def narrowed(self):
        return self.get_queryset().with_readiness(self.today)

    def row_of(self, found):
        return Kept(found)


class Kept:
    """A practitioner as a row."""

    def __init__(self, one: Practitioner) -> None:
        self.one, self.readiness = one, readiness_of(one)

    @property
    def row_state(self) -> str:
        if not self.readiness.may_open_cases:
            return "stop"
        ends = self.readiness.vetting_ends
        return "soon" if ends and ends - self.one.readiness_on <= COVER_BEFORE else ""

    @property
    def blocks(self) -> str:
        """The first, and how many more."""
        first, *more = self.readiness.blocks or [""]
        return f"{first}, and {len(more)} more" if more else first


class PractitionerRecord(GuardedDetailView):
    permission = "volunteers.view"
    model = Practitioner
    template_name = "volunteers/detail.html"

    def get_queryset(self):
        return super().get_queryset().with_readiness(timezone.localdate())

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        user, practitioner = self.request.user, self.object
        return super().get_context_data(
            **_record_of(practitioner),
            local_areas=list(practitioner.local_areas.all()),
            may_manage=policy.can_manage(user, practitioner),
            may_record_supervision=policy.can_record_supervision(user, practitioner),
            may_set_availability=policy.can_set_availability(user, practitioner),
            in_force=[CheckStatus.CLEARED, CheckStatus.APPLIED],
            **kwargs,
        )


def _record_of(practitioner: Practitioner) -> dict[str, Any]:
    availability = list(practitioner.availability.order_by("weekday", "starts_at", "away_from"))
    today = timezone.localdate()
    return {
        "readiness": readiness_of(practitioner),
        "checks": practitioner.checks.order_by("-recorded_at"),
        "supervisions": practitioner.supervisions.order_by("-held_on")[:6],
        "times": [(forms.DAYS[row.weekday], row) for row in availability if row.weekday is not None],
        "absences": [row for row in availability if row.away_until and row.away_until >= today],
        **_training_of(practitioner.learner),
    }


def _training_of(learner: Learner) -> dict[str, Any]:
    return {
        "awards": Award.objects.filter(learner=learner).select_related("course").order_by("-awarded_on"),
        "enrolments": Enrolment.objects.filter(learner=learner)
        .select_related("cohort__course")
        .order_by("-enrolled_at"),
    }


class Me(GuardedTemplateView):
    """What a practitioner reads of themselves, on a phone."""

    permission = "volunteers.view_own"
    template_name = "volunteers/me.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        found = Practitioner.objects.visible_to(self.request.user).with_readiness(timezone.localdate()).first()
        if found is None:
            learner = Learner.objects.visible_to(self.request.user).first()
            return super().get_context_data(practitioner=None, **(_training_of(learner) if learner else {}), **kwargs)
        self.read(found)
        return super().get_context_data(practitioner=found, **_record_of(found), **kwargs)


class _OfPractitioner(GuardedFormView):
    """A form about the practitioner of the address. Back to the record, or to one's own page."""

    abstract = True
    template_name = "ui/question.html"
    heading = ""
    button = "Save"
    lead = ""
    may = staticmethod(policy.can_manage)

    def check_permission(self):
        """404 or 403 before any form is shown."""
        super().check_permission()
        if not self.may(self.request.user, self.practitioner):
            raise PermissionDenied

    @property
    def practitioner(self) -> Practitioner:
        if not hasattr(self, "_practitioner"):
            visible = Practitioner.objects.visible_to(self.request.user).select_related("learner")
            self._practitioner = get_object_or_404(visible, pk=self.kwargs["pk"])
        return self._practitioner

    def is_own(self) -> bool:
        return self.acting is not None and "volunteers.view_own" in self.acting.permissions

    def get_success_url(self):
        return reverse("volunteers:me") if self.is_own() else reverse("volunteers:detail", args=[self.practitioner.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            button=self.button,
            lead=self.lead,
            caption="" if self.is_own() else self.practitioner.name,
            back_url=self.get_success_url(),
            **kwargs,
        )


class RecordCheck(_OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.CheckForm
    heading, button = "Record a check", "Record this check"
    lead = "Record the result, the reference and the dates. Never record what a certificate disclosed."
    success_message = "The check is recorded."

    def perform(self, form):
        today = timezone.localdate()
        return actions.record_check(
            practitioner=self.practitioner, today=today, by=self.request.user, **form.cleaned_data
        )


class RecordSupervision(_OfPractitioner):
    permission = "volunteers.view"
    form_class = forms.SupervisionForm
    may = staticmethod(policy.can_record_supervision)
    heading, button = "Record a supervision", "Record this supervision"
    lead = "At least one each 12 weeks."
    success_message = "The supervision is recorded."

    def get_initial(self):
        return {"held_on": timezone.localdate()}

    def perform(self, form):
        today = timezone.localdate()
        return actions.record_supervision(
            practitioner=self.practitioner, today=today, by=self.request.user, **form.cleaned_data
        )


class Status(_OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.StatusForm
    heading, button = "Change the status", "Change the status"
    success_message = "The status is changed."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "practitioner": self.practitioner}

    def perform(self, form):
        return actions.change_status(practitioner=self.practitioner, by=self.request.user, **form.cleaned_data)


class SetLevel(_OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.LevelForm
    heading, button = "Set the level", "Set the level"
    success_message = "The level is set."

    def get_initial(self):
        return {"level": self.practitioner.level}

    def perform(self, form):
        return actions.set_level(practitioner=self.practitioner, by=self.request.user, **form.cleaned_data)


class Details(_OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.DetailsForm
    heading, button = "Change the details", "Save the details"
    success_message = "The details are saved."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.practitioner.service_area_id}

    def get_initial(self):
        found = self.practitioner
        return {
            "age": "adult" if found.is_adult else "young",
            "case_limit": found.case_limit,
            "local_areas": list(found.local_areas.all()),
        }

    def perform(self, form):
        return actions.change_details(
            practitioner=self.practitioner, by=self.request.user, **_without_age(form.cleaned_data)
        )


def _without_age(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "age"} | {"is_adult": given["age"] == "adult"}


class Register(GuardedFormView):
    permission = "volunteers.manage"
    form_class = forms.RegisterForm
    template_name = "ui/question.html"
    success_message = "The practitioner is registered as an enquiry. Vetting comes next."

    @property
    def learner(self) -> Learner:
        return get_object_or_404(Learner.objects.visible_to(self.request.user), pk=self.kwargs["learner"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.learner.service_area_id}

    def perform(self, form):
        return actions.register_practitioner(
            learner=self.learner, by=self.request.user, **_without_age(form.cleaned_data)
        )

    def get_success_url(self):
        return reverse("volunteers:detail", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(
            heading="Register as a practitioner",
            button="Register this practitioner",
            caption=self.learner.name,
            back_url=reverse("training:learner", args=[self.learner.pk]),
            **kwargs,
        )


class WeeklyAvailability(_OfPractitioner):
    """A practitioner's own, or those of the area for who manages practitioners."""

    permission = SIGNED_IN
    form_class = forms.AvailabilityForm
    may = staticmethod(policy.can_set_availability)
    heading, button = "When you can usually help", "Save these times"
    lead = "Tick what usually suits. A coordinator still asks before each visit."
    success_message = "The times are saved."

    def get_initial(self):
        weekly = self.practitioner.availability.filter(weekday__isnull=False)
        return forms.AvailabilityForm.ticked(weekly.values_list("weekday", "starts_at", "ends_at"))

    def perform(self, form):
        return actions.set_availability(practitioner=self.practitioner, times=form.times(), by=self.request.user)


class AddAbsence(_OfPractitioner):
    permission = SIGNED_IN
    form_class = forms.AbsenceForm
    may = staticmethod(policy.can_set_availability)
    heading, button = "A time away", "Save this time away"
    success_message = "The time away is saved."

    def perform(self, form):
        return actions.add_absence(practitioner=self.practitioner, by=self.request.user, **form.cleaned_data)


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


class RemoveAbsence(GuardedActionView):
    permission = SIGNED_IN
    model = Availability
    success_message = "The time away is removed."

    def get_object(self):
        visible = Practitioner.objects.visible_to(self.request.user)
        absences = Availability.objects.select_related("practitioner__learner").filter(
            practitioner__in=visible, weekday__isnull=True
        )
        found = absences.filter(pk=self.kwargs["absence"]).first()
        if found is None:
            raise Http404
        return found

    def perform(self):
        actions.remove_absence(absence=self.object, by=self.request.user)

    def get_success_url(self):
        if "volunteers.view_own" in self.acting.permissions:
            return reverse("volunteers:me")
        return reverse("volunteers:detail", args=[self.object.practitioner_id])
