"""Places of a cohort, given once and in order; who moves up is told."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.urls import reverse

from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import across, row_by_row
from rj_service.audit.actions import record
from rj_service.notifications.actions import notify, notify_role
from training import events, policy
from training.actions.locking import locked, move, require_management, require_open
from training.choices import EnrolmentStatus
from training.models import Cohort, Enrolment, Learner, Session, TrainingMail


@transaction.atomic
def enrol(*, cohort: Cohort, learner: Learner, today: date, again_because: str = "", by: User) -> Enrolment:
    """Gives a place, or where there is none a place on the waiting list: `waiting_number` says which. The same course twice
    asks for a reason."""
    require_management(by, cohort.service_area_id)
    return _enrol(cohort, learner, today, again_because, by)


@transaction.atomic
def ask_for_place(*, cohort: Cohort, today: date, by: User) -> Enrolment:
    """Somebody for themselves: a place, or the next of the waiting list. Whoever did the course before asks a training lead."""
    learner = _own_learner(by, cohort)
    if not Cohort.objects.offered_to(by, today).filter(pk=cohort.pk).exists():
        raise DomainError("This course is not offered any more")
    if again := policy.same_again(learner, cohort, today):
        raise DomainError(f"{again}. Ask whoever leads training if you want to do it again", code="again")
    return _enrol(cohort, learner, today, "", by)


@transaction.atomic
def give_up_place(*, enrolment: Enrolment, reason: str, today: date, by: User) -> None:
    """Somebody their own, before the course begins; the first who waits has it, and whoever leads training is told."""
    if enrolment.learner.user_id != by.pk:
        raise NotAllowed("Only the learner themselves can do this.")
    if _has_begun(enrolment.cohort, today):
        raise DomainError("The course has begun. Tell whoever leads training")
    _drop_out(enrolment, reason, today, by)
    url = reverse("training:cohort", args=[enrolment.cohort_id])
    notify_role(Role.TRAINING_LEAD, enrolment.cohort.service_area_id, "training_due", on=enrolment.cohort, url=url)


@transaction.atomic
def end_places_of(*, learner: Learner, reason: str, today: date, by: User) -> int:
    """Of somebody who leaves the service: their places and their numbers on waiting lists, of other areas too. The list moves
    up where the course has not begun. Whoever drops them answers for who may say so. Returns how many."""
    held = [EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING]
    standing = row_by_row(Enrolment).filter(learner=learner, status__in=held, cohort__completed_at__isnull=True)
    ended = list(standing.select_related("cohort").order_by("cohort", "pk"))
    for enrolment in ended:
        cohort = enrolment.cohort
        with across(learner.service_area_id, cohort.service_area_id):
            _drop_out(enrolment, reason, today, by, moves_up=not _has_begun(cohort, today))
            url = reverse("training:cohort", args=[cohort.pk])
            notify_role(Role.TRAINING_LEAD, cohort.service_area_id, "training_due", on=cohort, url=url)
    return len(ended)


def _has_begun(cohort: Cohort, today: date) -> bool:
    return Session.objects.taking_place().filter(cohort=cohort, held_on__lte=today).exists()


def _own_learner(by: User, cohort: Cohort) -> Learner:
    learner = Learner.objects.filter(user=by, service_area=cohort.service_area_id).first()
    if learner is None:
        raise DomainError("You are not registered as a learner yet. Your coordinator does that")
    return learner


def _enrol(cohort: Cohort, learner: Learner, today: date, again_because: str, by: User) -> Enrolment:
    cohort = locked(cohort)
    require_open(cohort)
    enrolment = Enrolment.objects.filter(cohort=cohort, learner=learner).select_related("learner").first()
    if enrolment is not None and enrolment.status != EnrolmentStatus.DROPPED_OUT:
        raise StaleState(f"{learner.name} is in this cohort already. Nothing was done twice")
    if block := policy.block_to_enrol(learner, cohort, today):
        raise DomainError(block, code="prerequisite")
    again = policy.same_again(learner, cohort, today)
    if again and not again_because:
        raise DomainError(
            f"{again}. Say why they do it again, or choose somebody else", code="again", field="again_because"
        )
    is_placed = policy.has_places(cohort) and not policy.quota_reached(cohort, learner)
    status = EnrolmentStatus.ENROLLED if is_placed else EnrolmentStatus.WAITING
    if enrolment is None:
        enrolment = Enrolment(cohort=cohort, learner=learner, status=status)
    else:
        move(enrolment, status)
    enrolment.number = (Enrolment.objects.filter(cohort=cohort).aggregate(last=Max("number"))["last"] or 0) + 1
    enrolment.enrolled_at, enrolment.enrolled_by = Now(), by
    enrolment.again_because, enrolment.ended_reason = again_because if again else "", ""
    enrolment.passed_over_on, enrolment.passed_over_because = None, ""
    enrolment.save()
    verb = events.ENROLLED if is_placed else events.WAITING
    record(verb, by=by, on=enrolment, area=cohort.service_area_id, detail={"cohort": str(cohort.pk)})
    tell(enrolment, by)
    return enrolment


def waiting_number(enrolment: Enrolment) -> int | None:
    """1 is next. None for who is not waiting."""
    order = list(Enrolment.objects.filter(cohort=enrolment.cohort_id).waiting().values_list("pk", flat=True))
    return order.index(enrolment.pk) + 1 if enrolment.pk in order else None


@transaction.atomic
def drop_out(*, enrolment: Enrolment, reason: str, today: date, by: User) -> Enrolment | None:
    """Ends a place and gives it to the first who waits; returns the enrolment that moved up, if any."""
    require_management(by, enrolment.cohort.service_area_id)
    return _drop_out(enrolment, reason, today, by)


def _drop_out(enrolment: Enrolment, reason: str, today: date, by: User, *, moves_up: bool = True) -> Enrolment | None:
    cohort = locked(enrolment.cohort)
    enrolment = Enrolment.objects.select_related("learner").get(pk=enrolment.pk)
    had_place = enrolment.status == EnrolmentStatus.ENROLLED
    move(enrolment, EnrolmentStatus.DROPPED_OUT)
    enrolment.ended_reason = reason
    enrolment.save(update_fields=["status", "ended_reason"])
    record(events.DROPPED_OUT, by=by, on=enrolment, area=cohort.service_area_id)
    if not had_place or not moves_up or cohort.completed_at is not None:
        return None
    return next(iter(promote_all(cohort, today, by)), None)


def promote_all(cohort: Cohort, today: date, by: User) -> list[Enrolment]:
    """Under the lock: whoever waits, in order, while there are places. Whose organisation has all of its own waits on. Whoever
    cannot begin any more is passed over and keeps their place on the list: the cohort says why, and training leads are told."""
    moved = []
    for enrolment in Enrolment.objects.filter(cohort=cohort).waiting().select_related("learner"):
        if not policy.has_places(cohort):
            break
        if policy.quota_reached(cohort, enrolment.learner):
            continue
        if block := policy.block_to_move_up(enrolment, cohort, today):
            _pass_over(enrolment, cohort, block, today, by)
            continue
        move(enrolment, EnrolmentStatus.ENROLLED)
        enrolment.passed_over_on, enrolment.passed_over_because = None, ""
        enrolment.save(update_fields=["status", "passed_over_on", "passed_over_because"])
        record(events.PROMOTED, by=by, on=enrolment, area=cohort.service_area_id, detail={"cohort": str(cohort.pk)})
        tell(enrolment, by)
        moved.append(enrolment)
    return moved


@transaction.atomic
def look_again_at(*, learner: Learner, today: date, by: User) -> list[Enrolment]:
    """Whoever was passed over may be able to begin now: they have a place before those behind them. A cohort that somebody
    works on at this moment is left to its next change, so that nobody waits for another here."""
    passed_over = Enrolment.objects.filter(learner=learner).waiting().exclude(passed_over_because="")
    cohorts = Cohort.objects.filter(pk__in=passed_over.values("cohort"), completed_at__isnull=True)
    free = cohorts.select_for_update(of=("self",), skip_locked=True).select_related("course").order_by("pk")
    return [moved for cohort in free for moved in promote_all(cohort, today, by)]


def _pass_over(enrolment: Enrolment, cohort: Cohort, because: str, today: date, by: User) -> None:
    """Told once for each reason."""
    is_known = enrolment.passed_over_because == because
    enrolment.passed_over_on, enrolment.passed_over_because = today, because
    enrolment.save(update_fields=["passed_over_on", "passed_over_because"])
    if not is_known:
        record(events.PASSED_OVER, by=by, on=enrolment, area=cohort.service_area_id, detail={"cohort": str(cohort.pk)})
        url = reverse("training:cohort", args=[cohort.pk])
        notify_role(Role.TRAINING_LEAD, cohort.service_area_id, "training_due", on=cohort, url=url)


def tell(enrolment: Enrolment, by: User) -> bool:
    """In the service whoever has an account; by mail whoever has a place whose dates are known. False: by nobody but you."""
    learner = enrolment.learner
    if learner.user is not None:
        notify(learner.user, "training", on=enrolment, url=reverse("volunteers:me"))
        return True
    if not learner.email:
        return False
    has_dates = Session.objects.filter(cohort=enrolment.cohort_id, confirmed_at__isnull=False).exists()
    if enrolment.status == EnrolmentStatus.ENROLLED and has_dates:
        mail(enrolment, TrainingMail.Kind.DATES, by)
    return True


def tell_everybody(cohort: Cohort, by: User) -> int:
    placed = Enrolment.objects.filter(cohort=cohort, status=EnrolmentStatus.ENROLLED).select_related("learner__user")
    return sum(tell(one, by) for one in placed)


def mail(enrolment: Enrolment, kind: str, by: User) -> None:
    area = enrolment.learner.service_area_id
    TrainingMail.objects.enqueue(service_area_id=area, enrolment=enrolment, kind=kind, asked_by_id=by.pk)
