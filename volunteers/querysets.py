"""Who sees practitioners, and what decides whether one is ready: columns here, words in `readiness`."""

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import (
    BooleanField,
    Count,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, NullIf, TruncDate, TruncMonth

from rj_service.accounts.roles import Role
from rj_service.accounts.scoping import row_by_row
from rj_service.jobs.models import LeasedRowQuerySet
from rj_service.ui.dates import born_by
from volunteers.choices import (
    ADULT,
    APPLICATION_ENDS,
    DBS_ENOUGH,
    MAY_OPEN_CASES,
    PAID,
    POLICE_VETTING_ENOUGH,
    SPENT,
    SUPERVISION_EVERY,
    ApplicationStatus,
    CampaignStatus,
    CheckStatus,
    NomineeStatus,
    PractitionerKind,
    PractitionerStatus,
    Reached,
    SafeguardKind,
)

NO_END = Value(date.max, output_field=DateField())
AREA_ROLES = (Role.COORDINATOR, Role.SERVICE_MANAGER, Role.TRAINING_LEAD, Role.CASE_SUPERVISOR)


class PractitionerQuerySet(models.QuerySet):
    def visible_to(self, user):
        if user.is_system:
            return self
        acting = user.acting
        if acting is None:
            return self.none()
        if acting.role == Role.PRACTITIONER:
            return self.filter(learner__user=user)
        if acting.role not in AREA_ROLES:
            return self.none()
        return self.filter(service_area=acting.service_area_id)

    def vetted(self, today):
        """With a current DBS and a current police vetting of the level required: lapsed vetting closes access that day."""
        current = _checks().current(today)
        return self.filter(
            Exists(current.filter(kind__in=DBS_ENOUGH)), Exists(current.filter(kind__in=POLICE_VETTING_ENOUGH))
        )

    def may_open_cases(self, today):
        """Vetted, and neither suspended nor gone. Everything a practitioner reads of a case hangs on this."""
        return self.vetted(today).filter(status__in=MAY_OPEN_CASES)

    def adults(self, today):
        """As `Practitioner.is_adult_on` says it of one."""
        return self.filter(_adult(today))

    def with_readiness(self, today):
        """One statement for all that readiness needs, a row a practitioner; `readiness.readiness_of` puts it into words.

        `dbs_until` and `police_vetting_until` are the end of the check that lasts longest, in force or not; None with
        `has_dbs` is a check without an end. `open_cases` counts assignments in force, in whatever area.
        """
        return (
            self.select_related("learner", "organisation")
            .annotate(readiness_on=Value(today, output_field=DateField()))
            .annotate(**_vetting(today), **_training(today), **_supervision(today), **_registration(), **_time())
            .annotate(
                active=_is(Q(status=PractitionerStatus.ACTIVE)),
                is_adult=_is(_adult(today)),
                has_parental=Exists(_safeguards(SafeguardKind.PARENTAL)),
                has_sign_off=Exists(_safeguards(SafeguardKind.SIGN_OFF)),
                is_vetted=_is(Q(has_dbs=True, has_police_vetting=True)),
                has_room=_is(Q(open_cases__lt=F("case_limit"))),
                away_until=Subquery(_away(today).values("away_until")[:1]),
            )
            .annotate(is_safeguarded=_is(Q(is_adult=True) | Q(has_parental=True, has_sign_off=True)))
            .annotate(
                ready=_is(
                    Q(active=True, is_vetted=True, trained=True, supervision_current=True, has_room=True)
                    & Q(is_safeguarded=True)
                )
            )
        )

    def with_practice(self, today):
        """Of `with_readiness`, further: what `practice.practice_of` puts into words."""
        year_ago = born_by(today, 1)
        awards, elsewhere = _facilitators(today)
        observed = _of_practice("Observation").filter(observed_on__lte=today).order_by("-observed_on")
        lately = _of_practice("Development").filter(done_on__range=(year_ago, today)).order_by()
        return self.annotate(
            year_ago=Value(year_ago, output_field=DateField()),
            cpd_hours=_sum_of_hours(lately) + _hours_of_training(year_ago, today),
            cpd_approved=_sum_of_hours(lately.filter(is_approved=True))
            + _hours_of_training(year_ago, today, approved_alone=True),
            observed_on=Subquery(observed.values("observed_on")[:1]),
            process_on=Subquery(_processes(OuterRef("pk")).order_by("-held_on").values("held_on")[:1]),
            trained_on=Greatest(
                Subquery(awards.order_by("-awarded_on").values("awarded_on")[:1]),
                Subquery(elsewhere.order_by("-ended_on").values("ended_on")[:1]),
            ),
        )

    def registered_share(self, today):
        """How many of those who work on cases are registered, and how many there are (seed 000 paragraph 2.4). Of volunteers
        those count who have worked for 12 months and in a process (domain 2.9)."""
        since = Coalesce("works_since", TruncDate("created_at"))
        counted = Q(kind__in=PAID) | Q(Exists(_processes(OuterRef("pk"))), since__lte=born_by(today, 1))
        working = self.filter(status__in=MAY_OPEN_CASES).annotate(since=since).filter(counted)
        current = _of_practice("Registration").filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today))
        return working.filter(Exists(current)).count(), working.count()

    def ending_before(self, day):
        """Of `with_readiness`: a check of either family ends before the day."""
        return self.filter(Q(dbs_until__lt=day) | Q(police_vetting_until__lt=day))


class CheckQuerySet(models.QuerySet):
    def current(self, today):
        """Cleared and not ended on the day. The last day of a check still counts."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=today), status="cleared", issued_on__lte=today
        )


class OfAreaQuerySet(models.QuerySet):
    """Recruitment and messages: read by whoever manages practitioners in the area."""

    def visible_to(self, user):
        if user.is_system:
            return self
        return self.filter(service_area=user.acting.service_area_id) if user.may("volunteers.manage") else self.none()


class MessageQuerySet(OfAreaQuerySet):
    def with_readers(self):
        """`people` who can read it here, and how many of them `read`."""
        here = Q(to__reached=Reached.HERE)
        return self.annotate(
            people=Count("to", filter=here), read=Count("to", filter=here & Q(to__read_at__isnull=False))
        )


class MessageToQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own."""
        return self.filter(practitioner__learner__user=user)


class CampaignQuerySet(OfAreaQuerySet):
    def advertised(self, today):
        """The last day still counts."""
        return self.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today), status=CampaignStatus.ADVERTISED)

    def with_numbers(self):
        """`applied` (all that came in), `in_progress`, `taken_on` and of those `active`."""
        statuses = {
            "applied": Q(),
            "in_progress": ~Q(status__in=[*APPLICATION_ENDS, ApplicationStatus.TAKEN_ON]),
            "taken_on": Q(status=ApplicationStatus.TAKEN_ON),
            "active": Q(status=ApplicationStatus.TAKEN_ON, practitioner__status__in=MAY_OPEN_CASES),
        }
        of_each = row_by_row(apps.get_model("volunteers", "Application")).filter(campaign=OuterRef("pk")).order_by()
        return self.annotate(
            **{
                name: Coalesce(
                    Subquery(of_each.filter(which).values("campaign").annotate(number=Count("pk")).values("number")), 0
                )
                for name, which in statuses.items()
            }
        )


class ApplicationQuerySet(OfAreaQuerySet):
    def open(self):
        return self.exclude(status__in=[*APPLICATION_ENDS, ApplicationStatus.TAKEN_ON])


class TeamQuerySet(models.QuerySet):
    """Read by whoever reads practitioners in the area."""

    def visible_to(self, user):
        if user.is_system:
            return self
        return self.filter(service_area=user.acting.service_area_id) if user.may("volunteers.view") else self.none()

    def with_places(self):
        """`filled` and `volunteers`: places with somebody chosen."""
        chosen = Q(places__nominees__status=NomineeStatus.CHOSEN)
        return self.select_related("local_area").annotate(
            filled=Count("places", filter=chosen, distinct=True),
            volunteers=Count("places", filter=chosen & Q(places__is_volunteer=True), distinct=True),
        )


class OfTeamQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(team__in=apps.get_model("volunteers", "Team").objects.visible_to(user))


class NomineeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(place__team__in=apps.get_model("volunteers", "Team").objects.visible_to(user))

    def standing(self):
        return self.exclude(status=NomineeStatus.DROPPED_OUT)


class OfApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(application__in=apps.get_model("volunteers", "Application").objects.visible_to(user))


def _adult(today) -> Q:
    known = Q(date_of_birth__isnull=False, date_of_birth__lte=born_by(today, ADULT))
    return known | Q(~Q(kind=PractitionerKind.YOUNG), date_of_birth__isnull=True)


def _safeguards(kind: str):
    """What stands for somebody under 18 (domain 2.16.6)."""
    return row_by_row(apps.get_model("volunteers", "Safeguard")).filter(practitioner=OuterRef("pk"), kind=kind)


def _for_payers(rows, user):
    """What the area pays by: for whoever pays."""
    if user.is_system:
        return rows
    return rows.filter(service_area=user.acting.service_area_id) if user.may("volunteers.pay") else rows.none()


class OfPayersQuerySet(models.QuerySet):
    def visible_to(self, user):
        return _for_payers(self, user)


class BudgetQuerySet(OfPayersQuerySet):
    def with_spending(self):
        """What of each line is approved, paid or not."""
        spent = Sum("claims__amount", filter=Q(claims__status__in=SPENT))
        return self.annotate(spent=Coalesce(spent, Value(0), output_field=DecimalField()))


class PaymentRunQuerySet(LeasedRowQuerySet):
    def visible_to(self, user):
        return _for_payers(self, user)


class StandDownQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_on__isnull=True)


class OwnQuerySet(models.QuerySet):
    """One's own."""

    def visible_to(self, user):
        if user.is_system:
            return self
        return self.filter(practitioner__learner__user=user) if user.may("volunteers.view_own") else self.none()

    def minutes_by_month(self):
        """The newest month first: `month`, `minutes`."""
        months = self.order_by().annotate(month=TruncMonth("worked_on")).values("month")
        return months.annotate(minutes=Sum("minutes")).order_by("-month")


class ClaimQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; whoever pays sees the area's."""
        if user.is_system:
            return self
        if user.may("volunteers.pay"):
            return self.filter(practitioner__service_area=user.acting.service_area_id)
        return self.filter(practitioner__learner__user=user) if user.may("volunteers.view_own") else self.none()


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _checks():
    return row_by_row(apps.get_model("volunteers", "Check")).filter(practitioner=OuterRef("pk"))


def _vetting(today) -> dict:
    """Of each family whether it is in force, and the check that lasts longest."""
    current = _checks().current(today)
    longest = (
        _checks()
        .filter(status=CheckStatus.CLEARED, issued_on__lte=today)
        .order_by(F("expires_on").desc(nulls_first=True), "-issued_on")
    )
    police = longest.filter(kind__in=POLICE_VETTING_ENOUGH)
    dbs = longest.filter(kind__in=DBS_ENOUGH)
    return {
        "has_dbs": Exists(current.filter(kind__in=DBS_ENOUGH)),
        "dbs_until": Subquery(dbs.values("expires_on")[:1]),
        "dbs_kind": Subquery(dbs.values("kind")[:1]),
        "has_police_vetting": Exists(current.filter(kind__in=POLICE_VETTING_ENOUGH)),
        "police_vetting_until": Subquery(police.values("expires_on")[:1]),
        "police_vetting_kind": Subquery(police.values("kind")[:1]),
    }


def _training(today) -> dict:
    """By an award or by what stands for one. `trained_until` is the end of what lasts longest, in force or not; None is never
    trained, or with `trained` no end."""
    awards, elsewhere = _facilitators(today)
    longest = awards.order_by(F("expires_on").desc(nulls_first=True)).values(until=Coalesce("expires_on", NO_END))
    beside = elsewhere.order_by(F("lasts_until").desc(nulls_first=True)).values(until=Coalesce("lasts_until", NO_END))
    return {
        "trained": Exists(awards.current(today)) | Exists(elsewhere.current(today)),
        "trained_until": NullIf(Greatest(Subquery(longest[:1]), Subquery(beside[:1])), NO_END),
    }


def _facilitators(today) -> tuple:
    """Awards that make facilitators, and what stands for them."""
    of_one = {"learner": OuterRef("learner")}
    awards = row_by_row(apps.get_model("training", "Award")).standing()
    elsewhere = row_by_row(apps.get_model("training", "OtherTraining")).recognised()
    return (
        awards.filter(course__makes_facilitators=True, awarded_on__lte=today, **of_one),
        elsewhere.filter(stands_for__makes_facilitators=True, ended_on__lte=today, **of_one),
    )


def _supervision(today) -> dict:
    held = row_by_row(apps.get_model("volunteers", "Supervision")).filter(
        practitioner=OuterRef("pk"), held_on__lte=today
    )
    return {
        "last_supervision_on": Subquery(held.order_by("-held_on").values("held_on")[:1]),
        # Not by the column above: this can be asked of everybody at once.
        "supervision_current": Exists(held.filter(held_on__gte=today - SUPERVISION_EVERY)),
    }


def _registration() -> dict:
    newest = _of_practice("Registration").order_by("-registered_on", "-recorded_at")
    return {
        "registered_level": Subquery(newest.values("level")[:1]),
        "registered_until": Subquery(newest.values("expires_on")[:1]),
    }


def _of_practice(model: str):
    return row_by_row(apps.get_model("volunteers", model)).filter(practitioner=OuterRef("pk"))


def _sum_of_hours(rows, by: str = "practitioner", hours: str = "hours"):
    total = rows.order_by().values(by).annotate(total=Sum(hours)).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=DecimalField())


def _hours_of_training(since, until, approved_alone: bool = False):
    """Courses attended in full, each once and on its last day, and training elsewhere."""
    courses = row_by_row(apps.get_model("training", "Enrolment")).attended_in_full().ended_between(since, until)
    elsewhere = row_by_row(apps.get_model("training", "OtherTraining")).filter(ended_on__range=(since, until))
    if approved_alone:
        courses, elsewhere = courses.filter(cohort__course__cpd_approved=True), elsewhere.filter(cpd_approved=True)
    of_one = {"learner": OuterRef("learner")}
    return _sum_of_hours(courses.filter(**of_one), "learner", "cohort__course__cpd_hours") + _sum_of_hours(
        elsewhere.filter(**of_one), "learner", "cpd_hours"
    )


def _processes(practitioner):
    """Interventions held while they were assigned. Looked up by name: `cases` stands above."""
    worked = row_by_row(apps.get_model("cases", "Assignment")).filter(
        Q(ended_at__isnull=True) | Q(ended_at__date__gte=OuterRef("held_on")),
        case=OuterRef("case"),
        started_at__date__lte=OuterRef("held_on"),
        practitioner=OuterRef(practitioner) if isinstance(practitioner, OuterRef) else practitioner,
    )
    return row_by_row(apps.get_model("cases", "Intervention")).filter(Exists(worked), status="held")


def processes_by_model(practitioner_id, since):
    """`(words of the model, how many)`, most first."""
    model = apps.get_model("cases", "Intervention")
    names: dict = dict(model._meta.get_field("model").flatchoices)
    held = _processes(practitioner_id).filter(held_on__gte=since).values_list("model_delivered")
    return [(names[key], number) for key, number in held.annotate(number=Count("pk")).order_by("-number")]


def cases_worked_on(practitioner_id, since, until):
    """The references of the cases that were theirs on a day from `since` to `until`. Looked up by name: `cases` stands above."""
    theirs = row_by_row(apps.get_model("cases", "Assignment")).filter(
        Q(ended_at__isnull=True) | Q(ended_at__date__gte=since),
        practitioner=practitioner_id,
        started_at__date__lte=until,
    )
    return theirs.order_by("case__reference").values_list("case__reference", flat=True).distinct()


def _time() -> dict:
    """Looked up by name: `cases` stands above, and its model's own queryset says what is in force."""
    counted = (
        row_by_row(apps.get_model("cases", "Assignment"))
        .in_force()
        .filter(practitioner=OuterRef("pk"))
        .order_by()
        .values("practitioner")
        .annotate(number=Count("pk"))
    )
    return {"open_cases": Coalesce(Subquery(counted.values("number")), 0)}


def _away(today):
    away = row_by_row(apps.get_model("volunteers", "Availability")).filter(practitioner=OuterRef("pk"))
    return away.filter(away_from__lte=today, away_until__gte=today).order_by("-away_until")
