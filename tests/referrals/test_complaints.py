"""Complaints: acknowledged, in independent hands, answered by a day; never there for the worker they are about."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cases.actions import accept_referral
from referrals import actions
from referrals.actions.complaining import called
from referrals.choices import COMPLAINT_TRANSITIONS, ComplaintStatus
from referrals.models import ComplainedAbout, Complaint
from referrals.working_days import add_working_days
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from rj_service.audit.models import DomainEvent
from rj_service.notifications.models import Notification
from rj_service.ui.dates import months_after
from tests.factories import member
from tests.typed import typed

TODAY = timezone.localdate()
WORDS = "zqnobody rang me back for a month"


@pytest.fixture
def complained(area, cast):
    """`complained(referral=..., names_worker=...)`: a complaint as a coordinator records it."""

    def make(*, by="coordinator", today=TODAY, **given) -> Complaint:
        fields = {"made_by": "harmed", "about": "delay", "words": WORDS} | given
        with acting_as(cast[by]) as user:
            return actions.receive_complaint(area=area, by=user, today=today, **fields)

    return make


def now(complaint) -> Complaint:
    return Complaint._base_manager.get(pk=complaint.pk)


def acknowledge(complaint, by):
    with acting_as(by):
        return actions.acknowledge_complaint(complaint=complaint, acknowledged_on=TODAY, by=by, today=TODAY)


def give(complaint, by, to):
    with acting_as(by):
        return actions.give_complaint(complaint=complaint, handler=to, by=by, today=TODAY)


def decide(complaint, by, outcome="partly"):
    words = {"answer": "We were late, and say sorry", "learning": "Ring within three days"}
    with acting_as(by):
        return actions.decide_complaint(complaint=complaint, outcome=outcome, by=by, today=TODAY, **words)


def tell(complaint, by):
    with acting_as(by):
        return actions.tell_complaint_outcome(complaint=complaint, told_on=TODAY, by=by, today=TODAY)


def extend(complaint, by, days=30):
    with acting_as(by):
        until = complaint.due_on + timedelta(days)
        return actions.extend_complaint(
            complaint=complaint, due_on=until, words="A witness is away", by=by, today=TODAY
        )


VERBS = {
    "acknowledge": (acknowledge, ComplaintStatus.ACKNOWLEDGED),
    "decide": (decide, ComplaintStatus.DECIDED),
    "tell": (tell, ComplaintStatus.CLOSED),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", ComplaintStatus)
def test_every_status_and_every_verb(complained, cast, status, verb):
    complaint, handler = complained(), cast["manager"]
    give(complaint, handler, handler)
    for act, _ in VERBS.values():
        if now(complaint).status != status:
            act(complaint, handler)
    assert now(complaint).status == status
    act, leads_to = VERBS[verb]
    if leads_to in COMPLAINT_TRANSITIONS[status]:
        act(complaint, handler)
        assert now(complaint).status == leads_to
    else:
        with pytest.raises(StaleState):
            act(complaint, handler)
        assert now(complaint).status == status


def test_the_clocks_are_working_days_of_the_settings(complained):
    complaint = complained(received_on=TODAY - timedelta(2))
    received = complaint.received_on
    assert complaint.acknowledge_by == add_working_days(received, settings.RJ_COMPLAINT_ACKNOWLEDGE_DAYS)
    assert complaint.due_on == add_working_days(received, settings.RJ_COMPLAINT_ANSWER_DAYS)


def test_more_time_needs_a_later_day_and_the_reason_they_were_told(complained, cast):
    complaint, manager = complained(), cast["manager"]
    longest = (months_after(complaint.due_on, 3) - complaint.due_on).days
    for days in (0, -1, longest + 1):
        with pytest.raises(DomainError):
            extend(complaint, manager, days)
    extended = extend(complaint, manager)
    assert (extended.due_on, extended.extended_by) == (complaint.due_on + timedelta(30), manager)
    assert now(complaint).extension_words == "A witness is away"


def test_a_worker_of_the_case_never_handles_it(complained, cast, refer, area):
    """Whoever coordinated it, and whoever has come to work on it since; somebody else may."""
    referral, coordinator, manager = refer(), cast["coordinator"], cast["manager"]
    with acting_as(coordinator):
        accept_referral(referral=referral, by=coordinator, today=TODAY)
    complaint = complained(referral=referral)
    with acting_as(manager):
        assert coordinator not in actions.handlers_for(complaint)
        assert cast["supervisor"] in actions.handlers_for(complaint)
    with pytest.raises(DomainError):
        give(complaint, manager, coordinator)
    other = member(Role.COORDINATOR, area, first_name="Noor")
    give(complaint, manager, other)
    acknowledge(complaint, other)
    with acting_as(manager):
        referral.case.supervisor = other
        referral.case.save()
    with pytest.raises(NotAllowed, match="worked on this since"):
        decide(complaint, other)


@pytest.mark.parametrize("named", ["Grace Holt", "holt", "it was GRACE, I think", "Mrs. Holt's"])
def test_a_worker_is_known_by_either_name_in_whatever_spelling(cast, named):
    assert called(named, cast.values()) == [cast["manager"]]


def test_a_worker_complained_about_never_sees_it(complained, cast, area, signed_in):
    """Named by whoever complains: even the manager, who hears nothing of it either."""
    second = member(Role.SERVICE_MANAGER, area, first_name="Kit", last_name="Moor")
    complaint = complained(names_worker="Mrs Holt")
    told = Notification.objects.filter(kind="complaint_received").values_list("user", flat=True)
    assert set(told) == {second.pk}
    client = signed_in(cast["manager"])
    for name in ("complaint", "acknowledge-complaint", "give-complaint", "decide-complaint"):
        assert client.get(reverse(f"referrals:{name}", args=[complaint.pk])).status_code == 404
    assert complaint.reference[:4] not in client.get(reverse("referrals:complaints")).content.decode()
    assert "complaint to acknowledge" not in client.get("/").content.decode()
    for act in (acknowledge, extend, tell):
        with pytest.raises(NotAllowed):
            act(complaint, cast["manager"])
    assert signed_in(second).get(reverse("referrals:complaint", args=[complaint.pk])).status_code == 200


def test_a_handler_who_is_named_later_loses_it_at_once(complained, cast, signed_in):
    complaint, handler = complained(), cast["supervisor"]
    give(complaint, cast["manager"], handler)
    address = reverse("referrals:complaint", args=[complaint.pk])
    client = signed_in(handler)
    assert client.get(address).status_code == 200
    with acting_as(cast["manager"]) as by:
        actions.name_worker(complaint=complaint, worker=handler, by=by)
    assert client.get(address).status_code == 404
    assert now(complaint).handler is None
    with pytest.raises(DomainError):
        give(complaint, cast["manager"], handler)


def test_when_no_manager_may_read_it_the_data_protection_officer_hears(complained, cast):
    complained(names_worker="Grace Holt")
    notice = Notification.objects.get(kind="complaint_without_reader")
    assert notice.user == cast["dpo"] and notice.url == ""


def test_only_the_handler_decides_and_a_coordinator_without_it_finds_nothing(complained, cast, signed_in):
    complaint = complained()
    give(complaint, cast["manager"], cast["supervisor"])
    acknowledge(complaint, cast["supervisor"])
    with pytest.raises(NotAllowed, match="Only whoever handles"):
        decide(complaint, cast["manager"])
    recorder = signed_in(cast["coordinator"])
    assert recorder.get(reverse("referrals:complaint", args=[complaint.pk])).status_code == 404
    assert decide(complaint, cast["supervisor"]).outcome == "partly"
    assert Notification.objects.filter(kind="complaint_decided", user=cast["manager"]).exists()


def test_the_referral_s_own_trail_says_nothing(complained, refer):
    referral = refer()
    complained(referral=referral)
    assert not DomainEvent.objects.about(referral).filter(verb__contains="complaint").exists()


def test_from_the_call_to_the_outcome_told_by_its_pages(cast, refer, area, signed_in):
    referral = refer()
    with acting_as(cast["coordinator"]) as by:
        actions.take_referral(referral=referral, by=by, today=TODAY)
    caller, manager, handler = (signed_in(cast[who]) for who in ("coordinator", "manager", "supervisor"))

    given = {"made_by": "harmed", "about": "treatment", "words": WORDS, "reference": referral.reference}
    given |= {"name": "zqMaureen", "names_worker": "Dana"} | typed(received_on=TODAY)
    answer = caller.post(reverse("referrals:record-complaint"), given, follow=True)
    assert "is with the service managers" in answer.content.decode()
    complaint = Complaint._base_manager.get()
    assert ComplainedAbout._base_manager.get().worker == cast["coordinator"]

    def post(client, name: str, **given) -> int:
        return client.post(reverse(f"referrals:{name}", args=[complaint.pk]), given).status_code

    assert "A complaint to acknowledge" in manager.get("/").content.decode()
    assert post(manager, "give-complaint", user=str(cast["coordinator"].pk)) == 422
    assert post(manager, "give-complaint", user=str(cast["supervisor"].pk)) == 302
    assert "A complaint to acknowledge" in handler.get("/").content.decode()
    assert post(handler, "acknowledge-complaint", **typed(acknowledged_on=TODAY)) == 302
    due = complaint.due_on + timedelta(7)
    assert post(handler, "extend-complaint", words="A witness is away", **typed(due_on=due)) == 302
    assert post(handler, "decide-complaint", outcome="upheld", answer="We are sorry") == 422  # nothing learnt
    assert post(handler, "decide-complaint", outcome="upheld", answer="We are sorry", learning="Ring sooner") == 302
    assert "decided and not told" in manager.get("/").content.decode()
    assert post(manager, "tell-complaint-outcome", **typed(told_on=TODAY)) == 302
    page = manager.get(reverse("referrals:complaint", args=[complaint.pk])).content.decode()
    for words in (WORDS, "zqMaureen", "Dana Castle", "A witness is away", "We are sorry", "Ring sooner", "Upheld"):
        assert words in page


def test_how_many_of_each_kind_came_in_each_month(complained, cast):
    for about, day in (("delay", date(2026, 1, 31)), ("delay", date(2026, 1, 1)), ("treatment", date(2026, 2, 1))):
        complained(about=about, received_on=day)
    complained(about="delay", received_on=date(2026, 3, 1))
    with acting_as(cast["manager"]) as manager:
        mine = Complaint.objects.all().visible_to(manager)
        found = mine.by_kind_and_month(date(2026, 1, 1), date(2026, 3, 1)).order_by("month")
        counted = [(row["month"], row["about"], row["number"]) for row in found]
    assert counted == [(date(2026, 1, 1), "delay", 2), (date(2026, 2, 1), "treatment", 1)]


def test_the_list_is_filtered_by_state_and_clock(complained, cast, signed_in):
    late = complained(received_on=TODAY - timedelta(90))
    fresh = complained(about="decision")
    page = signed_in(cast["manager"]).get
    for query, shown in (
        ("", {late, fresh}),
        ("?clock=over", {late}),
        ("?about=decision", {fresh}),
        ("?status=closed", set()),
    ):
        text = page(reverse("referrals:complaints") + query).content.decode()
        assert {one for one in (late, fresh) if one.reference[:4] in text} == shown, query
