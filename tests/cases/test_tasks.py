"""The timeline of a case: what happens makes tasks and ends them; and what people do with a task."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.choices import Side
from cases.models import Case, Intervention
from cases.timelines import OF_TIMELINES
from referrals.actions import declare_conflict, record_check, take_referral
from referrals.models import Task
from referrals.policy import checks_needed
from referrals.working_days import add_working_days
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.notifications.models import Notification
from rj_service.ui.dates import months_after
from tests.cases.conftest import assess, consent, side_of, undone
from tests.factories import member
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(settings):
    """Each period another: no two can be taken for one another."""
    settings.RJ_TASK_DAYS = {kind: number for number, kind in enumerate(settings.RJ_TASK_DAYS, start=1)}
    return settings.RJ_TASK_DAYS


def open_tasks(case) -> dict[str, Task]:
    """By kind; the test fails where there are two of a kind about one thing."""
    found = list(Task.objects.open().filter(referral=case.referral_id).order_by("due_on"))
    assert len({(one.kind, one.about) for one in found}) == len(found)
    return {one.kind: one for one in found}


def speak(case, side, by, today, result="spoke"):
    method = "phone" if side == Side.HARMED else "visit"
    given = {"participant": side_of(case, side), "method": method, "result": result}
    actions.log_contact(**given, occurred_at=timezone.now(), by=by, today=today)


def test_an_opened_case_asks_for_a_first_contact_and_a_lead(open_case, coordinator, today, days):
    case = open_case()
    found = open_tasks(case)
    assert set(found) == {"first_contact", "find_lead"}
    contact = found["first_contact"]
    assert (contact.side, contact.assigned_to, contact.due_on) == (
        Side.HARMED,
        coordinator,
        add_working_days(today, days["first_contact"]),
    )


def test_a_lead_who_goes_leaves_the_task_to_find_another(open_case, area, cast, coordinator, today, days):
    """Not while the next one begins in the same act, nor once the case is closed; and not for a co-facilitator."""
    case, given = open_case(), {"by": coordinator, "today": today}
    leads = [ready_practitioner(area, today, user=cast[name]) for name in ("practitioner", "off_case_practitioner")]
    lead = actions.assign(not_asked="otherwise", case=case, practitioner=leads[0], role="lead", sides="both", **given)
    beside = actions.assign(
        not_asked="otherwise", case=case, practitioner=leads[1], role="co_facilitator", sides="both", **given
    )
    lead = actions.change_assignment(assignment=lead, role="lead", sides="harmed", **given)
    actions.end_assignment(assignment=beside, reason="Busy", **given)
    assert Task.objects.filter(referral=case.referral_id, kind="find_lead").count() == 1, "the first one, done"
    actions.record_leaver(practitioner=leads[0], reason="Moved", today=today, by=coordinator)
    task = open_tasks(case)["find_lead"]
    assert (task.assigned_to, task.due_on) == (coordinator, add_working_days(today, days["find_lead"]))
    lead = actions.assign(not_asked="otherwise", case=case, practitioner=leads[1], role="lead", sides="both", **given)
    assert "find_lead" not in open_tasks(case)
    actions.close_case(case=case, reason="harmed_chose_not", closed_on=today, note="Enough", **given)
    assert open_tasks(case).keys().isdisjoint({"find_lead"})


def test_whoever_wrote_of_their_own_part_is_contacted_first(refer, coordinator, today):
    referral = refer(mechanism="offender_self", initiated_by="offender")
    check = {"through": "police", "is_confirmed": True, "checked_on": today, "by": coordinator, "today": today}
    for kind in checks_needed(referral):
        record_check(referral=referral, kind=kind, **check)
    take_referral(referral=referral, by=coordinator, today=today)
    case = actions.accept_referral(referral=referral, by=coordinator, today=today)
    assert open_tasks(case)["first_contact"].side == Side.RESPONSIBLE


def test_what_is_done_ends_its_task_and_asks_for_the_next(open_case, area, coordinator, cast, today, days):
    case = open_case()
    with pytest.raises(actions.NotSafe, match="Not before whoever began it"):
        speak(case, Side.RESPONSIBLE, coordinator, today)
    speak(case, Side.HARMED, coordinator, today, result="no_answer")
    assert "first_contact" in open_tasks(case)
    speak(case, Side.HARMED, coordinator, today)
    assert "first_contact" not in open_tasks(case)
    called = {"participant": side_of(case, Side.RESPONSIBLE), "method": "phone", "result": "spoke", "they_began": True}
    actions.log_contact(**called, occurred_at=timezone.now(), by=coordinator, today=today)
    assert Task.objects.open().get(kind="assess").side == Side.HARMED  # the other side is not asked anything yet
    consent(case, Side.HARMED, "approach_other_side", by=coordinator, today=today)
    speak(case, Side.RESPONSIBLE, coordinator, today)
    about = Task.objects.open().filter(kind="assess").values_list("side", flat=True)
    assert sorted(about) == [Side.HARMED, Side.RESPONSIBLE]
    signed = assess(case, Side.HARMED, by=coordinator, today=today)
    review = open_tasks(case)["review_assessment"]
    assert review.about == signed.participant_id
    assert today < review.due_on < signed.good_until
    assert Task.objects.open().get(kind="assess").side == Side.RESPONSIBLE
    later = today + timedelta(days=30)
    actions.reconfirm_assessment(assessment=signed, by=coordinator, today=later)
    again = open_tasks(case)["review_assessment"]
    assert again.pk != review.pk and again.due_on > review.due_on


def test_a_lead_is_assigned_with_a_day_for_the_assessments(open_case, area, coordinator, cast, today):
    """A task of theirs for each person, and what is spoken later leaves the day that was set; one who may not be
    approached yet is not planned."""
    lead, known = ready_practitioner(area, today, user=cast["practitioner"]), {"by": coordinator, "today": today}
    plain, abuse, set_day = open_case(), open_case(), today + timedelta(days=3)
    actions.raise_flag(case=abuse, kind="domestic_abuse", **known)
    given = {"practitioner": lead, "role": "lead", "sides": "both", **known}
    with pytest.raises(DomainError, match="today or later"):
        actions.assign(not_asked="otherwise", case=plain, assess_by=today - timedelta(days=1), **given)
    for case, sides in ((plain, [Side.HARMED, Side.RESPONSIBLE]), (abuse, [Side.HARMED])):
        actions.assign(not_asked="otherwise", case=case, assess_by=set_day, **given)
        planned = Task.objects.open().filter(referral=case.referral_id, kind="assess")
        assert sorted(planned.values_list("side", flat=True)) == sides
        assert set(planned.values_list("assigned_to", "due_on")) == {(cast["practitioner"].pk, set_day)}
    speak(plain, Side.HARMED, coordinator, today)
    assert set(Task.objects.open().filter(kind="assess").values_list("due_on", flat=True)) == {set_day}


def test_a_side_that_the_lead_does_not_work_with_is_assessed_by_its_own_facilitator(
    open_case, area, coordinator, cast, today
):
    case, known = open_case(), {"by": coordinator, "today": today}
    lead = ready_practitioner(area, today, user=cast["practitioner"])
    co = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    speak(case, Side.HARMED, coordinator, today)
    assert open_tasks(case)["assess"].assigned_to == coordinator
    actions.assign(not_asked="otherwise", case=case, practitioner=lead, role="lead", sides="responsible", **known)
    assert open_tasks(case)["assess"].assigned_to == coordinator
    assignment = actions.assign(
        not_asked="otherwise", case=case, practitioner=co, role="co_facilitator", sides="harmed", **known
    )
    assert open_tasks(case)["assess"].assigned_to == cast["off_case_practitioner"]
    actions.end_assignment(assignment=assignment, reason="Moved away", **known)
    assert open_tasks(case)["assess"].assigned_to == coordinator


def test_what_was_sent_back_is_no_task_until_it_is_asked_for_again(open_case, coordinator, cast, today, signed_in):
    case, known = open_case(), {"by": coordinator, "today": today}
    actions.raise_flag(case=case, kind="stalking", **known)
    actions.set_supervisor(case=case, supervisor=cast["supervisor"], **known)
    assert open_tasks(case)["sign_off"].assigned_to == cast["supervisor"]
    with pytest.raises(StaleState):
        actions.ask_sign_off(case=case, **known)
    with acting_as(cast["supervisor"]) as by:
        actions.refuse_sign_off(case=case, because="Nobody asked her alone", by=by, today=today)
        assert "sign_off" not in open_tasks(case)
    with acting_as(coordinator):
        actions.ask_sign_off(case=case, **known)
    assert open_tasks(case)["sign_off"].assigned_to == cast["supervisor"]
    home = signed_in(cast["supervisor"]).get(reverse("home")).content.decode()
    assert "1 case waits for your sign-off" in home and "and asked for again" in home


def test_the_same_again_moves_the_day_and_adds_nothing(ready, days):
    ready.schedule()
    first = open_tasks(ready.case)["prepare"]
    actions.postpone_intervention(intervention=ready.intervention, reason="Snow", by=ready.by, today=ready.today)
    assert not {"prepare", "reconfirm"} & set(open_tasks(ready.case))
    later = ready.tomorrow + timedelta(days=60)
    actions.schedule_intervention(intervention=ready.intervention, planned_for=later, by=ready.by, today=ready.today)
    found = open_tasks(ready.case)
    assert found["prepare"].due_on > first.due_on
    assert found["prepare"].about == found["reconfirm"].about == ready.intervention.pk


def test_what_was_held_asks_for_debrief_follow_up_and_the_agreement(ready, today, days):
    held = ready.hold()
    found = open_tasks(ready.case)
    assert {"debrief", "follow_up", "follow_up_later", "agreement"} <= set(found)
    assert found["debrief"].assigned_to == ready.lead.learner.user
    assert found["follow_up"].due_on == add_working_days(today, days["follow_up"])
    due = today + timedelta(days=40)
    new = actions.NewCommitment("explanation", "Writes down what happened", ready.responsible, due)
    actions.record_agreement(intervention=held, agreed_on=today, commitments=[new], by=ready.by, today=today)
    found = open_tasks(ready.case)
    assert "agreement" not in found
    assert found["commitment"].due_on == add_working_days(due, days["commitment"])
    (first,) = held.agreements.get().commitments.all()
    changed = {"words": first.words, "due_on": due + timedelta(days=30), "because": "He is in hospital"}
    kept = actions.vary_commitment(commitment=first, by=ready.by, today=today, **changed)
    found = open_tasks(ready.case)
    assert (found["commitment"].about, found["commitment"].due_on > due) == (kept.pk, True)
    actions.set_commitment_status(commitment=kept, status="in_progress", by=ready.by, today=today)
    assert "commitment" in open_tasks(ready.case)
    actions.set_commitment_status(commitment=kept, status="completed", by=ready.by, today=today)
    assert "commitment" not in open_tasks(ready.case)
    actions.close_case(case=ready.case, reason="with_agreement", closed_on=today, by=ready.by, today=today)
    assert not set(open_tasks(ready.case)) & set(OF_TIMELINES)


def test_nobody_is_to_be_reached_by_itself_once_a_side_withdrew(ready, today):
    ready.schedule()
    assert {"prepare", "review_assessment"} <= set(open_tasks(ready.case))
    actions.withdraw_consent(participant=ready.harmed, by=ready.by, today=today)
    assert set(open_tasks(ready.case)) == {"safety"}
    assert Intervention.objects.get(pk=ready.intervention.pk).status == "postponed"


def test_a_part_of_the_case_takes_its_tasks_along(ready, area, cast, today):
    ready.schedule()
    user = ready.lead.learner.user
    assert open_tasks(ready.case)["prepare"].assigned_to == user
    given = actions.give_task(task=open_tasks(ready.case)["reconfirm"], to=cast["manager"], by=ready.by, today=today)
    assignment = ready.case.assignments.get(role="lead")
    actions.end_assignment(assignment=assignment, reason="Ill", by=ready.by, today=today)
    assert open_tasks(ready.case)["prepare"].assigned_to == ready.by
    another = ready_practitioner(area, today, user=cast["off_case_practitioner"])
    common = {"practitioner": another, "role": "lead", "by": ready.by, "today": today}
    actions.assign(not_asked="otherwise", case=ready.case, sides="harmed", **common)
    found = Task.objects.open().filter(kind="review_assessment")
    whose = {task.side: task.assigned_to for task in found}
    assert whose == {Side.HARMED: cast["off_case_practitioner"], Side.RESPONSIBLE: ready.by}
    assert Task.objects.get(pk=given.pk).assigned_to == cast["manager"]  # given by hand: it stays


@pytest.fixture
def task(open_case, coordinator, today):
    return actions.add_task(case=open_case(), words="Ring the prison", due_on=today, by=coordinator, today=today)


def test_a_task_is_put_off_with_its_first_day_in_sight(task, coordinator, today):
    common = {"task": task, "by": coordinator, "today": today}
    with pytest.raises(DomainError, match="Say why"):
        actions.put_off_task(until=today + timedelta(days=2), because=" ", **common)
    with pytest.raises(DomainError, match="must be after"):
        actions.put_off_task(until=today, because="The school is closed", **common)
    with pytest.raises(DomainError, match="must be on or before"):
        actions.put_off_task(until=months_after(today, 12) + timedelta(days=1), because="Later", **common)
    for days in (2, 9):
        put_off = actions.put_off_task(until=today + timedelta(days=days), because="The school is closed", **common)
    assert (put_off.first_due_on, put_off.due_on) == (today, today + timedelta(days=9))


def test_a_task_is_done_once_and_by_hand_only_where_nothing_else_ends_it(task, coordinator, today):
    actions.finish_task(task=task, words="They call back", by=coordinator, today=today)
    with pytest.raises(StaleState, match="D Castle ended this task"):
        actions.finish_task(task=task, by=coordinator, today=today)
    asked = Task.objects.create(
        service_area=task.service_area, referral=task.referral, kind="trigger", due_on=today, created_by=coordinator
    )
    with pytest.raises(DomainError, match="ends by itself"):
        actions.finish_task(task=asked, by=coordinator, today=today)


def test_what_was_ended_by_hand_is_undone_within_minutes_by_whoever_ended_it(task, coordinator, cast, today, signed_in):
    desk = signed_in(coordinator)
    known = [task.pk]
    page = desk.post(reverse("cases:finish-task", args=known), {"words": "Rang them"}, follow=True).content.decode()
    undo = reverse("cases:take-back-done", args=known)
    assert f'action="{undo}"' in page and ">Undo<" in page
    task.refresh_from_db()
    done_at, late = task.done_at, task.done_at + actions.UNDO_FOR
    with acting_as(cast["manager"]) as by, pytest.raises(NotAllowed, match="whoever ended it"):
        actions.take_back_done(task=task, by=by, now=done_at)
    with pytest.raises(DomainError, match="any more"):
        actions.take_back_done(task=task, by=coordinator, now=late + timedelta(seconds=1))
    with undone():
        Case.objects.update(status="closed")
        with pytest.raises(DomainError, match="any more"):
            actions.take_back_done(task=task, by=coordinator, now=late)
    with undone():
        assert actions.take_back_done(task=task, by=coordinator, now=late).done_at is None
    assert "The task is open again" in desk.post(undo, follow=True).content.decode()
    task.refresh_from_db()
    assert (task.done_at, task.done_by, task.done_words) == (None, None, "")
    with pytest.raises(StaleState):
        actions.take_back_done(task=task, by=coordinator, now=done_at)


def test_what_ended_by_what_happened_is_not_opened_again(open_case, coordinator, today, signed_in):
    case = open_case()
    first = open_tasks(case)["first_contact"]
    speak(case, Side.HARMED, coordinator, today)
    first.refresh_from_db()
    assert first.done_by == coordinator
    with pytest.raises(NotAllowed, match="by hand"):
        actions.take_back_done(task=first, by=coordinator, now=first.done_at)
    signed_in(coordinator).post(reverse("cases:take-back-done", args=[first.pk]), follow=True)
    first.refresh_from_db()
    assert first.done_at is not None


def test_a_task_of_a_timeline_is_not_open_twice(open_case, coordinator, today):
    case = open_case()
    first = open_tasks(case)["find_lead"]
    actions.finish_task(task=first, by=coordinator, today=today)
    Task.objects.create(
        service_area=first.service_area, referral=first.referral, kind=first.kind, about=first.about, due_on=today,
        created_by=coordinator,
    )  # fmt: skip
    first.refresh_from_db()
    with pytest.raises(DomainError, match="any more"):
        actions.take_back_done(task=first, by=coordinator, now=first.done_at)


def test_a_reminder_once_a_day_and_it_says_nothing(task, coordinator, cast, today):
    actions.give_task(task=task, to=cast["manager"], by=coordinator, today=today)
    common = {"task": task, "by": coordinator}
    nudged = actions.nudge(today=today, **common)
    assert (nudged.nudges, nudged.nudged_by) == (1, coordinator)
    note = Notification._base_manager.get(user=cast["manager"], kind="task_nudge")
    assert note.url == f"/cases/tasks/{task.pk}/"
    with pytest.raises(StaleState, match="reminded them"):
        actions.nudge(today=today, **common)
    assert actions.nudge(today=today + timedelta(days=1), **common).nudges == 2


def test_a_task_goes_to_nobody_who_may_not_read_what_it_is_about(task, area, coordinator, cast, today):
    common = {"task": task, "by": coordinator, "today": today}
    for who in ("practitioner", "other_coordinator", "supervisor", "opcc"):
        with pytest.raises(DomainError, match="not open to them"):
            actions.give_task(to=cast[who], **common)
    colleague = member("coordinator", area)
    with acting_as(colleague):
        declare_conflict(user=colleague, by=colleague, referral=task.referral)
    with pytest.raises(DomainError, match="not open to them"):
        actions.give_task(to=colleague, **common)
    pat = ready_practitioner(area, today, user=cast["practitioner"])
    case = task.referral.case
    actions.assign(
        not_asked="otherwise", case=case, practitioner=pat, role="lead", sides="harmed", by=coordinator, today=today
    )
    Task.objects.filter(pk=task.pk).update(side=Side.RESPONSIBLE)
    with pytest.raises(DomainError, match="not open to them"):
        actions.give_task(**common | {"task": Task.objects.get(pk=task.pk)}, to=cast["practitioner"])
    Task.objects.filter(pk=task.pk).update(side=Side.HARMED)
    actions.give_task(**common | {"task": Task.objects.get(pk=task.pk)}, to=cast["practitioner"])
    with acting_as(cast["practitioner"]) as they:
        assert task in Task.objects.visible_to(they)
        actions.finish_task(task=task, by=they, today=today)


def test_a_practitioner_reads_no_task_but_their_own_and_none_of_the_other_side(ready, cast, today):
    ready.schedule()
    with acting_as(cast["practitioner"]) as they:
        own = Task.objects.visible_to(they).open()
        assert {task.assigned_to_id for task in own} == {they.pk}
        other = Task.objects.open().filter(kind="first_contact").first()
        if other is not None:
            with pytest.raises(NotAllowed):
                actions.finish_task(task=other, by=they, today=today)
    lead = ready.case.assignments.get(role="lead")
    with acting_as(ready.by):
        type(lead).objects.filter(pk=lead.pk).update(sides="harmed")
    with acting_as(cast["practitioner"]) as they:
        assert Side.RESPONSIBLE not in {task.side for task in Task.objects.visible_to(they).open()}
