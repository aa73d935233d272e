"""Who sees which case, and which side of it."""

from datetime import date, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from cases.choices import INDIRECT_ONLY_MODELS
from referrals.querysets import open_to, opened_in_emergency
from rj_service.accounts.away import covered_by
from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from rj_service.jobs.models import LeasedRowQuerySet


def _model(name: str):
    return apps.get_model("cases", name)


def is_practitioner(user) -> bool:
    return user.acting is not None and user.acting.role == Role.PRACTITIONER


def assigned_today(user, today: date | None = None):
    """Assignments in force of a practitioner who may open cases: lapsed vetting and suspension close access that day."""
    practitioners = row_by_row(apps.get_model("volunteers", "Practitioner")).filter(learner__user=user)
    return (
        _model("Assignment")
        .objects.in_force()
        .filter(practitioner__in=practitioners.may_open_cases(today or timezone.localdate()))
    )


class CaseQuerySet(models.QuerySet):
    def not_shut_out(self, user):
        """Less cases of referrals that are restricted and not granted, or where the user has a conflict."""
        people = ("referral__person_harmed", "referral__person_responsible")
        with_conflict = row_by_row(_model("Participant")).filter(
            case=OuterRef("pk"), person__conflicts__user=user, person__conflicts__lifted_at__isnull=True
        )
        return self.filter(*open_to(user, referral="referral", people=people), ~Exists(with_conflict))

    def visible_to(self, user, today: date | None = None):
        """The area's for a coordinator or manager, the assigned for a practitioner; for a
        supervisor those they supervise, and those of whoever they cover for."""
        if user.is_system:
            return self
        acting = user.acting
        if acting is None:
            return self.none()
        in_area = self.filter(service_area=acting.service_area_id)
        if acting.role in (Role.COORDINATOR, Role.SERVICE_MANAGER):
            return in_area.not_shut_out(user)
        if acting.role == Role.CASE_SUPERVISOR:
            covered = covered_by(user, today or timezone.localdate())
            opened = opened_in_emergency(user, referral="referral")
            return in_area.filter(Q(supervisor=user) | Q(supervisor__in=covered) | opened).not_shut_out(user)
        if acting.role == Role.PRACTITIONER:
            mine = assigned_today(user, today).filter(case=OuterRef("pk"))
            return in_area.filter(Exists(mine)).not_shut_out(user)
        return self.none()

    def open(self):
        return self.exclude(status="closed")


class OfVisibleCaseQuerySet(models.QuerySet):
    """Rows that hang on a case, by the path that a subclass names, and belong to both sides."""

    case_path = "case"

    def visible_to(self, user):
        visible = _model("Case").objects.visible_to(user)
        return self.filter(**{f"{self.case_path}__in": visible})


class SidedQuerySet(OfVisibleCaseQuerySet):
    """Rows with a side: a practitioner sees only the sides their assignment names."""

    side_path = "side"

    def visible_to(self, user):
        rows = super().visible_to(user)
        if user.is_system or not is_practitioner(user):
            return rows
        mine = assigned_today(user).filter(case=OuterRef(self.case_path))
        return rows.filter(Exists(mine.filter(Q(sides="both") | Q(sides=OuterRef(self.side_path)))))


class ContactQuerySet(SidedQuerySet):
    def attempts(self):
        """Nobody was reached."""
        return self.exclude(result="spoke")


class NoteQuerySet(SidedQuerySet):
    def visible_to(self, user):
        """A draft is its author's alone."""
        return super().visible_to(user).filter(Q(signed_at__isnull=False) | Q(author=user))

    def signed(self):
        return self.filter(signed_at__isnull=False)

    def drafts_of(self, user):
        return self.filter(signed_at__isnull=True, author=user)


class CustodyQuerySet(SidedQuerySet):
    def standing(self):
        return self.filter(ended_on__isnull=True)


class PrisonBookingQuerySet(SidedQuerySet):
    case_path, side_path = "custody__case", "custody__side"

    def open(self):
        return self.filter(status__in=["asked", "booked", "moved"])


class InterpreterQuerySet(SidedQuerySet):
    def to_come(self, now):
        return self.filter(status__in=["asked", "confirmed"], needed_for__gte=now)


class VisitQuerySet(SidedQuerySet):
    def visible_to(self, user):
        """Whoever is there checks out of their own, whatever became of their assignment meanwhile."""
        seen = super().visible_to(user)
        if user.is_system or user.acting is None:
            return seen
        return self.filter(Q(pk__in=seen.values("pk")) | (self._goes(user) & Q(status="under_way")))

    def of(self, user):
        return self.filter(self._goes(user))

    def to_come(self):
        return self.filter(status="planned")

    def under_way(self):
        return self.filter(status="under_way")

    def out_before(self, moment):
        """Were to be out before then, and nobody has said that they are."""
        return self.under_way().filter(out_by__lt=moment)

    def not_in(self, moment):
        """Were to begin before then, on that day or the night before it; nobody checked in, and nobody was rung about it yet."""
        rung = self._every_alarm().filter(kind="not_in")
        since = moment - timedelta(days=1)
        return self.to_come().filter(~Exists(rung), planned_for__lt=moment, planned_for__gte=since)

    def without_alarm(self):
        return self.filter(~Exists(self._alarms()))

    def worrying(self, now):
        """Past their time, or somebody there asks for help."""
        return self.filter(Q(status="under_way", out_by__lt=now) | Exists(self._alarms()))

    @staticmethod
    def _goes(user):
        return Q(visitor__learner__user=user) | Q(companion__learner__user=user)

    @staticmethod
    def _every_alarm():
        return row_by_row(_model("VisitAlarm")).filter(visit=OuterRef("pk"))

    @classmethod
    def _alarms(cls):
        return cls._every_alarm().filter(ended_at__isnull=True)


class VisitAlarmQuerySet(SidedQuerySet):
    case_path, side_path = "visit__case", "visit__side"

    def standing(self):
        return self.filter(ended_at__isnull=True)

    def to_escalate(self, raised_before):
        """Nobody has said that they see to it."""
        return self.standing().filter(raised_at__lt=raised_before, answered_at__isnull=True, escalated_at__isnull=True)


class DocumentQuerySet(SidedQuerySet):
    def there(self):
        return self.filter(removed_at__isnull=True)


class AssessmentQuerySet(SidedQuerySet):
    def standing(self):
        """Signed, and by no newer one taken the place of."""
        return self.filter(signed_at__isnull=False, superseded_at__isnull=True)

    def not_reopened(self):
        reopened = row_by_row(_model("Reopening")).standing().filter(assessment=OuterRef("pk"))
        return self.filter(~Exists(reopened))

    def with_reopening(self):
        """`reopened_on` and `reopened_because` of the newest that stands; nothing where it counts."""
        newest = row_by_row(_model("Reopening")).standing().filter(assessment=OuterRef("pk"))
        newest = newest.order_by("-reopened_at", "-id")
        return self.annotate(
            reopened_on=Subquery(newest.values("reopened_on")[:1]),
            reopened_because=Subquery(newest.values("because")[:1]),
        )

    def current(self, today: date):
        """What counts on a day."""
        return self.standing().not_reopened().filter(good_until__gte=today)


class ItemQuerySet(SidedQuerySet):
    case_path, side_path = "assessment__case", "assessment__side"


class ReopeningQuerySet(ItemQuerySet):
    def standing(self):
        return self.filter(ended_at__isnull=True)


class AttendanceQuerySet(SidedQuerySet):
    case_path, side_path = "intervention__case", "participant__side"


class CommitmentQuerySet(SidedQuerySet):
    """A commitment belongs to the side of whoever is responsible for it."""

    case_path, side_path = "agreement__case", "responsible__side"


class OfCommitmentQuerySet(SidedQuerySet):
    case_path, side_path = "commitment__agreement__case", "commitment__responsible__side"


class OfBothSidesQuerySet(OfVisibleCaseQuerySet):
    """What tells of both sides: of practitioners only for whoever works with both."""

    case_path = "intervention__case"

    def visible_to(self, user):
        rows = super().visible_to(user)
        if user.is_system or not is_practitioner(user):
            return rows
        return rows.filter(Exists(assigned_today(user).filter(case=OuterRef(self.case_path), sides="both")))


class OverrideQuerySet(OfBothSidesQuerySet):
    def in_force(self):
        return self.filter(ended_at__isnull=True)


class MessageQuerySet(OfVisibleCaseQuerySet):
    case_path = "intervention__case"

    def visible_to(self, user, today: date | None = None):
        """Whoever works with one side: what its people wrote, and of the other side's what was carried."""
        rows = self.filter(intervention__case__in=_model("Case").objects.visible_to(user, today))
        if user.is_system or not is_practitioner(user):
            return rows
        mine = assigned_today(user, today).filter(case=OuterRef(self.case_path))
        own = Exists(mine.filter(Q(sides="both") | Q(sides=OuterRef("author__side"))))
        told = Exists(mine.filter(sides=OuterRef("recipient__side")))
        return rows.filter(own | (Q(carried_on__isnull=False) & told))


class VenueQuerySet(models.QuerySet):
    """The area's, for whoever reads its cases; a practitioner is told of the venue of their own meeting."""

    def visible_to(self, user):
        if user.is_system:
            return self
        return self.filter(service_area=user.acting.service_area_id) if user.may("cases.view") else self.none()

    def current(self):
        return self.filter(ended_at__isnull=True)


class SignatureQuerySet(SidedQuerySet):
    case_path, side_path = "agreement__case", "participant__side"


class OfParticipantQuerySet(SidedQuerySet):
    case_path, side_path = "participant__case", "participant__side"


class TellingQuerySet(OfParticipantQuerySet):
    def waiting(self):
        return self.filter(told_on__isnull=True, ended_at__isnull=True)


class PromiseQuerySet(SidedQuerySet):
    """Of the side that hears."""

    side_path = "hears__side"

    def due(self, today):
        return self.filter(ended_at__isnull=True, next_on__lte=today)


class PromiseConsentQuerySet(SidedQuerySet):
    case_path, side_path = "promise__case", "promise__hears__side"


class StaffOnlyQuerySet(OfVisibleCaseQuerySet):
    """How a case ended and why: not for practitioners."""

    def visible_to(self, user):
        return self.none() if is_practitioner(user) else super().visible_to(user)


class InvitationQuerySet(OfVisibleCaseQuerySet):
    """A practitioner sees their own, before they may see the case."""

    def visible_to(self, user):
        if is_practitioner(user):
            return self.filter(practitioner__learner__user=user)
        return super().visible_to(user)

    def waiting(self):
        return self.filter(answer="waiting")

    def open(self):
        """Something is still to come of it."""
        return self.filter(answer__in=["waiting", "accepted", "reserve"])

    def with_names_open(self, user, today: date):
        """Their own, with the names of the people laid before them for one question. Checks that lapsed, a restriction and a
        conflict shut it as they shut the case."""
        practitioners = row_by_row(apps.get_model("volunteers", "Practitioner")).filter(learner__user=user)
        cases = _model("Case").objects.open().not_shut_out(user)
        return self.filter(
            practitioner__in=practitioners.may_open_cases(today),
            case__in=cases,
            answer="accepted",
            names_shown_at__isnull=False,
            cleared_at__isnull=True,
        )


class AssignmentQuerySet(OfVisibleCaseQuerySet):
    def visible_to(self, user):
        """A practitioner of one side sees who else works on theirs, not who works on the other."""
        rows = super().visible_to(user)
        if not is_practitioner(user):
            return rows
        mine = assigned_today(user).filter(case=OuterRef("case"))
        return rows.filter(Exists(mine.filter(Q(sides="both") | Q(sides=OuterRef("sides")))) | Q(sides="both"))

    def in_force(self):
        return self.filter(ended_at__isnull=True)


class DebriefQuerySet(OfVisibleCaseQuerySet):
    """One's own; and whoever supervises reads them, or manages the service: coordination does not."""

    case_path = "intervention__case"

    def visible_to(self, user):
        if user.is_system:
            return self
        if is_practitioner(user):
            return self.filter(practitioner__learner__user=user)
        reads = user.acting_role in (Role.CASE_SUPERVISOR, Role.SERVICE_MANAGER)
        return super().visible_to(user) if reads else self.none()


class InterventionQuerySet(OfVisibleCaseQuerySet):
    def held(self):
        return self.filter(status="held")

    def conferences(self):
        """Held so that both sides met: in a room, on a panel, by video."""
        return self.exclude(model_delivered__in=INDIRECT_ONLY_MODELS)

    def indirect(self):
        return self.filter(model_delivered__in=INDIRECT_ONLY_MODELS)

    def scheduled(self):
        return self.filter(status="scheduled")


class MoveInQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        """The area's, for whoever moves it in or agrees to that."""
        acting = user.acting
        if user.is_system:
            return self
        if acting is None or not (user.may("cases.move_in") or user.may("cases.agree_move_in")):
            return self.none()
        return self.filter(service_area=acting.service_area_id)


class MoveInRowQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("template", "line", "id")

    def to_move(self):
        """What is not done yet."""
        return self.filter(became="")


class ArrangementQuerySet(models.QuerySet):
    """Between two areas: read by the coordination of both."""

    def visible_to(self, user):
        if user.is_system:
            return self
        area = user.acting.service_area_id if user.may("cases.assign") else None
        return self.filter(Q(one=area) | Q(other=area))

    def between(self, one, other):
        return self.filter(Q(one=one, other=other) | Q(one=other, other=one))

    def not_ended(self):
        return self.filter(ended_at__isnull=True)

    def in_force(self, today):
        over = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
        return self.not_ended().filter(over, agreed_at__isnull=False, starts_on__lte=today)


class LoanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """In the area of the case whoever may read it; in the lending one its coordination, which reads nothing of the case."""
        if user.is_system:
            return self
        if not user.may("cases.assign"):
            return self.none()
        cases = _model("Case").objects.visible_to(user).filter(pk=OuterRef("case"))
        return self.filter(Q(Exists(cases)) | Q(home=user.acting.service_area_id))

    def under_way(self):
        return self.filter(status__in=["asked", "lent", "working"])
