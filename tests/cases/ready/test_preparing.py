"""What is printed before a meeting: a paper for each side that could be lost on a bus, and one for whoever facilitates."""

import html
import io
from datetime import time

import pytest
from django.urls import reverse
from pypdf import PdfReader

from cases import actions
from cases.choices import InterventionStatus
from cases.models import Attendance, Intervention, Venue
from referrals.models import ContactDetails, Person, Referral
from referrals.policy import UNVERIFIED
from rj_service.audit.models import AccessLog, DomainEvent
from tests.access.table import text_of

pytestmark = pytest.mark.django_db

REACHED = {"phone": "07700 900999", "email": "zq@example.org", "address": "9 Zqstreet", "postcode": "ZQ9 9ZQ"}
PLANS = {"room_plan": "Zqchairs in a ring", "safety_plan": "Zqplan: a break each half hour"}


@pytest.fixture
def whole(ready):
    """Arranged, with all that a pack may hold; each side arrives by its own door."""
    ready.schedule()
    Intervention.objects.update(**PLANS)
    for one in (ready.harmed, ready.responsible):
        Person.objects.filter(pk=one.person_id).update(communication_needs=f"Zqneeds {one.side}")
        ContactDetails.objects.update_or_create(person=one.person, defaults=REACHED)
    Attendance.objects.filter(participant=ready.responsible).update(entrance="Zqdoor", arrives_at=time(14, 10))
    return ready


def address(ready, name: str, *more) -> str:
    return reverse(f"cases:{name}", args=[ready.case.pk, ready.intervention.pk, *more])


def words_of(answer) -> str:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert PdfReader(io.BytesIO(answer.content)).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "no-store" in answer["Cache-Control"]
    return " ".join(text_of(answer.content, "application/pdf").split())


@pytest.mark.parametrize(("side", "other"), [("harmed", "responsible"), ("responsible", "harmed")])
def test_a_sides_paper_holds_its_own_and_nothing_of_the_other(whole, cast, signed_in, side, other):
    whole.lead.assignments.update(sides=side)
    answer = signed_in(cast["practitioner"]).get(address(whole, "preparation-paper", side))
    words = words_of(answer)
    own, beyond = getattr(whole, side).person, getattr(whole, other).person
    doors = {"harmed": ("1:45pm", "Front door"), "responsible": ("2:10pm", "Zqdoor")}
    held = (own.name, *doors[side], "Village hall", whole.lead.name)
    assert [one for one in held if one not in words] == []
    never = (
        beyond.first_name,
        beyond.last_name,
        *doors[other],
        *REACHED.values(),
        *PLANS.values(),
        "Zqneeds",
        "arrive apart",
    )
    assert [one for one in never if one in words] == []
    assert 'filename="preparation.pdf"' in answer["Content-Disposition"]
    printing = AccessLog.objects.get(kind="print")
    assert printing.people == [own.pk]
    assert DomainEvent.objects.get(verb="cases.preparation_printed").detail["side"] == side
    assert signed_in(cast["practitioner"]).get(address(whole, "preparation-paper", other)).status_code == 404


def test_the_facilitators_pack_holds_both_sides_and_no_way_to_reach_anybody(whole, cast, signed_in):
    phone = signed_in(cast["practitioner"])
    answer = phone.get(address(whole, "facilitators-pack"))
    words = words_of(answer)
    names = {one.person.name for one in (whole.harmed, whole.responsible)}
    held = (*names, *PLANS.values(), "Front door", "Zqdoor", "Zqneeds harmed", "never hand it out", "What happened?")
    assert [one for one in held if one not in words] == []
    assert words.index("1:45pm") < words.index("2:10pm")
    assert [one for one in REACHED.values() if one in words] == []
    assert set(AccessLog.objects.get(kind="print").people) >= {whole.harmed.person_id, whole.responsible.person_id}
    script = words_of(phone.get(address(whole, "script-paper")))
    assert "What happened?" in script
    assert [name for name in names if name in script] == []
    whole.lead.assignments.update(sides="harmed")
    for name in ("facilitators-pack", "script-paper"):
        assert phone.get(address(whole, name)).status_code == 403
    assert (
        address(whole, "facilitators-pack")
        not in phone.get(reverse("cases:meetings", args=[whole.case.pk])).content.decode()
    )


def test_what_leads_to_the_other_side_is_not_printed(whole, coordinator, signed_in):
    desk, paper = signed_in(coordinator), address(whole, "preparation-paper", "harmed")

    def refused() -> str:
        answer = desk.get(paper, follow=True)
        assert AccessLog.objects.filter(kind="print").count() == 0
        return answer.content.decode()

    Attendance.objects.filter(participant=whole.harmed).update(entrance="Not where Mr Hart stands")
    assert "the door of Maureen Okafor would lead to somebody" in refused()
    Attendance.objects.filter(participant=whole.harmed).update(entrance="Front door")
    Venue.objects.update(address="9, Zqstreet, Sawtry")
    assert "the venue would lead to somebody" in refused()
    Venue.objects.update(is_prison=True)
    words_of(desk.get(paper))


@pytest.mark.parametrize("status", [InterventionStatus.HELD, InterventionStatus.CANCELLED])
def test_what_is_over_is_prepared_no_more(ready, coordinator, signed_in, status):
    if status == InterventionStatus.HELD:
        ready.hold()
    else:
        actions.cancel_intervention(intervention=ready.intervention, reason="Ill", by=ready.by, today=ready.today)
    for name, more in (("preparation-paper", ["harmed"]), ("facilitators-pack", [])):
        page = signed_in(coordinator).get(address(ready, name, *more), follow=True)
        assert "there is nothing to prepare" in page.content.decode()


def test_nothing_is_printed_for_a_side_that_nobody_may_approach_yet(ready, coordinator, signed_in):
    Referral.objects.update(mechanism="victim_self", verified_at=None)
    page = signed_in(coordinator).get(address(ready, "preparation-paper", "responsible"), follow=True)
    assert UNVERIFIED in html.unescape(page.content.decode())
    assert not AccessLog.objects.filter(kind="print").exists()


def test_a_plan_says_that_it_is_one(ready, coordinator, signed_in):
    assert "This is a plan" in words_of(signed_in(coordinator).get(address(ready, "preparation-paper", "harmed")))
    ready.schedule()
    assert "This is a plan" not in words_of(signed_in(coordinator).get(address(ready, "preparation-paper", "harmed")))


def test_what_is_too_long_to_print_says_so_and_was_not_printed(whole, coordinator, signed_in):
    Intervention.objects.update(safety_plan="word " * 30_000)
    page = signed_in(coordinator).get(address(whole, "facilitators-pack"), follow=True)
    assert "too long to print" in page.content.decode()
    assert not AccessLog.objects.filter(kind="print").exists()
    assert not DomainEvent.objects.filter(verb__endswith="pack_printed").exists()
