"""A coordinator finds who works on a case: from the accepted referral to both assessments planned; a pair, one of them lapsed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import Assignment
from referrals.actions import take_referral
from referrals.models import Task
from rj_service.accounts.acting import acting_as
from tests.browser import WIDTHS
from tests.cases.conftest import refer_both
from tests.factories import UserFactory
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import CheckKind, Level
from volunteers.models import Check

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.proof]
TO_PLAN, TO_ASSIGN = 4, 9  # screens; to assign a pair, the refusal and the way back from it among them
NOT_ASKED = {
    "Why they are not asked first whether they know anybody": "It cannot wait: they are asked before they contact anybody"
}
AS_LEAD = {"Place on the case": "Lead facilitator", "Sides they work with": "Both sides", **NOT_ASKED}
BESIDE = {"Place on the case": "Co-facilitator", "Sides they work with": "Both sides", **NOT_ASKED}


@pytest.fixture
def referral(area, cast, today):
    found = refer_both(area, cast["coordinator"], today)
    with acting_as(cast["coordinator"]) as by:
        take_referral(referral=found, by=by, today=today)
    return found


@pytest.fixture
def volunteer(area, today):
    def make(first_name: str, last_name: str, **fields):
        return ready_practitioner(area, today, user=UserFactory(first_name=first_name, last_name=last_name), **fields)

    return make


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_accepted_referral_to_both_assessments_planned(
    referral, volunteer, area, cast, today, visitor, width, record_property
):
    ready_practitioner(area, today, user=cast["practitioner"], level=Level.ADVANCED)
    desk = visitor(cast["coordinator"], width).open(reverse("referrals:decide", args=[referral.pk]))
    desk.answer({"What happens with this referral?": "Accept and open a case"}, within="form[novalidate]")
    before = desk.screens
    desk.press("Decide").reads("Accepted. The case is open.")
    desk.follow("Assign a lead").follow("Assign without asking Pat Wren").answer(AS_LEAD).press("Assign")
    desk.reads("The case is open to them now", "Assess this person")
    to_plan = desk.screens - before
    planned = Task._base_manager.filter(kind="assess", done_at=None, assigned_to=cast["practitioner"])
    assert sorted(planned.values_list("side", flat=True)) == ["harmed", "responsible"]
    record_property("measured", f"screens at {width}: {to_plan} to both assessments planned")
    assert to_plan <= TO_PLAN


@pytest.mark.parametrize("width", WIDTHS)
def test_a_pair_one_of_whom_lapses_meanwhile(open_case, volunteer, today, cast, visitor, width, record_property):
    case = open_case()
    volunteer("Tom", "Adeyemi", level=Level.ADVANCED)
    lapsing = volunteer("Ines", "Marlow")
    volunteer("Bea", "Lund")
    desk = visitor(cast["coordinator"], width).open(reverse("cases:desk", args=[case.pk]))
    before = desk.screens
    desk.follow("Assign a lead").follow("Assign without asking Tom Adeyemi").answer(AS_LEAD).press("Assign")
    desk.follow("Assign a co-facilitator").follow("Assign without asking Ines Marlow").answer(BESIDE)
    ended = today - timedelta(days=1)
    Check._base_manager.filter(practitioner=lapsing, kind=CheckKind.NPPV_2).update(expires_on=ended)
    desk.press("Assign", status=422).reads("Ines Marlow cannot be assigned: police vetting", "ended on")
    desk.follow("Back").reads("Cannot be invited (1)", "Ines Marlow", "A new check")
    desk.follow("Assign without asking Bea Lund").answer(BESIDE).press("Assign").reads("Tom Adeyemi", "Bea Lund")
    to_assign = desk.screens - before
    names = {one.practitioner.name: one.role for one in Assignment._base_manager.all()}
    assert names == {"Tom Adeyemi": "lead", "Bea Lund": "co_facilitator"}
    record_property("measured", f"screens at {width}: {to_assign} to a pair, one of them refused")
    assert to_assign <= TO_ASSIGN
