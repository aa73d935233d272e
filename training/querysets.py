"""Who sees learners and cohorts, what counts as attended in full, and what of a contract is delivered and exposed."""

from datetime import date
from decimal import Decimal

from django.apps import apps
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from rj_service.accounts.roles import Role
from training.choices import EnrolmentStatus, PackageStatus

AREA_ROLES = (Role.COORDINATOR, Role.SERVICE_MANAGER, Role.TRAINING_LEAD)
WITH_A_PLACE = (EnrolmentStatus.ENROLLED, EnrolmentStatus.COMPLETED)


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


class PackageQuerySet(AreaQuerySet):
    def bound(self, today: date):
        """Whose clauses hold. Closing a contract does not end them: one holds on while its first year runs, or a session that
        was confirmed under it is to come."""
        coming = (
            _model("Session")
            .objects.taking_place()
            .filter(
                cohort__package=OuterRef("pk"),
                cohort__completed_at__isnull=True,
                confirmed_at__isnull=False,
                held_on__gte=today,
            )
        )
        under_way = Q(status__in=[PackageStatus.SIGNED, PackageStatus.RUNNING])
        is_closed = Q(status=PackageStatus.CLOSED, signed_on__isnull=False)
        return self.filter(under_way | is_closed & (Q(year_ends_on__gte=today) | Exists(coming)))

    def with_figures(self):
        """`delivered`: conferences or activities (seed 001 paragraph 1.7) in the contract's first year; `exposed`: what was
        recorded so far. What was held in a case counts in one contract: of those that count it, the one that began first."""
        in_first_year = {"held_on__range": (OuterRef("starts_on"), OuterRef("year_ends_on"))}
        own = _sum(_model("Activity").objects.filter(package=OuterRef("pk"), **in_first_year), "package", "number")
        # Looked up by name: `cases` stands above. Counts, of no case in particular.
        cases = apps.get_model("cases", "Intervention").objects
        held = cases.filter(case__service_area=OuterRef("service_area"), status="held", **in_first_year)
        before = _began_before()
        conferences = _number(held.conferences().exclude(Exists(before)))
        indirect = _number(held.indirect().exclude(Exists(before.filter(counts_indirect=True))))
        of_conferences = Case(When(counts_held=True, then=conferences), default=Value(0))
        of_indirect = Case(When(counts_held=True, counts_indirect=True, then=indirect), default=Value(0))
        money = models.DecimalField(max_digits=9, decimal_places=2)
        exposed = _sum(_model("Exposure").objects.filter(package=OuterRef("pk")), "package", "amount")
        return self.annotate(
            delivered=Coalesce(Subquery(own), 0, output_field=IntegerField()) + of_conferences + of_indirect,
            exposed=Coalesce(Subquery(exposed, output_field=money), Decimal(0), output_field=money),
        )


def _began_before():
    """Contracts that count what an intervention is, and began before the one that is asked about."""
    same_day = Q(starts_on=OuterRef(OuterRef("starts_on")), pk__lt=OuterRef(OuterRef("pk")))
    return _model("TrainingPackage").objects.filter(
        Q(starts_on__lt=OuterRef(OuterRef("starts_on"))) | same_day,
        service_area=OuterRef("case__service_area"),
        counts_held=True,
        starts_on__lte=OuterRef("held_on"),
        year_ends_on__gte=OuterRef("held_on"),
    )


def _number(rows):
    counted = rows.order_by().values("case__service_area").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _sum(rows, by: str, field: str):
    return rows.order_by().values(by).annotate(total=Sum(field)).values("total")


class OfPackageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(package__in=_model("TrainingPackage").objects.visible_to(user))

    def open(self):
        return self.filter(done_at__isnull=True)


class CohortQuerySet(AreaQuerySet):
    def visible_to(self, user):
        """Those of the area; a practitioner sees the ones that they are or were in."""
        if user.acting is not None and user.acting.role == Role.PRACTITIONER:
            return self.filter(Exists(_model("Enrolment").objects.filter(cohort=OuterRef("pk"), learner__user=user)))
        return super().visible_to(user)

    def offered_to(self, user, today: date):
        """To a practitioner of the area: those whose first session is confirmed and still to come."""
        acting = user.acting
        if acting is None or acting.role != Role.PRACTITIONER:
            return self.none()
        sessions = _model("Session").objects.filter(cohort=OuterRef("pk"), cancelled_on__isnull=True)
        begun, confirmed = sessions.filter(held_on__lte=today), sessions.filter(confirmed_at__isnull=False)
        named = self.filter(service_area=acting.service_area_id, completed_at__isnull=True, course__counts_heads=False)
        return named.filter(Exists(confirmed), ~Exists(begun))

    def with_places(self):
        """`enrolled` (completed ones keep their place), `waiting`, `first_on` and `last_on`."""
        taking_place = Q(sessions__cancelled_on__isnull=True)
        return self.annotate(
            enrolled=Count("enrolments", filter=Q(enrolments__status__in=WITH_A_PLACE), distinct=True),
            waiting=Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.WAITING), distinct=True),
            first_on=Min("sessions__held_on", filter=taking_place),
            last_on=Max("sessions__held_on", filter=taking_place),
        )

    def open(self):
        return self.filter(completed_at__isnull=True)


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cohort__in=_model("Cohort").objects.visible_to(user))

    def taking_place(self):
        return self.filter(cancelled_on__isnull=True)

    def missed_for_good(self, enrolment, today: date):
        """Of its cohort's sessions those that its learner was not at and that nothing still to come makes up for. One of today
        is still to come until its register is taken."""
        of_it = _model("Session").objects.taking_place().filter(Q(pk=OuterRef("pk")) | Q(makes_up_for=OuterRef("pk")))
        of_it = of_it.with_register()
        to_come = of_it.filter(held_on__gte=today).exclude(held_on=today, is_taken=True)
        there = of_it.filter(attendances__enrolment=enrolment.pk, attendances__attended=True)
        roots = self.filter(cohort=enrolment.cohort_id, makes_up_for__isnull=True)
        return roots.filter(Exists(of_it), ~Exists(to_come), ~Exists(there))

    def with_register(self):
        """`is_taken`: its register is there."""
        return self.annotate(is_taken=Exists(_model("Attendance").objects.filter(session=OuterRef("pk"))))


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
        awards = _model("Award").objects.standing().filter(learner=OuterRef("pk")).order_by("-awarded_on")
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
        return self.filter(status__in=WITH_A_PLACE)

    def waiting(self):
        """In the order in which they will be offered a place."""
        return self.filter(status=EnrolmentStatus.WAITING).order_by("number", "enrolled_at", "pk")

    def attended_in_full(self):
        """Present at every session of their cohort, or at one that made up for it. A booking is not an attendance, and a
        session that was cancelled is not attended before something has stood in its place."""
        return self.on_the_register().filter(_has_sessions(), ~_missed())

    def ended_between(self, since: date, until: date):
        """Whose last session that they came to was on a day from `since` to `until`."""
        came = _model("Attendance").objects.filter(enrolment=OuterRef("pk"), attended=True)
        after = came.filter(session__held_on__gt=until)
        return self.filter(Exists(came.filter(session__held_on__gte=since)), ~Exists(after))

    def with_full_attendance(self):
        return self.annotate(attended_all=_has_sessions() & ~_missed())

    def absent_from(self, session):
        """Of its cohort's register whoever was neither there nor at a session that made up for it."""
        there = Q(session=session.pk) | Q(session__makes_up_for=session.pk)
        present = _model("Attendance").objects.filter(there, enrolment=OuterRef("pk"), attended=True)
        return self.on_the_register().filter(~Exists(present), cohort=session.cohort_id)


def _to_attend():
    return _model("Session").objects.filter(cohort=OuterRef("cohort"), makes_up_for__isnull=True)


def _has_sessions() -> Exists:
    return Exists(_to_attend())


def _missed() -> Exists:
    there = Q(session=OuterRef("pk")) | Q(session__makes_up_for=OuterRef("pk"))
    present = _model("Attendance").objects.filter(there, enrolment=OuterRef(OuterRef("pk")), attended=True)
    return Exists(_to_attend().filter(~Exists(present)))


class OtherTrainingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(learner__in=_model("Learner").objects.visible_to(user))

    def with_ends(self):
        """`lasts_until`: as long as an award of the course that it stands for would, from the day it ended; None where that has
        no end."""
        months = Func(
            F("stands_for__award_valid_months"),
            template="make_interval(months => %(expressions)s)",
            output_field=models.DurationField(),
        )
        return self.annotate(lasts_until=Cast(F("ended_on") + months, models.DateField()))

    def recognised(self):
        """It stands for an award: passed, and the certificate was seen."""
        return self.with_ends().filter(stands_for__isnull=False, passed=True, certificate_seen=True)

    def current(self, today: date):
        """The last day still counts."""
        in_force = Q(lasts_until__isnull=True) | Q(lasts_until__gte=today)
        return self.recognised().filter(in_force, ended_on__lte=today)

    def to_renew(self, today: date):
        """As `AwardQuerySet.to_renew`: what nothing later stands in for."""
        of_one = {"learner": OuterRef("learner")}
        later = _model("OtherTraining").objects.recognised().filter(stands_for=OuterRef("stands_for"), **of_one)
        award = _model("Award").objects.standing().filter(course=OuterRef("stands_for"), **of_one)
        window = F("lasts_until") - F("stands_for__renewal_days")
        after = Q(ended_on__gt=OuterRef("ended_on")) | Q(ended_on=OuterRef("ended_on"), pk__gt=OuterRef("pk"))
        newest = self.recognised().filter(
            ~Exists(later.filter(after)),
            ~Exists(award.filter(awarded_on__gte=OuterRef("ended_on"))),
        )
        return newest.annotate(renew_from=models.ExpressionWrapper(window, models.DateField())).filter(
            renew_from__lte=today
        )


class AwardQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(learner__in=_model("Learner").objects.visible_to(user))

    def standing(self):
        """Not withdrawn; in force or ended."""
        return self.filter(withdrawn_at__isnull=True)

    def current(self, today: date):
        return self.standing().filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), awarded_on__lte=today)

    def newest(self):
        """Leaves out those that a later award of the same course, or later training elsewhere, stands in for."""
        later = (
            _model("Award")
            .objects.standing()
            .filter(learner=OuterRef("learner"), course=OuterRef("course"), awarded_on__gt=OuterRef("awarded_on"))
        )
        elsewhere = (
            _model("OtherTraining")
            .objects.recognised()
            .filter(learner=OuterRef("learner"), stands_for=OuterRef("course"), ended_on__gt=OuterRef("awarded_on"))
        )
        return self.standing().filter(~Exists(later), ~Exists(elsewhere))

    def to_renew(self, today: date):
        """Inside their course's renewal window, or ended: the newest of their course."""
        window = F("expires_on") - F("course__renewal_days")
        return self.newest().annotate(renew_from=models.ExpressionWrapper(window, models.DateField())).filter(
            renew_from__lte=today
        )  # fmt: skip
