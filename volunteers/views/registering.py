"""Registration, details, status and level."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.views import GuardedFormView
from rj_service.ui.forms import GovukForm
from training.models import Learner
from volunteers import actions, forms, policy
from volunteers.choices import STOOD_DOWN, SafeguardKind
from volunteers.views.practitioner import OfPractitioner


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
            learner=self.learner, today=timezone.localdate(), by=self.request.user, **form.cleaned_data
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


class Details(OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.DetailsForm
    heading, button = "Change the details", "Save the details"
    success_message = "The details are saved."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "area_id": self.practitioner.service_area_id}

    def get_initial(self):
        found = self.practitioner
        return {
            "kind": found.kind,
            "organisation": found.organisation_id,
            "date_of_birth": found.date_of_birth,
            "case_limit": found.case_limit,
            "works_since": found.works_since,
            "local_areas": list(found.local_areas.all()),
        }

    def perform(self, form):
        return actions.change_details(
            practitioner=self.practitioner, today=timezone.localdate(), by=self.request.user, **form.cleaned_data
        )


class AgreementOfAParent(OfPractitioner):
    permission = "volunteers.manage"
    form_class: type[GovukForm] = forms.ParentalForm
    heading, button = "Agreement of a parent", "Record this agreement"
    lead = "Somebody with parental responsibility agrees to what a volunteer under 18 does: beside adults, no visits."
    success_message = "The agreement is recorded."
    kind = SafeguardKind.PARENTAL

    def get_initial(self):
        return {"given_on": timezone.localdate()}

    def perform(self, form):
        common = {"practitioner": self.practitioner, "today": timezone.localdate(), "by": self.request.user}
        return actions.record_safeguard(kind=self.kind, **common, **form.cleaned_data)


class SignOffUnder18(AgreementOfAParent):
    permission = "volunteers.safeguard"
    form_class = forms.SignOffForm
    heading, button = "Safeguarding sign-off", "Sign this off"
    lead = (
        "Under 18 somebody shadows, or sits on panels beside adults. They never lead, visit or take a sensitive case."
    )
    success_message = "Signed off."
    kind = SafeguardKind.SIGN_OFF


class Status(OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.StatusForm
    heading, button = "Change the status", "Change the status"
    success_message = "The status is changed."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "practitioner": self.practitioner}

    def get_initial(self):
        """Where only one comes next it is chosen already."""
        following = forms.statuses_after(self.practitioner)
        return {"status": following[0][0]} if len(following) == 1 else {}

    def perform(self, form):
        return actions.change_status(practitioner=self.practitioner, by=self.request.user, **form.cleaned_data)


class StandDown(OfPractitioner):
    """On leave or suspended; or it was looked at again, and goes on."""

    permission = "volunteers.manage"
    form_class = forms.StandDownForm
    heading, button = "Leave or suspension", "Save"
    success_message = "This is saved. Whoever coordinates their cases is told."

    def check_permission(self):
        super().check_permission()
        if not policy.may_stand_down_to(self.practitioner):
            raise Http404

    @property
    def lead(self) -> str:  # type: ignore[override]
        if self.practitioner.status not in STOOD_DOWN:
            return ""
        status = self.practitioner.get_status_display().lower()
        return f"They are {status} now. If that goes on, choose it again with a new day. It keeps its first day."

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "practitioner": self.practitioner}

    def get_initial(self):
        standing = self.practitioner.status
        return {"first_day": timezone.localdate()} | ({"kind": standing} if standing in STOOD_DOWN else {})

    def perform(self, form):
        given = {"practitioner": self.practitioner, "today": timezone.localdate(), "by": self.request.user}
        return actions.stand_down(**given, **form.cleaned_data)


class SetLevel(OfPractitioner):
    permission = "volunteers.manage"
    form_class = forms.LevelForm
    heading, button = "Set the level", "Set the level"
    success_message = "The level is set."

    def get_initial(self):
        return {"level": self.practitioner.level, "because": self.practitioner.level_because}

    def perform(self, form):
        return actions.set_level(
            practitioner=self.practitioner, today=timezone.localdate(), by=self.request.user, **form.cleaned_data
        )
