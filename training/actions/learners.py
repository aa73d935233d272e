"""People who learn, and what they learnt elsewhere."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import LocalArea, Membership, Organisation, ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from training import events, policy
from training.actions.locking import require_management
from training.actions.places import look_again_at
from training.models import Course, Learner, OtherTraining


@transaction.atomic
def register_learner(
    *,
    area: ServiceArea,
    first_name: str,
    last_name: str,
    email: str = "",
    organisation: Organisation | None = None,
    user: User | None = None,
    unit: str = "",
    rank: str = "",
    local_area: LocalArea | None = None,
    home_area: str = "",
    by: User,
) -> Learner:
    """Learners come from anywhere; `user` only where they have an account, each account once."""
    if not (policy.can_manage(by, area.pk) or by.may("volunteers.manage", area.pk)):
        raise NotAllowed("A coordinator, a service manager or a training lead registers learners.")
    if user is not None and Learner.objects.filter(user=user).exists():
        raise DomainError("This account belongs to a learner already", field="user")
    learner = Learner.objects.create(
        service_area=area,
        first_name=first_name,
        last_name=last_name,
        email=email,
        organisation=organisation,
        user=user,
        unit=unit,
        rank=rank,
        local_area=local_area,
        home_area=home_area,
    )
    record(events.LEARNER_REGISTERED, by=by, on=learner)
    return learner


@transaction.atomic
def record_other_training(
    *,
    learner: Learner,
    name: str,
    provider: str,
    ended_on: date,
    stands_for: Course | None = None,
    passed: bool = False,
    certificate_seen: bool = False,
    cpd_hours: Decimal | None = None,
    cpd_approved: bool = False,
    today: date,
    by: User,
) -> OtherTraining:
    """Learnt elsewhere (seed 001 paragraph 1.1). For the course of ours that it stands for it counts once its certificate was
    seen: with this, or by `see_certificate`."""
    require_management(by, learner.service_area_id)
    if ended_on > today:
        raise DomainError("The day must be today or in the past", field="ended_on")
    if stands_for is not None and stands_for.service_area_id != learner.service_area_id:
        raise DomainError("Choose a course of this area", field="stands_for")
    given: dict[str, Any] = {
        "name": name,
        "provider": provider,
        "stands_for": stands_for,
        "ended_on": ended_on,
        "passed": passed,
        "certificate_seen": certificate_seen,
        "cpd_hours": cpd_hours,
        "cpd_approved": cpd_approved,
    }
    found = OtherTraining.objects.create(learner=learner, recorded_by=by, **given)
    record(
        events.OTHER_TRAINING_RECORDED,
        by=by,
        on=learner,
        detail={"stands_for": str(stands_for.pk if stands_for else "")},
    )
    look_again_at(learner=learner, today=today, by=by)
    return found


@transaction.atomic
def see_certificate(*, training: OtherTraining, today: date, by: User) -> OtherTraining:
    """From now on it counts for the course that it stands for."""
    training = OtherTraining.objects.select_for_update(of=("self",)).select_related("learner").get(pk=training.pk)
    require_management(by, training.learner.service_area_id)
    if training.certificate_seen:
        raise StaleState("This certificate was seen already. Nothing was done twice")
    training.certificate_seen = True
    training.save(update_fields=["certificate_seen"])
    record(events.CERTIFICATE_SEEN, by=by, on=training.learner, detail={"training": str(training.pk)})
    look_again_at(learner=training.learner, today=today, by=by)
    return training


@transaction.atomic
def change_learner(*, learner: Learner, by: User, **given: Any) -> Learner:
    """What is known of them; never whose account it is."""
    require_management(by, learner.service_area_id)
    learner = Learner.objects.select_for_update().get(pk=learner.pk)
    for name, value in given.items():
        setattr(learner, name, value)
    learner.save(update_fields=list(given))
    record(events.LEARNER_CHANGED, by=by, on=learner)
    return learner


@transaction.atomic
def link_account(*, learner: Learner, user: User, today: date, by: User) -> Learner:
    """Once: what a practitioner may open goes with the account, so that whoever registers practitioners does this, for somebody
    who works as one in this area, and an account that is linked is never given to another."""
    if not by.may("volunteers.manage", learner.service_area_id):
        raise NotAllowed("A coordinator or a service manager links accounts.")
    learner = Learner.objects.select_for_update().get(pk=learner.pk)
    if learner.user_id is not None:
        raise StaleState("This learner has an account already. Nothing was done twice")
    if not accounts_to_link(learner.service_area_id, today).filter(pk=user.pk).exists():
        raise DomainError(
            "Choose an account of a practitioner of this area that belongs to no learner yet", field="user"
        )
    learner.user = user
    learner.save(update_fields=["user"])
    record(events.ACCOUNT_LINKED, by=by, on=learner)
    return learner


def accounts_to_link(area_id, today: date):
    """Of practitioners of the area, those that are no learner's yet."""
    members = Membership.objects.current(today).filter(role=Role.PRACTITIONER, service_area=area_id)
    return User.objects.filter(pk__in=members.values("user"), is_active=True, learner__isnull=True)
