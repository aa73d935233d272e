"""A colleague who leaves: every case to somebody who may have it, and what stayed says why."""

from collections import Counter

import pytest
from django.urls import reverse

from cases import actions
from cases.models import Case
from referrals.actions import declare_conflict, restrict
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from rj_service.accounts.roles import Role
from rj_service.notifications.models import Notification
from tests.factories import member
from tests.volunteers.factories import ready_practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def taker(area):
    return member(Role.COORDINATOR, area, first_name="Rosa", last_name="Santos")


@pytest.fixture
def hand_over(cast, coordinator, taker, today):
    """`hand_over(cases)`: all that the coordinator has of them, to the taker, by the manager."""

    def do(words: str = "", to=None, part="coordinator"):
        with acting_as(cast["manager"]) as by:
            held = [one for one in actions.held_by(coordinator, by) if one.part == part]
            wishes = [actions.Wish(one, to or taker, words) for one in held]
            return actions.hand_over_all(wishes=wishes, of=coordinator, by=by, today=today)

    return do


def test_each_case_moves_or_stays_by_itself_and_says_why(open_case, coordinator, taker, hand_over, cast, today):
    plain, known, restricted, own = open_case(), open_case(), open_case(), open_case()
    with acting_as(taker):
        declare_conflict(user=taker, by=taker, person=known.referral.person_responsible)
    with acting_as(cast["manager"]) as by:
        restrict(referral=restricted.referral, reason="A colleague’s brother", by=by)
    kept = actions.add_task(case=own, words="Ring the school", due_on=today, by=coordinator, today=today)
    actions.give_task(task=kept, to=coordinator, by=coordinator, today=today)
    reports = hand_over("They answer after six")
    why = {report.wish.held.case.pk: report.why_not for report in reports}
    assert why[plain.pk] == why[own.pk] == ""
    assert why[known.pk] == "Rosa Santos: declared a conflict of interest"
    assert "restricted, and not open to them" in why[restricted.pk]
    with acting_as(cast["manager"]):
        whose = dict(Case.objects.values_list("pk", "coordinator"))
        assert whose == {
            plain.pk: taker.pk, own.pk: taker.pk, known.pk: coordinator.pk, restricted.pk: coordinator.pk
        }  # fmt: skip
        moved = Task.objects.open().filter(referral__in=[plain.referral_id, own.referral_id])
        assert set(moved.values_list("assigned_to", flat=True)) == {taker.pk}
        stayed = Task.objects.open().filter(referral__in=[known.referral_id, restricted.referral_id])
        assert taker.pk not in stayed.values_list("assigned_to", flat=True)
        told = Task.objects.open().filter(words="They answer after six")
        assert {task.referral_id for task in told} == {plain.referral_id, own.referral_id}
    notes = Notification._base_manager.filter(kind="handed_over")
    assert Counter(notes.values_list("user", flat=True)) == {taker.pk: 1, coordinator.pk: 1}


def test_a_facilitator_s_place_goes_to_whoever_is_ready(open_case, area, coordinator, cast, today):
    case = open_case()
    leaver, taker = (
        ready_practitioner(area, today, user=cast[who]) for who in ("practitioner", "off_case_practitioner")
    )
    actions.assign(
        not_asked="otherwise", case=case, practitioner=leaver, role="lead", sides="harmed", by=coordinator, today=today
    )
    (held,) = actions.held_by(cast["practitioner"], coordinator)
    common = {"of": cast["practitioner"], "by": coordinator, "today": today}
    taker.checks.filter(kind="nppv_2").delete()
    wish = actions.Wish(held, cast["off_case_practitioner"])
    (report,) = actions.hand_over_all(wishes=[wish], **common)
    assert "cannot be assigned" in report.why_not
    assert [one.practitioner for one in case.assignments.in_force()] == [leaver]  # nothing of it happened
    another = ready_practitioner(area, today, user=member(Role.PRACTITIONER, area))
    for not_asked in ("", "handed_over"):  # they see the case at once: who was never asked takes no place
        wish = actions.Wish(held, another.learner.user, not_asked=not_asked)
        (report,) = actions.hand_over_all(wishes=[wish], **common)
        assert "has not answered whether they know anybody of these sides" in report.why_not
        assert [one.practitioner for one in case.assignments.in_force()] == [leaver]
    wish = actions.Wish(held, another.learner.user, not_asked="otherwise")
    (report,) = actions.hand_over_all(wishes=[wish], **common)
    assert report.why_not == ""
    (now,) = case.assignments.in_force()
    assert (now.practitioner, now.role, now.sides) == (another, "lead", "harmed")
    assert now.not_asked_because == "otherwise"


def test_the_page_asks_of_each_place_whether_they_know_anybody(open_case, area, coordinator, cast, signed_in, today):
    asked, not_yet = open_case(), open_case()
    leaver = ready_practitioner(area, today, user=cast["practitioner"])
    for case in (asked, not_yet):
        actions.assign(
            not_asked="otherwise",
            case=case,
            practitioner=leaver,
            role="lead",
            sides="both",
            by=coordinator,
            today=today,
        )
    taker = ready_practitioner(area, today, user=member(Role.PRACTITIONER, area))
    client, page = signed_in(cast["manager"]), reverse("cases:hand-over-all", args=[cast["practitioner"].pk])
    read = client.get(page).content.decode()
    assert read.count("Asked whether they know anybody?") == 2 and "the place stays" in read
    done = client.post(page, {"all-lead": str(taker.learner.user_id), f"asked-lead-{asked.pk}": "worked"})
    assert "1 of 2 cases" in done.content.decode()
    assert "has not answered whether they know anybody" in done.content.decode()
    assert [one.practitioner for one in asked.assignments.in_force()] == [taker]
    assert [one.practitioner for one in not_yet.assignments.in_force()] == [leaver]


def test_what_the_coordinator_may_not_read_is_not_there(open_case, coordinator, taker, cast):
    hidden = open_case()
    with acting_as(taker):
        declare_conflict(user=taker, by=taker, referral=hidden.referral)
        assert actions.held_by(coordinator, taker) == []
    with acting_as(cast["manager"]) as by:
        assert [one.case for one in actions.held_by(coordinator, by)] == [hidden]


def test_twelve_cases_in_two_pages(open_case, area, coordinator, taker, cast, signed_in, today):
    """Journey 12: the choice of whose, and one page for all of them."""
    cases = [open_case() for _ in range(12)]
    left = cases[0]
    client = signed_in(cast["manager"])
    chosen = client.post(reverse("cases:whose-work"), {"of": coordinator.pk})
    page = client.get(chosen.url)
    assert page.content.decode().count("What they need to know of") == 12
    typed = {"all-coordinator": str(taker.pk), f"to-coordinator-{left.pk}": "leave", "tasks": ""}
    typed |= {"words": "Ring them first", f"words-coordinator-{cases[1].pk}": "She moved"}
    done = client.post(chosen.url, typed)
    assert "11 of 11 cases are handed over" in done.content.decode()
    with acting_as(cast["manager"]):
        assert Case.objects.filter(coordinator=taker).count() == 11
        assert Case.objects.get(pk=left.pk).coordinator == coordinator
        told = Counter(Task.objects.open().filter(assigned_to=taker, kind="other").values_list("words", flat=True))
        assert told == {"Ring them first": 10, "She moved": 1}
    again = client.post(chosen.url, typed)  # what moved is not theirs to hand over any more
    assert again.status_code == 422


def test_whoever_takes_one_case_reads_what_they_need_to_know(open_case, taker, cast, signed_in):
    case = open_case()
    page, typed = (
        reverse("cases:hand-over", args=[case.pk]),
        {"coordinator": taker.pk, "words": "They answer after six"},
    )
    assert signed_in(cast["coordinator"]).post(page, typed).status_code == 302
    desk = signed_in(taker).get(reverse("cases:desk", args=[case.pk])).content.decode()
    assert "They answer after six" in desk.split("What is next")[1].split("What is missing")[0]
