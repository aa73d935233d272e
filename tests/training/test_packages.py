"""A contract from the first interest to its clauses: what it is a gate to, and what it may cost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.choices import Model
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from tests.reporting.factories import CaseFactory, InterventionFactory
from tests.training.factories import CohortFactory, EnrolmentFactory, PackageFactory, SessionFactory
from training import actions, policy
from training.choices import PACKAGE_TRANSITIONS, Condition, PackageStatus
from training.models import Exposure, Session, TrainingMail, TrainingPackage

TODAY = date(2026, 11, 23)
TERMS = actions.PackageTerms(name="Panel package", provider="Common Ground Training", agreed=12, value=Decimal(10000))


@pytest.fixture
def lead(cast):
    with acting_as(cast["training_lead"]) as user:
        yield user


@pytest.fixture
def package(area, lead):
    return actions.create_package(area=area, terms=TERMS, by=lead)


def show_all(package, lead, *, but: str = ""):
    for kind in Condition.values:
        given = {"is_met": kind != but, "evidence": "Minutes", "shown_on": TODAY, "today": TODAY}
        actions.record_condition(package=package, kind=kind, **given, by=lead)


def signed(package, lead, on=TODAY):
    show_all(package, lead)
    for status in ("applied", "agreed"):
        actions.move_package(package=package, status=status, by=lead)
    return actions.sign_contract(package=package, signed_on=on, starts_on=on, today=TODAY, by=lead)


@pytest.fixture
def contract(package, lead):
    return signed(package, lead)


def session_of(contract, days: int) -> Session:
    cohort = CohortFactory(service_area=contract.service_area, package=contract)
    return SessionFactory(cohort=cohort, held_on=TODAY + timedelta(days=days))


@pytest.mark.parametrize("now", PackageStatus.values)
@pytest.mark.parametrize("then", [one for one in PackageStatus.values if one != "signed"])
def test_a_package_moves_only_as_it_may(area, lead, now, then):
    over = {"signed_on": TODAY, "signed_by": lead, "starts_on": TODAY, "year_ends_on": date(2027, 11, 22)}
    package = PackageFactory(service_area=area, status=now, **(over if now in ("signed", "running") else {}))
    show_all(package, lead) if now != "closed" else None
    if then in PACKAGE_TRANSITIONS[now]:
        assert actions.move_package(package=package, status=then, by=lead).status == then
    else:
        with pytest.raises(StaleState):
            actions.move_package(package=package, status=then, by=lead)


def test_it_is_agreed_once_all_six_conditions_are_shown(package, lead):
    actions.move_package(package=package, status="applied", by=lead)
    show_all(package, lead, but="young")
    with pytest.raises(DomainError, match="1 of 6 conditions"):
        actions.move_package(package=package, status="agreed", by=lead)
    show_all(package, lead)
    assert actions.move_package(package=package, status="agreed", by=lead).status == "agreed"


def test_no_session_is_confirmed_before_the_contract_is_signed(package, lead):
    cohort = CohortFactory(service_area=package.service_area, package=package)
    SessionFactory(cohort=cohort, held_on=TODAY + timedelta(days=40), confirmed_at=None, confirmed_by=None)
    with pytest.raises(DomainError, match="is not signed") as refused:
        actions.confirm_sessions(cohort=cohort, by=lead)
    assert refused.value.code == "not_signed"
    signed(package, lead)
    assert actions.confirm_sessions(cohort=cohort, by=lead) == 1
    with pytest.raises(StaleState):
        actions.confirm_sessions(cohort=cohort, by=lead)


@pytest.mark.parametrize(
    ("signed_on", "starts_on", "message"),
    [
        (TODAY + timedelta(days=1), TODAY + timedelta(days=1), "today or in the past"),
        (TODAY, TODAY - timedelta(days=1), "on or after its signature"),
        (TODAY, TODAY, ""),
    ],
)
def test_the_days_of_a_signature(package, lead, signed_on, starts_on, message):
    TrainingPackage.objects.filter(pk=package.pk).update(status="agreed")
    given = {"signed_on": signed_on, "starts_on": starts_on, "today": TODAY, "by": lead}
    if message:
        with pytest.raises(DomainError, match=message):
            actions.sign_contract(package=package, **given)
    else:
        assert actions.sign_contract(package=package, **given).year_ends_on == date(2027, 11, 22)


def test_what_the_signature_settled_stands(contract, lead):
    with pytest.raises(DomainError, match="The contract is signed"):
        actions.change_package(package=contract, terms=actions.PackageTerms(**(vars(TERMS) | {"agreed": 6})), by=lead)
    changed = actions.PackageTerms(**(vars(TERMS) | {"contact": "The regional director"}))
    assert actions.change_package(package=contract, terms=changed, by=lead).contact == "The regional director"


def test_no_notice_is_older_than_the_contract(contract, lead):
    """A year that was mistyped would count as notice enough, and cost nothing."""
    session, given = session_of(contract, 0), {"because": "The trainer is ill", "today": TODAY, "by": lead}
    with pytest.raises(DomainError, match="on or after the contract was signed"):
        actions.cancel_session(session=session, cancelled_on=contract.signed_on - timedelta(days=1), **given)
    cancelled = actions.cancel_session(session=session, cancelled_on=contract.signed_on, amount=Decimal(0), **given)
    assert cancelled.cancelled_on == contract.signed_on


@pytest.mark.parametrize(("days", "exposed"), [(29, None), (28, None), (27, Decimal(1200)), (0, Decimal(1200))])
def test_28_days_before_costs_nothing_and_27_what_the_provider_asks_for(contract, lead, days, exposed):
    session = session_of(contract, days)
    given = {"cancelled_on": TODAY, "because": "The trainer is ill", "today": TODAY, "by": lead}
    if exposed is not None:
        with pytest.raises(DomainError, match="Enter what the provider asks for"):
            actions.cancel_session(session=session, **given)
    actions.cancel_session(session=session, amount=exposed, **given)
    assert [one.amount for one in Exposure.objects.all()] == ([exposed] if exposed else [])
    with pytest.raises(StaleState, match="cancelled already"):
        actions.cancel_session(session=session, amount=exposed, **given)


def test_the_ceiling_is_the_contract_s_and_not_each_session_s(contract, lead):
    given = {"cancelled_on": TODAY, "because": "No venue", "today": TODAY, "by": lead}
    actions.cancel_session(session=session_of(contract, 10), amount=Decimal(2000), **given)
    second = session_of(contract, 11)
    with pytest.raises(DomainError, match="£1,000.00 of it is left"):
        actions.cancel_session(session=second, amount=Decimal("1000.01"), **given)
    second.refresh_from_db()
    assert second.cancelled_on is None
    actions.cancel_session(session=second, amount=Decimal(1000), **given)
    assert sum(one.amount for one in Exposure.objects.all()) == 3000
    actions.cancel_session(session=session_of(contract, 12), amount=Decimal(0), **given)


@pytest.mark.parametrize("which", ["no contract", "not signed", "not confirmed"])
def test_what_no_contract_covers_exposes_nothing(area, package, lead, which):
    cohort = CohortFactory(service_area=area, package=None if which == "no contract" else package)
    planned = {"confirmed_at": None, "confirmed_by": None} if which == "not confirmed" else {}
    if which == "not confirmed":
        signed(package, lead)
    session = SessionFactory(cohort=cohort, held_on=TODAY, **planned)
    actions.cancel_session(session=session, cancelled_on=TODAY, because="Snow", today=TODAY, by=lead)
    assert not Exposure.objects.exists()


def test_a_cancelled_session_is_told_to_whoever_has_a_place(contract, lead):
    session = session_of(contract, 40)
    enrolled = EnrolmentFactory(cohort=session.cohort, learner__email="ana@example.org")
    EnrolmentFactory(cohort=session.cohort, learner__email="bea@example.org", status="waiting")
    actions.cancel_session(session=session, cancelled_on=TODAY, because="Snow", today=TODAY, by=lead)
    assert [one.enrolment_id for one in TrainingMail.objects.all()] == [enrolled.pk]


def test_conferences_or_activities_of_the_first_year_count(contract, lead):
    def delivered():
        return TrainingPackage.objects.with_figures().get(pk=contract.pk).delivered

    actions.record_activity(package=contract, held_on=TODAY, number=3, words="Panels", today=TODAY, by=lead)
    assert delivered() == 3
    with pytest.raises(DomainError, match="between 23 November 2026 and today"):
        early = TODAY - timedelta(days=1)
        actions.record_activity(package=contract, held_on=early, number=1, words="Panel", today=TODAY, by=lead)
    last, after = date(2027, 11, 22), date(2027, 11, 23)
    for day in (last, after):
        actions.record_activity(package=contract, held_on=day, number=1, words="Panel", today=after, by=lead)
    assert delivered() == 4


def counted(package) -> int:
    return TrainingPackage.objects.with_figures().get(pk=package.pk).delivered


NOT_HELD = {
    "status": "planned",
    "held_on": None,
    "held_recorded_at": None,
    "held_recorded_by": None,
    "model_delivered": "",
}
LETTER, BY_VIDEO = Model.LETTER_EXCHANGE, Model.VIDEO_CONFERENCE


@pytest.mark.parametrize(
    ("held", "says", "number"),
    [
        ([(Model.NJP_PANEL, TODAY), (BY_VIDEO, TODAY), (LETTER, TODAY)], {}, 2),
        ([(Model.NJP_PANEL, TODAY), (LETTER, TODAY)], {"counts_indirect": True}, 2),
        ([(Model.NJP_PANEL, TODAY)], {"counts_held": False}, 0),
        ([(LETTER, TODAY)], {"counts_held": False, "counts_indirect": True}, 0),
        ([(BY_VIDEO, TODAY - timedelta(days=1)), (BY_VIDEO, date(2027, 11, 22))], {}, 1),
        ([(BY_VIDEO, date(2027, 11, 23))], {}, 0),
    ],
)
def test_what_of_our_cases_counts_towards_the_contract(area, contract, held, says, number):
    for model, day in held:
        InterventionFactory(case=CaseFactory(service_area=area), model=model, held_on=day)
    InterventionFactory(case=CaseFactory(service_area=area), **NOT_HELD)
    TrainingPackage.objects.filter(pk=contract.pk).update(**says)
    assert counted(contract) == number


@pytest.mark.parametrize(
    ("first_says", "conferences", "letters"),
    [
        ({}, (2, 0), (0, 1)),  # the first takes no letters: they are left to the second
        ({"counts_indirect": True}, (2, 0), (1, 0)),
        ({"counts_held": False, "counts_indirect": True}, (0, 2), (0, 1)),
        ({"starts_on": TODAY + timedelta(days=1)}, (0, 2), (0, 1)),  # now the second began first
        ({"year_ends_on": TODAY - timedelta(days=1), "starts_on": TODAY - timedelta(days=9)}, (0, 2), (0, 1)),
    ],
)
def test_what_was_held_counts_in_one_contract(area, contract, lead, first_says, conferences, letters):
    second = signed(PackageFactory(service_area=area, counts_indirect=True), lead)
    ahead = {"starts_on": TODAY - timedelta(days=1)} if "starts_on" not in first_says else {}
    TrainingPackage.objects.filter(pk=contract.pk).update(**ahead, **first_says)
    for model in (Model.FACE_TO_FACE_CONFERENCE, Model.NJP_PANEL):
        InterventionFactory(case=CaseFactory(service_area=area), model=model, held_on=TODAY)
    assert (counted(contract), counted(second)) == conferences
    InterventionFactory(case=CaseFactory(service_area=area), model=LETTER, held_on=TODAY)
    both = tuple(map(sum, zip(conferences, letters, strict=True)))
    assert (counted(contract), counted(second)) == both


@pytest.mark.parametrize(
    ("today", "number", "message"),
    [
        (date(2027, 11, 22), 11, "are not over yet"),
        (date(2027, 11, 23), 12, "asks for nothing"),
        (date(2027, 11, 23), 11, ""),
    ],
)
def test_falling_short_is_asked_for_after_the_first_year(contract, lead, today, number, message):
    actions.record_activity(package=contract, held_on=TODAY, number=number, words="Panels", today=TODAY, by=lead)
    given = {"package": contract, "amount": Decimal(500), "today": today, "by": lead}
    if message:
        with pytest.raises(DomainError, match=message):
            actions.record_shortfall(**given)
        return
    assert actions.record_shortfall(**given).limb == "shortfall"
    with pytest.raises(StaleState):
        actions.record_shortfall(**given)


@pytest.mark.parametrize("role", ["practitioner", "supervisor", "hub_worker", "opcc", "other_coordinator"])
def test_only_who_manages_training_touches_a_contract(cast, package, role):
    with acting_as(cast[role]) as user, pytest.raises(NotAllowed):
        actions.move_package(package=package, status="applied", by=user)


def test_something_to_do_is_done_once(package, lead):
    step = actions.add_step(package=package, words="Negotiate dates", who="Tess", due_on=TODAY, by=lead)
    actions.finish_step(step=step, by=lead)
    with pytest.raises(StaleState):
        actions.finish_step(step=step, by=lead)


@pytest.mark.parametrize(
    ("today", "warns"), [(date(2027, 11, 22), ["Agreed number"]), (date(2027, 11, 23), [])], ids=["last day", "after"]
)
def test_closing_does_not_silence_the_agreed_number_while_the_first_year_runs(contract, lead, today, warns):
    for status in ("running", "closed"):
        actions.move_package(package=contract, status=status, by=lead)
    assert [one.word for one in policy.near_clauses(lead, today)] == warns


def test_closing_does_not_silence_a_session_that_was_confirmed(contract, lead):
    session = session_of(contract, 500)
    for status in ("running", "closed"):
        actions.move_package(package=contract, status=status, by=lead)
    last_free = session.held_on - timedelta(days=28)
    assert "Last free day" in [one.word for one in policy.near_clauses(lead, last_free)]
    assert "Last free day" not in [one.word for one in policy.near_clauses(lead, last_free + timedelta(days=1))]
