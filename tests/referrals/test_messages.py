"""Messages between the organisation that sent a referral and the coordinators."""

import re
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from referrals import actions
from referrals.models import MessageReading, Referral, ReferralMessage
from rj_service.accounts.acting import acting_as
from rj_service.accounts.errors import DomainError, NotAllowed, StaleState
from rj_service.accounts.roles import Role
from rj_service.notifications.models import Notification
from tests.factories import member

TODAY = timezone.localdate()


def address(name, *args):
    return reverse(f"referrals:{name}", args=args)


@pytest.fixture
def referral(refer, cast, hub):
    return refer(by=cast["hub_worker"], organisation=hub)


@pytest.fixture
def write(acting, referral):
    def write(by, words="When may we ring?", **changed):
        with acting(by):
            return actions.write_message(referral=referral, words=words, by=by, today=TODAY, **changed)

    return write


def told(kind="referral_message"):
    return [(one.user, one.url) for one in Notification.objects.filter(kind=kind).order_by("created_at")]


def test_a_question_is_asked_read_and_answered(referral, cast, signed_in):
    coordinator, hub_worker = signed_in(cast["coordinator"]), signed_in(cast["hub_worker"])
    page = coordinator.get(address("detail", referral.pk)).content.decode()
    assert "Outside the service: H Bell of Cambridgeshire Victims’ Hub" in page
    asked = {"words": "When may we ring?", "is_question": "on", "seen": ""}
    assert coordinator.post(address("messages", referral.pk), asked).status_code == 302
    assert told() == [(cast["hub_worker"], address("own", referral.pk))]
    assert "Not read yet" in coordinator.get(address("detail", referral.pk)).content.decode()

    mine = hub_worker.get(address("mine")).content.decode()
    assert "A message to read" in mine
    assert referral.reference[:4] in hub_worker.get(address("mine"), {"messages": "new"}).content.decode()
    page = hub_worker.get(address("own", referral.pk)).content.decode()
    assert "When may we ring?" in page and "question" in page and "The coordinators and managers" in page
    assert "A message to read" not in hub_worker.get(address("mine")).content.decode()
    answer = {"words": "After six", "seen": str(ReferralMessage._base_manager.get().pk)}
    assert hub_worker.post(address("own-messages", referral.pk), answer).status_code == 302

    queue = coordinator.get(address("list")).content.decode()
    assert "A message from the referrer to read" in queue
    page = coordinator.get(address("detail", referral.pk)).content.decode()
    assert "After six" in page and "Read by H Bell" in page
    assert "A message from the referrer to read" not in coordinator.get(address("list")).content.decode()
    assert set(told()[1:]) == {(cast["coordinator"], address("detail", referral.pk))}


def test_holding_may_ask_the_referrer(referral, refer, cast, signed_in):
    client = signed_in(cast["coordinator"])
    assert "Read by H Bell" in client.get(address("decide", referral.pk)).content.decode()
    typed = {"decision": "hold", "hold_until_day": 1, "hold_until_month": 1, "hold_until_year": TODAY.year + 1}
    asked = client.post(address("decide", referral.pk), typed | {"hold_question": "May we ring in the evening?"})
    assert asked.status_code == 302
    assert ReferralMessage._base_manager.get().is_question
    of_nobody = refer()
    assert "Question to the referrer" not in client.get(address("decide", of_nobody.pk)).content.decode()
    assert client.post(address("decide", of_nobody.pk), typed).status_code == 422


@pytest.mark.parametrize("who", ["supervisor", "practitioner", "referrer", "other_coordinator", "opcc", "admin"])
def test_nobody_else_writes(who, write, cast):
    with pytest.raises((NotAllowed, Referral.DoesNotExist)):
        write(cast[who])


def test_nothing_empty_is_sent_and_nothing_to_nobody(write, cast, refer, acting):
    with pytest.raises(DomainError, match="Enter a message"):
        write(cast["coordinator"], "  ")
    cast["hub_worker"].memberships.update(ended_on=TODAY)
    with pytest.raises(DomainError, match="Nobody of the organisation"):
        write(cast["coordinator"])


@pytest.mark.parametrize(
    ("words", "given_away"),
    [
        ("May we ring 07700 900101?", ""),
        ("Grace Bellamy lives at 4 Mill Lane, CB1 1AA", ""),
        ("Kyle Brand agreed", ""),
        ("Ring her on 07700 900 555.", "the phone number of the person harmed"),
        ("Ring +44 7700-900555 4 pm", "the phone number of the person harmed"),
        ("She is at 9, hidden row now", "the address of the person harmed"),
        ("The postcode is pe150uf", "the address of the person harmed"),
        ("Write to NEW@example.org", "the email address of the person harmed"),
        ("Mr Zoltán-Smith said no", "the name of the person responsible"),
        ("The rowing club is open", ""),
    ],
)
def test_what_they_did_not_send_does_not_go_out(words, given_away, write, cast, referral, acting):
    with acting(cast["coordinator"]):
        details = referral.person_harmed.contact_details
        details.phone, details.email = "07700 900555", "new@example.org"
        details.address, details.postcode = "9 Hidden Row, March", "PE15 0UF"
        if "Mill Lane" not in words:
            details.save()
        if "Kyle" not in words:
            referral.person_responsible.last_name = "Zoltan Smith"
            referral.person_responsible.save()
    if given_away:
        with pytest.raises(DomainError, match=f"They did not send you {given_away}"):
            write(cast["coordinator"], words)
        assert not ReferralMessage._base_manager.exists()
    else:
        write(cast["coordinator"], words)


def test_reading_is_each_one_s_own(write, cast, area, hub, signed_in, referral):
    colleague = member(Role.HUB_WORKER, area, hub, first_name="Hana", last_name="Bright")
    write(cast["coordinator"])
    signed_in(cast["hub_worker"]).get(address("own", referral.pk))
    signed_in(cast["coordinator"]).get(address("detail", referral.pk))
    assert [reading.user for reading in MessageReading._base_manager.all()] == [cast["hub_worker"]]
    assert "A message to read" in signed_in(colleague).get(address("mine")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_the_second_reads_the_first(referral, write, cast):
    question = write(cast["hub_worker"], "Has anybody rung them?")
    at_once, came = threading.Barrier(2), []

    def answer(who):
        try:
            with acting_as(cast[who]) as by:
                at_once.wait(timeout=30)
                seen = str(question.pk)
                actions.write_message(referral=referral, words=f"Yes, {who}", by=by, today=TODAY, seen=seen)
            came.append("sent")
        except StaleState as refusal:
            came.append(refusal.message)
        finally:
            connection.close()

    both = [threading.Thread(target=answer, args=(who,)) for who in ("coordinator", "manager")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    [refused] = [words for words in came if words != "sent"]
    assert "Yours is not sent" in refused
    assert ReferralMessage._base_manager.count() == 2


def test_who_comes_second_keeps_the_words_and_reads_first(referral, write, cast, signed_in):
    write(cast["manager"], "They are told on Monday.")
    late = {"words": "My own answer", "seen": ""}
    page = signed_in(cast["coordinator"]).post(address("messages", referral.pk), late)
    text = page.content.decode()
    assert page.status_code == 422
    assert "G Holt wrote at" in text and "My own answer" in text and "They are told on Monday." in text


def test_the_menu_counts_what_is_to_read_and_leads_to_every_message(referral, write, cast, signed_in):
    client = signed_in(cast["hub_worker"])
    menu = re.compile(r'href="/referrals/mine/messages/"[^>]*>\s*(.*?)</a>', re.DOTALL)

    def in_menu(page: str) -> str:
        return " ".join(re.sub(r"<[^>]+>", "", menu.search(client.get(page).content.decode())[1]).split())

    assert in_menu(address("mine")) == "Messages"
    write(cast["coordinator"], is_question=True)
    write(cast["hub_worker"], words="zqAfter six")
    assert in_menu(address("mine")) == "Messages (1 to read)"
    html = client.get(address("all-own-messages")).content.decode()
    assert html.count(f"{address('own', referral.pk)}#messages") == 2
    assert "To read" in html and "a question" in html and "zqAfter six" not in html
    only = client.get(address("all-own-messages"), {"messages": "new"}).content.decode()
    assert only.count(f"{address('own', referral.pk)}#messages") == 1
    client.get(address("own", referral.pk))
    assert in_menu(address("all-own-messages")) == "Messages"
    assert str(referral.pk) not in signed_in(cast["referrer"]).get(address("all-own-messages")).content.decode()
