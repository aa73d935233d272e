"""The same form that arrives twice is done once; loaded anew, or with other words, it is another entry."""

import re
import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Contact
from rj_service.accounts import sent_forms
from rj_service.accounts.acting import acting_as
from rj_service.accounts.models import SentForm
from tests.cases.conftest import open_one, side_of

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
WORDS = {"method": "phone", "result": "no_answer", "when": "now", "note": "Rang twice"}


@pytest.fixture
def address(area, cast):
    case = open_one(area, cast["coordinator"], timezone.localdate())
    with acting_as(cast["coordinator"]):
        return reverse("cases:log-contact-with", args=[case.pk, side_of(case, "harmed").pk])


def loaded(client: Client, address: str) -> dict[str, str]:
    token = TOKEN.search(client.get(address).content.decode())
    assert token is not None
    return {"csrfmiddlewaretoken": token[1]}


def noted() -> list[str]:
    return sorted(Contact._base_manager.values_list("note", flat=True))


@pytest.mark.django_db
def test_twice_is_once_and_leads_to_the_same_page(address, cast, signed_in):
    client = signed_in(cast["coordinator"])
    form = WORDS | loaded(client, address)
    first, second = client.post(address, form), client.post(address, form)
    assert (first.status_code, second.status_code, second["Location"]) == (302, 302, first["Location"])
    assert noted() == ["Rang twice"]
    assert (
        client.get(second["Location"])
        .content.decode()
        .count("The contact is saved. Under Contacts you can take it back for 10 minutes.</")
        == 1
    )


@pytest.mark.django_db
def test_other_words_a_page_loaded_anew_and_a_late_one_are_each_another_entry(address, cast, signed_in):
    client = signed_in(cast["coordinator"])
    form = WORDS | loaded(client, address)
    client.post(address, form)
    client.post(address, form | {"note": "And texted"})
    client.post(address, WORDS | loaded(client, address))
    assert noted() == ["And texted", "Rang twice", "Rang twice"]
    SentForm.objects.update(sent_at=sent_forms.Now() - sent_forms.KEPT_FOR)
    client.post(address, form)
    assert len(noted()) == 4


@pytest.mark.django_db
def test_what_was_refused_is_tried_again(address, cast, signed_in):
    client = signed_in(cast["coordinator"])
    form = WORDS | {"method": "text"} | loaded(client, address)
    assert [client.post(address, form).status_code for _ in range(2)] == [422, 422]
    assert client.post(address, form | {"has_happened": "on"}).status_code == 302
    assert noted() == ["Rang twice"]


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_the_second_waits_for_the_first(address, cast, signed_in):
    client = signed_in(cast["coordinator"])
    form, cookies, both, answers = WORDS | loaded(client, address), client.cookies, threading.Barrier(4), []

    def send() -> None:
        one = Client()
        one.cookies = cookies
        both.wait()
        answers.append(one.post(address, form).status_code)
        connections.close_all()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert (answers, noted()) == ([302] * 4, ["Rang twice"])
