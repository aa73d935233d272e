"""The referrer's own side: what they sent as they sent it, one neutral sentence, and nothing that was learnt here."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals import actions, sent
from referrals.actions import NewPerson
from referrals.choices import NeutralOutcome, ReferralStatus
from referrals.models import ContactDetails, Person, Referral
from rj_service.audit.models import AccessLog
from rj_service.notifications.models import Notification
from tests.access.table import ask

from .hub_rows import hub_csv, hub_row
from .test_decisions import move_to
from .test_drafts import HARMED, PAGES, begin, fill, send

TODAY = timezone.localdate()
OTHER = NewPerson(first_name="Ann", last_name="Other")


def address(name, *args):
    return reverse(f"referrals:{name}", args=args)


@pytest.fixture
def sent_by_hub(refer, cast, hub):
    return refer(by=cast["hub_worker"], organisation=hub, notes="She asked for a letter first.")


@pytest.fixture
def hub_worker(cast, signed_in):
    return signed_in(cast["hub_worker"])


def read(client, *args) -> str:
    return client.get(address(*args)).content.decode()


def test_what_was_sent_shows_and_what_was_learnt_later_does_not(sent_by_hub, hub_worker):
    harmed = sent_by_hub.person_harmed_id
    ContactDetails._base_manager.filter(person=harmed).update(address="9 Hidden Row", phone="07700 900555")
    Person._base_manager.filter(pk=harmed).update(last_name="Newname", communication_needs="learnt here")
    Person._base_manager.filter(pk=sent_by_hub.person_responsible_id).update(first_name="Otherwise")
    Referral._base_manager.filter(pk=sent_by_hub.pk).update(decision_note="kept inside", notes="rewritten")
    for page in (read(hub_worker, "own", sent_by_hub.pk), read(hub_worker, "mine")):
        assert "Grace Bellamy" in page
        for learnt in ("Hidden Row", "900555", "Newname", "learnt here", "Otherwise", "kept inside", "rewritten"):
            assert learnt not in page
    page = read(hub_worker, "own", sent_by_hub.pk)
    for words in ("4 Mill Lane", "07700 900101", "Kyle", "2 May 1999", "She asked for a letter first.", "By phone"):
        assert words.replace("By phone", "Spoken, by phone") in page
    looked = AccessLog.objects.filter(kind="view").latest("id")
    assert set(looked.people) == {harmed, sent_by_hub.person_responsible_id}


READS = {
    ReferralStatus.RECEIVED: "With the service",
    ReferralStatus.INTERESTED: "Waiting: no suspect identified",
    ReferralStatus.ON_HOLD: "With the service",
    ReferralStatus.ACCEPTED: "Taken forward",
    ReferralStatus.NOT_ACCEPTED: "We cannot take this forward at present",
    ReferralStatus.REFERRED_ELSEWHERE: "We cannot take this forward at present",
    ReferralStatus.DUPLICATE: "We cannot take this forward at present",
    ReferralStatus.ENTERED_IN_ERROR: "We cannot take this forward at present",
    ReferralStatus.PASSED_ON: "Another restorative justice service goes on with this",
}


@pytest.mark.parametrize("status", ReferralStatus)
def test_what_a_referrer_reads_in_every_status(status, sent_by_hub, refer, cast, acting, hub_worker):
    """And hears of it once: not of a move that reads the same."""
    other, by = refer(harmed=OTHER), cast["coordinator"]
    with acting(by):
        if status != ReferralStatus.RECEIVED:
            move_to(sent_by_hub, status, by, other)
    page = read(hub_worker, "own", sent_by_hub.pk)
    assert re.findall(r"<dt>What became of it</dt><dd>(.*?)</dd>", page) == [READS[status]]
    for said in {*ReferralStatus.labels} - {"Received", "Accepted"}:
        assert said not in page.replace(READS[status], "")
    fresh = Referral._base_manager.get(pk=sent_by_hub.pk)
    for outcome in NeutralOutcome:
        row = f'href="{address("own", fresh.pk)}"'
        assert (row in read_list(hub_worker, outcome)) == (outcome == fresh.neutral_outcome)
    news = Notification.objects.filter(kind="referral_news")
    expected = [] if READS[status] == "With the service" else [cast["hub_worker"]]
    assert [one.user for one in news] == expected


def read_list(client, outcome) -> str:
    return client.get(address("mine"), {"outcome": outcome}).content.decode()


def test_accepting_and_closing_are_each_told_once(sent_by_hub, cast, acting):
    by = cast["coordinator"]
    told = Notification.objects.filter(kind="referral_news", user=cast["hub_worker"])
    with acting(by):
        actions.mark_accepted(referral=sent_by_hub, by=by, today=TODAY)
        actions.record_outcome_told(referral=sent_by_hub, outcome="taken_forward", by=by, today=TODAY)
        assert told.count() == 1
        for _ in range(2):
            actions.record_outcome_told(referral=sent_by_hub, outcome="not_at_present", by=by, today=TODAY)
        assert told.count() == 2
    assert {one.url for one in told} == {address("own", sent_by_hub.pk)}


def test_who_sends_one_is_told_that_it_is_here(sent_by_hub, refer, cast):
    told = Notification.objects.get(kind="referral_acknowledged")
    assert (told.user, told.reference) == (cast["hub_worker"], sent_by_hub.reference)
    refer(harmed=OTHER)
    assert Notification.objects.filter(kind="referral_acknowledged").count() == 1


@pytest.mark.parametrize("shut_out", ["restricted", "conflict"])
def test_one_that_they_are_shut_out_of_is_as_absent_as_any(shut_out, sent_by_hub, refer, cast, acting, hub_worker, hub):
    by = cast["coordinator"]
    with acting(by):
        if shut_out == "restricted":
            actions.restrict(referral=sent_by_hub, reason="A colleague", by=by)
        else:
            person = sent_by_hub.person_harmed
            actions.declare_conflict(user=cast["hub_worker"], by=by, person=person)
    for name in ("own", "own-messages", "change-sent"):
        gone, never = (ask(hub_worker, "GET", address(name, key)) for key in (sent_by_hub.pk, hub.pk))
        assert (gone.status, gone.body) == (404, never.body)
    assert sent_by_hub.reference[:4] not in read(hub_worker, "mine")
    with acting(by):
        actions.hold_interested(referral=sent_by_hub, by=by, today=TODAY)
    assert not Notification.objects.filter(kind="referral_news").exists()


def test_a_row_of_a_hub_s_file_shows_its_words_to_the_hub_alone(import_file, cast, signed_in, hub_worker):
    row = {"referring_organisation": "Cambridgeshire Victims’ Hub", "victim_date_of_birth": "25/12/1984"}
    in_their_name = {"referring_organisation": "Fenland Housing", "mechanism": "partner_agency"}
    import_file(hub_csv(hub_row(**row), hub_row(hub_reference="HUB-2", **in_their_name)))
    first, second = (Referral._base_manager.get(hub_reference=f"HUB-{number}") for number in (1, 2))
    page = read(hub_worker, "own", first.pk)
    for words in ("17 Riverside Close", "25 December 1984", "Archie", "Wants to know why.", "October 2026"):
        assert words in page
    theirs = read(signed_in(cast["referrer"]), "own", second.pk)
    assert "Walker" in theirs and "35/75371/26" in theirs
    for words in ("17 Riverside Close", "7700 900571", "1984", "Archie", "Wants to know why."):
        assert words not in theirs
    assert not Notification.objects.filter(kind="referral_acknowledged").exists()


def test_what_staff_logged_for_an_organisation_is_not_their_words(refer, hub, hub_worker):
    referral = refer(organisation=hub)
    page = read(hub_worker, "own", referral.pk)
    assert "not kept in your organisation" in page
    for words in ("Bellamy", "Mill Lane", "900101", "Kyle"):
        assert words not in page + read(hub_worker, "mine")


@pytest.mark.parametrize(
    ("names", "crime_reference", "found"),
    [
        ({"first_name": "Ines", "last_name": "Pryor"}, "", True),
        ({"first_name": "Ines", "last_name": "Hidden"}, "", False),
        ({"first_name": "Ann", "last_name": "Other"}, PAGES["incident"]["crime_reference"], True),
    ],
)
def test_what_may_be_here_already_is_told_by_what_was_sent(names, crime_reference, found, hub_worker):
    """The service calls her otherwise now: neither is that name shown, nor does typing it show that it is hers."""
    draft = begin(hub_worker, **names)
    fill(hub_worker, draft, PAGES | {"harmed": HARMED | {"first_name": "Ines", "last_name": "Pryor"}})
    send(hub_worker, draft)
    Person._base_manager.filter(last_name="Pryor").update(last_name="Hidden")
    again = begin(hub_worker, **names)
    incident = PAGES["incident"] | {"crime_reference": crime_reference}
    fill(hub_worker, again, PAGES | {"harmed": HARMED | names, "incident": incident})
    page = read(hub_worker, "check-draft", again.pk)
    assert ("This may be here already" in page) == found
    assert ("Ines Pryor, received" in page) == found  # as they sent it
    assert "Ines Hidden" not in page


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("safe_to_phone", "y", "Yes"),
        ("safe_to_phone", "perhaps", "perhaps"),
        ("victim_date_of_birth", "25/12/1984", "25 December 1984"),
        ("victim_date_of_birth", "1984-12-25", "25 December 1984"),
        ("victim_date_of_birth", "about 40", "about 40"),
        ("offence_month", "2026-10", "October 2026"),
        ("offence_month", "2026-10-05", "5 October 2026"),
        ("justice_stage", "on_licence", "On licence"),
        ("justice_stage", "under_investigation", "under investigation"),
        ("sensitive_flags", "stalking;her words", "Stalking or harassment, her words"),
        ("notes", "2026-10-05", "2026-10-05"),
    ],
)
def test_how_a_value_is_read(column, text, words):
    assert sent.shown(column, text) == words


@pytest.mark.proof
def test_pages_ask_as_often_for_eight_as_for_one(sent_by_hub, refer, cast, acting, hub, hub_worker):
    by, coordinator = cast["hub_worker"], cast["coordinator"]
    statements = []
    for first, last in ((0, 1), (1, 8)):
        for number in range(first, last):
            referral = refer(by=by, organisation=hub, harmed=NewPerson(last_name=f"Other{number}"))
            for on in (sent_by_hub, referral):
                with acting(coordinator):
                    actions.write_message(referral=on, words=f"Question {number}", by=coordinator, today=TODAY)
                with acting(by):
                    words = {"notes": f"Note {number}", "location": f"Place {number}"}
                    actions.change_sent(referral=on, words=words, by=by, today=TODAY - timedelta(days=number))
        pages = (address("mine"), *(address(name, sent_by_hub.pk) for name in ("own", "own-messages", "change-sent")))
        statements.append([ask(hub_worker, "GET", page).statements for page in pages])
    assert statements[0] == statements[1]
