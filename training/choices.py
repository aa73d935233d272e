"""Courses, learners and awards: the controlled lists."""

from django.db.models import TextChoices


class CourseKind(TextChoices):
    BRIEFING = "briefing", "Community briefing"
    AWARENESS = "awareness", "One-day awareness"
    FACILITATOR = "facilitator", "Conference facilitator"
    TRAINER = "trainer", "Trainer"
    SENSITIVE = "sensitive", "Sensitive and complex cases"
    COACHING = "coaching", "Follow-up coaching"
    OTHER = "other", "Other"


class EnrolmentStatus(TextChoices):
    ENROLLED = "enrolled", "Enrolled"
    WAITING = "waiting", "On the waiting list"
    COMPLETED = "completed", "Completed"
    DROPPED_OUT = "dropped_out", "Dropped out"


ENROLMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    EnrolmentStatus.WAITING: frozenset([EnrolmentStatus.ENROLLED, EnrolmentStatus.DROPPED_OUT]),
    EnrolmentStatus.ENROLLED: frozenset([EnrolmentStatus.COMPLETED, EnrolmentStatus.DROPPED_OUT]),
    EnrolmentStatus.COMPLETED: frozenset(),
    EnrolmentStatus.DROPPED_OUT: frozenset(),
}
