"""Who sees learners and cohorts, and what counts as attended in full."""

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery

from rj_service.accounts.roles import Role
from training.choices import EnrolmentStatus

AREA_ROLES = (Role.COORDINATOR, Role.SERVICE_MANAGER, Role.TRAINING_LEAD)


def _model(name: str):
    return apps.get_model("training", name)


class AreaQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_system:
            return self
        acting = user.acting
        if acting is None or acting.role not in AREA_ROLES:
            return self.none()
        return self.filter(service_area=acting.service_area_id)


class CohortQuerySet(AreaQuerySet):
    def with_places(self):
        """`enrolled` (completed ones keep their place), `waiting`, `first_on` and `last_on`."""
        return self.annotate(
            enrolled=Count(
                "enrolments",
                filter=Q(enrolments__status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.COMPLETED]),
                distinct=True,
            ),
            waiting=Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.WAITING), distinct=True),
            first_on=Min("sessions__held_on"),
            last_on=Max("sessions__held_on"),
        )


class LearnerQuerySet(AreaQuerySet):
    def visible_to(self, user):
        """Learners of the area; a practitioner sees their own record."""
        if user.acting is not None and user.acting.role == Role.PRACTITIONER:
            return self.filter(user=user)
        return super().visible_to(user)

    def with_training(self):
        """The course enrolled in that begins last, and the newest award, for lists."""
        enrolled = (
            _model("Enrolment")
            .objects.filter(learner=OuterRef("pk"), status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING])
            .order_by("-enrolled_at")
        )
        awards = _model("Award").objects.filter(learner=OuterRef("pk")).order_by("-awarded_on")
        return self.select_related("organisation").annotate(
            enrolled_course=Subquery(enrolled.values("cohort__course__name")[:1]),
            enrolled_status=Subquery(enrolled.values("status")[:1]),
            award_course=Subquery(awards.values("course__name")[:1]),
            awarded_on=Subquery(awards.values("awarded_on")[:1]),
            award_until=Subquery(awards.values("expires_on")[:1]),
        )


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.acting is not None and user.acting.role == Role.PRACTITIONER:
            return self.filter(learner__user=user)
        return self.filter(cohort__in=_model("Cohort").objects.visible_to(user))

    def on_the_register(self):
        return self.filter(status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.COMPLETED])

    def waiting(self):
        """In the order in which they will be offered a place."""
        return self.filter(status=EnrolmentStatus.WAITING).order_by("enrolled_at", "pk")

    def attended_in_full(self):
        """Present at every session of their cohort, which has at least one. A booking is not an attendance."""
        return self.on_the_register().filter(_has_sessions(), ~_missed())

    def with_full_attendance(self):
        return self.annotate(attended_all=_has_sessions() & ~_missed())


def _has_sessions() -> Exists:
    return Exists(_model("Session").objects.filter(cohort=OuterRef("cohort")))


def _missed() -> Exists:
    present = _model("Attendance").objects.filter(
        session=OuterRef("pk"), enrolment=OuterRef(OuterRef("pk")), attended=True
    )
    return Exists(_model("Session").objects.filter(~Exists(present), cohort=OuterRef("cohort")))


class AwardQuerySet(models.QuerySet):
    def current(self, today):
        return self.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), awarded_on__lte=today)
