"""One box finds what one may see and nothing else; no word of it stands in an address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.actions import accept_referral
from referrals.actions import NewPerson, restrict
from rj_service.audit.models import AccessLog
from rj_service.lists import searching
from rj_service.lists.models import Search
from rj_service.ui.references import spoken

SEARCH = reverse("referrals:search")
OKAFOR = NewPerson(
    first_name="Maureen", last_name="O’Káfor", phone="07700 900142", email="mo@example.org", postcode="PE28 5AB"
)


def searched(client, words):
    answer = client.post(SEARCH, {"words": words})
    assert answer.status_code == 302 and words not in answer["Location"]
    return client.get(answer["Location"])


def found(client, words) -> str:
    page = searched(client, words).content.decode()
    return page.partition("<tbody")[2].partition("</tbody>")[0]


@pytest.fixture
def referral(refer):
    refer(
        harmed=NewPerson(first_name="Ann", last_name="Pryor"), responsible=NewPerson(first_name="Li", last_name="Wei")
    )
    return refer(harmed=OKAFOR, hub_reference="VH-0042", incident={"crime_reference": "35/1234/26"})


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Maureen O'Kafor", "Name"),
        ("okaf", "Name"),
        ("MAUREEN", "Name"),
        ("okafor maureen", "Name"),
        ("Moreen Okaffor", "Name sounds alike"),
        ("Brand", "Name"),
        ("+44 7700 900-142", "Same phone number"),
        ("MO@example.org", "Same email address"),
        ("pe285ab", "Same postcode"),
        ("VH-0042", "Reference"),
        ("35/1234/26", "Reference"),
    ],
)
def test_one_box_finds_it(signed_in, cast, referral, words, why):
    rows = found(signed_in(cast["coordinator"]), words)
    assert spoken(referral.reference) in rows and f">{why}</td>" in rows
    assert "Pryor" not in rows


def test_by_reference_of_referral_and_case(signed_in, cast, referral, acting):
    client = signed_in(cast["coordinator"])
    with acting(cast["coordinator"]) as by:
        case = accept_referral(referral=referral, by=by, today=referral.received_on)
    for reference in (referral.reference, spoken(case.reference).lower()):
        rows = found(client, reference)
        assert reverse("cases:desk", args=[case.pk]) in rows and "Reference" in rows


def test_only_what_one_may_see(signed_in, cast, referral, refer, acting):
    for who in ("other_coordinator", "supervisor"):
        assert "Nothing that you may see" in searched(signed_in(cast[who]), "okafor").content.decode()
    for who in ("practitioner", "admin", "opcc"):
        assert signed_in(cast[who]).post(SEARCH, {"words": "okafor"}).status_code == 403
    with acting(cast["manager"]) as by:
        restrict(referral=referral, reason="A colleague's neighbour", by=by)
    assert "Nothing that you may see" in searched(signed_in(cast["coordinator"]), "okafor").content.decode()
    rows = found(signed_in(cast["manager"]), "okafor")
    assert (
        spoken(referral.reference) in rows
        and "Name shown inside" in rows
        and "for" not in rows.partition("harmed")[2][:60]
    )


def test_a_referrer_finds_their_own_by_what_they_sent(signed_in, cast, refer, hub, acting, referral):
    own = refer(by=cast["hub_worker"], organisation=hub, harmed=OKAFOR)
    client = signed_in(cast["hub_worker"])
    with acting(cast["coordinator"]):
        own.person_harmed.last_name = "Newname"
        own.person_harmed.save()
    assert "Nothing that you may see" in searched(client, "Newname").content.decode()
    assert spoken(own.reference) in found(client, own.reference)
    rows = found(client, "Maureen")
    assert spoken(own.reference) in rows and spoken(referral.reference) not in rows and "Newname" not in rows


def test_the_words_are_one_s_own_and_the_look_is_logged(signed_in, cast, referral):
    client = signed_in(cast["coordinator"])
    address = client.post(SEARCH, {"words": "okafor"})["Location"]
    assert client.get(address).status_code == 200
    assert signed_in(cast["manager"]).get(address).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("select words::text from lists_search")
        assert "okafor" not in cursor.fetchone()[0]
    row = AccessLog.objects.filter(kind="search").latest("id")
    assert row.ids == [referral.pk] and referral.person_harmed_id in row.people


@pytest.mark.parametrize("words", ["", " ", "a", "'", "x" * 201])
def test_too_little_or_too_much(signed_in, cast, words):
    assert signed_in(cast["coordinator"]).post(SEARCH, {"words": words}).status_code == 422


def test_old_searches_go(cast, acting):
    with acting(cast["coordinator"]) as by:
        searching.keep_search(words="okafor", by=by)
        assert searching.forget_old_searches() == 0
        Search.objects.update(searched_at="2020-01-01T00:00:00Z")
        assert searching.forget_old_searches() == 1


@pytest.mark.proof
def test_as_many_statements_for_thirty_as_for_one(signed_in, cast, refer):
    client, counts = signed_in(cast["coordinator"]), []
    for number in (1, 29):
        for _ in range(number):
            refer(harmed=OKAFOR)
        address = client.post(SEARCH, {"words": "okafor"})["Location"]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1]
