"""Somebody asks to volunteer: on the public form, or through whoever writes it down for them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Organisation, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify_role
from rj_service.public_forms.actions import take_answers
from rj_service.ui.dates import born_by
from volunteers import events, policy
from volunteers.choices import ADULT, YOUNGEST, ApplicationStatus, PractitionerKind
from volunteers.models import (
    Application,
    ApplicationStep,
    Campaign,
    Reference,
)


@dataclass(frozen=True)
class NewReference:
    name: str
    contact: str
    known_as: str


@dataclass(frozen=True)
class NewApplication:
    """As somebody wrote it. Without a campaign it is an enquiry, kept until there is one."""

    first_name: str
    last_name: str
    received_on: date
    date_of_birth: date | None = None
    campaign: Campaign | None = None
    kind: str = PractitionerKind.COMMUNITY
    organisation: Organisation | None = None
    local_area: LocalArea | None = None
    email: str = ""
    phone: str = ""
    postcode: str = ""
    why: str = ""
    brings: str = ""
    adjustments: str = ""
    heard_from: str = ""
    agreed_on: date | None = None
    references: Sequence[NewReference] = field(default_factory=tuple)


@transaction.atomic
def receive_application(*, area: ServiceArea, new: NewApplication, today: date, by: User) -> Application:
    if not policy.can_recruit(by, area.pk):
        raise NotAllowed("A coordinator or a service manager can do this.")
    if new.received_on > today:
        raise DomainError("The day it arrived must be today or in the past", field="received_on")
    _require_campaign(new, area, today, by)
    born = new.date_of_birth
    require_old_enough(born, today)
    is_young = bool(born and born > born_by(today, ADULT))
    if not (new.email or new.phone):
        raise DomainError("Enter an email address or a phone number", field="email")
    fields = {name: getattr(new, name) for name in NewApplication.__dataclass_fields__ if name != "references"}
    fields["kind"] = PractitionerKind.YOUNG if is_young else new.kind
    status = ApplicationStatus.APPLIED if new.campaign else ApplicationStatus.ENQUIRY
    application = Application.objects.create(
        service_area=area, status=status, since=new.received_on, recorded_by=by, **fields
    )
    ApplicationStep.objects.create(application=application, status=status, happened_on=new.received_on, recorded_by=by)
    for one in new.references:
        Reference.objects.create(application=application, recorded_by=by, **vars(one))
    record(events.APPLICATION_RECEIVED, by=by, on=application, detail={"status": status})
    if by.is_system:
        notify_role(Role.COORDINATOR, area, "application_received", on=application)
    return application


def require_old_enough(born: date | None, today: date) -> None:
    if born and born > born_by(today, YOUNGEST):
        raise DomainError("Volunteers are 16 or over", field="date_of_birth")


def _require_campaign(new: NewApplication, area: ServiceArea, today: date, by: User) -> None:
    """Held, so that nobody applies to what is closed in the same moment. A colleague may write down a late one."""
    if new.campaign is None:
        return
    found = Campaign.objects.select_for_update().filter(pk=new.campaign.pk, service_area=area)
    if not (found.advertised(today) if by.is_system else found).exists():
        raise StaleState("This opportunity is closed. Write to us all the same: we keep it for the next one")


def send_application(*, key: uuid.UUID | None, area: ServiceArea, new: NewApplication, today: date) -> Application:
    """Takes what the session kept and makes the application of it, as the public user. StaleState: it was sent already."""
    public = system_user("public")
    with acting_as(public, areas=[area]):
        take_answers(key)
        return receive_application(area=area, new=new, today=today, by=public)
