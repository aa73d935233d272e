"""Interested, no suspect identified: the wish is kept, checked and reviewed; news makes a task and never a message."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import accept_referral
from referrals import actions, anniversaries
from referrals.actions import NewPerson, Spoken
from referrals.choices import FOUND_BY_ITSELF, NeutralOutcome, TriggerKind, WaitCheck
from referrals.models import Consent, InterestTrigger, Offer, Referral, Task, WatchedInterest
from referrals.tasks import reach_watched_days
from referrals.views.watched import Check
from rj_service.accounts.errors import DomainError, StaleState

from .conftest import row_counts
from .hub_rows import hub_csv, hub_row

TODAY = timezone.localdate()
DAY = timedelta(days=1)
NOBODY = {"offender_identified": "N", "offender_first_name": "", "offender_last_name": "", "offender_date_of_birth": ""}
ASKED = Spoken(how="phone", asked_by="Dana Castle", address_confirmed=True)


@pytest.fixture
def waits(refer):
    """`waits()`: a referral of somebody who waits since a hundred days; `since`, `wish` and the rest may be given."""

    def make(*, since=TODAY - 100 * DAY, wish="To ask him why", **changed):
        fields = {"suspect_identified": False, "responsible": NewPerson(), "wishes_contact_if_identified": True}
        return refer(received_on=since, wish=wish, **fields | changed)

    return make


@pytest.fixture
def by(cast, acting):
    with acting(cast["coordinator"]) as user:
        yield user


def note(referral, by, kind=TriggerKind.IDENTIFIED, **changed):
    given = {"told_by": "police", "told_on": TODAY} | changed
    return actions.note_trigger(referral=referral, kind=kind, by=by, today=TODAY, **given)


def go_on(referral, by, *, wish_stands=True, checked_on=TODAY, spoken=ASKED):
    return actions.go_on(
        referral=referral, wish_stands=wish_stands, checked_on=checked_on, spoken=spoken, by=by, today=TODAY
    )


@pytest.mark.parametrize(
    ("result", "spoken", "wish", "is_confirmed"),
    [
        (WaitCheck.NOBODY_YET, None, "To ask him why", False),
        (WaitCheck.NOT_REACHED, None, "To ask him why", False),
        (WaitCheck.SPOKE, Spoken("phone", "D Castle"), "To ask him why", False),
        (WaitCheck.SPOKE, Spoken("phone", "D Castle", wish="A letter"), "A letter", False),
        (WaitCheck.SPOKE, ASKED, "To ask him why", True),
    ],
)
def test_a_check_keeps_the_wish_and_with_the_address_it_is_the_yearly_review(
    waits, by, result, spoken, wish, is_confirmed
):
    referral = waits()
    found = actions.check_interest(referral=referral, by=by, today=TODAY, result=result, spoken=spoken)
    assert found.wish == wish
    assert found.next_check_on == TODAY + 91 * DAY
    assert (found.confirmed_on == TODAY) is is_confirmed
    assert found.review_due_on == found.confirmed_on + 365 * DAY
    assert found.checks.get().result == result
    assert Referral.objects.get(pk=referral.pk).status == "interested"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"result": "spoke"}, "how they were asked"),
        ({"result": "spoke", "spoken": Spoken("phone", " ")}, "who asked them"),
        ({"checked_on": TODAY + DAY}, "today or in the past"),
        ({"next_check_on": TODAY}, "after today"),
        ({"watched_day": TODAY}, "after today"),
    ],
)
def test_a_check_that_says_too_little_is_refused(waits, by, changed, sentence):
    referral = waits()
    with pytest.raises(DomainError, match=sentence):
        actions.check_interest(referral=referral, by=by, today=TODAY, **changed)
    assert not WatchedInterest.objects.get().checks.exists()


def test_a_wish_that_is_gone_ends_neutrally(waits, by):
    referral = waits()
    note(referral, by)
    actions.check_interest(referral=referral, by=by, today=TODAY, result="withdrawn")
    assert_ended(referral, "changed_mind", by)
    assert not Consent.objects.in_force().exists()


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (lambda one, by: actions.withdraw_consent(person=one.person_harmed, referral=one, by=by), "changed_mind"),
        (
            lambda one, by: actions.record_death(
                person=one.person_harmed, referral=one, died_on=TODAY, by=by, today=TODAY
            ),
            "died",
        ),
    ],
    ids=["withdrawn", "died"],
)
def test_whoever_withdraws_or_has_died_waits_no_longer(waits, by, stop, reason):
    referral, other = waits(), waits(harmed=NewPerson(last_name="Pryor"))
    for one in (referral, other):
        note(one, by)
    stop(referral, by)
    assert_ended(referral, reason, by)
    with pytest.raises(StaleState, match="no longer waiting"):
        go_on(referral, by)
    with pytest.raises(StaleState, match="no longer waiting"):
        note(referral, by, TriggerKind.CHARGED)
    assert Referral.objects.interested().get() == other
    assert InterestTrigger.objects.open().get().interest.referral == other


def test_the_hubs_withdrawal_stops_the_waiting(import_file, by):
    import_file(hub_csv(hub_row(**NOBODY)))
    import_file(hub_csv(hub_row(**NOBODY, contact_consent="N")))
    assert_ended(Referral.objects.get(), "changed_mind", by)


def assert_ended(referral, reason, by):
    found = Referral.objects.get(pk=referral.pk)
    assert (found.status, found.not_accepted_reason) == ("not_accepted", reason)
    assert found.neutral_outcome == NeutralOutcome.NOT_AT_PRESENT
    assert found.watched_interest.ended_at is not None
    assert not InterestTrigger.objects.open().filter(interest__referral=referral).exists()
    assert not Task.objects.open().filter(referral=referral, kind="trigger").exists()


@pytest.mark.parametrize("kind", [kind for kind in TriggerKind if kind not in FOUND_BY_ITSELF])
def test_news_makes_a_task_and_no_message_to_anybody(waits, by, kind):
    referral = waits()
    actions.take_referral(referral=referral, by=by, today=TODAY)
    before = row_counts()
    trigger = note(referral, by, kind)
    changed = {name for name, count in row_counts().items() if count != before[name]}
    of_the_trigger = {"referrals.interesttrigger", "referrals.interesttriggerevent", "referrals.task"}
    assert changed - {"pghistory.context"} == of_the_trigger | {"audit.domainevent"}
    assert mail.outbox == []
    task = Task.objects.get(kind="trigger")
    assert task.words == f"{kind.label}: told by the police"
    assert (task.assigned_to, task.due_on, trigger.task) == (by, TODAY, task)
    with pytest.raises(DomainError, match="noted already"):
        note(referral, by, kind)


def test_news_that_is_looked_at_closes_its_task_and_may_come_again(waits, by):
    referral = waits()
    trigger = note(referral, by)
    actions.settle_trigger(trigger=trigger, by=by)
    assert not Task.objects.open().filter(kind="trigger").exists()
    with pytest.raises(StaleState, match="Nothing was done twice"):
        actions.settle_trigger(trigger=trigger, by=by)
    assert Referral.objects.get().status == "interested"
    note(referral, by)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": TriggerKind.SAME_CRIME}, "Choose what has changed"),
        ({"told_by": "calendar"}, "Choose who told us"),
        ({"told_on": TODAY + DAY}, "today or in the past"),
    ],
)
def test_what_only_the_service_finds_nobody_types(waits, by, changed, sentence):
    with pytest.raises(DomainError, match=sentence):
        note(waits(), by, **changed)


def open_news():
    return sorted(InterestTrigger._base_manager.filter(settled_at=None).values_list("kind", "told_by"))


def test_a_suspect_named_for_the_same_crime_by_the_hubs_file(import_file, waits, by):
    waits(incident={"crime_reference": "35/77/26"})
    waits(incident={"crime_reference": "35/78/26"}, harmed=NewPerson(last_name="Other"))
    waits(harmed=NewPerson(last_name="Nameless"))
    import_file(hub_csv(hub_row(crime_reference="35/77/26", **NOBODY)))
    assert open_news() == []
    import_file(hub_csv(hub_row(hub_reference="HUB-2", crime_reference="35/77/26", victim_last_name="Ngata")))
    found = InterestTrigger.objects.open().filter(kind="same_crime", told_by="hub_file")
    named = Referral.objects.get(hub_reference="HUB-2")
    assert {one.interest.referral.incident.crime_reference for one in found} == {"35/77/26"}
    assert len(found) == 2 and {one.found_in for one in found} == {named}
    assert mail.outbox == []


def test_the_same_crime_by_hand_but_not_by_somebody_nobody_verified(waits, refer, by):
    waits(incident={"crime_reference": "35/77/26"})
    refer(incident={"crime_reference": "35/77/26"}, mechanism="victim_self")
    assert open_news() == []
    refer(incident={"crime_reference": "35/77/26"})
    assert open_news() == [("same_crime", "referral")]


def test_the_hub_sends_a_row_again_with_a_suspect(import_file, by):
    import_file(hub_csv(hub_row(**NOBODY)))
    import_file(hub_csv(hub_row(**NOBODY | {"offender_identified": "Y"})))
    assert open_news() == [("identified", "hub_file")]
    assert Referral.objects.get().status == "interested"
    assert not Task.objects.open().filter(kind="review_change").exists()


def test_the_day_that_was_set_comes(waits, cast, acting):
    referral = waits()
    with acting(cast["coordinator"]) as by:
        given = {"watched_day": TODAY + DAY, "watched_for": "The trial begins"}
        actions.check_interest(referral=referral, by=by, today=TODAY, **given)
    reach_watched_days()
    assert open_news() == []
    WatchedInterest._base_manager.update(watched_day=TODAY)
    for _ in range(2):
        reach_watched_days()
    assert open_news() == [("day_reached", "calendar")]
    assert InterestTrigger._base_manager.get().words == "The trial begins"
    assert mail.outbox == []


def test_nothing_goes_on_before_wish_and_address_are_checked_again(waits, by):
    referral = waits()
    for act in (actions.reopen, actions.mark_accepted):
        with pytest.raises(DomainError):
            act(referral=referral, by=by, today=TODAY)
    note(referral, by, told_on=TODAY - DAY)
    for changed, sentence in (
        ({"spoken": Spoken("phone", "D Castle")}, "reached safely"),
        ({"spoken": Spoken("not_known", "D Castle")}, "how they were asked"),
        ({"spoken": Spoken("phone", "")}, "who asked them"),
        ({"checked_on": TODAY - 2 * DAY}, "Ask them again"),
        ({"checked_on": TODAY + DAY}, "today or in the past"),
    ):
        with pytest.raises(DomainError, match=sentence):
            go_on(referral, by, **changed)
    assert Referral.objects.get().status == "interested"


@pytest.mark.parametrize("learnt", [{"died_on": TODAY}, {"approach": "never"}])
def test_what_was_learnt_of_the_same_person_elsewhere_stops_going_on(waits, by, learnt):
    referral = waits()
    type(referral.person_harmed).objects.filter(pk=referral.person_harmed_id).update(**learnt)
    with pytest.raises(DomainError, match="They have died, or asked never to be asked"):
        go_on(referral, by)
    assert not Offer.objects.worth_making_by(by).exists() and Offer.objects.to_make().exists()


def test_without_news_an_old_answer_does_not_do(waits, by):
    referral = waits()
    with pytest.raises(DomainError, match="Ask them again"):
        go_on(referral, by, checked_on=TODAY - 29 * DAY)
    assert go_on(referral, by, checked_on=TODAY - 28 * DAY).status == "received"


def test_going_on_leads_to_triage_with_everything_and_from_there_to_a_case(waits, by):
    referral = waits(flags=[("stalking", "")], notes="She asked first")
    note(referral, by)
    people = (referral.person_harmed_id, referral.incident_id)
    consents = list(Consent.objects.values_list("pk", flat=True))
    found = go_on(referral, by, spoken=Spoken("phone", "The Hub", wish="A meeting", address_confirmed=True))
    assert (found.status, found.person_harmed_id, found.incident_id, found.notes) == (
        "received",
        *people,
        "She asked first",
    )
    assert found.sensitive_flags.count() == 1
    assert list(Consent.objects.in_force().values_list("pk", flat=True)) == consents
    interest = WatchedInterest.objects.get()
    assert (interest.wish, interest.ended_by, interest.checks.get().went_on) == ("A meeting", by, True)
    assert not Task.objects.open().filter(kind="trigger").exists()
    assert accept_referral(referral=found, by=by, today=TODAY).participants.get().person == referral.person_harmed


def test_the_clock_of_triage_begins_when_they_go_on(waits, refer, cast, acting, signed_in):
    referral = waits(since=TODAY - 300 * DAY, harmed=NewPerson(last_name="Patience"))
    refer(received_on=TODAY - 300 * DAY, harmed=NewPerson(last_name="Overdue"))
    with acting(cast["coordinator"]) as by:
        go_on(referral, by)
    client = signed_in(cast["coordinator"])
    page = client.get(reverse("referrals:list")).content.decode()
    assert page.count("working days over") == 1 and "Patience" in page
    late = client.get(reverse("referrals:list") + "?clock=over").content.decode()
    assert "Overdue" in late and "Patience" not in late
    assert "1 referral has waited more than" in client.get("/").content.decode()


def test_going_on_without_the_wish_ends_neutrally(waits, by):
    referral = waits()
    note(referral, by)
    go_on(referral, by, wish_stands=False, spoken=Spoken("phone", "The Hub"))
    assert_ended(referral, "changed_mind", by)


@pytest.mark.parametrize(
    ("happened_on", "month", "today", "words"),
    [
        (date(2024, 11, 24), None, date(2026, 11, 22), "24 November"),
        (date(2024, 11, 24), None, date(2026, 11, 10), "24 November"),
        (date(2024, 11, 24), None, date(2026, 11, 9), ""),
        (date(2024, 11, 24), None, date(2026, 12, 8), "24 November"),
        (date(2024, 11, 24), None, date(2026, 12, 9), ""),
        (date(2026, 11, 10), None, date(2026, 11, 22), ""),
        (date(2024, 1, 3), None, date(2026, 12, 28), "3 January"),
        (date(2024, 12, 28), None, date(2027, 1, 3), "28 December"),
        (date(2024, 2, 29), None, date(2026, 3, 2), "28 February"),
        (date(2024, 2, 29), None, date(2028, 3, 2), "29 February"),
        (None, date(2024, 11, 1), date(2026, 11, 30), "November"),
        (None, date(2024, 11, 1), date(2026, 12, 1), ""),
        (None, date(2026, 11, 1), date(2026, 11, 30), ""),
        (None, None, date(2026, 11, 30), ""),
    ],
)
def test_an_anniversary_is_near(happened_on, month, today, words):
    assert anniversaries.near(happened_on, month, today=today) == words


def test_the_list_is_worked_through_by_what_is_due(waits, cast, acting, signed_in):
    names = ("Over", "Month", "Later", "News", "Review")
    next_month = (TODAY.replace(day=28) + 4 * DAY).replace(day=1)
    checks = {"Over": TODAY - DAY, "Month": next_month - DAY, "Later": next_month}
    for name in names:
        referral = waits(harmed=NewPerson(last_name=f"Q{name}"), since=TODAY - (400 if name == "Review" else 30) * DAY)
        due = checks.get(name, next_month)
        WatchedInterest._base_manager.filter(referral=referral).update(next_check_on=due)
        if name == "News":
            with acting(cast["coordinator"]) as by:
                note(referral, by)
    client = signed_in(cast["coordinator"])
    for query, found in (
        ("", set(names)),
        ("due=over", {"Over"}),
        ("due=month", {"Over", "Month"}),
        ("due=review", {"Review"}),
        ("news=yes", {"News"}),
        ("taken=me", set()),
    ):
        page = client.get(f"{reverse('referrals:interested')}?{query}").content.decode()
        assert {name for name in names if f"Q{name}" in page} == found, query
        assert ("Something changed: look at it" in page) == ("News" in found)
        assert ("Yearly review due</span>" in page) == ("Review" in found)


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (0, "soon", "Due today"),
        (1, "wait", "In 1 day"),
        (-1, "stop", "1 day overdue"),
        (-30, "stop", "30 days overdue"),
        (31, "wait", "In 1 month"),
        (-400, "stop", "13 months overdue"),
        (-730, "stop", "2 years overdue"),
    ],
)
def test_how_long_until_the_next_check(days, state, words):
    check = Check(TODAY + days * DAY, TODAY)
    assert (check.state, check.words) == (state, words)


def test_a_restricted_wish_is_read_inside_only(waits, cast, acting, signed_in):
    referral = waits()
    with acting(cast["manager"]) as by:
        actions.restrict(referral=referral, reason="Police staff", by=by)
    page = signed_in(cast["manager"]).get(reverse("referrals:interested")).content.decode()
    assert "Shown inside" in page and "To ask him why" not in page


def test_the_page_of_somebody_who_waits_costs_the_same_for_more_checks(waits, cast, acting, signed_in):
    referral, client = waits(incident={"crime_reference": "35/77/26"}), signed_in(cast["coordinator"])
    seen = []
    for kinds in (["identified"], ["charged", "convicted"]):
        with acting(cast["coordinator"]) as by:
            for kind in kinds:
                note(referral, by, kind)
                actions.check_interest(referral=referral, by=by, today=TODAY)
        client.get(reverse("referrals:detail", args=[referral.pk]))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("referrals:detail", args=[referral.pk])).content.decode()
        seen.append(len(queries))
    assert page.count("Nothing follows: they go on waiting") == 3
    assert seen[0] == seen[1]


def test_nobody_accepts_from_the_decision_page_while_they_wait(waits, cast, signed_in):
    referral, client = waits(), signed_in(cast["coordinator"])
    page = client.get(reverse("referrals:decide", args=[referral.pk])).content.decode()
    assert "Accept and open a case" not in page and "the wish is checked on the way" in page
    assert client.post(reverse("referrals:decide", args=[referral.pk]), {"decision": "accept"}).status_code == 422
    assert Referral._base_manager.get().status == "interested"
