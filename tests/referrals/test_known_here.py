"""Search before create: told on the page after a name or a number, of what the writer may see and of nothing else."""

import pytest

from referrals.actions import restrict
from referrals.models import ContactDetails, Person, Referral
from rj_service.audit.models import AccessLog

from .test_drafts import HARMED, PAGES, at, begin, fill, send
from .test_own_referrals import read

pytestmark = pytest.mark.django_db
AGAIN = {"first_name": "Inez", "last_name": "Pryor"}
KNOWN = "This may be here already"
SO_FAR = {name: PAGES[name] for name in ("responsible", "contact")}


def sent(client) -> Referral:
    draft = begin(client)
    fill(client, draft)
    send(client, draft)
    return Referral._base_manager.get()


def page_after_the_number(client, **contact) -> str:
    draft = begin(client, **AGAIN)
    answers = {"harmed": HARMED | AGAIN} | SO_FAR | {"contact": PAGES["contact"] | contact}
    fill(client, draft, answers)
    return client.get(at("draft", draft, "incident")).content.decode()


@pytest.mark.parametrize(("who", "is_told"), [("hub_worker", True), ("coordinator", True), ("referrer", False)])
def test_a_number_and_a_name_alike_are_enough(who, is_told, cast, signed_in):
    referral = sent(signed_in(cast["hub_worker"]))
    page = page_after_the_number(signed_in(cast[who]))
    assert (KNOWN in page) == is_told
    assert ("same telephone number; first names look or sound alike; same last name" in page) == is_told
    if is_told:
        newest = AccessLog.objects.filter(kind="search").order_by("-id").first()
        assert newest.ids == [referral.pk]


def test_a_referral_that_is_restricted_is_not_there(cast, signed_in, acting):
    referral = sent(signed_in(cast["hub_worker"]))
    with acting(cast["manager"]) as manager:
        restrict(referral=referral, reason="known to staff", by=manager)
    assert KNOWN not in page_after_the_number(signed_in(cast["coordinator"]))


def test_a_referrer_cannot_find_out_what_was_learnt_since_by_typing_it(cast, signed_in):
    """The service has another number and name now: typing those says nothing, typing what was sent says what it said."""
    client = signed_in(cast["hub_worker"])
    sent(client)
    person = Person._base_manager.get(last_name="Pryor")
    ContactDetails._base_manager.filter(person=person).update(phone_key=b"another")
    Person._base_manager.filter(pk=person.pk).update(last_name="Hidden", date_of_birth="1990-02-03")
    assert KNOWN in page_after_the_number(client)
    assert KNOWN not in page_after_the_number(client, phone="07700 900999")
    draft = begin(client, first_name="Ines", last_name="Hidden")
    fill(
        client, draft, {"harmed": HARMED | {"last_name": "Hidden"}} | SO_FAR | {"contact": {"consent_method": "phone"}}
    )
    assert KNOWN not in client.get(at("draft", draft, "incident")).content.decode()


def test_a_first_page_says_nothing(cast, signed_in):
    client = signed_in(cast["hub_worker"])
    sent(client)
    assert KNOWN not in read(client, "create")
