"""Concerns: raised by anybody, decided by a manager the same working day, and not there for anybody else."""

import re
from datetime import date, datetime, timedelta
from difflib import unified_diff
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from referrals import actions, tasks
from referrals.choices import CONCERN_TRANSITIONS, ConcernStatus
from referrals.models import Concern
from rj_service.accounts.acting import acting_as, system_user
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from rj_service.audit.models import AccessLog, DomainEvent
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.factories import member
from tests.typed import typed

TODAY = timezone.localdate()
RAISE = "/referrals/concerns/new/"
WORDS = "zqchild said that her uncle comes at night"


@pytest.fixture
def raised(area, cast):
    """`raised(by="hub_worker")`: a concern; `referral` and the rest may be given."""

    def make(by: str = "coordinator", *, kind="child", today=TODAY, **given) -> Concern:
        with acting_as(cast[by]) as user:
            return actions.raise_concern(area=area, kind=kind, words=WORDS, by=user, today=today, **given)

    return make


def difference(before: str, after: str) -> list[str]:
    return list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))


def now(concern) -> Concern:
    return Concern._base_manager.get(pk=concern.pk)


def decide(concern, by, decision="act"):
    with acting_as(by):
        return actions.decide_concern(concern=concern, decision=decision, words="She is seen today", by=by, today=TODAY)


def tell(concern, by, **given):
    with acting_as(by):
        told = {"to": "police", "words": "", "passed_on": TODAY} | given
        return actions.pass_concern_on(concern=concern, by=by, today=TODAY, **told)


def close(concern, by):
    with acting_as(by):
        return actions.close_concern(concern=concern, outcome="She is safe", by=by, today=TODAY)


VERBS = {"decide": (decide, ConcernStatus.DECIDED), "close": (close, ConcernStatus.CLOSED)}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", ConcernStatus)
def test_every_status_and_every_verb(raised, cast, status, verb):
    concern, manager = raised(), cast["manager"]
    for step, into in (("decide", ConcernStatus.DECIDED), ("close", ConcernStatus.CLOSED)):
        if now(concern).status != status:
            VERBS[step][0](concern, manager)
            assert now(concern).status == into
    act, leads_to = VERBS[verb]
    if leads_to in CONCERN_TRANSITIONS[status]:
        act(concern, manager)
        assert now(concern).status == leads_to
    else:
        with pytest.raises(StaleState):
            act(concern, manager)
        assert now(concern).status == status


@pytest.mark.parametrize(
    ("raised_on", "due_on"),
    [
        pytest.param(date(2026, 11, 23), date(2026, 11, 23), id="a working day: the same one"),
        pytest.param(date(2026, 11, 21), date(2026, 11, 23), id="a Saturday"),
        pytest.param(
            date(2026, 12, 25), date(2026, 12, 29), id="Christmas, a Friday, and the Monday instead of the 26th"
        ),
        pytest.param(date(2024, 2, 29), date(2024, 2, 29), id="a leap day"),
        pytest.param(date(2027, 3, 28), date(2027, 3, 30), id="Easter Sunday, when the clocks change"),
    ],
)
def test_the_decision_is_due_the_same_working_day(raised_on, due_on):
    assert actions.decision_day(raised_on) == due_on


def test_managers_hear_at_once_and_no_notice_says_what_it_is(raised, cast, refer):
    concern = raised("hub_worker", referral=refer())
    notices = Notification.objects.filter(kind="concern_raised")
    assert {notice.user for notice in notices} == {cast["manager"]}
    work_on(Notification, notices.get().pk)
    sent = mail.outbox[-1]
    assert WORDS not in sent.body and "child" not in f"{sent.subject}{sent.body}"
    assert notices.get().url == reverse("referrals:concern", args=[concern.pk])


def test_nobody_but_the_managers_can_tell_that_there_is_one(raised, cast, refer, signed_in):
    """The pages of everybody who may open the referral are the same as before it, byte for byte."""
    referral = refer()
    pages = {
        "coordinator": ("referrals:detail", "referrals:contact", "referrals:list"),
        "hub_worker": ("referrals:mine",),
        "referrer": ("referrals:mine",),
    }

    def seen() -> dict[tuple[str, str], str]:
        return {(who, page): text(signed_in(cast[who]), page) for who, found in pages.items() for page in found}

    def text(client, page: str) -> str:
        takes = {"referrals:detail": [referral.pk], "referrals:contact": [referral.pk, "harmed"]}
        answer = client.get(reverse(page, args=takes.get(page, [])))
        assert answer.status_code == 200
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())

    before = seen()
    concern = raised("practitioner", referral=referral)
    after = seen()
    assert {page: difference(before[page], after[page]) for page in before if before[page] != after[page]} == {}
    assert "Concern:" not in signed_in(cast["coordinator"]).get("/").content.decode()
    for who in ("coordinator", "supervisor", "practitioner", "hub_worker", "dpo"):
        refused = signed_in(cast[who]).get(reverse("referrals:concern", args=[concern.pk]))
        assert refused.status_code == 403
        with acting_as(cast[who]) as user:
            assert not Concern.objects.all().visible_to(user).exists()
    assert not DomainEvent.objects.about(referral).filter(verb__contains="concern").exists()
    assert not DomainEvent.objects.filter(verb__contains="concern", people__len__gt=0).exists()


def test_whoever_raised_it_sees_that_it_was_received_and_decided_and_no_word(raised, cast, refer, signed_in):
    concern = raised("hub_worker", referral=refer())
    client = signed_in(cast["hub_worker"])
    assert "To be decided by" in client.get(RAISE).content.decode()
    decide(concern, cast["manager"])
    page = client.get(RAISE).content.decode()
    assert concern.reference[:4] in page and "Decided" in page
    assert WORDS not in page and "She is seen today" not in page
    assert concern.reference[:4] not in signed_in(cast["referrer"]).get(RAISE).content.decode()


def test_a_manager_with_a_conflict_neither_hears_nor_sees(raised, cast, refer, area, signed_in):
    referral, knows = refer(), member(Role.SERVICE_MANAGER, area, first_name="Kit")
    with acting_as(knows):
        actions.declare_conflict(user=knows, by=knows, person=referral.person_harmed)
    concern = raised(referral=referral)
    assert not Notification.objects.filter(kind="concern_raised", user=knows).exists()
    assert signed_in(knows).get(reverse("referrals:concern", args=[concern.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        decide(concern, knows)
    assert signed_in(cast["manager"]).get(reverse("referrals:concern", args=[concern.pk])).status_code == 200


def test_the_other_area_s_manager_finds_nothing(raised, other_area, signed_in):
    abroad = member(Role.SERVICE_MANAGER, other_area, first_name="Moss")
    concern = raised()
    assert signed_in(abroad).get(reverse("referrals:concern", args=[concern.pk])).status_code == 404
    assert concern.reference[:4] not in signed_in(abroad).get(reverse("referrals:concerns")).content.decode()


def test_a_manager_decides_passes_on_and_closes(raised, cast, refer, signed_in):
    concern, client = raised(referral=refer()), signed_in(cast["manager"])
    home = client.get("/").content.decode()
    assert home.index("Concern: a child may be at risk") < home.index("Your service now")
    answer = client.post(
        reverse("referrals:decide-concern", args=[concern.pk]), {"decision": "pass_on", "words": "Police today"}
    )
    assert answer["Location"] == reverse("referrals:pass-concern-on", args=[concern.pk])
    assert "Concern: a child" not in client.get("/").content.decode()
    closing = reverse("referrals:close-concern", args=[concern.pk])
    assert client.post(closing, {"outcome": "She is safe"}).status_code == 422  # nobody was told yet
    told = {"to": "children", "words": "Duty desk", **typed(passed_on=TODAY)}
    assert client.post(answer["Location"], told).status_code == 302
    assert client.post(closing, {"outcome": "She is safe"}).status_code == 302
    page = client.get(reverse("referrals:concern", args=[concern.pk])).content.decode()
    for words in (WORDS, "Police today", "Children’s services", "Duty desk", "She is safe"):
        assert words in page


def test_somebody_may_be_told_before_the_decision_and_never_in_the_future(raised, cast):
    concern = raised()
    tell(concern, cast["manager"])
    assert now(concern).status == ConcernStatus.WAITING
    for day in (TODAY + timedelta(1), TODAY - timedelta(1)):
        with pytest.raises(DomainError):
            tell(concern, cast["manager"], passed_on=day)


@pytest.mark.parametrize("who", ["coordinator", "supervisor", "practitioner", "hub_worker"])
def test_nobody_else_decides(raised, cast, who):
    concern = raised(who)
    for act in (decide, tell, close):
        with pytest.raises(NotAllowed):
            act(concern, cast[who])


def test_a_reference_that_is_not_open_to_somebody_is_as_one_that_does_not_exist(refer, cast, signed_in):
    typed = {"kind": "child", "words": WORDS, "is_danger_now": "N"}
    referral = refer()
    for who, reference, status in (
        ("coordinator", referral.reference, 302),
        ("referrer", referral.reference, 422),
        ("referrer", "7K4MR9", 422),
    ):
        answer = signed_in(cast[who]).post(RAISE, typed | {"reference": reference})
        assert answer.status_code == status
    assert [one.referral_id for one in Concern._base_manager.all()] == [referral.pk]


def test_managers_are_reminded_once_a_day_until_it_is_decided(raised, cast, monkeypatch):
    """In the afternoon of the day itself, and each morning after it."""
    monday, london = date(2026, 11, 23), ZoneInfo("Europe/London")
    concern = raised(today=monday)

    def beat(day: date, hour: int) -> int:
        before = Notification.objects.filter(kind="concern_waits", user=cast["manager"]).count()
        monkeypatch.setattr(timezone, "now", lambda: datetime(day.year, day.month, day.day, hour, 10, tzinfo=london))
        tasks.remind_of_concerns()
        return Notification.objects.filter(kind="concern_waits", user=cast["manager"]).count() - before

    tuesday = monday + timedelta(1)
    assert [beat(monday, 9), beat(monday, 15), beat(monday, 16)] == [0, 1, 0]
    assert [beat(tuesday, 8), beat(tuesday, 15)] == [1, 0]
    decide(concern, cast["manager"])
    assert beat(tuesday + timedelta(1), 8) == 0


def test_how_many_of_each_kind_came_in_each_month(raised, cast):
    for kind, day in (("child", date(2026, 1, 31)), ("child", date(2026, 1, 2)), ("threat", date(2026, 1, 2))):
        raised(kind=kind, today=day)
    raised(kind="child", today=date(2026, 2, 1))
    raised(kind="child", today=date(2026, 3, 1))
    with acting_as(cast["manager"]) as manager:
        mine = Concern.objects.all().visible_to(manager)
        found = mine.by_kind_and_month(date(2026, 1, 1), date(2026, 3, 1)).order_by("month", "kind")
        counted = [(row["month"], row["kind"], row["number"]) for row in found]
    assert counted == [
        (date(2026, 1, 1), "child", 2),
        (date(2026, 1, 1), "threat", 1),
        (date(2026, 2, 1), "child", 1),
    ]


def test_the_foot_of_every_page_leads_to_it_for_whoever_may(cast, signed_in):
    for who, user in cast.items():
        page = signed_in(user).get("/help/").content.decode()
        assert ("Raise a concern" in page) == (who not in ("opcc", "dpo", "admin")), who


def test_two_managers_decide_once(raised, cast, area):
    concern, second = raised(), member(Role.SERVICE_MANAGER, area)
    decide(concern, cast["manager"])
    with pytest.raises(StaleState):
        decide(concern, second, "no_action")
    assert now(concern).decision == "act" and now(concern).decided_by == cast["manager"]


def test_the_scheduler_reminds_of_nothing_decided(raised, cast):
    concern = raised(today=TODAY - timedelta(7))
    decide(concern, cast["manager"])
    scheduler = system_user("scheduler")
    with acting_as(scheduler, areas=[concern.service_area_id]):
        assert not actions.remind_of_concern(concern=concern, by=scheduler, today=TODAY)


def test_a_manager_without_access_decides_on_words_that_name_nobody_of_a_restricted_referral(
    refer, area, cast, signed_in
):
    other = member("service_manager", area, first_name="Mona", last_name="Field")
    referral = refer()
    with acting_as(cast["manager"]) as by:
        actions.restrict(referral=referral, reason="Police staff", by=by)
        words = "Grace bellamy fears Kyle: he rings 07700900101 and stands at 4 Mill Lane, zqtonight. Write to zqus@example.org"
        concern = actions.raise_concern(
            area=area, kind="threat", words=words, by=by, today=TODAY, referral=referral, is_danger_now=True
        )
    client, page = signed_in(other), reverse("referrals:concern", args=[concern.pk])
    assert concern.reference[:4] in client.get("/referrals/concerns/").content.decode()
    html = client.get(page).content.decode()
    hidden = ["Grace b", "Bellamy", "bellamy", "Kyle", "07700900101", "Mill Lane", referral.reference[:4]]
    assert [word for word in hidden if word in html] == []
    assert "Name shown inside" in html and "zqtonight" in html and "zqus@example.org" in html
    assert not AccessLog.objects.filter(people__contains=[referral.person_harmed_id], actor_id=other.pk).exists()
    decide(concern, other)
    with acting_as(cast["manager"]) as by:
        actions.grant(referral=referral, to=other, reason="Decides on a concern", by=by)
    html = client.get(page).content.decode()
    assert "Grace bellamy" in html and "Name shown inside" not in html and referral.reference[:4] in html
