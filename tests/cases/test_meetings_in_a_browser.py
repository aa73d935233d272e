"""Meetings in a real browser: refused, put right, arranged and held; a panel of four; shuttle that becomes a meeting."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Intervention, PanelMember
from rj_service.accounts.acting import acting_as
from tests.browser import WIDTHS
from tests.cases.conftest import Ready, checked_venue, make_one_ready
from tests.journey.visitor import Visitor
from tests.volunteers.factories import ready_practitioner
from volunteers.choices import Level

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.proof]
TO_ARRANGE, TO_HOLD = 3, 3  # screens, once every check is in place
PANEL, MOVED, LETTERS, PRISON = 13, 14, 24, 9  # screens of the whole
HARMED, RESPONSIBLE = "Maureen Okafor", "Liam Hart"


@pytest.fixture
def bare(area, cast, today) -> Ready:
    """Both sides are ready; where they meet and who comes is not written down."""
    ready_practitioner(area, today, user=cast["coordinator"], level=Level.ADVANCED)
    with acting_as(cast["coordinator"]) as by:
        ready = make_one_ready(area, cast, today, model="shuttle_mediation")
        actions.cancel_intervention(intervention=ready.intervention, reason="Not this", by=by, today=today)
        second = ready_practitioner(area, today)
        known = {"role": "co_facilitator", "sides": "both", "by": by, "today": today}
        actions.assign(not_asked="otherwise", case=ready.case, practitioner=second, **known)
        checked_venue(area, by=by, today=today)
    return ready


@pytest.fixture
def coordinator_at(bare, cast, visitor):
    return lambda width: visitor(cast["coordinator"], width).open(reverse("cases:meetings", args=[bare.case.pk]))


def come(visitor: Visitor, *doors: tuple[str, str]) -> Visitor:
    for name, door in doors:
        said = {"How they take part": "In the room", "Arrives at": "5:45pm", "By which door": door}
        visitor.answer(said, within=f"fieldset:has-text('{name}')")
    return visitor.press("Save who comes")


def plan(visitor: Visitor, **answers) -> Visitor:
    when = {"Day": timezone.localdate(), "Time": "6pm", "Venue": "Village hall"}
    return visitor.answer(answers.pop("said", {}) | when).press("Save the plan")


def ask_again(visitor: Visitor) -> Visitor:
    visitor.follow("Ask everybody again today")
    visitor.answer({f"{HARMED}, harmed side": True, f"{RESPONSIBLE}, responsible side": True})
    return visitor.press("Save who said yes").reads("Reconfirmed for today")


def hold(visitor: Visitor, **came: str) -> Visitor:
    visitor.follow("Record it as held")
    answers = {f"Did {name} come?": "Came" for name in (HARMED, RESPONSIBLE)}
    return visitor.answer(answers | came).press("Record it as held")


def count(visitor: Visitor, width: int, most: int, record_property) -> None:
    record_property("measured", f"screens at {width}: {visitor.screens}")
    assert visitor.screens <= most


@pytest.mark.parametrize("width", WIDTHS)
def test_refused_put_right_arranged_and_held(bare, coordinator_at, width, record_property):
    desk = coordinator_at(width).follow("Plan a meeting or letter")
    plan(desk, said={"What is planned": "Face-to-face conference"})
    desk.reads("This conference cannot go ahead yet", "Who comes from this side")
    desk.follow("Write down who comes")
    come(desk, (HARMED, "Front door"), (RESPONSIBLE, "Front door"))
    desk.reads("would meet at the door").follow("Change when they arrive")
    come(desk, (RESPONSIBLE, "Garden door")).reads("This conference can go ahead")

    green = desk.screens
    desk.press("Arrange the conference").reads("Arranged", "Village hall")
    arranged = desk.screens - green
    asked = ask_again(desk).screens
    hold(desk, **{f"Did {HARMED} come?": "Came late", "What was said to be shared": "Both spoke"})
    held = desk.screens - asked
    desk.open(reverse("cases:meetings", args=[bare.case.pk])).reads("Held", "came late")
    record_property("measured", f"screens at {width}: {arranged} to arrange once green, {held} to hold")
    assert arranged <= TO_ARRANGE and held <= TO_HOLD


@pytest.mark.parametrize("width", WIDTHS)
def test_a_panel_of_four_in_a_village_hall(bare, area, today, coordinator_at, width, record_property):
    members = [ready_practitioner(area, today) for _ in range(4)]
    desk = coordinator_at(width).follow("Plan a meeting or letter")
    plan(desk, said={"What is planned": "Neighbourhood justice panel"}).reads("Members who may sit on this panel")
    desk.follow("Name the panel")
    desk.answer({f"Member {number}": one.name for number, one in enumerate(members, 1)}).press("Save the panel")
    desk.follow("Write down who comes")
    come(desk, (HARMED, "Front door"), (RESPONSIBLE, "Garden door"))
    desk.press("Arrange the panel").reads("Arranged", *(one.name for one in members))
    assert PanelMember._base_manager.count() == len(members)
    hold(ask_again(desk)).open(reverse("cases:meetings", args=[bare.case.pk])).reads(
        "Neighbourhood justice panel", "Held"
    )
    assert Intervention._base_manager.get(status="held").model_delivered == "njp_panel"
    count(desk, width, PANEL, record_property)


@pytest.mark.parametrize("width", WIDTHS)
def test_shuttle_that_becomes_a_meeting(bare, coordinator_at, width, record_property):
    desk = coordinator_at(width).follow("Plan a meeting or letter")
    desk.answer({"What is planned": "Shuttle mediation", "Why it is not face to face": "A participant wished it"})
    desk.press("Save the plan").follow("Back").follow("Move to a meeting")
    plan(desk).reads("Who comes from this side").follow("Write down who comes")
    come(desk, (HARMED, "Front door"), (RESPONSIBLE, "Garden door")).press("Arrange the conference")
    desk.reads("Shuttle mediation, then face-to-face conference", "Arranged")
    assert Intervention._base_manager.get(status="scheduled").moved_from.model == "shuttle_mediation"
    hold(ask_again(desk)).open(reverse("cases:meetings", args=[bare.case.pk]))
    desk.reads("Shuttle mediation, then face-to-face conference", "Held")
    count(desk, width, MOVED, record_property)


def in_prison(desk: Visitor, width: int, record_property) -> None:
    """Where he is, the visit that the prison allows, and the reference that the gate of the prison asks for."""
    desk.follow("People", within="main").follow("In prison", within=f".rj-card:has-text('{RESPONSIBLE}')").follow(
        "Record the prison"
    )
    desk.answer({"Prison": "HMP Whitefen", "Prisoner number": "A1234AB", "There since": timezone.localdate()})
    desk.press("Record the prison").follow("Ask the prison for a visit")
    desk.answer({"Day asked for": timezone.localdate() + timedelta(days=3), "Time asked for": "2pm"})
    desk.press("Save what was asked").follow("What the prison said")
    desk.answer({"What the prison said": "Booked", "Reference of the booking": "V-2071"}).press("Save the answer")
    desk.reads("HMP Whitefen", "Booked", "reference V-2071")
    count(desk, width, PRISON, record_property)


@pytest.mark.parametrize("width", WIDTHS)
def test_letters_with_a_prisoner(bare, coordinator_at, width, record_property):
    """The prison and its visit, then the letter: written, permitted, read, wished for, carried past the gate, received,
    answered; then held."""
    today = timezone.localdate()
    in_prison(coordinator_at(width), width, record_property)
    desk = (
        coordinator_at(width)
        .follow("Plan a meeting or letter")
        .answer(
            {
                "What is planned": "Exchange of letters",
                "Why it is not face to face": "Another reason",
                "In a few words": "He is in prison",
                "Day": today,
                "Time": "6pm",
            }
        )
    )
    ask_again(desk.press("Save the plan").press("Arrange the exchange of letters")).follow(
        "Write down a message or letter"
    )
    desk.answer(
        {
            "Whose words are they?": f"{RESPONSIBLE}, person responsible",
            "To whom?": f"{HARMED}, person harmed",
            "What is it?": "Letter",
            "Their words": "I knew that it was wrong. I am sorry.",
        }
    ).press("Save the draft")
    desk.follow("Record that its author permits it")
    desk.answer({"Day they said so": today, "How they said so": "Read it and signed it"}).press("Record the permission")
    desk.follow("Read it for safety").answer({"I have read every word of it": True}).press("Save what I found")
    desk.follow("Ask the other side")
    desk.answer({"Do they wish to have it?": "Yes", "Day they were asked": today}).press("Save what they said")
    desk.follow("Record that it was carried").press("Record that it was carried").reads("It is recorded as carried")
    desk.follow("Record what became of it").answer({"What became of it?": "Received"}).press("Save")
    desk.follow("Write down a reply").answer({"Their words": "Thank you for saying so."}).press("Save the draft")
    hold(desk.follow("Back to meetings and letters").reads("answered", "draft"))
    assert Intervention._base_manager.get(status="held").model_delivered == "letter_exchange"
    count(desk, width, LETTERS, record_property)
