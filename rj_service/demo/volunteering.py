"""Volunteers beside their cases: what they help with, hours, expenses at every step, and an invitation that waits."""

from datetime import date, timedelta
from decimal import Decimal

from cases import actions as cases
from cases.models import Assignment, Case
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import ServiceArea, User
from volunteers import actions as volunteers
from volunteers.mileage import financial_year_of
from volunteers.models import BudgetLine, ExpenseClaim, Practitioner
from volunteers.querysets import cases_worked_on

JOURNEYS = (
    ("Ely to Huntingdon and back, a visit", "42"),
    ("St Ives to Ramsey and back, to prepare", "18.5"),
    ("Ely to Sawtry", "31"),
)


def show_volunteering(
    *, area: ServiceArea, coordinator: User, practitioner: User, second: User, manager: User, today: date
) -> None:
    """Once: a second call changes nothing."""
    with acting_as(manager) as by:
        if BudgetLine.objects.exists():
            return
        given = {"year": financial_year_of(today), "amount": Decimal(30_000)}
        line = volunteers.lay_budget_line(area=area, name="Volunteers", stream="Ministry of Justice", by=by, **given)
    claims = _claims(practitioner, today)
    with acting_as(manager) as by:
        volunteers.approve_claim(claim=claims[0], line=line, by=by)
        volunteers.send_back_claim(
            claim=claims[1], because="Which day was this? Add the other half of the journey", by=by
        )
    _say(second, ["children", "online"], today)
    _rests(area, (practitioner, second), today, coordinator)
    _invite(coordinator, second, today)


def _claims(user: User, today: date) -> list[ExpenseClaim]:
    own = _say(user, ["neighbours", "mental_health"], today)
    with acting_as(user) as by:
        for days, minutes in ((2, 150), (9, 90), (40, 240)):
            day = today - timedelta(days=days)
            known = {"practitioner": own, "today": today, "by": by}
            case = cases_worked_on(own.pk, day, day).first() or ""
            volunteers.log_hours(worked_on=day, kind="case", minutes=minutes, case_reference=case, **known)
        return [
            volunteers.claim_expense(
                practitioner=own,
                kind="mileage",
                spent_on=today - timedelta(days=number + 1),
                miles=Decimal(miles),
                words=words,
                today=today,
                by=by,
            )
            for number, (words, miles) in enumerate(JOURNEYS)
        ]


def _say(user: User, skills: list[str], today: date) -> Practitioner:
    with acting_as(user) as by:
        own = Practitioner.objects.get(learner__user=by)
        given = {"travels": "area", "outward_code": "PE28", "drives": True, "languages": ["polish"], "skills": skills}
        volunteers.say_wishes(practitioner=own, by=by, **given)
        away = today + timedelta(days=20)
        volunteers.add_absence(practitioner=own, away_from=away, away_until=away + timedelta(days=6), by=by)
    return own


def _rests(area: ServiceArea, at_work: tuple[User, ...], today: date, coordinator: User) -> None:
    """One of those whom nobody signs in as is on leave, to be looked at again in three weeks."""
    with acting_as(coordinator) as by:
        idle = Practitioner.objects.filter(service_area=area, status="active").exclude(learner__user__in=at_work)
        busy = Assignment.objects.in_force().values("practitioner")
        one = idle.exclude(pk__in=busy).exclude(learner__user=by).order_by("learner__last_name", "pk").first()
        if one is not None:
            since, until = today - timedelta(days=9), today + timedelta(days=21)
            given = {"because": "A new baby. Rings us when they are ready", "first_day": since, "review_on": until}
            volunteers.stand_down(practitioner=one, kind="on_leave", today=today, by=by, **given)


def _invite(coordinator: User, asked: User, today: date) -> None:
    """To the first place beside a lead that may be given to them."""
    with acting_as(coordinator) as by:
        own = Practitioner.objects.get(learner__user=asked)
        led = Assignment.objects.in_force().filter(role="lead").exclude(practitioner=own).values("case")
        open_cases = Case.objects.visible_to(by).open().filter(pk__in=led).exclude(assignments__practitioner=own)
        for case in open_cases.order_by("-opened_on", "reference")[:20]:
            place = {"role": "co_facilitator", "sides": "harmed", "today": today}
            if not cases.blocks_to_assign(case=case, practitioner=own, role=place["role"], today=today):
                near, until = case.referral.incident.local_area_name, today + timedelta(days=5)
                cases.invite_practitioner(
                    case=case, practitioner=own, near=near, hours=8, answer_by=until, by=by, **place
                )
                return
