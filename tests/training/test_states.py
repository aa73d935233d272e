"""Every status of an enrolment, and every verb: it goes through, or it is refused and nothing changes."""

from dataclasses import dataclass
from datetime import date

import pytest

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from tests.cases.states import play_table
from tests.training.factories import CohortFactory, EnrolmentFactory, LearnerFactory, SessionFactory
from training import actions
from training.choices import EnrolmentStatus as S
from training.models import Cohort, Enrolment, Learner, Session

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@dataclass
class Course:
    """Held today, with one place; its register is open until somebody completes it."""

    cohort: Cohort
    session: Session
    learner: Learner
    lead: User
    own: User


@pytest.fixture
def course(area, cast) -> Course:
    cohort = CohortFactory(service_area=area, maximum=1)
    learner = LearnerFactory(service_area=area, user=cast["practitioner"])
    session = SessionFactory(cohort=cohort, held_on=TODAY)
    return Course(cohort, session, learner, lead=cast["training_lead"], own=cast["practitioner"])


def enrol(course, _=None) -> Enrolment:
    with acting_as(course.lead) as by:
        return actions.enrol(cohort=course.cohort, learner=course.learner, today=TODAY, by=by)


def drop_out(course, one) -> None:
    with acting_as(course.lead) as by:
        actions.drop_out(enrolment=one, reason="Ill", today=TODAY, by=by)


def give_up(course, one) -> None:
    with acting_as(course.own) as by:
        actions.give_up_place(enrolment=one, reason="Ill", today=TODAY, by=by)


def take_register(course, one) -> None:
    with acting_as(course.lead) as by:
        actions.record_attendance(session=course.session, present=[one.pk], today=TODAY, by=by)


def complete(course, _) -> None:
    with acting_as(course.lead) as by:
        actions.complete_cohort(cohort=course.cohort, today=TODAY, by=by)


def passed(course, one, *, passed: bool = True) -> None:
    with acting_as(course.lead) as by:
        actions.record_result(enrolment=one, passed=passed, decided_on=TODAY, today=TODAY, by=by)


def not_passed(course, one) -> None:
    passed(course, one, passed=False)


def give_pack(course, one) -> None:
    with acting_as(course.lead) as by:
        actions.issue_packs(cohort=course.cohort, enrolments=[one.pk], issued_on=TODAY, today=TODAY, by=by)


def _waiting(course) -> Enrolment:
    EnrolmentFactory(cohort=course.cohort)
    return enrol(course)


def _after(*steps):
    def come(course) -> Enrolment:
        one = enrol(course)
        for step in steps:
            step(course, one)
        return one

    return come


STATUSES = {
    S.ENROLLED: _after(),
    S.WAITING: _waiting,
    S.COMPLETED: _after(take_register, complete),
    S.DROPPED_OUT: _after(drop_out),
}
WORDS = dict.fromkeys(S, DomainError)  # said in words of its own
VERBS = {
    "enrol": (enrol, {S.DROPPED_OUT}, {S.COMPLETED: DomainError}),
    "drop out": (drop_out, {S.ENROLLED, S.WAITING}),
    "give up their own": (give_up, set(), WORDS),  # it has begun
    "take the register": (take_register, {S.ENROLLED}, {S.COMPLETED: DomainError}),
    "close the register": (complete, {S.DROPPED_OUT}, WORDS),  # nobody's is open
    "say that they passed": (passed, {S.COMPLETED}, WORDS),
    "say that they did not pass": (not_passed, {S.ENROLLED, S.COMPLETED}, WORDS),
    "give a pack": (give_pack, {S.ENROLLED, S.COMPLETED}, WORDS),
}


def test_every_status_of_an_enrolment_and_every_verb(course):
    assert set(STATUSES) == set(S)
    play_table(course, "enrolment", STATUSES, VERBS)
