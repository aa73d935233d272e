"""Who may do what in training, what a course asks for beforehand, and what a contract says."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from rj_service.ui.templatetags.ui import day
from training import clauses
from training.choices import EnrolmentStatus, Limb, Needs
from training.clauses import Terms
from training.models import Award, Cohort, Course, Enrolment, Learner, OtherTraining, Quota, Session, TrainingPackage

LOOKED_AHEAD = timedelta(days=400)  # longer than any notice and the days before it


def can_manage(user, area_id) -> bool:
    return user.may("training.manage", area_id)


def terms_of(package: TrainingPackage) -> Terms:
    return Terms(package.ceiling, package.notice_days, package.agreed, package.starts_on)


def has_completed(learner: Learner, course: Course) -> bool:
    """Attended every session of one of its cohorts, holds its award, or learnt it elsewhere and showed the certificate. A
    booking does not count (domain 2.16.16)."""
    attended = Enrolment.objects.filter(learner=learner, cohort__course=course).attended_in_full()
    elsewhere = OtherTraining.objects.filter(learner=learner, stands_for=course, certificate_seen=True)
    held = Award.objects.standing().filter(learner=learner, course=course)
    return attended.exists() or held.exists() or elsewhere.exists()


def was_successful(learner: Learner, course: Course, today: date) -> bool:
    """Holds its award in force, or passed it elsewhere for as long as that would be: attendance alone is not "successful"
    (seed 000 paragraph 2.4)."""
    elsewhere = OtherTraining.objects.filter(learner=learner, stands_for=course).current(today)
    return Award.objects.filter(learner=learner, course=course).current(today).exists() or elsewhere.exists()


def missing_prerequisite(learner: Learner, course: Course, today: date) -> str:
    """A sentence where the learner cannot begin the course yet, else nothing."""
    before = course.prerequisite
    if before is None:
        return ""
    if course.prerequisite_needs == Needs.AWARDED:
        met, words = was_successful(learner, before, today), f"does not hold the award of {before.name}"
    else:
        met, words = has_completed(learner, before), f"has not attended {before.name} in full"
    return "" if met else f"{learner.name} {words}. {course.name} asks for that first"


def block_to_enrol(learner: Learner, cohort: Cohort, today: date) -> str:
    """A sentence where the learner can have no place and no number on the waiting list, else nothing."""
    if learner.home_area and not cohort.course.takes_other_areas:
        return f"{cohort.course.name} takes learners of this area only"
    return missing_prerequisite(learner, cohort.course, today)


def same_again(learner: Learner, cohort: Cohort, today: date, *, for_sure: bool = False) -> str:
    """
    A sentence where it would be the same course twice (seed 001 paragraph 1.1), else nothing. What is inside its renewal window,
    or ended, is renewed and not repeated: an award, and training elsewhere that stands for one. `for_sure`: without numbers on
    other waiting lists, and without training elsewhere whose certificate nobody saw, for that counts for nothing yet.
    """
    course = cohort.course
    under_way = [EnrolmentStatus.ENROLLED] if for_sure else [EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING]
    booked = Enrolment.objects.filter(learner=learner, cohort__course=course).exclude(cohort=cohort)
    if booked.filter(status__in=under_way, cohort__completed_at__isnull=True).exists():
        return f"{learner.name} is booked on another {course.name}"
    awards = Award.objects.standing().filter(learner=learner, course=course).order_by("awarded_on")
    own = list(awards.values_list("expires_on", flat=True))[-1:]
    if any(_is_too_early(end, course, today) for end in own):
        return f"{learner.name} holds the award of {course.name}"
    elsewhere = OtherTraining.objects.filter(learner=learner, stands_for=course)
    learnt = f"{learner.name} has done {course.name} elsewhere"
    recognised = list(elsewhere.recognised().values_list("lasts_until", flat=True))
    if any(_is_too_early(end, course, today) for end in recognised):
        return learnt
    if own or recognised:
        return ""
    if booked.attended_in_full().exists():
        return f"{learner.name} has attended {course.name} already"
    if elsewhere.filter(certificate_seen=True).exists():
        return learnt
    of_this_name = OtherTraining.objects.filter(learner=learner, name__iexact=course.name)
    return learnt if not for_sure and (elsewhere.exists() or of_this_name.exists()) else ""


def _is_too_early(lasts_until: date | None, course: Course, today: date) -> bool:
    """To renew what lasts until then."""
    return lasts_until is None or today < lasts_until - timedelta(days=course.renewal_days)


def block_to_move_up(enrolment: Enrolment, cohort: Cohort, today: date) -> str:
    """A sentence where somebody who waits cannot begin any more, else nothing. They waited, and time went by."""
    learner = enrolment.learner
    if missed := Session.objects.missed_for_good(enrolment, today).first():
        return f"{learner.name} cannot attend in full any more: the session of {day(missed.held_on)} was held"
    if missing := missing_prerequisite(learner, cohort.course, today):
        return missing
    return "" if enrolment.again_because else same_again(learner, cohort, today, for_sure=True)


def places_left(cohort: Cohort) -> int:
    return cohort.maximum - Enrolment.objects.filter(cohort=cohort).on_the_register().count()


def has_places(cohort: Cohort) -> bool:
    return places_left(cohort) > 0


def quota_reached(cohort: Cohort, learner: Learner) -> str:
    """A sentence where the places of the learner's organisation are taken, else nothing."""
    if learner.organisation_id is None:
        return ""
    quota = (
        Quota.objects.filter(cohort=cohort, organisation=learner.organisation_id).select_related("organisation").first()
    )
    if quota is None:
        return ""
    taken = Enrolment.objects.filter(cohort=cohort, learner__organisation=learner.organisation_id).on_the_register()
    words = f"{quota.organisation.name} has its {quota.places} places"
    return words if taken.count() >= quota.places else ""


def block_to_confirm(cohort: Cohort) -> str:
    """No session is confirmed before the contract that it is part of is signed (seed 001 paragraph 1.11)."""
    package = cohort.package
    if package is None or package.signed_on is not None:
        return ""
    return f"The contract of {package.name} is not signed. Its sessions can be confirmed once it is"


def is_under_contract(session: Session) -> bool:
    """Whether cancelling it is a matter of the contract: it was confirmed under one that is signed."""
    package = session.cohort.package
    return package is not None and package.signed_on is not None and session.confirmed_at is not None


def exposed(package: TrainingPackage) -> Decimal:
    return sum((one.amount for one in package.exposures.all()), Decimal(0))


@dataclass(frozen=True)
class Near:
    """A clause of a contract that comes near, or the year of one that ended short."""

    state: str
    word: str
    what: str
    why: str
    package_id: UUID


def near_clauses(user, today: date) -> list[Near]:
    """Of the contracts open to them: last free days of sessions that come near, and agreed numbers that fall behind."""
    return [*_near_sessions(user, today), *_near_years(user, today)]


def _near_sessions(user, today: date) -> list[Near]:
    """One whose last free day has passed warns nobody any more."""
    packages = TrainingPackage.objects.visible_to(user).bound(today)
    coming = Session.objects.taking_place().filter(
        cohort__package__in=packages,
        cohort__completed_at__isnull=True,
        confirmed_at__isnull=False,
        held_on__gte=today,
        held_on__lte=today + LOOKED_AHEAD,
    )
    found = []
    for session in coming.select_related("cohort__course", "cohort__package").order_by("held_on", "pk"):
        package = session.cohort.package
        stands = clauses.standing_of_session(terms_of(package), held_on=session.held_on, today=today)
        if stands.state == "soon":
            what = f"{session.cohort.title}, {day(session.held_on)}"
            found.append(Near("soon", "Last free day", what, stands.words, package.pk))
    return found


def _near_years(user, today: date) -> list[Near]:
    found = []
    for package in TrainingPackage.objects.visible_to(user).bound(today).with_figures().prefetch_related("exposures"):
        stands = clauses.standing_of_year(terms_of(package), delivered=package.delivered, today=today)
        was_asked = any(one.limb == Limb.SHORTFALL for one in package.exposures.all())
        if stands and stands.state in ("soon", "stop") and not was_asked:
            found.append(Near(stands.state, "Agreed number", package.name, stands.words, package.pk))
    return found


def blocks_to_award(enrolment: Enrolment) -> list[str]:
    """Full attendance and passed, both: attendance alone is not "successful" (seed 000 paragraph 2.4)."""
    blocks = []
    if not Enrolment.objects.filter(pk=enrolment.pk).attended_in_full().exists():
        blocks.append(f"{enrolment.learner.name} has not attended every session")
    if not enrolment.passed:
        blocks.append(f"{enrolment.learner.name} has not passed")
    return blocks


def award_ends_on(awarded_on: date, months: int | None) -> date | None:
    """The last day of an award; the 31st becomes the last day of a shorter month."""
    if months is None:
        return None
    year, month = divmod(awarded_on.year * 12 + awarded_on.month - 1 + months, 12)
    return date(year, month + 1, min(awarded_on.day, monthrange(year, month + 1)[1]))
