"""Registration with the RJC, professional development and observed practice."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.audit.actions import record
from rj_service.ui.dates import months_after
from training.models import Enrolment, OtherTraining
from volunteers import events, policy
from volunteers.actions.checking import LONGEST_YEARS
from volunteers.actions.locking import locked, tell
from volunteers.models import Development, Observation, Practitioner, Registration


@transaction.atomic
def record_registration(
    *,
    practitioner: Practitioner,
    level: str,
    registered_on: date,
    today: date,
    number: str = "",
    expires_on: date | None = None,
    by: User,
) -> Registration:
    """The level that the RJC registered becomes the practitioner's, unless it ended already or another one is newer."""
    practitioner = locked(practitioner, by)
    _require_past(registered_on, today, "registered_on")
    if expires_on and expires_on < registered_on:
        raise DomainError("The last day must be on or after the day of registration", field="expires_on")
    if expires_on and expires_on > months_after(registered_on, 12 * LONGEST_YEARS):
        words = f"The last day must be within {LONGEST_YEARS} years of the day of registration"
        raise DomainError(words, field="expires_on")
    registration = Registration.objects.create(
        practitioner=practitioner,
        level=level,
        number=number,
        registered_on=registered_on,
        expires_on=expires_on,
        recorded_by=by,
    )
    before = practitioner.level
    has_ended = expires_on is not None and expires_on < today
    if not has_ended and not practitioner.registrations.filter(registered_on__gt=registered_on).exists():
        practitioner.level, practitioner.level_because = level, ""
        practitioner.save(update_fields=["level", "level_because"])
    record(events.REGISTRATION_RECORDED, by=by, on=practitioner, detail={"from": before, "to": practitioner.level})
    tell(practitioner)
    return registration


@transaction.atomic
def record_development(
    *, practitioner: Practitioner, title: str, done_on: date, hours: Decimal, is_approved: bool, today: date, by: User
) -> Development:
    """By the practitioner themselves, or whoever manages them."""
    if not policy.can_record_development(by, practitioner):
        raise NotAllowed("The practitioner, a coordinator or a service manager can do this.")
    _require_past(done_on, today, "done_on")
    found = Practitioner.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    same = found.developments.filter(title=title, done_on=done_on, hours=hours)
    if same.exists():
        raise StaleState("This is recorded already. Nothing was done twice", field="title")
    if counted := _counted_already(found, title, done_on):
        raise DomainError(f"{counted} counts by itself. Its hours are not typed again", field="title", code="counted")
    development = Development.objects.create(
        practitioner=found, title=title, done_on=done_on, hours=hours, is_approved=is_approved, recorded_by=by
    )
    record(events.DEVELOPMENT_RECORDED, by=by, on=found)
    return development


def _counted_already(practitioner: Practitioner, title: str, day: date) -> str:
    """The name of what gives its hours by itself: a course that they have a place in, on a day of it, or training elsewhere
    that ended on the day."""
    learner = practitioner.learner_id
    courses = Enrolment.objects.on_the_register().filter(
        learner=learner, cohort__sessions__held_on=day, cohort__course__cpd_hours__gt=0
    )
    elsewhere = OtherTraining.objects.filter(learner=learner, ended_on=day, cpd_hours__gt=0)
    known = [*courses.values_list("cohort__course__name", flat=True), *elsewhere.values_list("name", flat=True)]
    typed = title.casefold()
    return next((name for name in known if name.casefold() in typed or typed in name.casefold()), "")


@transaction.atomic
def record_observation(
    *, practitioner: Practitioner, observed_on: date, observer_name: str, today: date, words: str = "", by: User
) -> Observation:
    if not policy.can_record_supervision(by, practitioner):
        raise NotAllowed("A case supervisor, a coordinator or a service manager can do this.")
    _require_past(observed_on, today, "observed_on")
    observation = Observation.objects.create(
        practitioner=practitioner, observed_on=observed_on, observer_name=observer_name, words=words, recorded_by=by
    )
    record(events.OBSERVATION_RECORDED, by=by, on=practitioner)
    tell(practitioner)
    return observation


def _require_past(day: date, today: date, field: str) -> None:
    if day > today:
        raise DomainError("The day must be today or in the past", field=field)
