"""Results and awards, and who is reminded before one ends."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import ServiceArea, User
from rj_service.accounts.roles import Role
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify, notify_role
from rj_service.ui.templatetags.ui import day
from training import events, policy
from training.actions.locking import locked, require_management
from training.actions.places import look_again_at, tell
from training.models import Award, Enrolment, OtherTraining, Session


@transaction.atomic
def record_result(*, enrolment: Enrolment, passed: bool, decided_on: date, today: date, by: User) -> Award | None:
    """Passed gives the award at once; not passed may be put right by a later result. One given in error is withdrawn first."""
    cohort = locked(enrolment.cohort)
    require_management(by, cohort.service_area_id)
    enrolment = Enrolment.objects.select_related("learner", "cohort__course").get(pk=enrolment.pk)
    if Award.objects.filter(enrolment=enrolment).exists():
        raise StaleState(f"{enrolment.learner.name} has this award already. Nothing was done twice")
    if not Enrolment.objects.filter(pk=enrolment.pk).on_the_register().exists():
        raise DomainError(f"{enrolment.learner.name} has no place in this course. A result is for whoever had one")
    if decided_on > today:
        raise DomainError("Date of the result must be today or in the past", field="decided_on")
    enrolment.passed = passed
    enrolment.save(update_fields=["passed"])
    record(events.RESULT_RECORDED, by=by, on=enrolment, area=cohort.service_area_id, detail={"passed": passed})
    if not passed:
        return None
    given = award(enrolment=enrolment, awarded_on=decided_on, by=by)
    look_again_at(learner=enrolment.learner, today=today, by=by)
    return given


@transaction.atomic
def award(*, enrolment: Enrolment, awarded_on: date, by: User) -> Award:
    cohort = locked(enrolment.cohort)
    require_management(by, cohort.service_area_id)
    enrolment = Enrolment.objects.select_related("learner").get(pk=enrolment.pk)
    if blocks := policy.blocks_to_award(enrolment):
        raise DomainError(f"There is no award yet: {blocks[0]}", code="not_earned")
    last = max(Session.objects.taking_place().filter(cohort=cohort).values_list("held_on", flat=True))
    if awarded_on < last:
        raise DomainError(f"The day of the award must be on or after the last session, {day(last)}", field="decided_on")
    given = Award.objects.create(
        learner=enrolment.learner,
        course=cohort.course,
        enrolment=enrolment,
        awarded_on=awarded_on,
        expires_on=policy.award_ends_on(awarded_on, cohort.course.award_valid_months),
        recorded_by=by,
    )
    record(events.AWARDED, by=by, on=given, area=cohort.service_area_id, detail={"course": str(cohort.course_id)})
    tell(enrolment, by)
    return given


@transaction.atomic
def withdraw_award(*, award: Award, reason: str, by: User) -> Award:
    """Given in error. Whoever was ready by it alone is not any more; its result is open again, and its certificate not valid."""
    award = Award.objects.select_for_update(of=("self",)).select_related("learner__user", "enrolment").get(pk=award.pk)
    area = award.learner.service_area_id
    require_management(by, area)
    if award.withdrawn_at is not None:
        raise StaleState("This award is withdrawn already. Nothing was done twice")
    enrolment, award.enrolment = award.enrolment, None
    if enrolment is not None:
        enrolment.passed = None
        enrolment.save(update_fields=["passed"])
    award.withdrawn_at, award.withdrawn_by, award.withdrawn_because = timezone.now(), by, reason
    award.save(update_fields=["enrolment", "withdrawn_at", "withdrawn_by", "withdrawn_because"])
    record(events.AWARD_WITHDRAWN, by=by, on=award, area=area, detail={"course": str(award.course_id)})
    if award.learner.user is not None:
        notify(award.learner.user, "training", on=award, url=reverse("volunteers:me"))
    return award


@transaction.atomic
def remind_of_awards(*, area: ServiceArea, today: date, by: User) -> int:
    """Once for each award, and each training elsewhere that stands for one, that came into its renewal window: its learner,
    and whoever leads training. Returns how many."""
    found = [
        one
        for model in (Award, OtherTraining)
        for one in model.objects.to_renew(today)
        .filter(reminded_at__isnull=True, learner__service_area=area)
        .select_related("learner__user")
        .select_for_update(of=("self",))
    ]
    for one in found:
        if one.learner.user is not None:
            notify(one.learner.user, "training", on=one, url=reverse("volunteers:me"))
        record(events.AWARD_REMINDED, by=by, on=one, area=area.pk)
        type(one).objects.filter(pk=one.pk).update(reminded_at=Now())
    if found:
        notify_role(Role.TRAINING_LEAD, area, "training_due", url=reverse("training:today"))
    return len(found)


@dataclass(frozen=True)
class Checked:
    """What the public page says of a certificate, and no more."""

    course: str
    initials: str
    awarded_on: date
    expires_on: date | None
    is_valid: bool
    is_withdrawn: bool


def certificate_by_code(typed: str, *, today: date) -> Checked | None:
    """However it was typed. Needs no scope: whoever asks holds the paper."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    found = Award._base_manager.select_related("course", "learner").filter(code=code).first()
    if found is None:
        return None
    initials = "".join(name[:1].upper() for name in (found.learner.first_name, found.learner.last_name))
    is_withdrawn = found.withdrawn_at is not None
    is_valid = not is_withdrawn and (found.expires_on is None or found.expires_on >= today)
    return Checked(found.course.name, initials, found.awarded_on, found.expires_on, is_valid, is_withdrawn)
