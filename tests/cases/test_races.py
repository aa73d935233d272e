"""Two people at one case in the same moment, in real transactions: whoever is second is told, nothing is done twice."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Event, Thread

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from cases import actions
from cases.actions import assessing, assigning, intervening, inviting, keeping, noting
from cases.models import Assignment, Case, Closure, Commitment, Intervention, Invitation, Note, Payment, SurveyResponse
from cases.querysets import NoteQuerySet
from referrals import actions as referrals
from referrals.models import SafetyChange
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError
from rj_service.accounts.models import User
from rj_service.accounts.tokens import kept_of
from rj_service.audit.models import DomainEvent
from rj_service.jobs.leases import work_on
from tests.cases.conftest import ALONE, Ready, consent, items, prepare
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(open_case, cast, area, today) -> Ready:
    ready_practitioner(area, today, user=cast["coordinator"], level=Level.ADVANCED)
    lead = ready_practitioner(area, today, user=cast["practitioner"])
    case = open_case()
    with acting_as(cast["coordinator"]) as by:
        return prepare(
            case, lead, by=by, today=today, model="face_to_face_conference", outcomes=("suitable", "suitable")
        )


def at_once(*acts: Callable[[User], object], by: User) -> list[str]:
    """Each act in a thread and connection of its own; what each came to."""
    barrier, answers = Barrier(len(acts)), []

    def run(act):
        try:
            with acting_as(User.objects.get(pk=by.pk)) as person:
                barrier.wait(20)
                act(person)
            answers.append("done")
        except DomainError as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(answers)


def test_one_closure(committed):
    def close(by):
        actions.close_case(case=committed.case, reason="risk", closed_on=committed.today, by=by, today=committed.today)

    assert at_once(close, close, by=committed.by) == ["StaleState", "done"]
    assert Closure._base_manager.count() == 1


def test_one_lead(open_case, committed, cast, area, today):
    case = open_case()
    people = [ready_practitioner(area, today), ready_practitioner(area, today)]

    def lead(practitioner):
        return lambda by: actions.assign(
            not_asked="otherwise", case=case, practitioner=practitioner, role="lead", sides="both", by=by, today=today
        )

    assert at_once(*map(lead, people), by=committed.by) == ["DomainError", "done"]
    assert Assignment._base_manager.filter(case=case).count() == 1


@pytest.mark.parametrize(
    ("is_held", "answers"),
    [(True, ["accepted", "reserve"]), pytest.param(False, ["accepted"] * 2, marks=pytest.mark.proof)],
)
def test_the_last_place_is_said_yes_to_once(open_case, committed, cast, area, today, monkeypatch, is_held, answers):
    """Both have seen that the place is free before either writes. The control, without the lock, gives it to both."""
    case, users = open_case(), [cast["off_case_practitioner"], cast["supervisor"]]
    given = {"role": "lead", "sides": "both", "answer_by": today, "today": today, "case": case}
    with acting_as(committed.by) as by:
        people = [ready_practitioner(area, today, user=user) for user in users]
        asked = [actions.invite_practitioner(practitioner=one, by=by, **given) for one in people]
    both, is_place_taken = Barrier(2), inviting.is_place_taken

    def read_together(*which):
        found = is_place_taken(*which)
        with suppress(BrokenBarrierError):
            both.wait(2 if is_held else 20)
        return found

    monkeypatch.setattr(inviting, "is_place_taken", read_together)
    if not is_held:
        monkeypatch.setattr(inviting, "_hold", lambda invitation: None)
        monkeypatch.setattr(inviting, "again", lambda row: type(row).objects.get(pk=row.pk))

    def accept(invitation, user):
        def say(_):
            with acting_as(User.objects.get(pk=user.pk)) as by:
                actions.answer_invitation(invitation=invitation, accepted=True, by=by, today=today)

        return say

    assert at_once(*map(accept, asked, users), by=committed.by) == ["done", "done"]
    assert sorted(Invitation._base_manager.values_list("answer", flat=True)) == answers


def test_a_link_answers_once(committed):
    with acting_as(committed.by) as by:
        consent(committed.case, "harmed", "survey", by=by, today=committed.today)
        _, secret = actions.invite_to_survey(
            channel="in_person", participant=committed.harmed, by=by, today=committed.today
        )

    def answer(by):
        actions.answer_survey_by_link(link=kept_of(secret), overall="satisfied", today=committed.today)

    assert at_once(answer, answer, answer, by=committed.by) == ["StaleState", "StaleState", "done"]
    assert SurveyResponse._base_manager.count() == 1


@pytest.mark.parametrize("where", ["case", "referral"])
def test_nothing_stays_arranged_after_a_withdrawal(committed, where):
    def arrange(by):
        actions.schedule_intervention(
            intervention=committed.intervention, planned_for=timezone.now(), by=by, today=committed.today
        )

    def withdraw(by):
        if where == "case":
            actions.withdraw_consent(participant=committed.harmed, by=by, today=committed.today)
        else:
            referrals.withdraw_consent(person=committed.harmed.person, referral=committed.case.referral, by=by)

    assert at_once(arrange, withdraw, by=committed.by) in (["GateClosed", "done"], ["done", "done"])
    for change in SafetyChange._base_manager.filter(state="queued"):
        work_on(SafetyChange, change.pk)
    assert Intervention._base_manager.get(pk=committed.intervention.pk).status in ("planned", "postponed")
    assert Case._base_manager.get(pk=committed.case.pk).stage == "stopped"


def test_a_change_is_acted_on_by_one_worker(committed):
    with acting_as(committed.by) as by:
        actions.schedule_intervention(
            intervention=committed.intervention, planned_for=timezone.now(), by=by, today=committed.today
        )
        referrals.raise_flag(referral=committed.case.referral, kind="stalking", by=by)
    change = SafetyChange._base_manager.get()
    worked = []
    at_once(*[lambda by: worked.append(work_on(SafetyChange, change.pk))] * 2, by=committed.by)
    assert sorted(worked) == [False, True]
    assert Intervention._base_manager.get(pk=committed.intervention.pk).status == "postponed"


# The control, without the lock, is for the proof.
HELD_OR_NOT = [True, pytest.param(False, marks=pytest.mark.proof)]
EIGHT = 8


def together(monkeypatch, module, name: str, number: int, *, is_held: bool) -> None:
    """All have come through what `module` calls `name` before one of them goes on; held, each waits for the others in vain."""
    everybody, asked = Barrier(number), getattr(module, name)

    def wait(*given, **named):
        found = asked(*given, **named)
        with suppress(BrokenBarrierError):
            everybody.wait(1 if is_held else 20)
        return found

    monkeypatch.setattr(module, name, wait)


def unlock(monkeypatch, module) -> None:
    """The control: `module` reads without holding."""
    monkeypatch.setattr(module, "locked_open", lambda case, by, today: Case.objects.get(pk=case.pk))
    monkeypatch.setattr(module, "again", lambda row: type(row).objects.get(pk=row.pk))


@pytest.mark.parametrize(
    ("number", "is_held"), [(2, True), *(pytest.param(EIGHT, held, marks=pytest.mark.proof) for held in (True, False))]
)
def test_one_signature(committed, monkeypatch, number, is_held):
    """Eight press the button at once. The control signs it eight times, and each signature is told as one."""
    with acting_as(committed.by) as by:
        known = {"by": by, "today": committed.today}
        draft = actions.start_assessment(participant=committed.harmed, **known)
        actions.save_items(assessment=draft, items=items("harmed"), alone=ALONE, **known)
    signed = DomainEvent._base_manager.filter(verb="cases.assessment_signed").count()
    together(monkeypatch, assessing, "_signer", number, is_held=is_held)
    if not is_held:
        unlock(monkeypatch, assessing)

    def sign(by):
        judged = {"able": True, "willing": True, "suitable": True, "has_met_person": True}
        actions.sign_assessment(assessment=draft, outcome="suitable", **judged, by=by, today=committed.today)

    answers = at_once(*[sign] * number, by=committed.by)
    assert answers == (["StaleState"] * (number - 1) + ["done"] if is_held else ["done"] * number)
    now = DomainEvent._base_manager.filter(verb="cases.assessment_signed").count()
    assert now - signed == answers.count("done")


@pytest.mark.proof
@pytest.mark.parametrize("is_held", HELD_OR_NOT)
def test_nothing_is_arranged_while_they_withdraw(committed, monkeypatch, is_held):
    """Four arrange it while four record the withdrawal, each between what the gate saw and what is written. The control
    leaves it arranged with nobody’s agreement."""
    seen, gone, gate = Event(), Event(), intervening.require_gate

    def look(*given, **named):
        gate(*given, **named)
        seen.set()
        gone.wait(2 if is_held else 20)

    monkeypatch.setattr(intervening, "require_gate", look)
    if not is_held:
        unlock(monkeypatch, intervening)

    def withdraw(by):
        assert seen.wait(20)
        actions.withdraw_consent(participant=committed.harmed, by=by, today=committed.today)
        gone.set()

    answers = at_once(*[_arrange(committed, timezone.now()), withdraw] * 4, by=committed.by)
    assert answers.count("done") >= 4  # whoever withdraws is never refused
    stands = Intervention._base_manager.get(pk=committed.intervention.pk).status
    assert (stands == "scheduled") is not is_held


@pytest.mark.proof
@pytest.mark.parametrize("is_held", HELD_OR_NOT)
def test_the_last_free_facilitator_is_assigned_once(open_case, committed, area, monkeypatch, is_held):
    """One place under their limit, and eight cases that want them. The control gives them all eight."""
    free = ready_practitioner(area, committed.today, case_limit=1)
    wanting = [open_case() for _ in range(EIGHT)]
    together(monkeypatch, assigning, "require_free", EIGHT, is_held=is_held)
    if not is_held:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *given, **named: rows)

    def take(case):
        given = {"role": "lead", "sides": "both", "not_asked": "otherwise", "practitioner": free}
        return lambda by: actions.assign(case=case, **given, by=by, today=committed.today)

    answers = at_once(*map(take, wanting), by=committed.by)
    assert answers == (["DomainError"] * 7 + ["done"] if is_held else ["done"] * EIGHT)
    assert Assignment._base_manager.filter(practitioner=free).count() == answers.count("done")


@pytest.fixture
def owed(committed) -> Commitment:
    with acting_as(committed.by) as by:
        known = {"by": by, "today": committed.today}
        committed.hold()
        new = actions.NewCommitment("compensation", "The door", committed.responsible, committed.today, Decimal(100))
        agreement = actions.record_agreement(
            intervention=committed.intervention, agreed_on=committed.today, commitments=[new], **known
        )
        return Commitment.objects.select_related("agreement__case").get(agreement=agreement)


@pytest.mark.parametrize(
    ("is_held", "answers", "paid"),
    [(True, ["DomainError", "done"], 60), pytest.param(False, ["done"] * 2, 120, marks=pytest.mark.proof)],
)
def test_no_more_is_paid_than_is_owed(owed, committed, monkeypatch, is_held, answers, paid):
    """Both have read what is left before either writes. The control, without the locks, pays it twice."""
    both, what_is_paid = Barrier(2), keeping.what_is_paid

    def read_together(commitment):
        found = what_is_paid(commitment)
        with suppress(BrokenBarrierError):
            both.wait(2 if is_held else 20)
        return found

    monkeypatch.setattr(keeping, "what_is_paid", read_together)
    if not is_held:
        monkeypatch.setattr(keeping, "locked", lambda case, by, today: Case.objects.get(pk=case.pk))
        monkeypatch.setattr(keeping, "again", lambda row: type(row).objects.get(pk=row.pk))

    def pay(by):
        given = {"paid_on": committed.today, "way": "cash", "receipt": "R-1"}
        actions.record_payment(commitment=owed, amount=Decimal(60), **given, by=by, today=committed.today)

    assert at_once(pay, pay, by=committed.by) == answers
    assert sum(one.amount for one in Payment._base_manager.all()) == paid


def _arrange(one: Ready, at) -> Callable:
    return lambda by: actions.schedule_intervention(
        intervention=one.intervention, planned_for=at, by=by, today=one.today
    )


@pytest.mark.proof
@pytest.mark.parametrize("is_held", HELD_OR_NOT)
def test_one_meeting_is_arranged_once(committed, monkeypatch, is_held):
    """The control, without the locks, arranges it eight times."""
    together(monkeypatch, intervening, "require_gate", EIGHT, is_held=is_held)
    if not is_held:
        unlock(monkeypatch, intervening)
        monkeypatch.setattr(intervening, "hold_practitioners", lambda practitioners: None)
    answers = at_once(*[_arrange(committed, timezone.now())] * EIGHT, by=committed.by)
    assert answers == (["StaleState"] * 7 + ["done"] if is_held else ["done"] * EIGHT)


@pytest.mark.parametrize(
    ("number", "is_held"), [(2, True), *(pytest.param(EIGHT, held, marks=pytest.mark.proof) for held in (True, False))]
)
def test_facilitators_are_at_one_meeting_at_a_time(open_case, committed, monkeypatch, number, is_held):
    """Half of them arrange one meeting, half another of the same lead. The control sends the lead to both."""
    with acting_as(committed.by) as by:
        known = {"by": by, "today": committed.today, "model": committed.intervention.model}
        other = prepare(open_case(), committed.lead, outcomes=("suitable", "suitable"), **known)
    together(monkeypatch, intervening, "require_gate", 2, is_held=is_held)
    if not is_held:
        monkeypatch.setattr(intervening, "hold_practitioners", lambda practitioners: None)
    at = timezone.now()
    answers = at_once(*[_arrange(committed, at), _arrange(other, at)] * (number // 2), by=committed.by)
    assert answers.count("done") == (1 if is_held else 2)
    assert Intervention._base_manager.filter(status="scheduled").count() == answers.count("done")


@pytest.mark.proof
@pytest.mark.parametrize("is_held", HELD_OR_NOT)
def test_of_eight_windows_at_one_note_none_writes_over_another(committed, monkeypatch, is_held):
    """Whoever is refused has their own words still, and is given those that stand. The control loses seven."""
    given, everybody = {"participant": committed.harmed, "today": committed.today}, Barrier(EIGHT)
    with acting_as(committed.by) as by:
        actions.save_note(words="First", version=0, by=by, **given)

    class Clock:
        """Asked between reading and writing."""

        @staticmethod
        def now():
            with suppress(BrokenBarrierError):
                everybody.wait(1 if is_held else 20)
            return timezone.now()

    monkeypatch.setattr(noting, "timezone", Clock)
    if not is_held:
        monkeypatch.setattr(noting, "locked_open", lambda case, by, today: Case.objects.get(pk=case.pk))
        monkeypatch.setattr(NoteQuerySet, "select_for_update", lambda rows: rows)
    refused: list[tuple[str, str]] = []

    def write(number: int) -> Callable:
        def save(by):
            try:
                actions.save_note(words=f"Window {number}", version=1, by=by, **given)
            except actions.NoteChanged as changed:
                refused.append((f"Window {number}", changed.theirs))
                raise

        return save

    answers = at_once(*map(write, range(EIGHT)), by=committed.by)
    kept = Note._base_manager.get().draft
    assert answers == (["NoteChanged"] * 7 + ["done"] if is_held else ["done"] * EIGHT)
    if is_held:
        assert {own for own, _ in refused} | {kept} == {f"Window {number}" for number in range(EIGHT)}
        assert {theirs for _, theirs in refused} == {kept}
