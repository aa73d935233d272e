"""Applications: the list, one with its stages and what is missing, and each step of it."""

from functools import cached_property
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from volunteers import actions, forms, policy
from volunteers.choices import (
    APPLICATION_TRANSITIONS,
    ApplicationStatus,
    SafeguardKind,
)
from volunteers.filters import ApplicationFilter
from volunteers.models import Application, Reference
from volunteers.views.practitioner import parts

# The one step on from each stage: its address and what its button says.
NEXT = {
    ApplicationStatus.ENQUIRY: ("apply", "They apply to a campaign"),
    ApplicationStatus.APPLIED: ("interview", "Arrange an interview"),
    ApplicationStatus.INTERVIEW: ("interview-held", "Record the interview"),
}
WAITS_LONG = 28  # days in one stage


class Applications(GuardedListView):
    permission = "volunteers.manage"
    model = Application
    template_name = "volunteers/applications.html"
    heading = "Applications"
    thing = "application"
    empty = "Nobody has applied yet. People apply on the public page once a campaign is advertised."
    filter_class = ApplicationFilter
    order = ("since", "id")
    order_words = "longest in their stage first"
    columns: ClassVar = {
        "Name": lambda row: row.one.name,
        "Kind": lambda row: row.one.get_kind_display(),
        "Stage": lambda row: row.one.get_status_display(),
        "Since": lambda row: row.one.since,
        "Campaign": lambda row: row.one.campaign.title if row.one.campaign else "",
        "Missing": lambda row: "; ".join(row.missing),
    }

    def show(self, rows):
        return rows.select_related("campaign").prefetch_related("references", "safeguards")

    def row_of(self, found):
        return Applied(found, self.today)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(items=parts("applications", self.request.user), **kwargs)


class Applied:
    """An application as a row."""

    def __init__(self, one: Application, today) -> None:
        self.one, self.days = one, (today - one.since).days
        is_open = bool(APPLICATION_TRANSITIONS[one.status])
        self.missing = policy.missing_to_take_on(one, today) if is_open else []
        self.row_state = "soon" if is_open and self.days > WAITS_LONG else ""


class ApplicationRecord(GuardedDetailView):
    permission = "volunteers.manage"
    model = Application
    pk_name = "application"
    template_name = "volunteers/application.html"

    def get_queryset(self):
        names = ("campaign", "organisation", "local_area", "practitioner")
        return super().get_queryset().select_related(*names).prefetch_related("references", "safeguards")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        one, today, user = self.object, timezone.localdate(), self.request.user
        is_minor = policy.is_minor(one.date_of_birth, today)
        given = {safeguard.kind: safeguard for safeguard in one.safeguards.all()}
        is_open = bool(APPLICATION_TRANSITIONS[one.status])
        step = NEXT.get(ApplicationStatus(one.status))
        return super().get_context_data(
            is_open=is_open,
            is_minor=is_minor,
            next_step=(reverse(f"volunteers:{step[0]}", args=[one.pk]), step[1]) if step else None,
            missing=policy.missing_to_take_on(one, today) if is_open else [],
            may_take_on=ApplicationStatus.TAKEN_ON in APPLICATION_TRANSITIONS[one.status],
            takes_references=one.status == ApplicationStatus.REFERENCES,
            safeguards=[(kind, kind.label, given.get(kind)) for kind in SafeguardKind] if is_minor or given else [],
            may_sign_off=policy.can_record_safeguard(user, one, SafeguardKind.SIGN_OFF),
            steps=one.steps.select_related("recorded_by").order_by("-recorded_at"),
            named_for=one.nominations.standing().select_related("place__team", "place__organisation").first(),
            forgotten_on=actions.forgotten_on(one),
            crumbs=[("Applications", reverse("volunteers:applications")), (one.name, "")],
            **kwargs,
        )


class WriteApplicationDown(GuardedFormView):
    permission = "volunteers.manage"
    form_class = forms.ApplicationForm
    template_name = "ui/question.html"
    success_message = "It is written down."

    def get_form_kwargs(self):
        of = {"area_id": self.acting.service_area_id, "today": timezone.localdate()}
        return super().get_form_kwargs() | of

    def get_initial(self):
        return {"kind": "community", "received_on": timezone.localdate()}

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        new = actions.NewApplication(**form.cleaned_data)
        return actions.receive_application(area=area, new=new, today=timezone.localdate(), by=self.request.user)

    def get_success_url(self):
        return reverse("volunteers:application", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {"heading": "Somebody would like to volunteer", "button": "Save"}
        return super().get_context_data(back_url=reverse("volunteers:applications"), **words, **kwargs)


class _OfApplication(GuardedFormView):
    abstract = True
    permission = "volunteers.manage"
    template_name = "ui/question.html"
    heading = button = lead = ""

    def check_permission(self):
        super().check_permission()
        self.application  # noqa: B018 (404 before any form is shown)

    @cached_property
    def application(self) -> Application:
        found = Application.objects.visible_to(self.request.user).select_related("campaign")
        return get_object_or_404(found, pk=self.kwargs["application"])

    @property
    def today(self):
        return timezone.localdate()

    @property
    def common(self) -> dict[str, Any]:
        return {"application": self.application, "today": self.today, "by": self.request.user}

    def get_initial(self):
        return {name: self.today for name in ("happened_on", "given_on", "received_on")}

    def get_success_url(self):
        return reverse("volunteers:application", args=[self.application.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {"heading": self.heading, "button": self.button, "lead": self.lead, "caption": self.application.name}
        return super().get_context_data(back_url=self.get_success_url(), **words, **kwargs)


class ChangeApplication(_OfApplication):
    form_class = forms.ApplicantForm
    heading, button = "Change who it is", "Save"
    lead = "What they wrote themselves stays as they wrote it."
    success_message = "It is saved."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"area_id": self.application.service_area_id}

    def get_initial(self):
        one = self.application
        return {name: getattr(one, name) for name in forms.ApplicantForm.base_fields}

    def perform(self, form):
        return actions.change_application(**self.common, **form.cleaned_data)


class ApplyToCampaign(_OfApplication):
    form_class = forms.CampaignChoiceForm
    heading, button = "They apply to a campaign", "Save"
    lead = "Only campaigns that are advertised today."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"area_id": self.application.service_area_id, "today": self.today}

    def perform(self, form):
        return actions.apply_to_campaign(**self.common, **form.cleaned_data)


class ArrangeInterview(_OfApplication):
    form_class = forms.StepForm
    heading, button = "Arrange an interview", "Save"
    lead = "Write down when and where it is, and who is on the panel."

    def perform(self, form):
        return actions.arrange_interview(**self.common, **form.cleaned_data)


class PassInterview(_OfApplication):
    form_class = forms.StepForm
    heading, button = "The interview went well", "Ask for references"
    lead = "Only if the panel would take them. If not, end the application instead."

    def perform(self, form):
        return actions.pass_interview(**self.common, **form.cleaned_data)


class EndApplication(_OfApplication):
    form_class = forms.EndForm
    heading, button = "End this application", "End this application"
    lead = "The words are for colleagues. Tell the person yourself."
    success_message = "The application has ended."

    def perform(self, form):
        return actions.end_application(**self.common, **form.cleaned_data)


class NameReferee(_OfApplication):
    form_class = forms.RefereeForm
    heading, button = "Add a referee", "Add this referee"

    def perform(self, form):
        return actions.name_referee(application=self.application, by=self.request.user, **form.cleaned_data)


class RecordReference(_OfApplication):
    form_class = forms.ReferenceForm
    heading, button = "Record a reference", "Record this reference"
    lead = "Whether it is satisfactory, and nothing of what it says."
    success_message = "The reference is recorded."

    @cached_property
    def reference(self) -> Reference:
        found = Reference.objects.visible_to(self.request.user).select_related("application__campaign")
        return get_object_or_404(found, pk=self.kwargs["reference"])

    @cached_property
    def application(self) -> Application:
        return self.reference.application

    def perform(self, form):
        common = {"today": self.today, "by": self.request.user}
        return actions.record_reference(reference=self.reference, **common, **form.cleaned_data)


class RecordParentalAgreement(_OfApplication):
    form_class = forms.ParentalForm
    heading, button = "Agreement of a parent", "Record this agreement"
    lead = "Somebody with parental responsibility agrees to what a volunteer under 18 does: beside adults, no visits."
    success_message = "The agreement is recorded."

    def perform(self, form):
        return actions.record_safeguard(kind=SafeguardKind.PARENTAL, **self.common, **form.cleaned_data)


class SignOffYoung(_OfApplication):
    permission = "volunteers.safeguard"
    form_class = forms.SignOffForm
    heading, button = "Safeguarding sign-off", "Sign this off"
    lead = (
        "Under 18 somebody shadows, or sits on panels beside adults. They never lead, visit or take a sensitive case."
    )
    success_message = "Signed off."

    def perform(self, form):
        return actions.record_safeguard(kind=SafeguardKind.SIGN_OFF, **self.common, **form.cleaned_data)


class TakeOn(GuardedActionView):
    permission = "volunteers.manage"
    model = Application
    pk_name = "application"
    success_message = "They are taken on. Their vetting comes next."

    def perform(self):
        self.practitioner = actions.take_on(application=self.object, today=timezone.localdate(), by=self.request.user)

    def get_success_url(self):
        made = getattr(self, "practitioner", None)
        if made is not None:
            return reverse("volunteers:detail", args=[made.pk])
        return reverse("volunteers:application", args=[self.object.pk])
