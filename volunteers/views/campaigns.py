"""Campaigns: the list, one with what it lacks, and each act on it."""

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.models import ServiceArea
from rj_service.accounts.views import GuardedActionView, GuardedDetailView, GuardedFormView, GuardedListView
from volunteers import actions, forms, policy
from volunteers.choices import CAMPAIGN_TRANSITIONS, ApplicationStatus, ApprovalOf, CampaignStatus
from volunteers.filters import CampaignFilter
from volunteers.models import Campaign
from volunteers.views.practitioner import parts


class Campaigns(GuardedListView):
    permission = "volunteers.manage"
    model = Campaign
    template_name = "volunteers/campaigns.html"
    heading = "Recruitment"
    thing = "campaign"
    empty = (
        "No campaign has been begun. A campaign holds the papers, their approvals and how many volunteers are wanted."
    )
    filter_class = CampaignFilter
    order = ("-created_at", "id")
    order_words = "newest first"
    columns: ClassVar = {
        "Campaign": lambda row: row.title,
        "State": lambda row: row.get_status_display(),
        "Last day": lambda row: row.closes_on,
        "Applied": lambda row: row.applied,
        "In progress": lambda row: row.in_progress,
        "Taken on": lambda row: row.taken_on,
        "Wanted": lambda row: row.target,
    }

    def show(self, rows):
        return rows.with_numbers()

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        return super().get_context_data(items=parts("campaigns", self.request.user), **kwargs)


class CampaignRecord(GuardedDetailView):
    permission = "volunteers.manage"
    model = Campaign
    pk_name = "campaign"
    template_name = "volunteers/campaign.html"

    def get_queryset(self):
        return super().get_queryset().with_numbers().select_related("created_by", "advertised_by")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        campaign = self.object
        approvals = list(campaign.approvals.select_related("recorded_by").order_by("-recorded_at"))
        current = {one.of: one for one in approvals if one.ended_at is None}
        following = CAMPAIGN_TRANSITIONS[campaign.status]
        numbers = dict(ApplicationStatus.choices) if campaign.applied else {}
        found = campaign.applications.values_list("status", flat=True)
        counted = [(label, sum(1 for one in found if one == key)) for key, label in numbers.items()]
        return super().get_context_data(
            approvals=[(of.label, current.get(of)) for of in ApprovalOf],
            lacks_approval=len(current) < len(ApprovalOf),
            earlier=[one for one in approvals if one.ended_at],
            missing=policy.missing_to_advertise(campaign, approvals),
            may_advertise=CampaignStatus.ADVERTISED in following,
            may_close=CampaignStatus.CLOSED in following,
            stages=[(label, number) for label, number in counted if number],
            short=max(campaign.target - campaign.taken_on, 0),
            local_areas=list(campaign.local_areas.all()),
            partners=list(campaign.partners.all()),
            crumbs=[("Recruitment", reverse("volunteers:campaigns")), (campaign.title, "")],
            **kwargs,
        )


class BeginCampaign(GuardedFormView):
    permission = "volunteers.manage"
    form_class = forms.CampaignForm
    template_name = "ui/question.html"
    success_message = "The campaign is begun. Its papers have to be approved before it is advertised."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"area_id": self.acting.service_area_id}

    def get_initial(self):
        return {"kind": "community"}

    def perform(self, form):
        area = ServiceArea.objects.get(pk=self.acting.service_area_id)
        return actions.begin_campaign(area=area, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        return reverse("volunteers:campaign", args=[self.result.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {"heading": "Begin a campaign", "button": "Begin this campaign"}
        return super().get_context_data(back_url=reverse("volunteers:campaigns"), **words, **kwargs)


class _OfCampaign(GuardedFormView):
    abstract = True
    permission = "volunteers.manage"
    template_name = "ui/question.html"
    heading = button = lead = ""

    def check_permission(self):
        super().check_permission()
        self.campaign  # noqa: B018 (404 before any form is shown)

    @cached_property
    def campaign(self) -> Campaign:
        return get_object_or_404(Campaign.objects.visible_to(self.request.user), pk=self.kwargs["campaign"])

    def get_success_url(self):
        return reverse("volunteers:campaign", args=[self.campaign.pk])

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        words = {"heading": self.heading, "button": self.button, "lead": self.lead, "caption": self.campaign.title}
        return super().get_context_data(back_url=self.get_success_url(), **words, **kwargs)


class ChangeCampaign(_OfCampaign):
    form_class = forms.CampaignForm
    heading, button = "Change the campaign", "Save the campaign"
    lead = "Changed papers have to be approved anew, and what is advertised on them is advertised no more until then."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"area_id": self.campaign.service_area_id}

    def get_initial(self):
        campaign = self.campaign
        names = ("title", "kind", "target", "job_description", "person_specification", "closes_on")
        many = {name: list(getattr(campaign, name).all()) for name in ("local_areas", "partners")}
        return {name: getattr(campaign, name) for name in names} | many

    def perform(self, form):
        return actions.change_campaign(campaign=self.campaign, by=self.request.user, **form.cleaned_data)

    def get_success_url(self):
        if getattr(self, "result", False):
            messages.warning(self.request, "Its papers have changed: both approvals are needed anew.")
        return super().get_success_url()


class ApproveCampaign(_OfCampaign):
    form_class = forms.ApprovalForm
    heading, button = "Record an approval", "Record this approval"
    lead = "Of the job description and the person specification as they stand today."
    success_message = "The approval is recorded."

    def get_initial(self):
        """Where one of the two is there already it is the other."""
        given = set(self.campaign.approvals.filter(ended_at__isnull=True).values_list("of", flat=True))
        left = [of.value for of in ApprovalOf if of not in given]
        return {"of": left[0]} if len(left) == 1 else {}

    def perform(self, form):
        today = timezone.localdate()
        return actions.record_campaign_approval(
            campaign=self.campaign, today=today, by=self.request.user, **form.cleaned_data
        )


class Advertise(GuardedActionView):
    permission = "volunteers.manage"
    model = Campaign
    pk_name = "campaign"
    success_message = "The campaign is advertised: people can apply on the public page."

    def perform(self):
        actions.advertise(campaign=self.object, today=timezone.localdate(), by=self.request.user)

    def get_success_url(self):
        return reverse("volunteers:campaign", args=[self.object.pk])


class CloseCampaign(GuardedActionView):
    permission = "volunteers.manage"
    model = Campaign
    pk_name = "campaign"
    success_message = "The campaign is closed. Who has applied goes on."

    def perform(self):
        actions.close_campaign(campaign=self.object, by=self.request.user)

    def get_success_url(self):
        return reverse("volunteers:campaign", args=[self.object.pk])
