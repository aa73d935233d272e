"""The sides meet, agree, say how it went; the case closes."""

from datetime import timedelta

from django.utils import timezone

from tests.journey.people import LIAM, MAUREEN, NIECE
from tests.journey.service import Service


def pass_the_gate(service: Service) -> None:
    """Who comes, by which door; with everything in place the same button arranges it."""
    coordinator = service["coordinator"].follow("Back").follow("Who comes")
    for known, door in ((MAUREEN, "Front door"), (NIECE, "Front door"), (LIAM, "Garden door")):
        arrival = {"How they take part": "In the room", "Arrives at": "5:45pm", "By which door": door}
        coordinator.answer(arrival, within=f"fieldset:has-text('{known.name}')")
    coordinator.press("Save who comes")
    coordinator.reads("This conference can go ahead").press("Arrange the conference").reads("Arranged")
    service["practitioner"].follow("My work").reads("Ready")


def hold_the_conference(service: Service) -> None:
    """Everybody is asked once more on the day; then what was held is recorded, and what was agreed."""
    today = timezone.localdate()
    coordinator = service["coordinator"].follow("Ask everybody again today")
    coordinator.answer({f"{MAUREEN.name}, harmed side": True}).press("Save who said yes").reads("still to be asked")
    coordinator.follow("Ask everybody again today").answer({f"{LIAM.name}, responsible side": True})
    coordinator.press("Save who said yes").reads("Reconfirmed for today")
    coordinator.follow("Record it as held").answer(
        {
            "Day it was held": today,
            f"Did {MAUREEN.name} come?": "Came",
            f"Did {LIAM.name} come?": "Came",
            f"Did {NIECE.name} come?": "Came",
            "What was said to be shared": "Kestrel asked why, and was answered.",
        }
    ).press("Record it as held")
    coordinator.answer({"Was an agreement made?": "Yes, with commitments", "Day of the agreement": today})
    coordinator.answer(
        within="fieldset:has-text('Commitment 1')",
        answers={
            "What kind": "Written apology",
            "What was agreed": "A letter to Kestrel",
            "Who does it": f"{LIAM.name}, person responsible",
            "Done by": today + timedelta(days=28),
        },
    ).press("Save").reads("A letter to Kestrel")


def ask_how_it_went(service: Service) -> None:
    """The person harmed answers by a link of their own that works once; the other's answers are typed by the coordinator."""
    by_hand = {"How they are asked": "In person"}
    coordinator = service["coordinator"].follow("Surveys").follow(MAUREEN.name).answer(by_hand).press("Ask them")
    link = coordinator.page.get_by_label("Link").input_value()
    maureen = service.visitor("person harmed").open(link)
    assert maureen.page.url.endswith("/p/") and link not in maureen.page.content()
    maureen.answer({"Overall, how satisfied are you?": "Very satisfied", "Anything else you want to say": "Kestrel!"})
    maureen.press("Send my answers").reads("Thank you")
    maureen.open(link, status=410)
    coordinator.follow("Back to the surveys").reads("Very satisfied")
    coordinator.follow(LIAM.name).answer(by_hand).press("Ask them").follow("Enter the answers here instead")
    coordinator.answer({"Overall, how satisfied are you?": "Satisfied"}).press("Save the answers").reads("Satisfied")


def close_the_case(service: Service) -> None:
    """A controlled reason stays inside. Whoever worked on the case loses sight of it."""
    coordinator = service["coordinator"].follow("Desk", within="main").follow("Close the case")
    coordinator.answer({"Why the case closes": "Intervention held, with an agreement"}).press("Close this case")
    coordinator.reads("The case is closed")
    service["practitioner"].follow("My cases").reads("No case is assigned to you")
