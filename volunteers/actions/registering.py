"""A practitioner from registration to leaving: details, status and level."""

from collections.abc import Iterable

from django.db import transaction

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Organisation, User
from rj_service.audit.actions import record
from training.models import Learner
from volunteers import events, policy
from volunteers.actions.locking import ask_for_cover, locked
from volunteers.choices import FROM_AN_ORGANISATION, MAY_OPEN_CASES, Level, PractitionerKind, PractitionerStatus
from volunteers.models import Practitioner


@transaction.atomic
def register_practitioner(
    *,
    learner: Learner,
    kind: str,
    is_adult: bool = True,
    organisation: Organisation | None = None,
    local_areas: Iterable[LocalArea] = (),
    case_limit: int = 4,
    by: User,
) -> Practitioner:
    """One practitioner a learner. It begins as an enquiry: neither vetted nor able to see a case."""
    if not by.may("volunteers.manage", learner.service_area_id):
        raise NotAllowed("A coordinator or a service manager can do this.")
    learner = Learner.objects.select_for_update().get(pk=learner.pk)
    if Practitioner.objects.filter(learner=learner).exists():
        raise StaleState(f"{learner.name} is registered already. Nothing was done twice", field="learner")
    if kind in FROM_AN_ORGANISATION and organisation is None:
        raise DomainError("Choose the organisation that this person comes from", field="organisation")
    if not is_adult and kind != PractitionerKind.YOUNG:
        raise DomainError("Somebody under 18 is registered as a young volunteer", field="kind")
    practitioner = Practitioner.objects.create(
        service_area_id=learner.service_area_id,
        learner=learner,
        kind=kind,
        is_adult=is_adult,
        organisation=organisation,
        case_limit=case_limit,
        created_by=by,
    )
    practitioner.local_areas.set(local_areas)
    record(events.PRACTITIONER_REGISTERED, by=by, on=practitioner, detail={"kind": kind})
    return practitioner


@transaction.atomic
def change_details(
    *, practitioner: Practitioner, case_limit: int, local_areas: Iterable[LocalArea], is_adult: bool, by: User
) -> None:
    practitioner = locked(practitioner, by)
    practitioner.case_limit, practitioner.is_adult = case_limit, is_adult
    practitioner.save(update_fields=["case_limit", "is_adult"])
    practitioner.local_areas.set(local_areas)
    record(events.DETAILS_CHANGED, by=by, on=practitioner, detail={"case_limit": case_limit})


@transaction.atomic
def change_status(*, practitioner: Practitioner, status: str, by: User) -> None:
    """Suspending, or recording that somebody left, closes their cases at once; coordinators are told of open ones."""
    practitioner = locked(practitioner, by)
    if not policy.can_move_to(practitioner, status):
        was, asked = PractitionerStatus(practitioner.status).label, PractitionerStatus(status).label
        raise DomainError(f"A practitioner cannot go from {was.lower()} to {asked.lower()}", field="status")
    before, practitioner.status = practitioner.status, status
    practitioner.save(update_fields=["status"])
    record(events.STATUS_CHANGED, by=by, on=practitioner, detail={"from": before, "to": status})
    if before in MAY_OPEN_CASES and status not in MAY_OPEN_CASES:
        ask_for_cover(practitioner)


@transaction.atomic
def set_level(*, practitioner: Practitioner, level: str, by: User) -> None:
    practitioner = locked(practitioner, by)
    before, practitioner.level = practitioner.level, Level(level)
    practitioner.save(update_fields=["level"])
    record(events.LEVEL_SET, by=by, on=practitioner, detail={"from": before, "to": level})
