"""Claims, decisions and payments: borders of rates and years, nobody decides on their own, a claim is paid once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reporting.money import expenses
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.models import User
from rj_service.audit.models import DomainEvent
from rj_service.documents.actions import open_file
from rj_service.jobs.leases import work_on
from tests.documents.pictures import picture
from tests.factories import MembershipFactory
from tests.volunteers.factories import ready_practitioner
from volunteers import actions
from volunteers.actions import paying
from volunteers.mileage import Rate, amount_for, financial_year_of, tax_year_of
from volunteers.models import BudgetLine, ExpenseClaim, PaymentRun

HMRC = Rate(Decimal(45), Decimal(25), 10_000)


@pytest.mark.parametrize(
    ("miles", "before", "pounds"),
    [
        ("10", "0", "4.50"),
        ("0.1", "0", "0.05"),  # 4.5p: the half is rounded up
        ("10", "9990", "4.50"),
        ("10", "9995", "3.50"),
        ("10", "10000", "2.50"),
        ("10", "20000", "2.50"),
    ],
)
def test_what_miles_are_paid(miles, before, pounds):
    assert amount_for(Decimal(miles), before=Decimal(before), rate=HMRC) == Decimal(pounds)


@pytest.mark.parametrize(
    ("day", "tax_year", "financial_year"),
    [
        (date(2026, 3, 31), 2025, 2025),
        (date(2026, 4, 1), 2025, 2026),
        (date(2026, 4, 5), 2025, 2026),
        (date(2026, 4, 6), 2026, 2026),
        (date(2027, 1, 1), 2026, 2026),
    ],
)
def test_two_kinds_of_year(day, tax_year, financial_year):
    assert tax_year_of(day) == (date(tax_year, 4, 6), date(tax_year + 1, 4, 5))
    assert financial_year_of(day) == financial_year


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def pat(area, cast, today):
    return ready_practitioner(area, today, user=cast["practitioner"])


@pytest.fixture
def claim(pat, cast, today):
    def make(**changed) -> ExpenseClaim:
        given = {
            "kind": "mileage",
            "spent_on": today,
            "words": "Ely to Ramsey, a visit",
            "miles": Decimal(10),
        } | changed
        with acting_as(cast["practitioner"]) as by:
            return actions.claim_expense(practitioner=pat, today=today, by=by, **given)

    return make


@pytest.fixture
def line(area, cast, today) -> BudgetLine:
    with acting_as(cast["manager"]) as by:
        given = {"name": "Volunteers’ expenses", "stream": "Ministry of Justice", "amount": Decimal(30_000)}
        return actions.lay_budget_line(area=area, year=financial_year_of(today), by=by, **given)


def decide(claim, user, act: Callable = actions.approve_claim, **given) -> ExpenseClaim:
    with acting_as(user) as by:
        return act(claim=claim, by=by, **given)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"miles": None}, "Enter the miles"),
        ({"miles": Decimal(0)}, "Enter the miles"),
        ({"kind": "parking", "amount": Decimal(3)}, "Add a photograph"),
        ({"kind": "parking", "receipt": b"\x89PNG\r\n\x1a\n"}, "Enter an amount"),
        ({"kind": "parking", "amount": Decimal(3), "receipt": b"a list"}, "must be a photograph or a PDF"),
        ({"words": " "}, "name nobody"),
        ({"spent_on": timezone.localdate() + timedelta(days=1)}, "within the last year"),
        ({"spent_on": timezone.localdate() - timedelta(days=366)}, "within the last year"),
    ],
)
def test_what_is_asked_of_a_claim(claim, changed, words):
    with pytest.raises(DomainError, match=words):
        claim(**changed)


@pytest.mark.django_db
def test_the_rate_of_the_day_and_the_miles_of_the_year(claim, area, cast, today):
    assert claim().amount == Decimal("4.50")
    with acting_as(cast["manager"]) as by:
        rate = {"first_pence": Decimal(50), "after_pence": Decimal(20), "first_miles": 15, "source": "The board"}
        actions.set_mileage_rate(area=area, counts_from=today, by=by, **rate)
        with pytest.raises(DomainError, match="already"):
            actions.set_mileage_rate(area=area, counts_from=today, by=by, **rate)
    assert claim().amount == Decimal("3.50")  # five of the first fifteen are left
    if tax_year_of(today) == tax_year_of(today - timedelta(days=1)):
        assert claim(spent_on=today - timedelta(days=1)).amount == Decimal("4.50")  # at the rate of that day


@pytest.mark.django_db
def test_nobody_decides_on_their_own_and_nobody_twice(claim, line, area, cast, today):
    made = claim(kind="parking", miles=None, amount=Decimal("3.20"), receipt=picture())
    for who in ("practitioner", "coordinator", "other_coordinator"):
        with pytest.raises(NotAllowed), acting_as(cast[who], areas=[area]) as by:
            actions.approve_claim(claim=made, line=line, by=by)
    decide(made, cast["manager"], line=line)
    with pytest.raises(StaleState, match="Nothing was done twice"):
        decide(made, cast["manager"], line=line)
    with pytest.raises(StaleState):
        decide(made, cast["manager"], actions.refuse_claim, because="No")


@pytest.mark.django_db
def test_a_manager_who_volunteers_is_decided_on_by_another(pat, claim, line, area, cast, today):
    user = cast["practitioner"]
    MembershipFactory(user=user, role="service_manager", service_area=area)
    made = claim()
    managing = User.objects.get(pk=user.pk)
    managing.acting = managing.memberships.get(role="service_manager").as_acting()
    with acting_as(managing) as by, pytest.raises(NotAllowed, match="nobody decides on their own"):
        actions.approve_claim(claim=made, line=line, by=by)


@pytest.mark.django_db
def test_what_is_sent_back_comes_again(claim, line, cast, today):
    made = claim()
    with pytest.raises(DomainError, match="Say why"):
        decide(made, cast["manager"], actions.send_back_claim, because=" ")
    decide(made, cast["manager"], actions.send_back_claim, because="Which day?")
    with acting_as(cast["practitioner"]) as by:
        again = actions.change_claim(
            claim=made, spent_on=today, words="Ely to Ely", miles=Decimal(20), today=today, by=by
        )
        assert (again.status, again.amount, again.decided_by) == ("submitted", Decimal("9.00"), None)
        actions.withdraw_claim(claim=again, by=by)
    with pytest.raises(StaleState):
        decide(made, cast["manager"], line=line)


@pytest.mark.django_db
def test_a_line_of_another_year_is_refused(claim, area, cast, today):
    with acting_as(cast["manager"]) as by:
        given = {"name": "Next", "stream": "Police", "amount": Decimal(1)}
        later = actions.lay_budget_line(area=area, year=financial_year_of(today) + 1, by=by, **given)
        with pytest.raises(DomainError, match="of this name"):
            actions.lay_budget_line(area=area, year=later.year, by=by, **given | {"name": "NEXT"})
    with pytest.raises(DomainError, match="of the year in which it was spent"):
        decide(claim(), cast["manager"], line=later)


@pytest.mark.django_db(transaction=True)
def test_a_payment_takes_each_claim_once_and_its_file_runs_nothing(claim, line, pat, area, cast, today):
    pat.learner.last_name = "=HYPERLINK(1)"
    pat.learner.first_name = ""
    pat.learner.save()
    paid = [decide(claim(), cast["manager"], line=line) for _ in range(2)]
    claim()
    with acting_as(cast["manager"]) as by:
        run = actions.make_payment(area=area, by=by)
        with pytest.raises(DomainError, match="No approved claim"):
            actions.make_payment(area=area, by=by)
        with pytest.raises(DomainError, match="not written yet"):
            actions.record_paid(run=run, paid_on=today, today=today, by=by)
    assert work_on(PaymentRun, run.pk)
    run = PaymentRun._base_manager.get(pk=run.pk)
    assert (run.number, run.total, run.state) == (2, Decimal("9.00"), "done")
    written = open_file(run.file).read().decode("utf-8-sig").splitlines()
    assert len(written) == 3 and written[1].lstrip('"').startswith(("' =", "'="))
    with acting_as(cast["manager"]) as by:
        assert BudgetLine.objects.all().with_spending().get().spent == Decimal("9.00")
        with pytest.raises(DomainError, match="on or after the file was made"):
            actions.record_paid(run=run, paid_on=today - timedelta(days=1), today=today, by=by)
        actions.record_paid(run=run, paid_on=today, today=today, by=by)
        with pytest.raises(StaleState):
            actions.record_paid(run=run, paid_on=today, today=today, by=by)
    stands = ExpenseClaim._base_manager.filter(pk__in=[one.pk for one in paid])
    assert set(stands.values_list("status", "payment")) == {("paid", run.pk)}
    assert DomainEvent.objects.filter(verb="volunteers.payment_file_written").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_take_a_claim_once(claim, line, area, cast):
    decide(claim(), cast["manager"], line=line)
    barrier, answers = Barrier(2), []

    def pay():
        try:
            with acting_as(User.objects.get(pk=cast["manager"].pk)) as by:
                barrier.wait(20)
                paying.make_payment(area=area, by=by)
            answers.append("paid")
        except DomainError:
            answers.append("nothing left")
        finally:
            connection.close()

    _at_once([pay, pay])
    assert sorted(answers) == ["nothing left", "paid"]
    assert PaymentRun._base_manager.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_held", "answers"), [(True, ["done", "refused"]), (False, ["done"] * 2)])
def test_two_approvals_at_once(claim, line, cast, monkeypatch, is_held, answers):
    """The control, without the lock, approves it twice."""
    from volunteers.actions import claiming

    made, both, said, move = claim(), Barrier(2), [], claiming._move

    def together(*given):
        move(*given)
        with suppress(BrokenBarrierError):
            both.wait(2 if is_held else 20)

    monkeypatch.setattr(claiming, "_move", together)
    if not is_held:
        rows = ExpenseClaim.objects.select_related
        monkeypatch.setattr(claiming, "_held", lambda one: rows("practitioner__learner__user").get(pk=one.pk))

    def approve():
        try:
            decide(made, User.objects.get(pk=cast["manager"].pk), line=line)
            said.append("done")
        except StaleState:
            said.append("refused")
        finally:
            connection.close()

    _at_once([approve, approve])
    assert sorted(said) == answers


def _at_once(acts: list[Callable[[], None]]) -> None:
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.django_db
def test_expenses_stand_on_the_home_of_whoever_pays(claim, line, area, cast, today, signed_in):
    """From the claim to the payment; one's own are somebody else's to decide on, and nobody else's home shows money."""

    def needs(who="manager"):
        found = signed_in(cast[who]).get("/").context["needs"]
        return [(one["need"].state, one["need"].title, one["url"]) for one in found]

    assert needs() == []
    first, _ = claim(), claim(miles=Decimal(20))
    assert needs() == [("wait", "2 expenses to decide on", reverse("volunteers:claims"))]
    assert needs("coordinator") == []
    ExpenseClaim._base_manager.filter(pk=first.pk).update(submitted_at=timezone.now() - timedelta(days=15))
    assert needs()[0][0] == "soon"
    decide(first, cast["manager"], line=line)
    titles = ["An expense to decide on", "£4.50 of expenses to pay"]
    assert [title for _, title, _ in needs()] == titles
    with acting_as(cast["manager"]) as by:
        run = actions.make_payment(area=area, by=by)
    assert [title for _, title, _ in needs()] == titles[:1]
    assert work_on(PaymentRun, run.pk)
    assert [title for _, title, _ in needs()] == [titles[0], "A payment of £4.50 is not recorded as paid"]
    with acting_as(cast["manager"]) as by:
        actions.record_paid(run=PaymentRun.objects.get(), paid_on=today, today=today, by=by)
    assert [title for _, title, _ in needs()] == titles[:1]


@pytest.mark.django_db
def test_nobody_is_told_to_decide_on_their_own(area, cast, today):
    own = ready_practitioner(area, today, user=cast["manager"])
    given = {"kind": "mileage", "spent_on": today, "miles": 1, "amount": Decimal("0.45"), "words": "Ely"}
    ExpenseClaim._base_manager.create(practitioner=own, **given)
    with acting_as(cast["manager"]) as by:
        assert list(expenses(by, today)) == []
        ExpenseClaim._base_manager.create(practitioner=ready_practitioner(area, today), **given)
        assert [one.title for one in expenses(by, today)] == ["An expense to decide on"]
