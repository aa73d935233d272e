"""A campaign from its papers to its last day. Nothing is advertised before its papers are approved (seed 003 paragraph 6.3)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.actions import record
from volunteers import events, policy
from volunteers.choices import CAMPAIGN_TRANSITIONS, CampaignStatus
from volunteers.models import Campaign, CampaignApproval

PAPERS = ("person_specification", "job_description")


@transaction.atomic
def begin_campaign(
    *,
    area: ServiceArea,
    title: str,
    kind: str,
    target: int,
    local_areas: Iterable[LocalArea] = (),
    partners: Iterable[Organisation] = (),
    person_specification: str = "",
    job_description: str = "",
    closes_on: date | None = None,
    by: User,
) -> Campaign:
    if not policy.can_recruit(by, area.pk):
        raise NotAllowed("A coordinator or a service manager can do this.")
    campaign = Campaign.objects.create(
        service_area=area,
        title=title,
        kind=kind,
        target=target,
        person_specification=person_specification,
        job_description=job_description,
        closes_on=closes_on,
        created_by=by,
    )
    campaign.local_areas.set(local_areas)
    campaign.partners.set(partners)
    record(events.CAMPAIGN_BEGUN, by=by, on=campaign, detail={"kind": kind, "target": target})
    return campaign


@transaction.atomic
def change_campaign(
    *, campaign: Campaign, local_areas: Iterable[LocalArea], partners: Iterable[Organisation], by: User, **given
) -> bool:
    """Papers that change lose their approvals, and what is advertised on them is advertised no more. True where they did."""
    campaign = _locked(campaign, by)
    lost = any(name in given and given[name] != getattr(campaign, name) for name in PAPERS)
    lost = lost and bool(campaign.approvals.filter(ended_at__isnull=True).update(ended_at=Now()))
    for name, value in given.items():
        setattr(campaign, name, value)
    if lost and campaign.status == CampaignStatus.ADVERTISED:
        campaign.status = CampaignStatus.DRAFT
    campaign.save()
    campaign.local_areas.set(local_areas)
    campaign.partners.set(partners)
    record(events.CAMPAIGN_CHANGED, by=by, on=campaign, detail={"approvals_lost": lost})
    return lost


@transaction.atomic
def record_campaign_approval(
    *, campaign: Campaign, of: str, approver_name: str, given_on: date, today: date, by: User
) -> CampaignApproval:
    campaign = _locked(campaign, by)
    if missing := policy.missing_papers(campaign):
        raise DomainError(f"{missing[0]}. Then it can be approved")
    if given_on > today:
        raise DomainError("The day of the approval must be today or in the past", field="given_on")
    if campaign.approvals.filter(of=of, ended_at__isnull=True).exists():
        raise StaleState("This approval is recorded already. Nothing was done twice", field="of")
    approval = CampaignApproval.objects.create(
        campaign=campaign, of=of, approver_name=approver_name, given_on=given_on, recorded_by=by
    )
    record(events.CAMPAIGN_APPROVED, by=by, on=campaign, detail={"of": of})
    return approval


@transaction.atomic
def advertise(*, campaign: Campaign, today: date, by: User) -> None:
    campaign = _locked(campaign, by)
    if missing := policy.missing_to_advertise(campaign, list(campaign.approvals.filter(ended_at__isnull=True))):
        raise DomainError(f"It cannot be advertised yet: {missing[0]}")
    if campaign.closes_on and campaign.closes_on < today:
        raise DomainError("Its last day is over. Change the day first")
    _move(campaign, CampaignStatus.ADVERTISED)
    Campaign.objects.filter(pk=campaign.pk).update(advertised_at=Now(), advertised_by=by)
    record(events.CAMPAIGN_ADVERTISED, by=by, on=campaign)


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User) -> None:
    """Nobody applies to it any more; who has applied goes on."""
    campaign = _locked(campaign, by)
    _move(campaign, CampaignStatus.CLOSED)
    record(events.CAMPAIGN_CLOSED, by=by, on=campaign)


def _move(campaign: Campaign, status: str) -> None:
    if status not in CAMPAIGN_TRANSITIONS[campaign.status]:
        raise StaleState(f"This campaign is {campaign.get_status_display().lower()} already. Nothing was done twice")
    campaign.status = status
    campaign.save(update_fields=["status"])


def _locked(campaign: Campaign, by: User) -> Campaign:
    if not policy.can_recruit(by, campaign.service_area_id):
        raise NotAllowed("A coordinator or a service manager can do this.")
    return Campaign.objects.select_for_update().get(pk=campaign.pk)
