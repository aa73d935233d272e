"""A self-referral form can be a stalker's tool: coming again alerts, and nothing he reads tells him whom we know."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from referrals.actions import NewPerson, restrict
from referrals.models import Referral, RepeatedApproach
from rj_service.accounts.acting import acting_as
from rj_service.notifications.models import Notification

from .test_contact_us import postcodes  # noqa: F401 (autouse)
from .writing import other, send

pytestmark = pytest.mark.django_db
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
