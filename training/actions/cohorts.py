"""A run of a course: its sessions are planned, confirmed, cancelled and made up for; its places may grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from rj_service.accounts.errors import DomainError, StaleState
from rj_service.accounts.models import Organisation, User
from rj_service.audit.actions import record
from rj_service.ui.templatetags.ui import day
from training import clauses, events, policy
from training.actions.locking import locked, locked_package, require_management, require_open
from training.actions.packages import expose
from training.actions.places import promote_all, tell_everybody
from training.actions.reaching import heads_placed
from training.choices import Attendee, EnrolmentStatus, Limb, PackageStatus
from training.models import Attendance, Cohort, Course, Enrolment, HeadCount, Quota, Session, TrainingPackage

Times = tuple[date, time, time]


@dataclass(frozen=True)
class Costs:
    """Of each session: the venue and its refreshments (seed 001 paragraph 1.7)."""

    venue: Decimal | None = None
    refreshments: Decimal | None = None


@transaction.atomic
def create_cohort(
    *,
    course: Course,
    name: str,
    place: str,
    maximum: int,
    sessions: Sequence[Times],
    package: TrainingPackage | None = None,
    trainers: str = "",
    costs: Costs = Costs(),  # noqa: B008 (frozen)
    by: User,
) -> Cohort:
    """Its sessions are planned: they count once they are confirmed."""
    require_management(by, course.service_area_id)
    _require_room(course, maximum)
    if not sessions:
        raise DomainError("Enter at least one session")
    if any(ends_at <= starts_at for _, starts_at, ends_at in sessions):
        raise DomainError("A session must end after it starts")
    _require_package(package, course)
    cohort = Cohort.objects.create(
        service_area_id=course.service_area_id,
        course=course,
        package=package,
        name=name,
        place=place,
        trainers=trainers,
        maximum=maximum,
        created_by=by,
    )
    Session.objects.bulk_create(
        Session(
            cohort=cohort,
            held_on=held_on,
            starts_at=starts_at,
            ends_at=ends_at,
            venue_cost=costs.venue,
            refreshments_cost=costs.refreshments,
        )
        for held_on, starts_at, ends_at in sessions
    )
    record(events.COHORT_CREATED, by=by, on=cohort, detail={"course": str(course.pk), "sessions": len(sessions)})
    return cohort


def _require_package(package: TrainingPackage | None, course: Course) -> None:
    if package is None:
        return
    if package.service_area_id != course.service_area_id or package.status == PackageStatus.CLOSED:
        raise DomainError("Choose a package of this area that is not closed", field="package")


@transaction.atomic
def confirm_sessions(*, cohort: Cohort, by: User) -> int:
    """All that are planned; whoever has a place is told the dates at once. Not before the contract is signed."""
    require_management(by, cohort.service_area_id)
    cohort = locked(cohort)
    require_open(cohort)
    if block := policy.block_to_confirm(cohort):
        raise DomainError(block, code="not_signed")
    planned = Session.objects.taking_place().filter(cohort=cohort, confirmed_at__isnull=True)
    number = planned.update(confirmed_at=Now(), confirmed_by=by)
    if not number:
        raise StaleState("Every session is confirmed already. Nothing was done twice")
    record(events.SESSIONS_CONFIRMED, by=by, on=cohort, detail={"sessions": number})
    send_dates(cohort=cohort, by=by)
    return number


@transaction.atomic
def send_dates(*, cohort: Cohort, by: User) -> int:
    """The confirmed dates, to whoever has a place; returns how many were told."""
    require_management(by, cohort.service_area_id)
    if not Session.objects.taking_place().filter(cohort=cohort, confirmed_at__isnull=False).exists():
        raise DomainError("No session is confirmed yet")
    told = tell_everybody(cohort, by)
    Cohort.objects.filter(pk=cohort.pk).update(dates_sent_at=Now(), dates_sent_by=by)
    record(events.DATES_SENT, by=by, on=cohort, detail={"told": told})
    return told


@transaction.atomic
def add_session(
    *, cohort: Cohort, times: Times, place: str = "", makes_up_for: Session | None = None, costs: Costs | None = None,
    today: date, by: User,
) -> Session:  # fmt: skip
    """One more, or one that stands in for another: for whoever missed it, and for everybody where it was cancelled. Who waits
    may be able to attend in full again by it."""
    require_management(by, cohort.service_area_id)
    cohort = locked(cohort)
    require_open(cohort)
    held_on, starts_at, ends_at = times
    if ends_at <= starts_at:
        raise DomainError("A session must end after it starts", field="ends_at")
    root = None
    if makes_up_for is not None:
        if makes_up_for.cohort_id != cohort.pk:
            raise DomainError("Choose a session of this cohort", field="makes_up_for")
        root = makes_up_for.makes_up_for or makes_up_for
    elif Enrolment.objects.filter(cohort=cohort, status=EnrolmentStatus.COMPLETED).exists():
        raise DomainError(
            "Learners have completed this course. Choose the session that it makes up for", field="makes_up_for"
        )
    session = Session.objects.create(
        cohort=cohort,
        makes_up_for=root,
        held_on=held_on,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        venue_cost=costs.venue if costs else None,
        refreshments_cost=costs.refreshments if costs else None,
    )
    record(events.SESSION_ADDED, by=by, on=cohort, detail={"session": str(session.pk), "makes_up": bool(root)})
    if root is not None:
        promote_all(cohort, today, by)
    return session


@transaction.atomic
def change_session(*, session: Session, times: Times, place: str = "", costs: Costs | None = None, by: User) -> Session:
    """While it is planned. A confirmed one is cancelled, which its contract may have a word about, and another is added."""
    cohort = locked(session.cohort)
    require_management(by, cohort.service_area_id)
    require_open(cohort)
    session = Session.objects.get(pk=session.pk)
    if session.confirmed_at or session.cancelled_on:
        raise StaleState("This session is confirmed or cancelled. Cancel it, and add another")
    session.held_on, session.starts_at, session.ends_at = times
    if session.ends_at <= session.starts_at:
        raise DomainError("A session must end after it starts", field="ends_at")
    session.place = place
    session.venue_cost, session.refreshments_cost = (costs.venue, costs.refreshments) if costs else (None, None)
    session.save()
    record(events.SESSION_CHANGED, by=by, on=cohort, detail={"session": str(session.pk)})
    return session


@transaction.atomic
def cancel_session(
    *, session: Session, cancelled_on: date, because: str, amount: Decimal | None = None, today: date, by: User
) -> Session:
    """Less than the contract's notice before, what the provider asks for is entered: at most what is left of the ceiling.
    Whoever has a place is told."""
    cohort = locked(session.cohort)
    require_management(by, cohort.service_area_id)
    require_open(cohort)
    session = Session.objects.select_related("cohort__package").get(pk=session.pk)
    if session.cancelled_on:
        raise StaleState("This session is cancelled already. Nothing was done twice")
    if Attendance.objects.filter(session=session).exists():
        raise DomainError("The register of this session was taken: it was held")
    if not cancelled_on <= min(today, session.held_on):
        raise DomainError("The day must be today or in the past, and not after the session", field="cancelled_on")
    signed_on = session.cohort.package.signed_on if session.cohort.package else None
    if signed_on is not None and cancelled_on < signed_on:
        words = f"The day must be on or after the contract was signed, {day(signed_on)}"
        raise DomainError(words, field="cancelled_on")
    Session.objects.filter(pk=session.pk).update(
        cancelled_on=cancelled_on, cancelled_by=by, cancelled_because=because, revision=F("revision") + 1
    )
    if too_late(session, cancelled_on):
        if amount is None:
            raise DomainError("Enter what the provider asks for. Enter 0 if nothing", field="amount")
        package = locked_package(session.cohort.package)  # type: ignore[arg-type]  # too late is under a contract
        expose(package, Limb.CANCELLED, amount, arose_on=cancelled_on, session=session, by=by)
    detail = {"session": str(session.pk), "days_before": (session.held_on - cancelled_on).days}
    record(events.SESSION_CANCELLED, by=by, on=cohort, detail=detail)
    if session.confirmed_at:
        tell_everybody(cohort, by)
    session.refresh_from_db()
    return session


def too_late(session: Session, on: date) -> bool:
    """Whether cancelling it on that day exposes what its contract says."""
    if not policy.is_under_contract(session):
        return False
    notice = session.cohort.package.notice_days  # type: ignore[union-attr]
    return clauses.is_too_late(cancelled_on=on, held_on=session.held_on, notice_days=notice)


@transaction.atomic
def change_places(*, cohort: Cohort, maximum: int, today: date, by: User) -> list[Enrolment]:
    """More places go to whoever waits, in order; returns who moved up. Never fewer than are taken."""
    require_management(by, cohort.service_area_id)
    cohort = locked(cohort)
    require_open(cohort)
    _require_room(cohort.course, maximum)
    taken = Enrolment.objects.filter(cohort=cohort).on_the_register().count()
    if maximum < taken:
        raise DomainError(f"{taken} places are taken", field="maximum")
    was, cohort.maximum = cohort.maximum, maximum
    cohort.save(update_fields=["maximum"])
    record(events.PLACES_CHANGED, by=by, on=cohort, detail={"from": was, "to": maximum})
    return promote_all(cohort, today, by)


@transaction.atomic
def set_quota(
    *, cohort: Cohort, organisation: Organisation, places: int | None, today: date, by: User
) -> list[Enrolment]:
    """At most this many places for learners of the organisation; None takes the quota off. Nobody loses a place by it;
    whoever may move up does, and is returned."""
    require_management(by, cohort.service_area_id)
    cohort = locked(cohort)
    require_open(cohort)
    if organisation.service_area_id != cohort.service_area_id:
        raise DomainError("Choose an organisation of this area", field="organisation")
    if places is None:
        Quota.objects.filter(cohort=cohort, organisation=organisation).delete()
    elif places > cohort.maximum:
        raise DomainError(f"The cohort has {cohort.maximum} places", field="places")
    else:
        Quota.objects.update_or_create(cohort=cohort, organisation=organisation, defaults={"places": places})
    record(events.QUOTA_SET, by=by, on=cohort, detail={"organisation": str(organisation.pk), "places": places})
    return promote_all(cohort, today, by)


@transaction.atomic
def count_heads(*, session: Session, heads: Mapping[str, int], today: date, by: User) -> int:
    """Who came to a briefing, by category; again puts it right. Returns how many in all."""
    cohort = locked(session.cohort)
    require_management(by, cohort.service_area_id)
    require_open(cohort)
    if not cohort.course.counts_heads:
        raise DomainError("On this course everybody is named: take the register")
    require_held(session, today)
    unknown, total = set(heads) - set(Attendee.values), sum(heads.values())
    if unknown or any(number < 0 for number in heads.values()):
        raise DomainError("Enter how many came, 0 or more")
    if total > cohort.maximum:
        raise DomainError(f"{total} came, and there are {cohort.maximum} places")
    placed = heads_placed(session.came_from.all())
    if total < placed:
        raise DomainError(
            f"Where {placed} of them came from is written down: correct that first, or enter at least {placed}"
        )
    HeadCount.objects.filter(session=session).delete()
    rows = [HeadCount(session=session, category=one, heads=n, recorded_by=by) for one, n in heads.items() if n]
    HeadCount.objects.bulk_create(rows)
    record(events.HEADS_COUNTED, by=by, on=cohort, detail={"session": str(session.pk), "heads": total})
    return total


def require_held(session: Session, today: date) -> None:
    if session.cancelled_on:
        raise DomainError(f"The session of {day(session.held_on)} was cancelled")
    if session.confirmed_at is None:
        raise DomainError(f"The session of {day(session.held_on)} is not confirmed")
    if session.held_on > today:
        raise DomainError(f"The register of {day(session.held_on)} can be taken on the day or after it")


def _require_room(course: Course, maximum: int) -> None:
    if maximum > course.maximum:
        raise DomainError(f"{course.name} takes at most {course.maximum} learners", field="maximum")
