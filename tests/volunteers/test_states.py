"""Every status of a claim, a payment and a nominee, and every verb: it goes through, or it is refused and nothing changes."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.jobs.leases import work_on
from tests.cases.states import play_table
from tests.volunteers.factories import PractitionerFactory, ready_practitioner
from volunteers import actions
from volunteers.choices import ClaimStatus as S
from volunteers.choices import NomineeStatus
from volunteers.mileage import financial_year_of
from volunteers.models import ExpenseClaim, Nominee, PaymentRun
from volunteers.tasks import write_payment_file  # noqa: F401 (registers the work of a PaymentRun)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
JOURNEY = {"spent_on": TODAY, "words": "Ely to Ramsey, a visit", "miles": Decimal(10), "today": TODAY}


@pytest.fixture
def claim(area, cast) -> Callable[..., ExpenseClaim]:
    """A claim, and what became of it: each step by its verb."""
    pat = ready_practitioner(area, TODAY, user=cast["practitioner"])

    def make(*steps) -> ExpenseClaim:
        with acting_as(cast["practitioner"]) as by:
            one = actions.claim_expense(practitioner=pat, kind="mileage", by=by, **JOURNEY)
        for step in steps:
            step(None, one)
        return one

    return make


@pytest.fixture
def verbs(area, cast) -> dict[str, Callable]:
    with acting_as(cast["manager"]) as by:
        year = financial_year_of(TODAY)
        line = actions.lay_budget_line(area=area, year=year, name="Miles", stream="MoJ", amount=Decimal(900), by=by)

    def of_claim(who, act, **given):
        def acted(_, one):
            with acting_as(cast[who]) as by:
                act(claim=one, by=by, **given)

        return acted

    def pay(*_):
        with acting_as(cast["manager"]) as by:
            actions.make_payment(area=area, by=by)

    def write(*_):
        assert work_on(PaymentRun, PaymentRun._base_manager.get().pk)

    def record_paid(*_):
        with acting_as(cast["manager"]) as by:
            actions.record_paid(run=PaymentRun.objects.get(), paid_on=TODAY, today=TODAY, by=by)

    return {
        "change": of_claim("practitioner", actions.change_claim, **JOURNEY),
        "withdraw": of_claim("practitioner", actions.withdraw_claim),
        "approve": of_claim("manager", actions.approve_claim, line=line),
        "send back": of_claim("manager", actions.send_back_claim, because="Which day?"),
        "refuse": of_claim("manager", actions.refuse_claim, because="Not ours"),
        "pay": pay,
        "write": write,
        "record paid": record_paid,
    }


def test_every_status_of_a_claim_and_every_verb(claim, verbs):
    arrive = {
        S.SUBMITTED: (),
        S.SENT_BACK: ("send back",),
        S.WITHDRAWN: ("withdraw",),
        S.REFUSED: ("refuse",),
        S.APPROVED: ("approve",),
        S.IN_FILE: ("approve", "pay"),
        S.PAID: ("approve", "pay", "write", "record paid"),
    }
    assert set(arrive) == set(S)
    statuses = {status: lambda _, steps=steps: claim(*map(verbs.get, steps)) for status, steps in arrive.items()}
    table = {
        "change": (verbs["change"], {S.SENT_BACK}),
        "withdraw": (verbs["withdraw"], {S.SUBMITTED, S.SENT_BACK}),
        "approve": (verbs["approve"], {S.SUBMITTED}),
        "send back": (verbs["send back"], {S.SUBMITTED}),
        "refuse": (verbs["refuse"], {S.SUBMITTED}),
        "pay": (verbs["pay"], {S.APPROVED}, dict.fromkeys(S, DomainError)),
    }
    play_table(None, "claim", statuses, table)


def test_every_status_of_a_payment_and_what_is_recorded_as_paid(claim, verbs):
    def after(*steps):
        def come(_) -> PaymentRun:
            claim(*map(verbs.get, ("approve", "pay", *steps)))
            return PaymentRun._base_manager.get()

        return come

    statuses = {"waits for its file": after(), "written": after("write"), "paid": after("write", "record paid")}
    table = {
        "record paid": (verbs["record paid"], {"written"}, {"waits for its file": DomainError}),
        "pay again": (verbs["pay"], set(), dict.fromkeys(statuses, DomainError)),
    }
    play_table(None, "payment", statuses, table)


def test_every_status_of_a_nominee_and_every_verb(area, cast):
    with acting_as(cast["coordinator"]) as by:
        lines = [actions.Places(None, 1, True)]
        team = actions.compose_team(area=area, name="Ely", lines=lines, size=1, fewest_volunteers=1, by=by)
        place = team.places.get()
        common = {"today": TODAY, "by": by}

        def named() -> Nominee:
            who = PractitionerFactory(service_area=area)
            return actions.nominate(place=place, who=who, named_on=TODAY, **common)

        def drop(_, one) -> None:
            actions.drop_nominee(nominee=one, reason="No time", **common)

        def name_again(_, one) -> None:
            actions.nominate(place=place, who=one.practitioner, named_on=TODAY, **common)

        def reserve(_) -> Nominee:
            named()
            return named()

        def dropped(_) -> Nominee:
            drop(_, one := named())
            return one

        statuses = {
            NomineeStatus.CHOSEN: lambda _: named(),
            NomineeStatus.RESERVE: reserve,
            NomineeStatus.DROPPED_OUT: dropped,
        }
        assert set(statuses) == set(NomineeStatus)
        verbs = {
            "drop": (drop, {NomineeStatus.CHOSEN, NomineeStatus.RESERVE}),
            "name again": (name_again, {NomineeStatus.DROPPED_OUT}),
        }
        play_table(None, "nominee", statuses, verbs)
