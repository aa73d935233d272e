"""Who may do what in training, and what a course asks for beforehand."""

from calendar import monthrange
from datetime import date

from training.models import Award, Cohort, Course, Enrolment, Learner


def can_manage(user, area_id) -> bool:
    return user.may("training.manage", area_id)


def has_completed(learner: Learner, course: Course) -> bool:
    """Attended every session of one of its cohorts, or holds its award. A booking does not count (domain 2.16.16)."""
    attended = Enrolment.objects.filter(learner=learner, cohort__course=course).attended_in_full()
    return attended.exists() or Award.objects.filter(learner=learner, course=course).exists()


def missing_prerequisite(learner: Learner, course: Course) -> str:
    """A sentence where the learner cannot begin the course yet, else nothing."""
    before = course.prerequisite
    if before is None or has_completed(learner, before):
        return ""
    return f"{learner.name} has not attended {before.name} in full. {course.name} asks for that first"


def has_places(cohort: Cohort) -> bool:
    return Enrolment.objects.filter(cohort=cohort).on_the_register().count() < cohort.maximum


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
