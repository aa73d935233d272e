"""The directory of local provision, pathways, and agreements on sharing information: kept by coordination of the area."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from referrals import events, policy
from referrals.actions.locking import require
from referrals.choices import AgreementKind, CrimeType, JusticeStage, PartnerDelivered, Route, SensitiveKind, WorksWith
from referrals.models import PartnerWork, Pathway, Provision, SharingAgreement
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.audit.actions import record

KEEPERS = "Only a coordinator or manager of this area can keep the directory."
_LISTS = {"stages": JusticeStage, "works_with": WorksWith, "specialist_in": SensitiveKind}


@dataclass(frozen=True)
class NewProvision:
    """What an organisation offers. `contact_*`: its single point of contact for restorative justice."""

    organisation: Organisation
    offers: str
    local_areas: Collection[LocalArea] = ()
    stages: Collection[str] = ()
    works_with: Collection[str] = ()
    specialist_in: Collection[str] = ()
    phone: str = ""
    email: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


@transaction.atomic
def keep_provision(
    *, area: ServiceArea, new: NewProvision, by: User, today: date, provision: Provision | None = None
) -> Provision:
    """One more entry, or `provision` as it is from now on. Whoever writes it has checked it today."""
    require(policy.can_keep_directory(by, area.pk), KEEPERS)
    if not new.offers.strip():
        raise DomainError("Enter what they offer", field="offers")
    if new.organisation.service_area_id != area.pk:
        raise DomainError("Choose an organisation of this area", field="organisation")
    if any(place.service_area_id != area.pk for place in new.local_areas):
        raise DomainError("Choose local areas of this area", field="local_areas")
    row = provision or Provision(service_area=area)
    named = [field.name for field in fields(new) if field.name not in ("local_areas", *_LISTS)]
    values = {name: getattr(new, name) for name in named}
    values |= {name: _codes(name, getattr(new, name)) for name in _LISTS}
    for name, value in values.items():
        setattr(row, name, value)
    row.checked_on, row.checked_by = today, by
    row.save()
    row.local_areas.set(new.local_areas)
    record(events.PROVISION_KEPT, by=by, on=row)
    return row


@transaction.atomic
def check_provision(*, provision: Provision, by: User, today: date) -> None:
    """Somebody made sure that the entry is still right."""
    require(policy.can_keep_directory(by, provision.service_area_id), KEEPERS)
    Provision.objects.current().filter(pk=provision.pk).update(checked_on=today, checked_by=by)
    record(events.PROVISION_CHECKED, by=by, on=provision)


@transaction.atomic
def end_provision(*, provision: Provision, by: User) -> None:
    """It is offered no more. A pathway that leads there is changed first."""
    require(policy.can_keep_directory(by, provision.service_area_id), KEEPERS)
    Provision.objects.select_for_update().values_list("pk").get(pk=provision.pk)
    if Pathway.objects.current().filter(provision=provision).exists():
        raise DomainError("A pathway leads there. End the pathway first")
    _end(provision, events.PROVISION_ENDED, by)


@transaction.atomic
def lay_pathway(
    *,
    area: ServiceArea,
    route: str,
    by: User,
    agency: str = "",
    stage: str = "",
    local_area: LocalArea | None = None,
    provision: Provision | None = None,
    words: str = "",
) -> Pathway:
    """Which way a referral goes. What is left open stands for all; an earlier one of the same conditions ends."""
    require(policy.can_keep_directory(by, area.pk), KEEPERS)
    if route not in Route.values:
        raise DomainError("Choose which way it goes", field="route")
    if route != Route.OURS and provision is None and not words.strip():
        raise DomainError("Choose who of the directory, or enter what to do", field="provision")
    if provision is not None:
        Provision.objects.select_for_update().values_list("pk").get(pk=provision.pk, ended_at=None)
    if local_area is not None and local_area.service_area_id != area.pk:
        raise DomainError("Choose a local area of this area", field="local_area")
    conditions = {"agency": agency, "stage": stage, "local_area": local_area}
    for before in Pathway.objects.current().select_for_update().filter(service_area=area, **conditions):
        _end(before, events.PATHWAY_ENDED, by)
    pathway = Pathway.objects.create(
        service_area=area, route=route, provision=provision, words=words.strip(), made_by=by, **conditions
    )
    record(events.PATHWAY_LAID, by=by, on=pathway, detail={"route": route})
    return pathway


@transaction.atomic
def end_pathway(*, pathway: Pathway, by: User) -> None:
    require(policy.can_keep_directory(by, pathway.service_area_id), KEEPERS)
    _end(pathway, events.PATHWAY_ENDED, by)


@transaction.atomic
def record_agreement(
    *,
    organisation: Organisation,
    kind: str,
    signed_on: date,
    review_on: date,
    document_reference: str,
    by: User,
    today: date,
    ends_on: date | None = None,
) -> SharingAgreement:
    """The newest of a kind with an organisation takes the place of the one before."""
    require(policy.can_keep_directory(by, organisation.service_area_id), KEEPERS)
    if kind not in AgreementKind.values:
        raise DomainError("Choose what was agreed", field="kind")
    if signed_on > today:
        raise DomainError("The day it was signed must be today or in the past", field="signed_on")
    if review_on <= signed_on:
        raise DomainError("The review must be after the day it was signed", field="review_on")
    if ends_on is not None and ends_on <= signed_on:
        raise DomainError("The end must be after the day it was signed", field="ends_on")
    if not document_reference.strip():
        raise DomainError("Enter where the document is kept", field="document_reference")
    before = SharingAgreement.objects.with_organisation(organisation.pk).filter(kind=kind)
    for one in before.select_for_update():
        _end(one, events.AGREEMENT_ENDED, by)
    agreement = SharingAgreement.objects.create(
        service_area_id=organisation.service_area_id,
        organisation=organisation,
        kind=kind,
        signed_on=signed_on,
        review_on=review_on,
        ends_on=ends_on,
        document_reference=document_reference.strip(),
        recorded_by=by,
    )
    record(events.AGREEMENT_RECORDED, by=by, on=agreement, detail={"kind": kind})
    return agreement


@transaction.atomic
def record_partner_work(
    *,
    organisation: Organisation,
    told_on: date,
    crime_type: str,
    delivered: str,
    by: User,
    today: date,
    local_area: LocalArea | None = None,
) -> PartnerWork:
    """What a partner did itself and tells us of, counted in the month we were told."""
    require(policy.can_keep_directory(by, organisation.service_area_id), KEEPERS)
    if delivered not in PartnerDelivered.values:
        raise DomainError("Choose what the partner did", field="delivered")
    if told_on > today:
        raise DomainError("The day they told us must be today or in the past", field="told_on")
    work = PartnerWork.objects.create(
        service_area_id=organisation.service_area_id,
        organisation=organisation,
        told_on=told_on,
        crime_type=crime_type or CrimeType.NOT_KNOWN,
        local_area=local_area,
        delivered=delivered,
        recorded_by=by,
    )
    record(events.PARTNER_WORK_RECORDED, by=by, on=work, detail={"delivered": delivered})
    return work


@transaction.atomic
def end_partner_work(*, work: PartnerWork, by: User) -> None:
    """It was recorded in error, and is counted no more."""
    require(policy.can_keep_directory(by, work.service_area_id), KEEPERS)
    _end(work, events.PARTNER_WORK_ENDED, by)


@transaction.atomic
def end_agreement(*, agreement: SharingAgreement, by: User) -> None:
    require(policy.can_keep_directory(by, agreement.service_area_id), KEEPERS)
    _end(agreement, events.AGREEMENT_ENDED, by)


def _end(row: Provision | Pathway | SharingAgreement | PartnerWork, verb: str, by: User) -> None:
    standing = type(row).objects.current().filter(pk=row.pk)
    if standing.update(ended_at=Now(), ended_by=by):
        record(verb, by=by, on=row)


def _codes(name: str, chosen: Collection[str]) -> str:
    known = _LISTS[name]
    return " ".join(code for code in known.values if code in chosen)
