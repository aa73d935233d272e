"""A practitioner from registration to leaving: details, status and level."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Organisation, User
from rj_service.audit.actions import record
from rj_service.ui.dates import born_by
from training.actions import end_places_of
from training.models import Learner
from volunteers import events, policy
from volunteers.actions.claiming import decide_as_they_stand
from volunteers.actions.locking import ask_for_cover, locked, look_for_cover, say_they_are_young
from volunteers.actions.standing_down import end_stand_down, require_reason
from volunteers.actions.teaming import free_places
from volunteers.choices import (
    ADULT,
    BEFORE_ACTIVE,
    CHECK_FAMILIES,
    FROM_AN_ORGANISATION,
    LEVEL_ORDER,
    MAY_OPEN_CASES,
    YOUNGEST,
    CheckStatus,
    Level,
    PractitionerKind,
    PractitionerStatus,
)
from volunteers.models import Check, Practitioner


@transaction.atomic
def register_practitioner(
    *,
    learner: Learner,
    kind: str,
    date_of_birth: date | None = None,
    organisation: Organisation | None = None,
    local_areas: Iterable[LocalArea] = (),
    case_limit: int = 4,
    works_since: date | None = None,
    today: date | None = None,
    by: User,
) -> Practitioner:
    """One practitioner a learner. It begins as an enquiry: neither vetted nor able to see a case."""
    if not by.may("volunteers.manage", learner.service_area_id):
        raise NotAllowed("A coordinator or a service manager can do this.")
    learner = Learner.objects.select_for_update().get(pk=learner.pk)
    if Practitioner.objects.filter(learner=learner).exists():
        raise StaleState(f"{learner.name} is registered already. Nothing was done twice", field="learner")
    _require_organisation(kind, organisation)
    _require_age(kind, date_of_birth, today or timezone.localdate())
    practitioner = Practitioner.objects.create(
        service_area_id=learner.service_area_id,
        learner=learner,
        kind=kind,
        date_of_birth=date_of_birth,
        organisation=organisation,
        case_limit=case_limit,
        works_since=works_since,
        created_by=by,
    )
    practitioner.local_areas.set(local_areas)
    record(events.PRACTITIONER_REGISTERED, by=by, on=practitioner, detail={"kind": kind})
    return practitioner


@transaction.atomic
def change_details(
    *,
    practitioner: Practitioner,
    kind: str,
    organisation: Organisation | None,
    case_limit: int,
    local_areas: Iterable[LocalArea],
    date_of_birth: date | None,
    works_since: date | None = None,
    today: date,
    by: User,
) -> None:
    """Somebody who turns out to be under 18 becomes a young volunteer here; until both safeguards are recorded nobody
    gives them a case. What they lead, and what is sensitive, ends; coordinators hear of it and find somebody else."""
    practitioner = locked(practitioner, by)
    _require_organisation(kind, organisation)
    _require_age(kind, date_of_birth, today)
    was_adult = practitioner.is_adult_on(today)
    practitioner.kind, practitioner.organisation = kind, organisation
    practitioner.case_limit, practitioner.date_of_birth = case_limit, date_of_birth
    practitioner.works_since = works_since
    practitioner.save(update_fields=["kind", "organisation", "case_limit", "date_of_birth", "works_since"])
    practitioner.local_areas.set(local_areas)
    record(events.DETAILS_CHANGED, by=by, on=practitioner, detail={"case_limit": case_limit, "kind": kind})
    if was_adult and not practitioner.is_adult_on(today):
        say_they_are_young(practitioner)
        look_for_cover(practitioner)  # and ends what they may not have (`cases`)


def missing_for(practitioner: Practitioner, status: str, today: date) -> list[str]:
    """What the step asks for first, each a sentence. From leave or suspension anybody comes back as they are."""
    if practitioner.status not in BEFORE_ACTIVE:
        return []
    row = Practitioner.objects.with_readiness(today).get(pk=practitioner.pk)
    return policy.missing_to_move(row, status, _applied_for(practitioner))


def _applied_for(practitioner: Practitioner) -> set[str]:
    """Kinds of checks that were applied for, with no result of their family since."""
    newest: dict[frozenset, Check] = {}
    for check in sorted(
        practitioner.checks.all(), key=lambda one: (one.recorded_at, one.status != CheckStatus.APPLIED)
    ):
        newest[next(family for family in CHECK_FAMILIES if check.kind in family)] = check
    return {check.kind for check in newest.values() if check.status == CheckStatus.APPLIED}


def _require_organisation(kind: str, organisation: Organisation | None) -> None:
    if kind in FROM_AN_ORGANISATION and organisation is None:
        raise DomainError("Choose the organisation that this person comes from", field="organisation")


def _require_age(kind: str, born: date | None, today: date) -> None:
    """The day of a young volunteer's birth is known; nobody under 16 is taken (seed 000 paragraph 2.5)."""
    if born is None:
        if kind == PractitionerKind.YOUNG:
            raise DomainError("Enter the date of birth: it decides what they may do until 18", field="date_of_birth")
        return
    if born > born_by(today, YOUNGEST):
        raise DomainError("Volunteers are 16 or over", field="date_of_birth")
    if kind != PractitionerKind.YOUNG and born > born_by(today, ADULT):
        raise DomainError("Somebody under 18 is registered as a young volunteer", field="kind")


@transaction.atomic
def change_status(*, practitioner: Practitioner, status: str, today: date | None = None, by: User) -> None:
    """Recording that somebody left closes their cases at once; coordinators are told of open ones. Leave and suspension have
    an act of their own, `stand_down`."""
    practitioner = locked(practitioner, by)
    if not policy.can_move_to(practitioner, status):
        was, asked = PractitionerStatus(practitioner.status).label, PractitionerStatus(status).label
        raise DomainError(f"A practitioner cannot go from {was.lower()} to {asked.lower()}", field="status")
    if missing := missing_for(practitioner, status, today or timezone.localdate()):
        raise DomainError(
            f"They cannot be {PractitionerStatus(status).label.lower()} yet: {missing[0]}", field="status"
        )
    require_reason(status)
    end_stand_down(practitioner, today or timezone.localdate(), by)
    before, practitioner.status = practitioner.status, status
    practitioner.save(update_fields=["status"])
    record(events.STATUS_CHANGED, by=by, on=practitioner, detail={"from": before, "to": status})
    if status == PractitionerStatus.LEFT:
        free_places(practitioner, "Left", today or timezone.localdate(), by)
        end_places_of(learner=practitioner.learner, reason="Left", today=today or timezone.localdate(), by=by)
        decide_as_they_stand(practitioner, by)
    if before in MAY_OPEN_CASES and status not in MAY_OPEN_CASES:
        ask_for_cover(practitioner)
    if before not in BEFORE_ACTIVE:
        look_for_cover(practitioner)


@transaction.atomic
def set_level(*, practitioner: Practitioner, level: str, because: str = "", today: date, by: User) -> None:
    """By it somebody leads sensitive cases: a higher level than now says what shows it, unless they are registered at it."""
    practitioner = locked(practitioner, by)
    before, practitioner.level = practitioner.level, Level(level)
    is_higher = LEVEL_ORDER[practitioner.level] > LEVEL_ORDER[Level(before)]
    if is_higher and not because and not practitioner.registered_at(today):
        raise DomainError("Say what shows it: a higher level opens sensitive cases", field="because")
    practitioner.level_because = because
    practitioner.save(update_fields=["level", "level_because"])
    record(events.LEVEL_SET, by=by, on=practitioner, detail={"from": before, "to": level})
