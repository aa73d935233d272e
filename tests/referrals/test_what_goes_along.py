"""What was written and asked about a referral goes to the other area with it, and no further than it was given."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.actions import NewPerson, Recipient
from referrals.models import (
    AlsoResponsible,
    ConflictOfInterest,
    InformationRequest,
    Referral,
    ReferralMessage,
    RequestMail,
    Task,
)
from rj_service.accounts.acting import acting_as
from rj_service.jobs.leases import work_on
from rj_service.notifications.models import Notification
from tests.cases.test_races import at_once
from tests.referrals.test_requests import link_id, link_of, opened

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SAID = "zqNever at the weekend"
TO_READ = "A message from the referrer to read"


@pytest.fixture
def ask(cast):
    def make(referral, side="responsible", **given):
        with acting_as(given.pop("by", cast["coordinator"])) as by:
            return actions.ask_agency(
                referral=referral,
                person=referral.person_harmed if side == "harmed" else referral.person_responsible,
                recipient=Recipient("probation", "Probation", "Ana Ruiz", "ana@example.org"),
                asked_for=["risk"],
                words="Who supervises them?",
                by=by,
                today=TODAY,
            )

    return make


@pytest.fixture
def answered(ask, cast):
    def make(referral, side="responsible"):
        asked = ask(referral, side)
        with acting_as(cast["coordinator"]) as by:
            given = {"given_by": "Ana Ruiz", "answer": f"zqAbout the {side}"}
            return actions.note_agency_answer(request=asked, by=by, today=TODAY, **given)

    return make


@pytest.fixture
def sent(refer, cast, hub) -> Referral:
    return refer(by=cast["hub_worker"], organisation=hub)


def write(referral, who, words=SAID):
    with acting_as(who) as by:
        return actions.write_message(referral=referral, words=words, by=by, today=TODAY)


def requests_at(referral) -> list[InformationRequest]:
    return list(InformationRequest._base_manager.filter(referral=referral).order_by("asked_at"))


# -- messages -----------------------------------------------------------------------------------------------------------
def test_what_was_written_with_the_referrer_is_read_where_it_is_worked_on(sent, cast, offer, accept, signed_in):
    write(sent, cast["hub_worker"])
    arrived = accept(offer(sent))
    client = signed_in(cast["other_coordinator"])
    queue = reverse("referrals:list")
    assert TO_READ in client.get(queue).content.decode()
    page = client.get(reverse("referrals:detail", args=[arrived.pk])).content.decode()
    assert SAID in page and "Victims’ Hub" in page and "They sent it to the area that it came from" in page
    assert TO_READ not in client.get(queue).content.decode()
    answer = {"words": "Thank you", "seen": re.search(r'name="seen" value="([^"]*)"', page)[1]}
    assert client.post(reverse("referrals:messages", args=[arrived.pk]), answer).status_code == 302


def test_what_the_referrer_writes_later_reaches_both_and_says_nothing_of_where(sent, cast, offer, accept, signed_in):
    arrived = accept(offer(sent))
    write(sent, cast["hub_worker"])
    assert ReferralMessage._base_manager.get(referral=arrived).words == SAID
    told = Notification.objects.filter(kind="referral_message").values_list("user", flat=True)
    assert set(told) == {cast["coordinator"].pk, cast["other_coordinator"].pk}
    page = signed_in(cast["hub_worker"]).get(reverse("referrals:own", args=[sent.pk])).content.decode()
    assert SAID in page and "Norfolk" not in page and "Owen" not in page


def test_a_message_is_there_once_after_there_and_back_and_there_again(sent, cast, offer, accept, send_home):
    write(sent, cast["hub_worker"])
    send_home(accept(offer(sent)))
    arrived = accept(offer(sent))
    for referral in (sent, arrived):
        assert ReferralMessage._base_manager.filter(referral=referral).count() == 1


# -- what agencies said and owe -----------------------------------------------------------------------------------------
def test_each_answer_stands_with_the_same_person_on_the_same_side(refer, offer, accept, answered):
    referral = refer()
    for side in ("harmed", "responsible"):
        answered(referral, side)
    arrived = accept(offer(referral))
    there = {(one.side, one.person_id, one.answer) for one in requests_at(arrived)}
    assert there == {
        ("harmed", arrived.person_harmed_id, "zqAbout the harmed"),
        ("responsible", arrived.person_responsible_id, "zqAbout the responsible"),
    }
    assert {one.service_area_id for one in requests_at(arrived)} == {arrived.service_area_id}
    assert len(requests_at(referral)) == 2


def test_what_is_said_of_somebody_responsible_beside_the_first_goes_along_there_and_back(
    refer, offer, accept, send_home, cast
):
    referral = refer(also_responsible=[NewPerson(last_name="Second")])
    beside = AlsoResponsible._base_manager.get().person
    with acting_as(cast["coordinator"]) as by:
        actions.ask_agency(
            referral=referral,
            person=beside,
            recipient=Recipient("probation", "Probation", "Ana Ruiz", "ana@example.org"),
            asked_for=["risk"],
            words="Who supervises them?",
            by=by,
            today=TODAY,
        )
    arrived = accept(offer(referral))
    [asked] = requests_at(arrived)
    assert asked.person.last_name == "Second" and asked.person != beside
    assert [one.person for one in requests_at(send_home(arrived))] == [beside]


def test_an_answer_whose_person_stands_on_the_other_side_by_now_stays(refer, offer, accept, answered):
    referral = refer(harmed=NewPerson(last_name="Bellamy"))
    answered(referral)
    Referral._base_manager.filter(pk=referral.pk).update(
        person_harmed=referral.person_responsible_id, person_responsible=referral.person_harmed_id
    )
    with_consent = Referral._base_manager.get(pk=referral.pk)
    with acting_as(referral.entered_by) as by:
        about = {"person": with_consent.person_harmed, "referral": with_consent}
        actions.record_consent(purpose="contact", method="phone", given_on=TODAY, by=by, today=TODAY, **about)
    assert requests_at(accept(offer(with_consent))) == []


def test_what_an_agency_owes_goes_along_with_its_link_and_tells_it_nothing_new(
    refer, offer, accept, send_home, ask, cast, signed_in
):
    referral = refer()
    asked = ask(referral)
    link = link_of(asked)
    assert "Cambridgeshire RJ" in opened(link).get("/referrals/answer/").content.decode()
    arrived = accept(offer(referral))
    assert requests_at(referral) == [] and requests_at(arrived) == [asked]
    page = opened(link).get("/referrals/answer/").content.decode()
    assert [word for word in ("Cambridgeshire RJ", "Norfolk", arrived.reference[:4]) if word in page] == []
    actions.answer_by_link(link_id=link_id(link), given_by="Ana", answer="zqOn licence", today=TODAY)
    [answer] = requests_at(arrived)
    assert (answer.answer, answer.person_id) == ("zqOn licence", arrived.person_responsible_id)
    told = Notification.objects.filter(kind="request_answered").values_list("user", flat=True)
    assert list(told) == [cast["other_coordinator"].pk]
    home = send_home(arrived)
    assert [(one.answer, one.person_id) for one in requests_at(home)] == [("zqOn licence", home.person_responsible_id)]
    send_home(accept(offer(home)))
    assert len(requests_at(home)) == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_while_they_accept_is_read_there(refer, offer, accept, ask, cast):
    asked = ask(referral := refer())
    link, transfer = link_id(link_of(asked)), offer(referral)
    given = {"link_id": link, "given_by": "Ana", "answer": "zqOn licence", "today": TODAY}
    by = cast["manager"]
    assert at_once(lambda _: accept(transfer), lambda _: actions.answer_by_link(**given), by=by) == ["done", "done"]
    arrived = Referral._base_manager.exclude(pk=referral.pk).get()
    assert [one.answer for one in requests_at(arrived)] == ["zqOn licence"]


def test_a_mail_that_waits_and_a_reminder_go_out_from_there(refer, offer, accept, ask):
    asked = ask(referral := refer())
    arrived = accept(offer(referral))
    waiting = RequestMail._base_manager.get(request=asked)
    assert waiting.service_area_id == arrived.service_area_id
    assert work_on(RequestMail, waiting.pk)
    assert "Norfolk" not in mail.outbox[-1].body


def test_an_agency_long_late_is_a_task_there(refer, offer, accept, ask):
    asked = ask(referral := refer())
    InformationRequest._base_manager.filter(pk=asked.pk).update(times_chased=4)
    arrived = accept(offer(referral))
    assert Task._base_manager.get(referral=arrived, done_at=None).kind == "late_request"


def test_an_agency_asked_there_reads_no_area_either(refer, offer, accept, ask, cast):
    arrived = accept(offer(refer()))
    asked = ask(arrived, by=cast["other_coordinator"])
    assert "Norfolk" not in opened(link_of(asked)).get("/referrals/answer/").content.decode()


# -- who knows somebody -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("declared", ["before", "here", "there"])
def test_whoever_is_shut_out_of_a_referral_is_so_in_both_areas_and_the_reason_stays(
    refer, offer, accept, cast, declared
):
    referral = refer()
    user = cast["practitioner"]

    def declare(where, by):
        with acting_as(by):
            actions.declare_conflict(user=user, by=by, referral=where, reason="zqMy aunt")

    if declared == "before":
        declare(referral, cast["coordinator"])
    arrived = accept(offer(referral))
    if declared == "here":
        declare(referral, cast["coordinator"])
    elif declared == "there":
        declare(arrived, cast["other_coordinator"])
    rows = {one.referral_id: one for one in ConflictOfInterest._base_manager.filter(user=user, lifted_at=None)}
    assert set(rows) == {referral.pk, arrived.pk}
    here, elsewhere = (arrived, referral) if declared == "there" else (referral, arrived)
    assert (rows[here.pk].reason, rows[elsewhere.pk].reason) == ("zqMy aunt", "")
    assert rows[elsewhere.pk].service_area_id == elsewhere.service_area_id
