"""Visits: in pairs, checked in and out, and an alarm that comes once when somebody is not out in time."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases import actions, tasks
from cases.choices import VISIT_TRANSITIONS, AlarmKind, Side, VisitPlace, VisitStatus
from cases.models import Assignment, Visit, VisitAlarm
from referrals.choices import ConsentPurpose
from referrals.models import Person, SafeContact
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from rj_service.audit.models import DomainEvent
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.cases.conftest import consent, side_of
from tests.factories import member
from tests.volunteers.factories import born_17_years_before, ready_practitioner
from volunteers.models import Availability

NOW = timezone.now()
GRACE = timedelta(minutes=settings.RJ_VISIT_GRACE_MINUTES)
WAIT = timedelta(minutes=settings.RJ_VISIT_ESCALATE_MINUTES)
NOT_IN = timedelta(minutes=settings.RJ_VISIT_NOT_IN_MINUTES)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def pair(open_case, area, cast, today):
    """A case whose harmed side two people work on."""
    case = open_case()
    people = [ready_practitioner(area, today, user=cast[who]) for who in ("practitioner", "off_case_practitioner")]
    with acting_as(cast["coordinator"]) as by:
        for practitioner, role in zip(people, ("lead", "co_facilitator"), strict=True):
            actions.assign(
                not_asked="otherwise",
                case=case,
                practitioner=practitioner,
                role=role,
                sides="harmed",
                by=by,
                today=today,
            )
    return case, people


@pytest.fixture
def plan(pair, cast):
    """`plan(place="home")`: a visit of the pair, planned by the coordinator."""
    case, (visitor, companion) = pair

    def make(**changed) -> Visit:
        given = {"visitor": visitor, "companion": companion, "place": VisitPlace.HOME, "minutes": 60} | changed
        with acting_as(cast["coordinator"]) as by:
            return actions.plan_visit(participant=side_of(case, Side.HARMED), planned_for=NOW, by=by, now=NOW, **given)

    return make


def test_nobody_is_checked_in_the_evening_before(plan, cast):
    visit = plan()
    early = timedelta(minutes=settings.RJ_VISIT_EARLY_MINUTES)
    with acting_as(cast["practitioner"]) as by:
        with pytest.raises(DomainError, match="Check in when you get there"):
            actions.check_in(visit=visit, by=by, now=NOW - early - timedelta(minutes=1))
        assert now(visit).status == "planned"
        assert actions.check_in(visit=visit, by=by, now=NOW - early).status == "under_way"


@pytest.mark.parametrize("who", [0, 1])
def test_nobody_visits_on_a_day_on_which_they_are_away(plan, pair, who):
    day, gone = timezone.localdate(NOW), pair[1][who]
    Availability._base_manager.create(practitioner=gone, away_from=day, away_until=day)
    with pytest.raises(DomainError, match=f"{gone.name} is away then, until"):
        plan()
    Availability._base_manager.update(away_from=day + timedelta(days=1), away_until=day + timedelta(days=1))
    assert plan().status == "planned"


def test_nobody_is_at_two_visits_at_once_whoever_they_go_with(plan, pair, cast):
    """The companion of a visit that goes on is not checked in to another."""
    companion = pair[1][1]
    second = plan(visitor=companion, companion=None, place="venue", alone_because="Staff sit next door")
    Visit._base_manager.filter(pk=second.pk).update(planned_for=NOW + timedelta(hours=5))
    first = plan()
    with acting_as(cast["practitioner"]) as by:
        actions.check_in(visit=first, by=by, now=NOW)
    Visit._base_manager.filter(pk=second.pk).update(planned_for=NOW)
    with acting_as(cast["off_case_practitioner"]) as by:
        with pytest.raises(DomainError, match=f"{companion.name} is still checked in to another visit"):
            actions.check_in(visit=second, by=by, now=NOW)
        Visit._base_manager.filter(pk=first.pk).update(companion=None, alone_because="Staff sit next door")
        assert actions.check_in(visit=second, by=by, now=NOW).status == "under_way"


def test_nobody_goes_to_the_home_of_who_is_reached_through_the_referrer(plan, pair, cast):
    with acting_as(cast["coordinator"]):
        person = side_of(pair[0], Side.HARMED).person_id
    SafeContact._base_manager.filter(person=person).update(
        may_phone=False, may_leave_voicemail=False, may_text=False, may_email=False, may_write=False
    )
    with pytest.raises(DomainError, match="through whoever referred them") as refused:
        plan()
    assert refused.value.field == "place"
    assert plan(place=VisitPlace.VENUE).status == "planned"


def test_the_other_side_is_visited_when_who_began_it_has_agreed(pair, cast, area, today):
    case, (visitor, companion) = pair
    with acting_as(cast["coordinator"]) as by:
        for row in Assignment.objects.in_force().filter(case=case):
            actions.end_assignment(assignment=row, reason="other", by=by, today=today)
        for practitioner, role in ((visitor, "lead"), (companion, "co_facilitator")):
            actions.assign(
                not_asked="otherwise",
                case=case,
                practitioner=practitioner,
                role=role,
                sides="responsible",
                by=by,
                today=today,
            )
        common = {"visitor": visitor, "companion": companion, "place": VisitPlace.VENUE, "minutes": 60, "by": by}
        visit = {"participant": side_of(case, Side.RESPONSIBLE), "planned_for": NOW, "now": NOW} | common
        with pytest.raises(DomainError, match="before whoever began it has agreed"):
            actions.plan_visit(**visit)
        consent(case, Side.HARMED, ConsentPurpose.APPROACH_OTHER_SIDE, by=by, today=today)
        assert actions.plan_visit(**visit).status == "planned"


@pytest.fixture
def under_way(plan, cast):
    visit = plan()
    with acting_as(cast["practitioner"]) as by:
        return actions.check_in(visit=visit, by=by, now=NOW)


def now(visit) -> Visit:
    return Visit._base_manager.get(pk=visit.pk)


def alarms(visit):
    return VisitAlarm._base_manager.filter(visit=visit)


def watch(monkeypatch, at) -> None:
    """The beat's task as the worker runs it, at that time."""
    monkeypatch.setattr(tasks.timezone, "now", lambda: at)
    tasks.watch_visits()
    monkeypatch.undo()


VERBS = {
    "check_in": VisitStatus.UNDER_WAY,
    "check_out": VisitStatus.OVER,
    "cancel_visit": VisitStatus.CANCELLED,
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", VisitStatus)
def test_every_status_and_every_verb(plan, cast, status, verb):
    visit = plan()
    with acting_as(cast["practitioner"]) as by:
        before = {"under_way": ["check_in"], "over": ["check_in", "check_out"], "cancelled": ["cancel_visit"]}
        for step in before.get(status, []):
            getattr(actions, step)(visit=visit, by=by, now=NOW)
        if VERBS[verb] in VISIT_TRANSITIONS[status]:
            getattr(actions, verb)(visit=visit, by=by, now=NOW)
            assert now(visit).status == VERBS[verb]
        else:
            with pytest.raises(StaleState):
                getattr(actions, verb)(visit=visit, by=by, now=NOW)
            assert now(visit).status == status


def test_nobody_visits_a_home_alone_nor_anywhere_without_a_reason(plan):
    reason = {"alone_because": "Staff sit next door"}
    for refused in ({"place": "home", **reason}, {"place": "venue"}):
        with pytest.raises(DomainError):
            plan(companion=None, **refused)
    assert plan(companion=None, place="venue", **reason).alone_because == "Staff sit next door"


def test_nobody_visits_alone_in_a_sensitive_case(plan, pair, cast, today):
    with acting_as(cast["coordinator"]) as by:
        actions.raise_flag(case=pair[0], kind="stalking", by=by, today=today)
    with pytest.raises(DomainError, match="sensitive"):
        plan(companion=None, place="venue", alone_because="Staff sit next door")


def test_only_adults_who_work_on_that_side_go(plan, pair, area, cast, today):
    case, _ = pair
    young = ready_practitioner(area, today, date_of_birth=born_17_years_before(today), kind="service_staff")
    stranger = ready_practitioner(area, today)
    colleague = ready_practitioner(area, today, kind="service_staff")
    for refused in (young, stranger):
        with pytest.raises(DomainError, match="cannot go"):
            plan(companion=refused)
    assert plan(companion=colleague).companion == colleague
    with acting_as(cast["coordinator"]) as by:
        names = {one.pk for one in actions.who_may_visit(case, Side.RESPONSIBLE, today)}
        assert names == {colleague.pk}, "those of the harmed side do not visit the other"
        consent(case, Side.HARMED, ConsentPurpose.APPROACH_OTHER_SIDE, by=by, today=today)
        with pytest.raises(DomainError, match="cannot go"):
            other = side_of(case, Side.RESPONSIBLE)
            actions.plan_visit(
                participant=other, visitor=pair[1][0], companion=colleague, place="venue", planned_for=NOW,
                minutes=60, by=by, now=NOW,
            )  # fmt: skip


def test_nobody_goes_to_somebody_who_asked_for_a_pause(plan, pair, cast):
    visit = plan()
    with acting_as(cast["coordinator"]) as by:
        person = side_of(pair[0], Side.HARMED).person_id
    Person._base_manager.filter(pk=person).update(paused_at=NOW, paused_by=by)
    for again in (plan, lambda: actions.check_in(visit=visit, by=by, now=NOW)):
        with acting_as(cast["coordinator"]), pytest.raises(DomainError, match="pause"):
            again()


def gone(case, by, today) -> None:
    actions.participant_leaves(participant=side_of(case, Side.HARMED), by=by, today=today)


def died(case, by, today) -> None:
    actions.record_death(participant=side_of(case, Side.HARMED), died_on=today, by=by, today=today)


def withdrew(case, by, today) -> None:
    consent(case, Side.HARMED, "contact", by=by, today=today)
    actions.withdraw_consent(participant=side_of(case, Side.HARMED), by=by, today=today)


def took_no_more_part(case, by, today) -> None:
    """Agrees to contact still: they may be visited."""
    consent(case, Side.HARMED, "take_part", by=by, today=today)
    actions.withdraw_consent(participant=side_of(case, Side.HARMED), purpose="take_part", by=by, today=today)


@pytest.mark.parametrize(
    ("happens", "status"),
    [(gone, "cancelled"), (died, "cancelled"), (withdrew, "cancelled"), (took_no_more_part, "planned")],
)
def test_what_is_planned_ends_with_the_contact(plan, pair, cast, today, happens, status):
    visit = plan()
    with acting_as(cast["coordinator"]) as by:
        happens(pair[0], by, today)
    assert now(visit).status == status


def test_an_overdue_visit_alarms_once_and_escalates_once(under_way, cast, area, monkeypatch):
    other = member(Role.COORDINATOR, area)
    due = under_way.out_by + GRACE
    watch(monkeypatch, due)
    assert not alarms(under_way).exists(), "the grace is not over"
    for _ in range(3):
        watch(monkeypatch, due + MINUTE)
    assert alarms(under_way).get().kind == AlarmKind.OVERDUE
    told = Notification.objects.filter(kind="visit_overdue")
    assert {one.user for one in told} == {cast["coordinator"], cast["manager"]} and told.count() == 2
    for _ in range(3):
        watch(monkeypatch, due + 2 * MINUTE + WAIT)
    told = Notification.objects.filter(kind="visit_unanswered")
    assert {one.user for one in told} == {cast["coordinator"], cast["manager"], other} and told.count() == 3
    assert DomainEvent.objects.filter(verb__contains="alarm").count() == 2


def test_a_visit_that_nobody_checked_in_to_alarms_once_and_escalates(plan, cast, monkeypatch):
    """Forgotten, or never got there: somebody rings them either way."""
    visit = plan()
    watch(monkeypatch, visit.planned_for + NOT_IN)
    assert not alarms(visit).exists()
    for _ in range(3):
        watch(monkeypatch, visit.planned_for + NOT_IN + MINUTE)
    assert alarms(visit).get().kind == AlarmKind.NOT_IN
    told = Notification.objects.filter(kind="visit_not_in")
    assert {one.user for one in told} == {cast["coordinator"], cast["manager"]} and told.count() == 2
    watch(monkeypatch, visit.planned_for + NOT_IN + 2 * MINUTE + WAIT)
    assert Notification.objects.filter(kind="visit_unanswered").exists()


@pytest.mark.parametrize(("days", "alarms_still"), [(0.9, True), (1.1, False)])
def test_what_was_forgotten_long_ago_rings_nobody(plan, monkeypatch, days, alarms_still):
    visit = plan()
    watch(monkeypatch, visit.planned_for + timedelta(days=days))
    assert alarms(visit).exists() is alarms_still


def late_in(visit, by):
    actions.check_in(visit=visit, by=by, now=NOW + NOT_IN + 2 * MINUTE)


def called_off(visit, by):
    actions.cancel_visit(visit=visit, by=by, now=NOW + NOT_IN + 2 * MINUTE)


def found_well(visit, by):
    actions.end_alarm(visit=visit, found="The train stood still", is_out=True, by=by, now=NOW + NOT_IN + 2 * MINUTE)


@pytest.mark.parametrize(
    ("act", "status"), [(late_in, "under_way"), (called_off, "cancelled"), (found_well, "planned")]
)
def test_what_ends_the_alarm_that_nobody_is_in(plan, cast, monkeypatch, act, status):
    visit = plan()
    watch(monkeypatch, visit.planned_for + NOT_IN + MINUTE)
    with acting_as(cast["coordinator"]) as by:
        act(now(visit), by)
    watch(monkeypatch, visit.planned_for + NOT_IN + 3 * MINUTE)
    assert alarms(visit).get().ended_by == cast["coordinator"]
    assert now(visit).status == status


def test_the_home_says_that_nobody_checked_in_and_who_sees_to_it(plan, cast, signed_in, monkeypatch):
    visit = plan()
    Visit._base_manager.filter(pk=visit.pk).update(planned_for=NOW - NOT_IN - MINUTE)
    watch(monkeypatch, NOW)
    page = signed_in(cast["coordinator"]).get("/").content.decode()
    assert page.count("Nobody has checked in. Ring them") == 1
    assert "Nobody sees to it yet." in page


def test_an_alarm_that_somebody_sees_to_is_not_escalated(under_way, cast, monkeypatch):
    watch(monkeypatch, under_way.out_by + GRACE + MINUTE)
    with acting_as(cast["manager"]) as by:
        actions.answer_alarm(visit=under_way, by=by, now=NOW)
    with acting_as(cast["coordinator"]) as by, pytest.raises(StaleState, match="Grace Holt sees to it already"):
        actions.answer_alarm(visit=under_way, by=by, now=NOW)
    watch(monkeypatch, under_way.out_by + GRACE + WAIT + 2 * MINUTE)
    assert not Notification.objects.filter(kind="visit_unanswered").exists()


def test_the_mail_of_an_alarm_names_nobody(under_way, cast, monkeypatch):
    watch(monkeypatch, under_way.out_by + GRACE + MINUTE)
    notice = Notification.objects.get(kind="visit_overdue", user=cast["manager"])
    work_on(Notification, notice.pk)
    sent = mail.outbox[-1]
    for word in ("Maureen", "Okafor", "Pat", "Wren", "visit", str(under_way.pk)):
        assert word not in f"{sent.subject}{sent.body}"
    assert notice.url == reverse("cases:visit", args=[under_way.pk])


@pytest.mark.parametrize("act", ["check_out", "extend_visit"])
def test_what_ends_an_alarm(under_way, cast, monkeypatch, act):
    """Being out, or saying that it takes longer, ends one that they are overdue; one that asks for help stands until the
    coordination has spoken with them."""
    given = {"minutes": 30} if act == "extend_visit" else {}
    late = under_way.out_by + GRACE + MINUTE
    watch(monkeypatch, late)
    with acting_as(cast["practitioner"]) as by:
        if act == "extend_visit":
            getattr(actions, act)(visit=under_way, by=by, now=late, **given)
            assert alarms(under_way).get().ended_by == by
            assert now(under_way).out_by == late + timedelta(minutes=30)
        actions.ask_for_help(visit=under_way, by=by, now=late)
        actions.ask_for_help(visit=under_way, by=by, now=late)
        getattr(actions, act)(visit=under_way, by=by, now=late, **given)
        with pytest.raises(NotAllowed):
            actions.end_alarm(visit=under_way, found="All well", is_out=True, by=by, now=late)
    asked = alarms(under_way).get(kind=AlarmKind.HELP)
    assert asked.ended_at is None
    assert Notification.objects.filter(kind="visit_help").count() == 2
    with acting_as(cast["coordinator"]) as by:
        with pytest.raises(DomainError, match="how you know"):
            actions.end_alarm(visit=under_way, found=" ", is_out=True, by=by, now=late)
        actions.end_alarm(visit=under_way, found="Rang her, she is home", is_out=True, by=by, now=late)
    assert now(under_way).status == VisitStatus.OVER and alarms(under_way).get(pk=asked.pk).ended_by == by


def test_whoever_is_taken_off_the_case_still_checks_out_and_reads_no_name(under_way, pair, cast, today, signed_in):
    with acting_as(cast["coordinator"]) as by:
        for one in pair[0].assignments.all():
            actions.end_assignment(assignment=one, reason="Left", by=by, today=today)
    client = signed_in(cast["practitioner"])
    page = client.get(reverse("cases:visit", args=[under_way.pk])).content.decode()
    home = client.get(reverse("cases:my-work")).content.decode()
    assert "Check out" in page and "Check out" in home
    assert "Maureen" not in page and "Maureen" not in home
    assert client.post(reverse("cases:check-out", args=[under_way.pk])).status_code == 302
    assert now(under_way).status == VisitStatus.OVER
    assert client.get(reverse("cases:visit", args=[under_way.pk])).status_code == 404


def test_closing_the_case_cancels_what_is_planned(plan, pair, cast, today):
    visit = plan()
    with acting_as(cast["coordinator"]) as by:
        actions.close_case(case=pair[0], reason="harmed_chose_not", closed_on=today, by=by, today=today)
    assert now(visit).status == VisitStatus.CANCELLED


def test_the_home_shows_an_overdue_visit_first(under_way, cast, signed_in):
    Visit._base_manager.filter(pk=under_way.pk).update(out_by=NOW - timedelta(hours=1))
    page = signed_in(cast["coordinator"]).get("/").content.decode()
    first = page.split('<ul class="rj-attn">')[1].split("</li>")[0]
    assert "Overdue" in first and "Pat Wren is not out of a visit" in first
    assert reverse("cases:visit", args=[under_way.pk]) in first


@pytest.mark.proof
def test_a_visit_on_a_phone(transactional_db, plan, cast, browser_of, assert_sound):
    """One press in, one press out; what comes of it is logged with the minutes filled in. And the alarm at the desk."""
    visit = plan()
    page = browser_of(cast["practitioner"], width=360)
    assert_sound(page, reverse("cases:my-work"))
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("heading", name="You are checked in")).to_be_visible()
    Visit._base_manager.filter(pk=visit.pk).update(out_by=timezone.now() - 2 * GRACE)
    tasks.watch_visits()
    desk = browser_of(cast["coordinator"])
    desk.goto("/")
    desk.get_by_role("button", name="Open it now").first.click()
    desk.get_by_role("button", name="I see to it").click()
    expect(desk.get_by_text("Dana Castle sees to it")).to_be_visible()
    assert_sound(desk, reverse("cases:visit", args=[visit.pk]))
    assert_sound(desk, reverse("cases:end-alarm", args=[visit.pk]))
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_role("heading", name="The visit is over")).to_be_visible()
    page.get_by_role("button", name="Log what happened").click()
    expect(page.get_by_label("Visit", exact=True)).to_be_checked()
    page.get_by_role("button", name="Save contact").click()
    expect(page.get_by_text("The contact is saved.")).to_be_visible()
    assert alarms(visit).get().ended_by == cast["practitioner"]
