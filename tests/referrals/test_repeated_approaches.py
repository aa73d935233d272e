"""A self-referral form can be a stalker's tool: coming again alerts, and nothing he reads tells him whom we know."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referrals.actions import NewPerson, NewReferral, declare_conflict, receive_referral, restrict
from referrals.models import ApproachElsewhere, Referral, RepeatedApproach
from rj_service.accounts.acting import acting_as
from rj_service.notifications.models import Notification

from .test_contact_us import postcodes  # noqa: F401 (autouse)
from .writing import other, send

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
HARMED = NewPerson(first_name="Grace", last_name="Bellamy", phone="07700 900101", may_phone=True)
RESPONSIBLE = NewPerson(first_name="Kyle", last_name="Brand", phone="07700 900555")
NOBODY = {"who_first_name": "", "who_last_name": ""}
ANEW = {"phone": "07700 900777", "email": "zqsomebody@example.org"}


def alerted() -> set:
    rows = Notification.objects.filter(kind="repeated_approach")
    return {row.user for row in rows.select_related("user")}


def reasons() -> list[str]:
    return [
        word for words in RepeatedApproach._base_manager.values_list("reasons", flat=True) for word in words.split()
    ]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (other(reach=ANEW), ["same_named"]),
        (other(reach=ANEW, who={"who_first_name": " ZQKYLE", "who_last_name": "zqbrand"}), ["same_named"]),
        (other(who=NOBODY, reach={"email": ""} | {"ways": ["phone"], "phone": "+44 7700 900321"}), ["same_contact"]),
        (other(who=NOBODY, reach={"phone": "07700 900777"}), ["same_contact"]),
        (other(), ["same_contact", "same_named"]),
        (other(reach=ANEW, who={"who_first_name": "Somebody", "who_last_name": "Else"}), []),
        (other(reach=ANEW, who=NOBODY), []),
    ],
)
def test_a_second_self_referral_alerts(client, cast, second, why):
    send(client)
    assert alerted() == set()
    send(Client(), second)
    assert sorted(reasons()) == sorted(why)
    assert alerted() == ({cast["coordinator"]} if why else set())


def test_the_form_turned_round_alerts_too(client, refer, cast):
    """He names the person he harmed as responsible, with the contact details that we have of him."""
    known = refer(harmed=HARMED, responsible=RESPONSIBLE)
    turned = other(reach={"phone": "07700 900555"}, who={"who_first_name": "grace", "who_last_name": "bellamy"})
    send(client, turned)
    found = RepeatedApproach._base_manager.get()
    assert found.earlier == known
    assert found.reasons.split() == ["names_somebody_harmed", "writer_is_responsible"]
    assert alerted() == {cast["coordinator"]}


def test_what_he_reads_is_the_same_whomever_he_names(client, refer):
    refer(harmed=HARMED, responsible=RESPONSIBLE)

    def read(first_name: str, last_name: str, phone: str) -> list[tuple]:
        visitor = Client()
        who = {"who_first_name": first_name, "who_last_name": last_name}
        page = send(visitor, other(who=who, reach={"phone": phone}))
        text = re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{2}", "REFERENCE", page.content.decode())
        return [page.status_code, text, sorted(page.headers.items() - {("Content-Length", "")})]

    known = read("Grace", "Bellamy", "07700 900555")
    assert RepeatedApproach._base_manager.exists()
    assert known == read("Nobody", "Ever", "07700 900777")
    assert read("Grace", "Bellamy", "07700 900555") == known


def test_a_coordinator_reads_it_before_deciding(client, signed_in, cast):
    send(client)
    send(Client(), other())
    earlier, later = Referral._base_manager.order_by("entered_at")
    for name in ("detail", "decide", "verification"):
        html = signed_in(cast["coordinator"]).get(reverse(f"referrals:{name}", args=[later.pk])).content.decode()
        assert "Repeated approach" in html and earlier.reference[:4] in html, name
        html = signed_in(cast["coordinator"]).get(reverse(f"referrals:{name}", args=[earlier.pk])).content.decode()
        assert "Repeated approach" not in html, name


def test_a_restricted_one_alerts_only_who_may_read_it(client, signed_in, cast, area):
    send(client)
    earlier = Referral._base_manager.get()
    with acting_as(cast["manager"]) as manager:
        restrict(referral=earlier, reason="Known to staff", by=manager)
    send(Client(), other())
    assert alerted() == {cast["manager"]}
    later = Referral._base_manager.exclude(pk=earlier.pk).get()
    html = signed_in(cast["coordinator"]).get(reverse("referrals:detail", args=[later.pk])).content.decode()
    assert "Repeated approach" not in html and earlier.reference[:4] not in html
    html = signed_in(cast["manager"]).get(reverse("referrals:detail", args=[later.pk])).content.decode()
    assert "Repeated approach" in html


# -- in several areas ---------------------------------------------------------------------------------------------------
@pytest.fixture
def known_in_norfolk(other_area, cast) -> Referral:
    new = NewReferral(received_on=TODAY, mechanism="victims_hub", harmed=HARMED, responsible=RESPONSIBLE)
    with acting_as(cast["other_coordinator"]) as by:
        return receive_referral(area=other_area, new=new, by=by, today=TODAY)


HE = {"phone": "07700 900555", "email": "zqsomebody@example.org"}
NAMES_HER = {"who_first_name": "grace", "who_last_name": "Bellamy"}


def test_each_area_reads_what_it_may_know_of_somebody_who_writes_to_several(client, known_in_norfolk, cast, signed_in):
    send(client, other(reach=HE, who=NAMES_HER))
    new = Referral._base_manager.exclude(pk=known_in_norfolk.pk).get()
    assert alerted() == {cast["coordinator"], cast["other_coordinator"]}
    for referral, who in ((new, "coordinator"), (known_in_norfolk, "other_coordinator")):
        page = signed_in(cast[who]).get(reverse("referrals:detail", args=[referral.pk])).content.decode()
        told = page.partition("Repeated approach</h2>")[2].partition("<h2")[0]
        if who == "coordinator":
            assert "Another service has met these contact details" in told
            hidden = ["Norfolk", "Kyle", "Grace", "Brand", "responsible", known_in_norfolk.reference[:4]]
        else:
            assert "Cambridgeshire RJ" in told and "the person responsible here" in told
            assert "same name as the person harmed here" in told
            hidden = ["zqNina", "zqParry", new.reference[:4], str(new.pk)]
        assert [word for word in hidden if word in told] == []
        assert not [word for word in hidden if "zq" in word and word in page]
    assert "zqNina" not in signed_in(cast["other_coordinator"]).get("/").content.decode()


@pytest.mark.parametrize(
    "changed",
    [{"reach": ANEW, "who": NAMES_HER}, {"reach": ANEW, "name": {"first_name": "Kyle", "last_name": "Brand"}}],
    ids=["names her", "bears his name"],
)
def test_a_name_alone_alerts_no_other_area(client, known_in_norfolk, changed):
    send(client, other(**changed))
    assert alerted() == set() and not ApproachElsewhere._base_manager.exists()


def test_whoever_is_shut_out_there_hears_of_nothing(client, known_in_norfolk, cast, signed_in):
    with acting_as(cast["other_coordinator"]) as by:
        declare_conflict(user=by, by=by, person=known_in_norfolk.person_harmed)
    send(client, other(reach=HE, who=NAMES_HER))
    assert alerted() == {cast["coordinator"]}
    with acting_as(cast["other_coordinator"]) as user:
        assert not ApproachElsewhere.objects.all().visible_to(user).exists()


def test_what_another_area_knows_changes_nothing_that_he_reads(client, known_in_norfolk):
    def read(phone: str) -> str:
        page = send(Client(), other(reach={"phone": phone, "email": f"zq{phone[-3:]}@example.org"}))
        return re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{2}", "REFERENCE", page.content.decode())

    assert read("07700 900555") == read("07700 900777")
    assert ApproachElsewhere._base_manager.filter(wrote_to=None).count() == 1
