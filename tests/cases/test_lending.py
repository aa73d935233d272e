"""A facilitator of another area works on one case: arranged by both, asked, named, begun, ended; and sees nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import actions
from cases.choices import LoanStatus
from cases.models import Arrangement, Assignment, Case, Loan, Participant
from cases.views.candidates import candidates_for, need_of
from referrals import actions as referrals
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import Membership, User
from rj_service.accounts.roles import Role
from rj_service.notifications.models import Notification
from tests.cases.states import play_table
from tests.factories import member
from tests.volunteers.factories import ready_practitioner
from volunteers.models import Check, Practitioner

from .conftest import undone

pytestmark = pytest.mark.django_db
WORDS = "Twelve hours in Ely, a calm co-facilitator"


@pytest.fixture
def other_manager(other_area):
    return member(Role.SERVICE_MANAGER, other_area, first_name="Nora", last_name="Vale")


@pytest.fixture
def arranged(area, other_area, cast, other_manager, today) -> Arrangement:
    with acting_as(cast["manager"]) as by:
        arrangement = actions.propose_arrangement(
            area=area, other=other_area, words="Each lends the other two a month", starts_on=today, by=by, today=today
        )
    with acting_as(other_manager) as by:
        return actions.agree_arrangement(arrangement=arrangement, by=by)


@pytest.fixture
def abroad(other_area, today) -> Practitioner:
    user = member(Role.PRACTITIONER, other_area, first_name="Abe", last_name="Loom")
    return ready_practitioner(other_area, today, user=user)


@pytest.fixture
def ask(cast, today, arranged):
    def make(case, *, sides="harmed", role="co_facilitator", words=WORDS) -> Loan:
        with acting_as(cast["coordinator"]) as by:
            return actions.ask_for_facilitator(
                case=case, arrangement=arranged, role=role, sides=sides, words=words, by=by, today=today
            )

    return make


@pytest.fixture
def name(cast, today):
    def make(loan, practitioner) -> Loan:
        with acting_as(cast["other_coordinator"]) as by:
            return actions.name_facilitator(loan=loan, practitioner=practitioner, by=by, today=today)

    return make


@pytest.fixture
def begin(cast, today):
    def make(loan, not_asked="otherwise") -> Assignment:
        with acting_as(cast["coordinator"]) as by:
            return actions.begin_loan(loan=loan, not_asked=not_asked, by=by, today=today)

    return make


@pytest.fixture
def borrowed(open_case, ask, name, begin, abroad) -> Loan:
    loan = name(ask(open_case()), abroad)
    begin(loan)
    return fresh(loan)


def fresh(loan) -> Loan:
    return Loan._base_manager.get(pk=loan.pk)


def working_in(user, area):
    return Membership.objects.filter(user=user, service_area=area, ended_on=None).first()


def test_an_arrangement_counts_once_both_managers_have_said_yes(
    area, other_area, cast, other_manager, today, open_case
):
    given = {"area": area, "other": other_area, "words": "Two a month", "starts_on": today, "today": today}
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        actions.propose_arrangement(by=by, **given)
    with acting_as(cast["manager"]) as by:
        arrangement = actions.propose_arrangement(by=by, **given)
        assert not arrangement.is_in_force(today)
        with pytest.raises(NotAllowed):
            actions.agree_arrangement(arrangement=arrangement, by=by)
        with pytest.raises(DomainError, match="There is an arrangement"):
            actions.propose_arrangement(by=by, **given)
    case = open_case()
    with acting_as(cast["coordinator"]) as by, pytest.raises(DomainError, match="not in force"):
        actions.ask_for_facilitator(
            case=case, arrangement=arrangement, role="lead", sides="both", words=WORDS, by=by, today=today
        )
    with acting_as(other_manager) as by:
        arrangement = actions.agree_arrangement(arrangement=arrangement, by=by)
        assert arrangement.is_in_force(today) and not arrangement.is_in_force(today - timedelta(days=1))
        actions.end_arrangement(arrangement=arrangement, by=by, today=today)
    assert not Arrangement._base_manager.get().is_in_force(today)


def test_the_lending_area_reads_what_is_needed_and_nothing_of_the_case(open_case, ask, cast, signed_in):
    case = open_case()
    loan = ask(case)
    client = signed_in(cast["other_coordinator"])
    for address in (
        reverse("cases:arrangements"),
        reverse("cases:loan", args=[loan.pk]),
        reverse("cases:answer-loan", args=[loan.pk]),
    ):
        page = client.get(address).content.decode()
        assert "Cambridgeshire RJ" in page and WORDS in page
        hidden = ["Maureen", "Okafor", "Hart", case.reference, case.reference[:3] + "-", str(case.pk)]
        assert [word for word in hidden if word in page] == []
    assert client.get(reverse("cases:desk", args=[case.pk])).status_code == 404
    with pytest.raises(DomainError, match="They may not read"):
        ask(case, words="Maureen would like somebody calm")


def test_whoever_is_lent_sees_that_case_and_that_side_alone(borrowed, abroad, area, open_case, cast):
    other, user = open_case(), abroad.learner.user
    membership = working_in(user, area)
    assert borrowed.status == LoanStatus.WORKING and borrowed.membership == membership
    user.acting = membership.as_acting()
    with acting_as(user) as by:
        assert list(Case.objects.visible_to(by)) == [borrowed.case]
        assert {one.side for one in Participant.objects.visible_to(by)} == {"harmed"}
        assert not Case.objects.visible_to(by).filter(pk=other.pk).exists()
    user.acting = working_in(user, abroad.service_area).as_acting()
    with acting_as(user) as by:  # at home
        assert not Case.objects.visible_to(by).exists()


def test_they_open_the_case_in_the_browser_of_the_area_that_borrows(borrowed, abroad, area, signed_in):
    client = signed_in(abroad.learner.user)
    chosen = client.post(reverse("accounts:change-role"), {"membership": str(working_in(abroad.learner.user, area).pk)})
    assert chosen.status_code == 302
    page = client.get(reverse("cases:my-work"))
    assert page.status_code == 200
    desk = client.get(reverse("cases:desk", args=[borrowed.case_id])).content.decode()
    assert "Maureen" in desk and "Hart" not in desk


@pytest.mark.parametrize("by_whom", ["coordinator", "other_coordinator"])
def test_either_area_ends_it_and_access_ends_at_once(borrowed, abroad, area, cast, today, by_whom):
    user = abroad.learner.user
    acting = working_in(user, area).as_acting()
    with acting_as(cast[by_whom]) as by:
        actions.end_loan(loan=borrowed, by=by, today=today)
        with pytest.raises(StaleState):
            actions.end_loan(loan=borrowed, by=by, today=today)
    assert fresh(borrowed).status == LoanStatus.ENDED
    assert working_in(user, area) is None
    user.acting = acting
    with acting_as(user) as by:
        assert not Case.objects.visible_to(by).exists()


def test_it_ends_with_the_assignment_and_with_the_case(borrowed, abroad, area, cast, today):
    with undone(), acting_as(cast["coordinator"]) as by:
        actions.end_assignment(assignment=borrowed.assignment, reason="Moved", by=by, today=today)
        assert fresh(borrowed).status == LoanStatus.ENDED and working_in(abroad.learner.user, area) is None
    with acting_as(cast["coordinator"]) as by:
        actions.close_case(
            case=borrowed.case, reason="harmed_chose_not", closed_on=today, by=by, today=today, note="Enough"
        )
    assert fresh(borrowed).status == LoanStatus.ENDED and working_in(abroad.learner.user, area) is None


@pytest.mark.parametrize("role", ["co_facilitator", "lead"])
def test_it_ends_when_they_leave_their_home(open_case, ask, name, begin, abroad, area, cast, today, role):
    """What was named and has not begun is taken back; the area of the case hears, and looks for another lead."""
    working, waiting = name(ask(open_case(), role=role), abroad), name(ask(open_case()), abroad)
    begin(working)
    with acting_as(cast["other_coordinator"]) as by:
        assert actions.record_leaver(practitioner=abroad, reason="Moved", today=today, by=by) == 1
    assert (fresh(working).status, fresh(waiting).status) == (LoanStatus.ENDED, LoanStatus.TAKEN_BACK)
    assert working_in(abroad.learner.user, area) is None
    assert not User.objects.get(pk=abroad.learner.user_id).is_active
    told = Notification.objects.filter(user=cast["coordinator"], kind="loan_update").values_list("object_id", flat=True)
    assert {working.pk, waiting.pk} <= set(told)
    to_do = Task._base_manager.filter(referral=working.case.referral_id, kind="find_lead", done_at=None)
    assert to_do.count() == 1, "of a co-facilitator the first one is open still, of a lead a new one is"
    assert to_do.get().assigned_to == cast["coordinator"]


def test_a_second_case_keeps_them_until_it_ends_too(borrowed, open_case, ask, name, begin, abroad, area, cast, today):
    second = name(ask(open_case()), abroad)
    begin(second)
    with acting_as(cast["coordinator"]) as by:
        actions.end_loan(loan=borrowed, by=by, today=today)
        assert working_in(abroad.learner.user, area) is not None
        actions.end_loan(loan=second, by=by, today=today)
    assert working_in(abroad.learner.user, area) is None


def test_they_are_ready_by_the_facts_of_their_home(borrowed, abroad, open_case, ask, name, begin, area, cast, today):
    Check._base_manager.filter(practitioner=abroad, kind="nppv_2").update(expires_on=today - timedelta(days=1))
    with pytest.raises(DomainError, match="cannot be lent: police vetting .* ended"):
        name(ask(open_case()), abroad)
    user = abroad.learner.user
    user.acting = working_in(user, area).as_acting()
    with acting_as(user) as by:  # lapsed at home, closed here the same day
        assert not Case.objects.visible_to(by).exists()


def test_a_conflict_is_looked_for_where_the_case_is(open_case, ask, name, begin, abroad, cast):
    case = open_case()
    loan = name(ask(case), abroad)
    with acting_as(cast["coordinator"]) as by:
        referrals.declare_conflict(user=abroad.learner.user, by=by, person=case.referral.person_harmed)
    with pytest.raises(DomainError, match="conflict of interest"):
        begin(loan)
    assert fresh(loan).status == LoanStatus.LENT


def test_nobody_begins_who_was_not_asked_whether_they_know_anybody(
    open_case, ask, name, begin, abroad, cast, signed_in
):
    """As before an assignment: they see the case at once, and no conflict of a stranger here is declared."""
    loan = name(ask(open_case()), abroad)
    for reason in ("", "handed_over", "because"):
        with pytest.raises(DomainError, match="Abe Loom has not answered whether they know anybody"):
            begin(loan, reason)
    client, page = signed_in(cast["coordinator"]), reverse("cases:begin-loan", args=[loan.pk])
    assert "Have they been asked whether they know anybody?" in client.get(page).content.decode()
    refused = client.post(page)
    assert refused.status_code == 422 and "Say whether they have been asked" in refused.content.decode()
    assert fresh(loan).status == LoanStatus.LENT and fresh(loan).assignment is None
    assert client.post(page, {"not_asked": "otherwise"}).status_code == 302
    begun = Assignment._base_manager.get(loan=loan)
    assert (begun.practitioner, begun.not_asked_because) == (abroad, "otherwise")
    assert client.get(page).status_code == 404, "once"


def acted_by(user, act, **given):
    def acted(_, loan):
        with acting_as(user) as by:
            act(loan=fresh(loan), by=by, **given)

    return acted


def test_every_status_of_a_loan_and_every_verb(open_case, ask, name, begin, abroad, cast, today):
    case, ours, theirs = open_case(), cast["coordinator"], cast["other_coordinator"]
    verbs = {
        "name somebody": (lambda _, loan: name(fresh(loan), abroad), {LoanStatus.ASKED}),
        "refuse": (acted_by(theirs, actions.refuse_loan), {LoanStatus.ASKED}),
        "take back": (acted_by(ours, actions.take_back_loan, today=today), {LoanStatus.ASKED, LoanStatus.LENT}),
        "begin": (lambda _, loan: begin(fresh(loan)), {LoanStatus.LENT}),
        "end": (acted_by(ours, actions.end_loan, today=today), {LoanStatus.WORKING}),
    }

    def after(*steps):
        def come(_):
            loan = ask(case)
            for step in steps:
                verbs[step][0](_, loan)
            return loan

        return come

    statuses = {
        LoanStatus.ASKED: after(),
        LoanStatus.LENT: after("name somebody"),
        LoanStatus.WORKING: after("name somebody", "begin"),
        LoanStatus.REFUSED: after("refuse"),
        LoanStatus.TAKEN_BACK: after("take back"),
        LoanStatus.ENDED: after("name somebody", "begin", "end"),
    }
    assert set(statuses) == set(LoanStatus)
    play_table(None, "loan", statuses, verbs)


def test_who_may_do_what_to_a_loan(open_case, ask, name, abroad, cast, area, today):
    loan = ask(open_case())
    own = ready_practitioner(area, today, user=cast["practitioner"])
    with acting_as(cast["coordinator"]) as by, pytest.raises(NotAllowed):
        actions.name_facilitator(loan=loan, practitioner=own, by=by, today=today)
    with acting_as(cast["other_coordinator"]) as by, pytest.raises(DomainError, match="of your own area"):
        actions.name_facilitator(loan=loan, practitioner=own, by=by, today=today)
    loan = name(loan, abroad)
    with acting_as(cast["other_coordinator"]) as by, pytest.raises(NotAllowed):
        actions.begin_loan(loan=loan, by=by, today=today)
    with acting_as(cast["other_coordinator"]) as by:
        actions.take_back_loan(loan=loan, by=by, today=today)
    with acting_as(cast["coordinator"]) as by, pytest.raises(StaleState, match="Nothing was done twice"):
        actions.begin_loan(loan=loan, by=by, today=today)


def test_nobody_of_another_area_is_assigned_without_a_loan(open_case, abroad, cast, today):
    case = open_case()
    with acting_as(cast["coordinator"]) as by:
        assert actions.blocks_to_lend(abroad, "lead", today) == []
        with pytest.raises(DomainError, match="another area"):
            actions.blocks_to_assign(case=case, practitioner=abroad, role="lead", today=today)
        with pytest.raises(Practitioner.DoesNotExist):
            actions.assign(
                not_asked="otherwise", case=case, practitioner=abroad, role="lead", sides="both", by=by, today=today
            )


def test_an_arrangement_that_ends_takes_back_what_has_not_begun(borrowed, open_case, ask, arranged, cast, today):
    waiting = ask(open_case())
    with acting_as(cast["manager"]) as by:
        actions.end_arrangement(arrangement=arranged, by=by, today=today)
    assert fresh(waiting).status == LoanStatus.TAKEN_BACK
    assert fresh(borrowed).status == LoanStatus.WORKING


def test_whoever_is_named_stands_on_the_desk_until_they_begin(open_case, ask, name, begin, abroad, area, cast, today):
    """With the reasons of everybody there, of their own area's facts; others of that area are not known here."""
    case = open_case()
    here = ready_practitioner(area, today, case_limit=1, user=cast["practitioner"])
    ready_practitioner(abroad.service_area, today)
    loan = ask(case)

    def on_the_desk(role="co_facilitator"):
        with acting_as(cast["coordinator"]) as by:
            need = need_of(case, role=role, meeting=None, beside=[])
            return candidates_for(case, need, by=by, today=today)

    assert abroad not in [one.practitioner for one in on_the_desk().ready.rows]
    loan = name(loan, abroad)
    rows = {one.practitioner: one for one in on_the_desk().ready.rows}
    assert set(rows) == {here, abroad}
    assert rows[abroad].loan == loan and rows[here].loan is None
    assert rows[abroad].reasons.for_them[:2] == [
        "Lent by Norfolk RJ for this case",
        "Checks, training and supervision are in date",
    ]
    assert "Comes from another area: ask how far they travel" in rows[abroad].reasons.to_bear_in_mind
    assert abroad not in [one.practitioner for one in on_the_desk("lead").ready.rows]
    with undone():
        Check._base_manager.filter(practitioner=abroad, kind="nppv_2").update(expires_on=today - timedelta(days=1))
        (one,) = [one for one in on_the_desk().cannot.rows if one.practitioner == abroad]
        assert one.reasons.blocks[0].startswith("Police vetting")
    begin(loan)
    assert abroad not in [one.practitioner for part in on_the_desk().parts for one in part.rows]
