import re
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from rj_service.accounts import events, policy
from rj_service.accounts.errors import DomainError, NotAllowed
from rj_service.accounts.models import LocalArea, Organisation, OutwardCode, ServiceArea, User
from rj_service.audit.actions import record

OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?\*?")


@transaction.atomic
def create_service_area(*, slug: str, name: str, police_force: str = "", by: User) -> ServiceArea:
    if not policy.can_create_area(by):
        raise NotAllowed("Only a system administrator creates a service area.")
    if ServiceArea.objects.filter(slug=slug).exists():
        raise DomainError(f"There is a service area {slug} already", code="taken", field="slug")
    area = ServiceArea.objects.create(slug=slug, name=name, police_force=police_force)
    record(events.AREA_CREATED, by=by, on=area, area=area)
    return area


@transaction.atomic
def add_local_area(
    *, service_area: ServiceArea, name: str, is_pilot: bool = False, parent: LocalArea | None = None, by: User
) -> LocalArea:
    if not policy.can_manage_area(by, service_area.pk):
        raise NotAllowed("Only this area's service manager or a system administrator adds a local area.")
    local = LocalArea(service_area=service_area, name=name.strip(), is_pilot=is_pilot, parent=parent)
    _save_once(local, "This area has a local area of that name already")
    record(events.LOCAL_AREA_ADDED, by=by, on=local, area=service_area)
    return local


@transaction.atomic
def add_organisation(*, service_area: ServiceArea, name: str, kind: str, by: User) -> Organisation:
    """An organisation that the service itself adds is confirmed by that. The import adds unconfirmed ones."""
    if not policy.can_manage_area(by, service_area.pk):
        raise NotAllowed("Only this area's service manager or a system administrator adds an organisation.")
    organisation = Organisation(service_area=service_area, name=name.strip(), kind=kind)
    if not by.is_system:
        organisation.confirmed_at, organisation.confirmed_by = Now(), by
    _save_once(organisation, "This area has an organisation of that name already")
    record(events.ORGANISATION_ADDED, by=by, on=organisation, area=service_area)
    return organisation


@transaction.atomic
def confirm_organisation(*, organisation: Organisation, by: User) -> None:
    if not policy.can_manage_area(by, organisation.service_area_id):
        raise NotAllowed("Only this area's service manager or a system administrator confirms an organisation.")
    fresh = Organisation.objects.filter(pk=organisation.pk, confirmed_at__isnull=True)
    if fresh.update(confirmed_at=Now(), confirmed_by=by):
        record(events.ORGANISATION_CONFIRMED, by=by, on=organisation, area=organisation.service_area_id)


@transaction.atomic
def set_outward_codes(*, service_area: ServiceArea, codes: Collection[str], by: User) -> None:
    """All the first halves of postcodes that the area serves, `PE9*` where it serves a part; those not named go."""
    if not policy.can_manage_area(by, service_area.pk):
        raise NotAllowed("Only this area's service manager or a system administrator says which postcodes it serves.")
    wanted = {code.upper() for code in codes}
    wrong = sorted(code for code in wanted if not OUTWARD.fullmatch(code))
    if wrong:
        raise DomainError(f"Enter first halves of postcodes, like CB1. This is none: {wrong[0][:20]}", field="codes")
    shared = {code.removesuffix("*") for code in wanted if code.endswith("*")}
    OutwardCode.objects.filter(service_area=service_area).delete()
    OutwardCode.objects.bulk_create(
        [
            OutwardCode(service_area=service_area, code=code, is_shared=code in shared)
            for code in sorted({code.removesuffix("*") for code in wanted})
        ]
    )
    record(events.OUTWARD_CODES_SET, by=by, on=service_area, area=service_area, detail={"number": len(wanted)})


def _save_once(row: LocalArea | Organisation, refusal: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(refusal, code="taken", field="name") from None
